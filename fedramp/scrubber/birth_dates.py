"""Dates of birth: any date that a cue announces; other dates stay.

The cue is before the date, on the line before it, or in brackets behind it. A machine-readable zone
of a passport has its own form.
"""

from collections.abc import Iterator

from .answers import ANSWER
from .projection import compiled
from .spans import Span, apart, begins, ends, line_before

_MONTH = (
    rb"(?:jan(?:uar[yi]?|vier|eiro|\.)?|feb(?:ruar[yi]?|rero|braio|\.)?|f\xe9v(?:rier|\.)?"
    rb"|fev(?:ereiro|\.)?|m[aeo\xe4\xe5]r(?:ch|z|s|\xe7o|zo|et|t|\.)?"
    rb"|apr(?:il|ile|\.)?|avr(?:il|\.)?|abr(?:il|\.)?|mei|ma[yijg](?:o|us|gio|\.)?|m\xe4r[zs]"
    rb"|ju[nl](?:[ieyh]o?|ho|et|\.)?|juin|juillet|juil\.?|giu(?:gno)?|lug(?:lio)?|gen(?:naio)?"
    rb"|aug(?:ust|ustus|\.)?|ao\xfbt|ago(?:sto|\.)?|sep(?:t|tember|tembre|tiembre|\.)?|set(?:embro"
    rb"|tembre|\.)?|o[ck]t(?:ober|obre|ubre|\.)?|out(?:ubro|\.)?|ott(?:obre)?"
    rb"|nov(?:ember|embre|iembre|embro|\.)?|de[cz](?:ember|embro|\.)?|d\xe9c(?:embre|\.)?"
    rb"|dic(?:iembre|embre|\.)?|desember"
    rb"|ene(?:ro|\.)?|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrzesnia"
    rb"|pazdziernika|listopada|grudnia"
    rb"|ocak|subat|mart|nisan|mayis|haziran|temmuz|agustos|eylul|ekim|kasim|aralik)"
)
_ORDINAL = rb"\d{1,2}(?:st|nd|rd|th|er|\xba|\xb0|o|\.)?"
_YEAR = rb"(?:(?:18|19|20)\d{2}|'?\d{2})"
_UNITS = (
    rb"(?:one|two|three|four|five|six|seven|eight|nine|oh|first|second|third|fourth|fifth|sixth"
    rb"|seventh|eighth|ninth)"
)
_TENS = (
    rb"(?:ten(?:th)?|eleven(?:th)?|twel(?:ve|fth)|thirteen(?:th)?|fourteen(?:th)?|fifteen(?:th)?"
    rb"|sixteen(?:th)?|seventeen(?:th)?"
    rb"|eighteen(?:th)?|nineteen(?:th)?|twent(?:y|ieth)|thirt(?:y|ieth)|fort(?:y|ieth)|fift(?:y"
    rb"|ieth)|sixty|seventy|eighty|ninety|hundred|thousand)"
)
_SPOKEN_DAY = (
    rb"(?:(?:twent|thirt)y[ \-](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    rb"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    rb"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth|\d{1,2}(?:st|nd|rd|th))"
)
_SPOKEN = rb"(?:" + _TENS + rb"|" + _UNITS + rb"|\d{1,4}|of|the|and|" + _MONTH + rb")"
_DATE = compiled(
    rb"(?:18|19|20)\d\d[\-/. ]\d{1,2}[\-/. ]\d{1,2}(?:T00:00[:0-9.]{0,10}Z?)?|(?:18|19"
    rb"|20)\d\d[01]\d[0-3]\d|[0-3]\d[0-3]\d(?:19|20)\d\d"
    rb"|\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?" + _YEAR + rb"|\d{1,2} \d{1,2} (?:(?:19|20)\d\d|\d\d)"
    rb"|"
    + _ORDINAL
    + rb"(?: ?[\-/. ]? ?(?:of |de |del )?)"
    + _MONTH
    + rb"(?:[ \-/.,]{0,2}(?:de |del )?"
    + _YEAR
    + rb")?"
    rb"|" + _MONTH + rb"[ \-/.]{0,2}(?:the )?" + _ORDINAL + rb"(?:[ ,\-/.]{1,3}" + _YEAR + rb")?"
    rb"|\d{1,2}\.[IVX]{1,4}\.(?:19|20)\d\d|(?:18|19|20)\d\d\xe9\d{1,2}\xe9\d{1,2}\xe9"
    rb"|(?:18|19|20)\d\d[ \-/]" + _MONTH + rb"[ \-/]\d{1,2}",
    fold=True,
)
_SPOKEN_DATE = compiled(
    rb"(?:the )?" + _SPOKEN + rb"(?:[ ,\-]{1,2}" + _SPOKEN + rb"){1,9}",
    fold=True,
)
_SHORT = compiled(rb"\d{1,2}[/.\-]\d{1,2}(?:[/.\-]\d{2,4})?|\d{1,2} \d{1,2} \d{2,4}|\d{6}|\d{8}")

_STRONG = (
    rb"dob/time|d\.? ?o\.? ?b\b\.?|dobs?|bd\"|b\.|[a-z]_dob|birth[ _\-]?(?:date|day)s?"
    rb"|birth[ _\-]?dt"
    rb"|dates? of birth|bday|b-day|born(?: on| in)?(?: the)?"
    rb"|geb\.? ?datum|geb\.?(?:urtsdatum|urtstag|oren(?: am| op)?|\. ?dat(?:um)?\.?|dat)?(?: am)?"
    rb"|n\xe9\(?e?\)?(?: le)?|date de naissance|naissance|ddn"
    rb"|nac(?:i[o\xf3](?: el)?|id[oa](?: el| em)?|imiento|\.)|fecha (?:de )?nac(?:imiento|\.)?"
    rb"|f\. ?nac\.?|nasc(?:imento|id[oa](?: em)?|\.)?|data de nasc(?:imento|\.)?"
    rb"|nat[oa](?: a [a-z\xe0-\xff']{2,20})? il|data di nascita|nascita|geboortedatum|geb\.?datum"
    rb"|geboorte|urodzon[ya]|urodz\.|ur\.|data urodzenia|f\xf8dselsdato|f\xf8dt|f\xf6delsedatum"
    rb"|f\xf6dd"
    rb"|birth ?da(?:y|te)\b|fecha nac|g\.? ?dato|ged\.|kitambulisho|tarehe ya kuzaliwa"
    rb"|syntym\xe4aika|synt\.|syntynyt|dogum(?: tarihi| gunu)?|birth|bdate"
)
_CUE = compiled(
    rb"(?:^|[^A-Za-z0-9\xc0-\xff\-]|[a-z]-)(?:" + _STRONG + rb")"
    rb"(?:\))?[\"']?(?: ?\((?:[a-z/\-. ]{1,20})\))?"
    rb"(?: [\w:]{1,16}=\"[^\"\n]{0,24}\"){0,3}"
    rb"(?:"
    + ANSWER
    + rb"|[^A-Za-z0-9\n]{0,6}(?:\r?\n[^A-Za-z0-9\n]{0,6})?(?:(?:is|was|on|it|am|den|le|el|em|il|op"
    rb"|of|the|as|for|patient|listed|given|shown|recorded|file|says|reads|and|ssn|his|her|my|your"
    rb"|in|a|fmt|year|date|=|number|here|should|be|actually|updated|corrected|changed|to|from|say"
    rb"|mine|wife|son|daughter|husband|caller|customer)[^A-Za-z0-9\n]{1,4}){0,5})",
    fold=True,
    rare=True,
)
#: A bracket behind a name: "(b. 1985-03-14)", "(*14.03.1985)"; and the cue behind the date.
_BRACKET = compiled(rb"\((?:b\.?|\*|born|n\.|n\xe9e?|ur\.|geb\.?) ?", fold=True)
_STAR = compiled(rb"(?:^|[ (,])\* ?(\d{1,2}\.\d{1,2}\.(?:19|20)\d\d)")
_ANY = compiled(
    rb"\b(?:\d{4}-\d\d-\d\d|\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)?\d\d)[ ,]{0,2}[\[(]?(?:d\.?o\.?b\b"
    rb"|date of birth|birth ?date|birthday|bday|geb\.|[|/]{0,2} ?ssn\b|as (?:the |my |his "
    rb"|her )?(?:dob|birth))",
    fold=True,
    rare=True,
)
_NEXT = compiled(
    rb",? ?(?:,|;|/|&|and|or|not|to|und|et|y|e|vs\.?|instead of|rather than|->"
    rb"|=>)[ ,]{0,2}(?:the )?",
    fold=True,
)
#: The second line of a passport's machine-readable zone, or the middle one of a card's.
_MRZ = compiled(rb"[A-Z0-9<]{9}\d[A-Z<]{3}(\d{6})\d[MFX<](\d{6})\d[A-Z0-9<]{8,18}")
_MRZ_NAMES = compiled(rb"\b[PVIAC][A-Z<][A-Z<]{3}[A-Z]{1,30}<{1,2}[A-Z][A-Z<]{6,40}")
_MRZ_CARD = compiled(rb"(?:^|[\n ])(\d{6})\d[MFX<](\d{6})\d[A-Z<]{3}[A-Z0-9<]{8,14}")
#: The fields of a patient: HL7, X12, the barcode of a licence; and dates in parts.
_FIELDS = compiled(
    rb"\|((?:19|20)\d\d ?[01]\d ?[0-3]\d)(?:\d{4,6})?\|[MFUOA]\||DMG\*D8\*((?:19|20)\d{6})"
    rb"|\b((?:19|20)\d\d[01]\d[0-3]\d)[ ,;|\t]{1,3}\d{3}[ \-]\d\d[ \-]\d{4}\b"
    rb"|\bDBB((?:19|20)\d{6}|[01]\d[0-3]\d(?:19|20)\d\d)",
    rare=True,
)
_PARTS = compiled(
    rb"(?:dob|birth|b)[ _\-.]?(?:day|month|year|dt|mm|dd|yyyy"
    rb"|yy)[\"']?[ \t]{0,2}[:=][ \t]{0,2}[\"']?([0-9]{1,4}|[a-z]{3,9})\b",
    fold=True,
    rare=True,
)
#: A whole date as old as people are: in texts of a support desk hardly anything else.
_OLD = compiled(
    rb"(?:19[2-9]\d|200\d)-\d\d-\d\d|\d{1,2}[/.\-]\d{1,2}[/.\-](?:19[2-9]\d|200\d)|(?:19[2-9]\d"
    rb"|200\d)/\d{1,2}/\d{1,2}"
    rb"|\d{1,2}(?:st|nd|rd|th|er|\.)?(?: of| de)? ?[\- ]?"
    + _MONTH
    + rb",?(?: de)?[ \-](?:19[2-9]\d|200\d)"
    rb"|" + _MONTH + rb" \d{1,2}(?:st|nd|rd|th)?,? (?:19[2-9]\d|200\d|'[3-9]\d)"
    rb"|\d{1,2}-" + _MONTH + rb"-[3-9]\d\b|\d{1,2}(?:st|nd|rd"
    rb"|th)? (?:of )?" + _MONTH + rb",? '[3-9]\d"
    rb"|\d{1,2}\.[IVX]{1,4}\.(?:19[2-9]\d|200\d)|(?:19[2-9]\d|200\d)\xe9\d{1,2}\xe9\d{1,2}\xe9",
    fold=True,
)
_NO_OLD = compiled(
    rb"19(?:70|00|80)-01-01|(?:0?1/0?1/|12/31/|31/12/|31\.12\.|0?1\.0?1\.)(?:19|20)\d\d|(?:19"
    rb"|20)\d\d-(?:12-31|01-01)|2001-09-11|0?9/11/2001"
)
_THING = compiled(
    rb"(?:version|release\w{0,3}|build|built|since|dated|established|founded|copyright|expires?"
    rb"|issued|signed|effective|invoice|contract|firmware|ver|log|rfc|act|law|of|on|until|from|war"
    rb"|battle|film|album|song|published|launched)[^A-Za-z0-9\n]{1,4}(?:the )?$",
    fold=True,
)


#: A whole date in words: of a year that people tell in words only when it is their own.
_SPOKEN_WHOLE = compiled(
    rb"\b((?:the )?(?:"
    + _SPOKEN_DAY
    + rb" (?:of )?(?:the )?(?:"
    + _SPOKEN_DAY
    + rb"|"
    + _MONTH
    + rb")|"
    + _MONTH
    + rb" (?:the )?"
    + _SPOKEN_DAY
    + rb")[ ,]{1,2}(?:of )?(?:nineteen[ \-](?:hundred and )?(?:oh[ \-])?(?:"
    + _TENS
    + rb"|"
    + _UNITS
    + rb")(?:[ \-]"
    + _UNITS
    + rb")?|(?:thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ \-]"
    + _UNITS
    + rb")?|twenty[ \-](?:ten|eleven|twelve|thirteen|fourteen|fifteen)"
    rb"|two thousand(?: and)?(?: (?:one|two|three|four|five|six|seven|eight|nine|ten))?))\b",
    fold=True,
    rare=True,
)
#: A row of a list of patients: "ROSE, CODY"|E5046107|1/24/67|4043543185.
_PATIENT_ROW = compiled(
    rb"^[\"']?[A-Z\xc0-\xde][A-Za-z\xc0-\xff'.\- ]{1,30}, ?"
    rb"[A-Z\xc0-\xde][A-Za-z\xc0-\xff'.\- ]{1,24}[\"']?"
    rb"[|;\t]\s?([A-Z]{0,4}\d{5,10})\s?[|;\t]\s?(\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}[ \-]?"
    + _MONTH
    + rb"[ \-]?\d{2,4}|"
    + _MONTH
    + rb" \d{1,2},? \d{4})\s?[|;\t](?:\s?(\d{9,11})\s?[|;\t])?",
    fold=True,
    rare=True,
)
#: Years of the Persian calendar; the date of a patient between strokes.
_PERSIAN = compiled(rb"(?:^|[^0-9/.\-])(1[34]\d\d/(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01]))\b")
_PATIENT = compiled(
    rb"(?:^|[^A-Za-z])(?:pt|pat|patient|member|insured)\b[:. ]{1,3}[A-Za-z\xc0-\xff'., \-]{3,40}"
    rb" ?[/|;] ?(\d{6}|\d{8}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}[A-Z]{3}\d{2,4}) ?[/|;,]",
    fold=True,
    rare=True,
)


def birth_dates(text: bytes) -> Iterator[Span]:
    """Every date of birth in any line."""
    for match in _CUE.finditer(text):
        yield from _dates(text, match.end())
    if b"(" in text:
        for match in _BRACKET.finditer(text):
            yield from _dates(text, match.end())
    if b"*" in text:
        for match in _STAR.finditer(text):
            yield Span(*match.span(1), "BIRTHDATE")
    for match in _ANY.finditer(text):
        date = _DATE.match(text, match.start())
        if date:
            yield Span(*date.span(), "BIRTHDATE")
    for pattern in (_FIELDS, _PARTS):
        for match in pattern.finditer(text):
            group = next(n for n in (1, 2, 3, 4) if match.start(n) >= 0)
            if begins(text, match.start()):
                yield Span(*match.span(group), "BIRTHDATE")
    if b"<" in text:
        for match in _MRZ_NAMES.finditer(text):
            yield Span(*match.span(), "PASSPORT")
        for match in _MRZ.finditer(text):  # each with its check digit
            yield Span(match.start(), match.start() + 10, "PASSPORT")
            yield Span(match.start(1), match.end(1) + 1, "BIRTHDATE")
        for match in _MRZ_CARD.finditer(text):
            yield Span(*match.span(1), "BIRTHDATE")


def _dates(text: bytes, at: int) -> Iterator[Span]:
    """The date here, and those that continue a list of dates."""
    for _ in range(12):
        end = _end(text, at)
        if not end:
            return
        yield Span(_began(text, at), end, "BIRTHDATE")
        following = _NEXT.match(text, end)
        if following is None or following.end() == end:
            return
        at = following.end()


def _end(text: bytes, at: int) -> int:
    for pattern in (_DATE, _SHORT):
        date = pattern.match(text, at)
        glued = text[max(0, at - 3) : at].lower() == b"dob" and ends(text, at + 8)
        if date and (glued or apart(text, date.start(), date.end(), b"", b"_T")):
            return date.end()
    spoken = _SPOKEN_DATE.match(text, at)
    if spoken is None or not _has_two_numbers(spoken.group()):
        return 0
    words = spoken.group().rstrip(b" ,-")
    while words.rsplit(b" ", 1)[-1].lower() in (b"of", b"the", b"and"):
        words = words.rsplit(b" ", 1)[0].rstrip(b" ,")
    return at + len(words)


def _began(text: bytes, at: int) -> int:
    """Where a date begins: its article too."""
    return at - 4 if text[max(0, at - 4) : at].lower() == b"the " else at


_NUMBERS = compiled(rb"\b(?:" + _TENS + rb"|" + _UNITS + rb"|\d{1,4})\b", fold=True)


def _has_two_numbers(said: bytes) -> bool:
    return len(list(_NUMBERS.finditer(said))) >= 2


def told_birth_dates(text: bytes) -> Iterator[Span]:
    """Whole dates as old as people are, in prose and tables."""
    for match in _OLD.finditer(text):
        start, end = match.span()
        before = line_before(text, start)
        if _NO_OLD.match(text, start) or _THING.search(before) or text[end : end + 1] == b"T":
            continue
        if apart(text, start, end, b"-/.", b"_"):
            yield Span(start, end, "BIRTHDATE")
            following = _NEXT.match(text, end)
            if following is not None and b"vs" in following.group():
                yield from _dates(text, following.end())
    for match in _PATIENT_ROW.finditer(text):
        kinds = ("MEDICAL_ID", "BIRTHDATE", "PHONE")
        for group, kind in enumerate(kinds, 1):
            if match.start(group) >= 0:
                yield Span(*match.span(group), kind)
    for pattern in (_SPOKEN_WHOLE, _PERSIAN, _PATIENT):
        for match in pattern.finditer(text):
            yield Span(*match.span(1), "BIRTHDATE")
