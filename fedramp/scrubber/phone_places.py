"""Telephone numbers that a place tells: a form's label, a file's name, a record, a row of a list.

Each place has its own form, and a check of the number that is as strict as the place is loose.
"""

from collections.abc import Iterator

from .phone_plans import is_abroad, is_american, is_international, is_national
from .projection import compiled
from .spans import Span, bare, begins, ends

_GROUPS = rb"\(?\+?\d(?:[ .\-()/]{0,3}\d){6,14}"
#: Short labels, with a sign that ends them: "mo.: 94150-77218", "fono=[977142208]".
_SHORT = compiled(
    rb"(?:^|[\s,;|(\[/{\"'\xe9.])(?:m|t|p|c|h|w|mo|mb|ph|tel|tlf|tlm|tfno|tfn|tfnr|mob|cel|celular"
    rb"|clular|fono|m\xf3v|mv|nbr|hp|no\. ?hp|no\. ?telp?|wa|ani|dnis|cid|cli"
    rb"|cust(?:omer)? (?:no|nbr|ph)|cb#?|call ?back#?)\.?[\"']?"
    rb" ?(?::|=={0,1}|#)[ \t]{0,3}[\[(\"']{0,2}(" + _GROUPS + rb")",
    fold=True,
    rare=True,
)
#: "her nbr 4805591170", "tlm 912 884 073", "my cell if u need 4174208836".
_TOLD = compiled(
    rb"(?:^|[^A-Za-z\xc0-\xff])(?:tlm|tlf|tfno|tfn|m\xf3v|fono|clular|celular|cel|nbr|hp|cell"
    rb"|mobile|handy|whats ?app|call ?back|(?:my|her|his|their|ur|your|cust|caller'?s?) (?:no"
    rb"|nr|nbr|num|numb|number|#|cell|ph)|num[e\xe9]rem|numer|t\xe9l\xe9phone|telefon)\.?"
    rb"(?:[ ,][^\n0-9.:;]{0,34}?)?[ :,=#]{1,3}(" + _GROUPS + rb")",
    fold=True,
    rare=True,
)
#: "# 6198842073", "CALL TRUDY 8034479126 NOW", "Harlan Biggs 9127744018".
_AFTER_NAME = compiled(
    rb"(?:(?:^|[\s,(])#[ ]?|[Cc](?:all|ALL)(?:ed|ED)? [A-Z][A-Za-z]{1,15} |type it:? "
    rb"|[Rr]oute[A-Za-z]{0,8}\(|[A-Z][a-z]{2,20} \("
    rb"|^[\"'>\- ]{0,4}[A-Z][a-z]{2,15} [A-Z][a-z'\-]{2,20}[, ]{1,2}"
    rb"|[.!?] [A-Z][a-z]{2,15} [A-Z][a-z'\-]{2,20}[, ]{1,2})(\d{10})\b",
    rare=True,
)
#: In the names of recordings: in-18005512290-14236681107-20240411, _01047712208.mp3.
_RECORDED = compiled(
    rb"\b(?:in|out|call|rec|q|exten|external|internal|inbound|outbound)[\-_](\d{7,15})[\-_]"
    rb"(\d{7,15})[\-_](?:20\d{6}|\d{10})"
    rb"|[_\-](00?[1-9]\d{7,12}|[1-9]\d{10,13})\.(?:mp3|wav|ogg|opus|m4a|amr|gsm|flac|webm)\b",
    fold=True,
    rare=True,
)
#: Of messengers: the id of one who writes is a number.
_MESSENGER = compiled(
    rb"\"(?:to|from|recipient|sender|contact|customer)\"\s{0,3}:\s{0,3}\{[^{}]{0,120}?"
    rb"\"(?:id|wa_id|address)\"\s{0,3}:\s{0,3}\"(\+?\d{9,15})\""
    rb"|\"(?:wa_id|chat_?id|whatsapp_?id|msisdn)\"\s{0,3}:\s{0,3}\"(\+?\d{9,15})\""
    rb"|\"address\"\s{0,3}:\s{0,3}\"(tel:\+?\d{7,15})\"|\bwamid\.([A-Za-z0-9+/=_\-]{16,120})",
    fold=True,
    rare=True,
)
#: In an address or a form: tel=%2B54+9+11+5344-2207.
_IN_QUERY = compiled(
    rb"(?:tel|phone|mobile|mob|cel|cell|fax|whatsapp|ani|caller|callback|celular"
    rb"|telefono)\w{0,10}="
    rb"((?:%2B|\+)?\(?\d(?:(?:%20|%28|%29|[+\-.()]){0,3}\d){7,14})",
    fold=True,
    rare=True,
)
#: An attribute of a call's log, after a tab: AttributeANI '9195551947', _ani(LOCAL) <- "4989…".
_ATTRIBUTE = compiled(
    rb"(?:ani|dnis|otherdn|caller\w{0,8}|callingline\w{0,6}|destination\w{0,6}|calling\w{0,8}"
    rb"|called\w{0,8})(?:\([A-Z]{1,8}\))?(?:[ \t]{1,4}|[ ]?<-[ ]?(?:STRING|NUMBER)?:?[ ]?)[\"']"
    rb"(\+?\d{7,15})[\"']",
    fold=True,
    rare=True,
)
#: A row that has a name in quotes, of values in quotes or between bars.
_ROW = compiled(rb"^[^\n]{0,400}[\"'][A-Z][A-Za-z'\xc0-\xff\-]{1,24}[^\n]{0,600}$")
_CELL = compiled(rb"(?:[,(] ?'|\||\| )([2-9]\d{9})(?:' ?[,)]| ?\|)")
#: Japan: 080(1392)3472. Norway, between slashes: / 98 44 17 20 /.
_WRITTEN = compiled(
    rb"(?:^|[^0-9A-Za-z])(0[5-9]0\(\d{4}\)\d{4})\b|[/|;] ([2-9]\d(?: \d\d){3}) ?[/|;]"
    rb"|[(/] ?(\d\d 9?\d{4}-\d{4})(?: ?\)| (?:ramal|r\.|ext|anexo|int))"
    rb"|(?:^|[^0-9A-Za-z.\-])(0\d{1,4} / \d{2,4}(?: \d{2,4}){1,3} ?- ?\d{1,4})\b"
    rb"|(?:^|[^0-9A-Za-z.\-])(0\d{1,3} - \d{3,4} \d{3,4})\b"
    rb"|\(([6-9]\d\d(?: \d\d){3}|[6-9]\d\d \d{3} \d{3})\)"
    rb"|[a-z\xdf-\xff]{2,20}, ([2-9]\d(?: \d\d){3})(?:[.,;)] |[.;)]?\r?\n|[.;)]?$)"
    rb"|(?:(?:Mme|Mlle|M\.|Mrs?\.?|Ms\.?|Frau|Herr|Sra?\.?"
    rb"|Dr\.?) [A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24}"
    rb"(?: [A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24})?, ?|[;|] ?)(0\d{9,10})(?: ?[;|]|, |\b)",
    rare=True,
)
#: Groups of two and three after a word that reaches somebody: "la joindre au 77 641 28 05".
_REACHED = compiled(
    rb"(?:joindre|appel\w{0,3}|rappel\w{0,3}|llam\w{1,4}|ring\w{0,3}|number is|n\xfamero"
    rb"|numer\w{0,3}"
    rb"|ligar\w{0,2}|ligue|contest\w{0,3}|marc[ao]\w{0,2}|dzwoni\w{0,2}|c'est le|from"
    rb"|phone\w{0,2}|kontakt\w{0,2})(?:[ \-][a-z\xe0-\xff']{1,10}){0,3}[ :]{1,2}"
    rb"([1-9]\d{1,2}(?:[ .\-]\d{2,5}){2,4})\b",
    fold=True,
)
#: A country's code and all that follows, after a word; the number of a SIM card.
_WHOLE = compiled(
    rb"\b(?:to|from|and|dialled|dialed|dest|source|ascii|caller|customer|subscriber)[ :]{1,3}"
    rb"([2-9]\d{10,12})\b|\bIMSI[ :=]{1,3}(\d{15})\b",
    fold=True,
    rare=True,
)
_DAY = compiled(rb"20\d\d|19\d\d|[0-3]?\d[.\-/ ][01]?\d[.\-/ ](?:19|20)?\d\d\b|\d\d:\d\d")
#: Seconds since 1970, or thousandths of them.
_EPOCH = compiled(rb"1[5-8]\d{8}(?:\d{3})?")
_STAMP = compiled(rb"1?20[0-3]\d[01]\d[0-3]\d")
_NO_PHONE = compiled(
    rb"(?:ticket|case|order|ref(?:erence)?|invoice|id|ver(?:sion)?|build|serial|account|acct|card"
    rb"|imei|iban|passport|model|pin|code|ext(?:ension)?|dob|birth)[^A-Za-z0-9\n]{0,4}$",
    fold=True,
)


def phone_places(text: bytes) -> Iterator[Span]:
    """Numbers in records and names of files, in any line."""
    for match in _RECORDED.finditer(text):
        for group in (1, 2, 3):
            digits = match.group(group) if match.start(group) >= 0 else b""
            if digits and not _STAMP.match(digits) and is_number(digits):
                yield Span(*match.span(group), "PHONE")
    for match in _MESSENGER.finditer(text):
        group = next(each for each in (1, 2, 3, 4) if match.start(each) >= 0)
        if group > 2 or is_number(match.group(group)):
            yield Span(*match.span(group), "PHONE")
    for match in _IN_QUERY.finditer(text):
        yield Span(*match.span(1), "PHONE")
    for match in _ATTRIBUTE.finditer(text):
        if begins(text, match.start()):
            yield Span(*match.span(1), "PHONE")


def told_phone_places(text: bytes) -> Iterator[Span]:
    """Numbers whose place tells them in prose, in lists and in forms."""
    for pattern in (_SHORT, _TOLD):
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if not ends(text, end) or text[end : end + 2] in (b".0", b"%"):
                continue
            if _EPOCH.fullmatch(match.group(1)):
                continue
            if _DAY.match(text, start) and not is_number(match.group(1)):
                continue
            within = text[match.start() : start]
            if pattern is _TOLD and (_NO_PHONE.search(within) or _STAMP.match(bare(within))):
                continue
            if 8 <= len(bare(match.group(1))) <= 15 or is_number(match.group(1)):
                yield Span(start, end, "PHONE")
    for match in _AFTER_NAME.finditer(text):
        if is_american(match.group(1)) and not _STAMP.match(match.group(1)):
            yield Span(*match.span(1), "PHONE")
    for match in _WHOLE.finditer(text):
        if match.start(2) >= 0 or is_abroad(match.group(1)):
            yield Span(*match.span(1 if match.start(1) >= 0 else 2), "PHONE")
    for match in _WRITTEN.finditer(text):
        group = next(each for each in range(1, 9) if match.start(each) >= 0)
        if group == 8 and not is_national(match.group(8)):
            continue
        if not _NO_PHONE.search(text[max(0, match.start(group) - 24) : match.start(group)]):
            yield Span(*match.span(group), "PHONE")
    for match in _REACHED.finditer(text):
        start, end = match.span(1)
        digits = bare(match.group(1))
        if 8 <= len(digits) <= 12 and ends(text, end) and not _DAY.match(text, start):
            yield Span(start, end, "PHONE")
    for row in _ROW.finditer(text):
        for match in _CELL.finditer(row.group()):
            if is_american(match.group(1)) and not _STAMP.match(match.group(1)):
                at = row.start()
                yield Span(at + match.start(1), at + match.end(1), "PHONE")


def is_number(found: bytes) -> bool:
    """Whether these digits are a number that some country gives out."""
    digits = bare(found)
    if found[:1] == b"+":
        return is_international(digits)
    if digits[:2] == b"00":
        return is_international(digits.lstrip(b"0"))
    return is_american(digits) or is_national(digits) or (len(digits) > 10 and is_abroad(digits))
