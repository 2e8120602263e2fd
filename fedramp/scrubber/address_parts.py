"""What belongs to a postal address before and after its street: flats, towns, codes, countries."""

from .common_words import FUNCTION_WORDS
from .projection import compiled
from .spans import Span
from .words import NOT_NAMES

_STATES = (
    rb"AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME"
    rb"|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|PR"
    rb"|RI|SC|SD|TN|TX|UT|VT"
    rb"|VA|WA|WV|WI|WY|AE|AP|AA|ON|QC|BC|AB|MB|SK|NS|NB|NL|PE|YT|NT"
    rb"|NU|NSW|VIC|QLD|SA|TAS|ACT|SP|RJ|MG|RS|PR|BA|CDMX"
    rb""
)
_STATE_NAMES = (
    rb"Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut"
    rb"|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa"
    rb"|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan"
    rb"|Minnesota"
    rb"|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire"
    rb"|New Jersey|New Mexico|New York|North Carolina|North Dakota"
    rb"|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina"
    rb"|South Dakota|Tennessee|Texas"
    rb"|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
    rb"|Ontario|Quebec|Alberta|Manitoba|Victoria|Queensland|Tasmania"
)
_CODE = (
    rb"(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{3,4})?(?: [A-Z]{2}\b)?|\d{2}-\d{3}"
    rb"|\d{3} ?\d{2,3}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]?"
    rb" ?\d[A-Z]{2}"
)
_PLACE = (
    rb"[A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{1,24}\.?(?: (?:(?:de|del"
    rb"|da|do|la|le|les|of|upon|am|an der|an|der|on|sur|en|op|i|im"
    rb"|y|e) )?[A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{1,24}\.?){0,3}"
)
_GAP = rb"(?:[ ,]{0,2}(?:\r?\n)?[ \t>]{0,4}|[,;]? ?[\-/\x96\x97] ?|, )"
_UNIT = compiled(
    rb"[ ,]{0,3}(?:\r?\n)?[ ,\t]{0,4}(?:[\-\x96] )?(?:(?:apt|apartment"
    rb"|suite|ste|unit|flat|studio|room|rm|floor|fl|level|lvl|bldg"
    rb"|building|lot|hse|house|block|blk|bl|tower|ap|apto|apt|dpto"
    rb"|depto|local|interior|int|edif|edificio|piso|planta|puerta"
    rb"|bloco|bloque|sala|bat|b\xe2t|bt|esc|etage|\xe9tage|bte|piano"
    rb"|scala|interno|m|lok|top|stiege|t\xfcr|wohnung|whg|hinterhaus"
    rb"|vorderhaus|phase|sector|estate)\.? {0,2}#?(?:\d{1,5}(?:-?[A-Za-z])?"
    rb"|\d{1,4}-\d{1,3}|[A-Za-z])\b\.?"
    rb"|#\s?\d{1,5}[A-Za-z]?(?:-\d{1,5})?|\d{1,2}(?:st|nd|rd|th) (?:floor"
    rb"|fl)\b\.?|\d{1,2}\. ?(?:tv|th|mf|sal|OG|Stock|Etage)\b\.?|\d{1,2}"
    rb"\.? ?[\xba\xaa\xb0] ?(?:[A-Za-z]{1,5}\b\.?)?|(?:hinterhaus|fundos|rear"
    rb"|local \d{1,3})\b)",
    fold=True,
)
_CODED = compiled(
    _GAP
    + rb"(?:(?:CEP|CP|C\.P\.|PLZ|PIN|ZIP)[ :.\-]{0,3})?(?:"
    + _CODE
    + rb")\b(?:[ ,]{1,2}"
    + _PLACE
    + rb")?"
)
_STATED = compiled(
    _GAP
    + rb"(?:(?:"
    + _STATES
    + rb")\b|(?:B\.C\.|N\.Y\.|D\.C\.|N\.J\.|Q\.R\.|S\.L\.P\.)|(?:"
    + _STATE_NAMES
    + rb")\b)\.?(?:,? (?:"
    + _CODE
    + rb")\b)?"
)
#: "1820 E Market St Greensboro NC": a town and a state without a comma.
_TOWNED = compiled(
    rb" (?:[A-Z][a-z]{2,16} ){1,3}(?:" + _STATES + rb")\b(?:,? (?:" + _CODE + rb")\b)?"
)
_PLACED = compiled(_GAP + rb"(" + _PLACE + rb")")
_AFTER_PLACE = compiled(rb"[ \t]{0,2}(?:[,.;)\n\r\x00\"'|<(\-\x96/]|$|\d)")
_STOPS = (
    NOT_NAMES
    | FUNCTION_WORDS
    | frozenset(
        b"cell mobile tel ph dob ssn attn ext dr mr mrs ms ref consignee"
        b" carer owner titular cobran\xe7a plano notes".split()
    )
) - frozenset(
    b"new north south east west center centre park point lake city"
    b" port san la el los las high old great".split()
)
_LEAD = compiled(
    rb"(?:(?:(?:apt|apartment|suite|ste|unit|flat|studio|room|rm|floor"
    rb"|level|lvl|bldg|building|lot|hse|house|block|blk|shop|office"
    rb"|c/-|c/o)\.? {0,2}#?\d{1,5}[a-z]?|\d[a-z]\d|[0-9]{1,2}[a-z]?/"
    rb"|plot|erf|stand|c/-|the old [a-z]{3,14}|the [A-Z][a-z]{2,14}|[a-z]{3,14} (?:house"
    rb"|cottage|lodge|farm|court|hall|villa|mill|barn|rectory))[,"
    rb" ]{1,2}){1,3}$",
    fold=True,
)


def extended(text: bytes, start: int, end: int) -> Span:
    """The address whose street is here, with what is written before and after it."""
    before = _LEAD.search(text[max(0, start - 60) : start])
    if before is not None:
        start = max(0, start - 60) + before.start()
    places = 0
    for _ in range(8):
        for pattern in (_UNIT, _STATED, _CODED, _TOWNED):
            match = pattern.match(text, end)
            if match is not None and match.end() > end:
                end = match.end()
                break
        else:
            match = _PLACED.match(text, end)
            if (
                match is None
                or places > 3
                or not _is_place(text, end, match.start(1), match.end(1))
            ):
                break
            end, places = match.end(1), places + 1
    return Span(start, end, "ADDRESS")


def _is_place(text: bytes, at: int, start: int, end: int) -> bool:
    """Whether these words are a town: after a comma or a break, and ended by a sign."""
    gap = text[at:start]
    if not any(sign in gap for sign in (b",", b"\n", b"-", b"/")):
        return bool(_STATED.match(text, end))
    words = text[start:end].lower().replace(b".", b"").split()
    if any(word in _STOPS for word in words):
        return False
    if b"\n" in gap:
        return bool(_STATED.match(text, end) or _CODED.match(text, end))
    return text[end : end + 1] != b":" and bool(
        _AFTER_PLACE.match(text, end) or text[end : end + 1] == b" "
    )
