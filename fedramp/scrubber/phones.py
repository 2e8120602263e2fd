"""Telephone numbers: where they may appear, and what identifies them."""

from collections.abc import Iterator

from .patterns import Match
from .phone_plans import MOBILE, is_abroad, is_american, is_international, is_national
from .projection import compiled
from .spans import Span, bare, begins, line_before

_INTERNATIONAL = compiled(rb"\+ ?[1-9](?:[ \-./]{0,2}(?:\(0?\d{0,4}\))?[ \-./]?\d){6,16}")
_AMERICAN = compiled(
    rb"(?:\+?1[ .\-]{0,2})?(?:\([2-9]\d\d\)[ .\-]{0,3}[2-9]\d\d[ .\-]{0,3}\d{4}"
    rb"|[2-9]\d\d[ .\-]{1,2}[2-9]\d\d[ .\-]\d{4}|[2-9]\d\d/[2-9]\d\d[ \-]\d{4}"
    rb"|[2-9]\d\d/[2-9]\d{6}|[2-9]\d\d ?/ ?[2-9]\d\d ?/ ?\d{4}|[2-9]\d\d - [2-9]\d\d - \d{4}"
    rb"|[2-9]\d\d[2-9]\d{6}|[2-9]\d\d-[2-9]\d{6})"
    rb"(?:,? ?(?:x|ext\.?|extension) ?\d{1,6})?"
)
_ABROAD = compiled(rb"(?:00|011)[ \-.]?[1-9](?:[ \-./]?\d){7,14}")
#: With a national prefix, in groups: 0412 749 348, 06 12330199, (02)34624431.
_NATIONAL = compiled(
    rb"\(?0\d{1,4}\)?(?: ?/ ?|[ ./\-]{1,2}|\))?\d{2,8}(?:[ ./\-]{1,2}\d{2,6}){0,4}"
)
#: Groups without a prefix that only one country writes so.
_GROUPED = compiled(
    rb"\(\d\d\) ?9?\d{4}[\- ]\d{4}|8 ?\(\d{3,4}\) ?\d{2,3}-\d\d-\d\d|\d\d \d{4} \d{4}"
    rb"|[2-9]\d\d [2-9]\d{6}|[2-9]\d{3} [2-9]\d{5}"
    rb"|3\d\d \d{3} \d{4}|[89]\d \d{3} \d\d \d\d|1[3-9]\d[ \-]\d{4}[ \-]\d{4}"
    rb"|[6-9]\d{4}[ \-]\d{5}|[4-8]\d\d-\d{3}-\d{3}"
    rb"|[67]\d\d \d\d \d\d \d\d|[67]\d\d \d{3} \d{3}|\b9\d\d \d{3} \d{3}"
)
#: Of a range: +1 787 641 2200-2299.
_AMERICA = compiled(
    rb"(\+ ?1[ .\-]?\(?[2-9]\d\d\)?[ .\-]?[2-9]\d\d[ .\-]?\d{4})(?: ?- ?| to )\d{2,4}\b"
)
#: Groups separated by tabs; and ten or more digits, one by one.
_TABBED = compiled(rb"\+[1-9]\d{0,3}(?:\t\d{1,8}){2,5}")
_SPACED = compiled(rb"\d(?:[ .]\d){9,14}")
_DATE = compiled(
    rb"(?:[0-3]?\d[/.\-]){2}(?:19|20)\d\d|[0-3]?\d[.\-/][0-3]?\d[.\-/]\d\d\b|0\d:\d\d|20\d\d-\d\d"
)
#: Dialled through a prefix: 9-1-212-555-0147, *67 2125550147.
_DIALLED = compiled(
    rb"(?:^|[^0-9A-Za-z.\-])(?:\*\d\d[ ,]{0,2}(?:1[ \-]?)?|9[ ,\-]{1,2}(?:1[ ,\-]{0,2}"
    rb"|011[ ,\-]{0,2})|9,?1?)([2-9]\d\d[ .\-]?[2-9]\d\d[ .\-]?\d{4})"
)
#: In the fields of protocols: the key tells, and the value is nothing but a number.
_FIELD = compiled(
    rb"(?:ani|dnis|cli|clid|cgpn|cdpn|cgpa|cdpa|msisdn|imsi|rdnis|calling|called|caller|callee"
    rb"|redirect(?:ing|ion)?|original(?:ly)?[ _]?called|src|source|dst|dest|destination"
    rb"|orig(?:inat(?:ing|or))?"
    rb"|term(?:inating)?|from|to|remote|local|subscriber|did|ddi|num|number|address|addr|ph|phn"
    rb"|mob|msisdns?|a|b|ph\d|tel\d?|phone\d?|cell\d?|mobile\d?|contact|recipient|sender|user|id"
    rb"|dialed|dialled|disp|line|charge"
    rb"|p-asserted-identity|remote-party-id|diversion|transfer(?:red)?|forward(?:ed)?|callback)"
    rb"(?:[ _\-.]?(?:party|raw|norm(?:alized)?|full|display|orig|number|numbers|num|no|addr"
    rb"|address|id|digits|phone|ani|msisdn|uri|nr"
    rb"|e164|type|info)){0,3}"
    rb"(?: i ?= ?0x[0-9A-F]{2,8})?[\"']?\\?(?: [\w:]{1,16}=\"[^\"\n]{0,24}\"){0,2}"
    rb"[ \t]{0,4}(?:[:=,\[(]|>{1,2}| i = | in \()[ \t]{0,3}[\[(<\\]{0,2}[\"']{0,2}(?:<?(?:tel"
    rb"|sips?|sms):)?(?:0x0?[0-9])?"
    rb"(\+?\(?\d[\d ().\-/]{5,20}\d)",
    fold=True,
    rare=True,
)
_TYPED = compiled(
    rb"(?:tel|callto|sms|smsto|fax|whatsapp|wa\.me/|phone="
    rb"|mobileto)[:/]{0,3}(\+?[0-9(][0-9 ().\-/]{5,18}\d)",
    fold=True,
    rare=True,
)
_SIP = compiled(rb"\bsips?:([+0-9][0-9.\-]{6,18})(?:[@;>]|%40)", rare=True)
_SIP_ID = compiled(rb"(?:UUI|User-to-User): ?([0-9]{10,15})\b", rare=True)
#: In the name of a file, between underscores.
_NAMED = compiled(rb"(?:[A-Za-z\]]|\d)[_\-](1?[2-9]\d\d[2-9]\d{6})(?:[_.\-]|$|\b)", rare=True)
_HOUR = compiled(rb"1?20[0-3]\d[01]\d[0-3]\d")

_STRONG = (
    rb"call ?back(?: (?:is|at|on|to))?|phones?|ph|tele?|t\xe9l|telefon\w{0,8}|t\xe9l\xe9phone"
    rb"|rufnummer|r\xfcckruf\w{0,8}|durchwahl|fon"
    rb"|tel\xe9fono|telefone|telefono|telefoon(?:nummer)?|puh(?:elin)?|puh|mobiles?|mobil\w{0,6}"
    rb"|m\xf3vil|movil|mobiel|portable|celular|cellulare|cel|gsm|kom\xf3rka|komorka|handynummer"
    rb"|mob|cell(?:phone)?|fax|direct(?: (?:line|dial|number))?|did|ddi|line|landline|hotline|home"
    rb"|desk|work|office|main|switchboard|toll[ \-]?free|emergency contact"
    rb"|whatsapp|whats|wa|zap|signal|viber|handy|sms|ani|dnis|clid|cli|msisdn|caller ?id|bridge"
    rb"|dial[ \-]?in|number|incoming|inbound|btn|wtn|cbn|elin|tm|contact|requestroutecall"
    rb"|num\xe9ros?|n\xfameros?|nummer|numer|numeros?|rr|atd|cb|spoc"
)
_WEAK_CUES = (
    rb"call(?:s|ed|er|ing|ed back)?(?: back)?|ring|text(?:ed|ing)?|reach(?:ed|able|es)?"
    rb"|contact(?:ed)?|dial(?:ed|led|ing)?|answering|messages? to|registered|from|at|on|to|au"
    rb"|unter|sur|al|allo|op|bel|bei|betw(?:een)?|and|or|for|is|its|it's"
    rb"|es|ist|est|\xe9|desde|lig[ua]r?|llam[ea]\w{0,4}|appelez|rappel\w{0,3}|joindre|anrufen"
    rb"|erreichbar|dzwoni\w{0,2}|zadzwoni\w{0,2}|bellen|soita"
    rb"|zu erreichen|chiam\w{0,4}|ele|dele|she|he|her|him|me|us|them|mine|mine:|whatsapp"
)
_FILLER = (
    rb"(?:(?:us|me|him|her|them|is|at|on|to|from|back|numbers?|no|nr|nummer|is now|now|back:|ist"
    rb"|lautet|es|est|el|le|la|the|my|his|new|alt|direct|directly|line|cell|mobile|phone|only"
    rb"|please|pls|number is|changed|its|it's|via|also|was|and|or|um|so|use|mine|unter|sur|au|ou"
    rb"|oder|y|o)[^A-Za-z0-9]{1,4}"
    rb"|\([A-Za-z .]{1,16}\)[^A-Za-z0-9]{0,3}|[#\xb0\xba]\.?[^A-Za-z0-9]{0,3}){0,5}"
)
_TELLS = compiled(
    rb"(?:^|[^A-Za-z])(?:"
    + _STRONG
    + rb"|"
    + _WEAK_CUES
    + rb"|[tmfpcwh][:.)]?)[^A-Za-z0-9=]{1,4}"
    + _FILLER
    + rb"$",
    fold=True,
)
#: Words that make digits something else; for digits grouped like a number, only the first list.
_DENIES_GROUPS = compiled(
    rb"(?:ticket|case|order|ref(?:erence)?|invoice|transaction|txn|sku|part|pn|serial|tracking"
    rb"|card|cc"
    rb"|account|acct|ndc|claim|upc|lot|gtin|ean|isbn|conversation|interaction|imei|iban|version"
    rb"|build|auftrag|vorgang|bestellung"
    rb"|dossier|pedido)(?: ?(?:no|number|id|is|#))?[^A-Za-z0-9]{0,4}$",
    fold=True,
)
_DENIES = compiled(
    rb"(?:ticket|case|order|ref(?:erence)?|invoice|transaction|txn|id|seq|sku|part|pn|serial"
    rb"|build|"
    rb"version|batch|job|pid|port|bytes?|size|length|count|ssrc|ts|epoch|time|error|code|account|"
    rb"card|cc|acct|zip|tracking|conversation|interaction|otp|pin|queue|node|line|imei|iccid"
    rb"|meeting|zoom|webex|conference)"
    rb"(?: ?(?:no|number|id|is|#))?[^A-Za-z0-9]{0,4}$",
    fold=True,
)
#: Anything with the digits of a number is one after these, on the same line or the line before.
_LABELLED = compiled(
    rb"(?:^|[^A-Za-z])(?:tele)?(?:phones?|fax|mobile?|cell(?:phone)?|tel\.?|t\xe9l\.?|handy"
    rb"|m\xf3vil|telefon\w{0,8}|t\xe9l\xe9phone|puh\.?"
    rb"|tel\xe9fono|telefone|telefono|whatsapp|whats|celular|cel\.?|ddi|did|call ?back"
    rb"|direct(?: line| dial)?|landline|home|work|office|gsm|mob|ani|dnis|clid|cli|msisdn"
    rb"|caller ?id|mobiel|portable|cellulare|contact(?: ?(?:no\.?|number))|handynummer"
    rb"|r\xfcckrufnummer)"
    rb"(?: (?:no\.?|"
    rb"numbers?|nr\.?|line|\xe9|#))?(?: ?\([^)\n]{1,16}\))?\.?[ \t]{0,3}(?:[:=#>]|is(?: now)?|ist"
    rb"|es|est|\xe9|-"
    rb"|\?)?[ \t]{0,3}(?:\r?\n(?:[^\n:>]{0,48}[:>])?)?[ \t]{0,3}(\(?\+?\d"
    rb"(?:[ .\-()/\t]{0,3}\d){6,14}"
    rb"(?: ?(?:x|ext\.?|extension) ?\d{1,6})?)",
    fold=True,
)
_LOCAL = compiled(rb"[2-9]\d\d[ .\-]?\d{4}(?:,? ?(?:x|ext\.?|extension) ?\d{1,6})?")
_LOCAL_TELLS = compiled(
    rb"(?:^|[^A-Za-z])(?:phone|emergency contact[^\n0-9]{0,20}|(?:i am|i'm|me|him|her|us) (?:at"
    rb"|on)|direct(?: line| dial| number)?|call ?back(?: number| no\.?)?|cell"
    rb"|mobile|fax|tel|home|office|work|desk|line|(?:my|his|her|their|our) (?:\w{2,8} ){0,2}number"
    rb"|call (?:me|us|him|her|them)|(?:extension|local|direct|private|home|cell|main) (?:line"
    rb"|number|cell|phone)|private cell|cell for [a-z ]{1,24})"
    rb"(?: (?:no\.?|number|#))?[^A-Za-z0-9\n]{0,4}(?:(?:is|at|on|for|real|emergencies|was|to|back"
    rb"|now|only)[^A-Za-z0-9\n]{1,3}){0,5}$",
    fold=True,
)
#: "or 555-0199", after another number.
_OTHER = compiled(
    rb" ?(?:,|/|or|and|;|&|oder|ou|o|y|und|->|=>|\xbf|to|\||\t|[\"'], ?[\"']) {0,2}(?:also |at "
    rb"|on |call |fax "
    rb"|cell )?([2-9]\d\d[ .\-]\d{4}|[02-9]\d{9}|1[0-4]\d{8}|0\d{10}"
    rb"|\(?0?\d{2,5}\)?[ /.\-]\d{3,4}(?:[ .\-]?\d{2,4}){1,3})\b"
)
#: Next to one of these, it is part of a word or of a number or address of another kind.
_NEIGHBOURS = frozenset(b"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _apart(text: bytes, start: int, end: int) -> bool:
    """Whether the number is separate, and not part of a longer one."""
    if start and text[start - 1] in _NEIGHBOURS:
        return False
    if start > 1 and text[start - 1] in b".-:" and text[start - 2] in b"0123456789":
        return False
    if end < len(text) and text[end] in _NEIGHBOURS:
        return False
    further = text[end + 1 : end + 2]  # a file's ".log" may follow, but not another group
    return not (
        further
        and ((text[end] == 0x2D and further.isalnum()) or (text[end] == 0x2E and further.isdigit()))
    )


def phones(text: bytes) -> Iterator[Span]:
    """Numbers that are telephone numbers in any place: by `+`, by their groups, by their field."""
    if b"+" in text:
        for match in _INTERNATIONAL.finditer(text):
            start, end = match.span()
            if is_international(bare(match.group())) and _ends(text, end, b"_"):
                yield Span(start, end, "PHONE")
            elif (whole := _AMERICA.match(text, start)) is not None:
                yield Span(*whole.span(1), "PHONE")  # the first of a range
    for match in _AMERICAN.finditer(text):
        start, end = match.span()
        if _grouped(match.group()) and _is_american(text, start, end):
            yield Span(start, end, "PHONE")
            yield from _others(text, end)
    for match in _FIELD.finditer(text):
        if _is_field(text, match):
            yield Span(*match.span(1), "PHONE")
            yield from _others(text, match.end(1))
    for pattern in (_TYPED, _SIP, _SIP_ID):
        for match in pattern.finditer(text):
            if begins(text, match.start()) and 7 <= len(bare(match.group(1))) <= 15:
                yield Span(*match.span(1), "PHONE")
    if b"_" in text or b"-" in text:
        yield from _named(text)


def _named(text: bytes) -> Iterator[Span]:
    """In names of files: `rec_12125550147.wav`; but a year with month, day and hour is none."""
    at = 0
    while (match := _NAMED.search(text, at)) is not None:
        start, end = match.span(1)
        at = end - 1
        if text[start - 1 : start] == b"-" and text[end : end + 1] != b".":
            continue
        digits = text[start:end]
        before = text[max(0, start - 24) : start].replace(b"_", b" ")
        if is_american(digits) and not _HOUR.match(digits) and not _DENIES.search(before):
            yield Span(start, end, "PHONE")


def told_phones(text: bytes) -> Iterator[Span]:
    """Numbers in prose that the words before them identify as telephone numbers."""
    for match in _AMERICAN.finditer(text):
        start, end = match.span()
        digits = bare(match.group())
        sure = len(digits) == 11 or _told(text, start) or _alone(text, start, end)
        if sure and not _grouped(match.group()) and _is_american(text, start, end):
            yield Span(start, end, "PHONE")
            yield from _others(text, end)
    for match in _LABELLED.finditer(text):
        start, end = match.span(1)
        if _ends(text, end) and not _is_date(text, start):
            yield Span(start, end, "PHONE")
    yield from _recorded(text)
    for match in _DIALLED.finditer(text):
        if is_american(bare(match.group(1))) and _ends(text, match.end(1)):
            yield Span(*match.span(1), "PHONE")
    for match in _TABBED.finditer(text):
        if is_international(bare(match.group())) and _ends(text, match.end()):
            yield Span(*match.span(), "PHONE")
    for pattern, least in ((_ABROAD, 9), (_NATIONAL, 8), (_SPACED, 10), (_GROUPED, 9)):
        for match in pattern.finditer(text):
            start, end = match.span()
            digits = bare(match.group())
            sure = _told(text, start) or _alone(text, start, end)
            if pattern is _NATIONAL:
                grouped = _grouped(match.group())
                sure = sure or (grouped and is_national(digits) and not _denied(text, start, True))
                sure = sure and match.group().strip(b"0123456789") != b"."
                sure = sure and not _ZIP.fullmatch(match.group())
                sure = sure and not (_grouped(match.group()) is False and digits[:2] == b"00")
            if pattern is _GROUPED and b"(" in match.group():
                sure = True
            if pattern is _ABROAD and _grouped(match.group()):
                known = is_international(digits.lstrip(b"0").removeprefix(b"11"))
                sure = sure or (known and not _denied(text, start, True))
            if pattern is _GROUPED and MOBILE.fullmatch(match.group()):
                sure = not _denied(text, start, True)
            sure = sure and not _is_date(text, start)
            if sure and least <= len(digits) <= 15 and _apart(text, start, end):
                yield Span(start, end, "PHONE")
                yield from _others(text, end)
    for match in _LOCAL.finditer(text):
        start, end = match.span()
        if _apart(text, start, end) and _LOCAL_TELLS.search(line_before(text, start, 60)):
            yield Span(start, end, "PHONE")


#: An American postcode: MA 02110-1301.
_ZIP = compiled(rb"0\d{4}-\d{4}")
#: The greatest numbers that computers count to.
_LIMITS = frozenset((b"2147483647", b"2147483648", b"4294967295", b"4294967296"))


def _is_date(text: bytes, start: int) -> bool:
    """Whether a date begins here, and not a number in many groups: 06.12.34.56.78."""
    date = _DATE.match(text, start)
    return date is not None and not (
        text[date.end() : date.end() + 1] in (b".", b"-", b"/")
        and text[date.end() + 1 : date.end() + 2].isdigit()
    )


#: Two bare numbers side by side, as in a record of calls.
_PAIR = compiled(
    rb"\b(1?[2-9]\d\d[2-9]\d{6})(?:[,;|\t\"]{1,3}| ?(?:->|=>|\xbf) ?)(1?[2-9]\d\d[2-9]\d{6})\b"
)


def _recorded(text: bytes) -> Iterator[Span]:
    for match in _PAIR.finditer(text):
        both = match.group(1), match.group(2)
        if text[match.start() - 1 : match.start()] in (b"=", b".", b"-") and match.start():
            continue
        denied = _DENIES.search(text[max(0, match.start() - 32) : match.start()])
        if not denied and all(is_american(each) and not _HOUR.match(each) for each in both):
            yield Span(*match.span(1), "PHONE")
            yield Span(*match.span(2), "PHONE")


def _others(text: bytes, end: int) -> Iterator[Span]:
    """The numbers that continue a list after one that was found."""
    for _ in range(8):
        match = _OTHER.match(text, end)
        if match is None or not _ends(text, match.end(1)):
            return
        yield Span(*match.span(1), "PHONE")
        end = match.end()


_SURE_FIELDS = compiled(
    rb"^(?:ani|dnis|cli|clid|cgpn|cdpn|cgpa|cdpa|msisdn|rdnis|ph\d?|phn|mob|tel\d?|phone\d?"
    rb"|cell\d?|mobile\d?|callback|calling|called|redirect)",
    fold=True,
)
_NO_FIELD = compiled(rb"(?:_id|[a-z]id|[ _\-]id|type|port|seq)[\"' \t:=]{1,6}$", fold=True)
_NAMED_FIELD = compiled(
    rb"(?:addr|number|num|party|phone|msisdn)\w{0,4}[\"' \t:=]{1,6}$", fold=True
)
_LOOSE_FIELD = compiled(
    rb"^(?:num|number|id|line|user|a|b|address|addr|contact|local|remote|term|to|from|charge)\b",
    fold=True,
)


def _is_field(text: bytes, match: Match) -> bool:
    start, end = match.span(1)
    if not begins(text, match.start()) or not _ends(text, end):
        return False
    number = match.group(1)
    digits = bare(number)
    key = text[match.start() : start]
    if _DATE.match(text, start) or (
        text[end : end + 1] in (b".", b"-", b":") and text[end + 1 : end + 2].isalnum()
    ):
        return False
    sure = _SURE_FIELDS.search(key) is not None
    named = key.lower().startswith((b"caller", b"msisdn", b"did", b"ddi"))
    if _NO_FIELD.search(key.rstrip(b"\"'")) and not named:
        return False
    if number[:1] == b"+":
        return is_international(digits)
    if key.strip(b" \"':=[(").lower() == b"id":
        return False
    if is_american(digits) or is_national(digits):
        return True
    if sure:
        return 7 <= len(digits) <= 15 and len(set(digits)) > 1
    loose = _LOOSE_FIELD.search(key) is not None
    if not loose and 11 <= len(digits) <= 13 and is_abroad(digits):
        return True
    named = _NAMED_FIELD.search(key) is not None
    return named and 11 <= len(digits) <= 13 and is_international(digits)


def _is_american(text: bytes, start: int, end: int) -> bool:
    digits = bare(text[start:end])
    size = 11 if digits[:1] == b"1" else 10
    if not (is_american(digits[:size]) and _apart(text, start, end)) or digits in _LIMITS:
        return False
    if text[start : start + 1] == b"(":
        return True
    return not _denied(text, start, _grouped(text[start:end]))


def _ends(text: bytes, end: int, besides: bytes = b"") -> bool:
    return end >= len(text) or text[end] not in _NEIGHBOURS or text[end] in besides


def _grouped(found: bytes) -> bool:
    return any(each in found for each in b" .-(/")


def _told(text: bytes, start: int) -> bool:
    return _TELLS.search(text[max(0, start - 48) : start].rstrip(b"( ") + b" ") is not None


def _denied(text: bytes, start: int, grouped: bool) -> bool:
    words = _DENIES_GROUPS if grouped else _DENIES
    return words.search(text[max(0, start - 32) : start]) is not None


def _alone(text: bytes, start: int, end: int) -> bool:
    """Whether the number is all that a line, or a speaker in it, says."""
    before = text[max(0, start - 2) : start].rstrip(b" (")
    after = text[end : end + 1]
    return (not before or before[-1:] in b"\n:") and (not after or after in b"\r\n")
