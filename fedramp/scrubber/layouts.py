"""Names in the layouts of programs: columns of a chat, names of files, passports, display names.

Belongs here: what the form around a name makes certain, and no word does.
"""

from collections.abc import Iterator

from .people import Kind, is_capital, kind_of
from .projection import compiled
from .spans import Known, Span

#: "sunita   9:02  yes": who, when and what in columns.
_COLUMN = compiled(
    rb"^([A-Za-z][A-Za-z0-9_.\-]{1,20})[ \t]{1,16}\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?"
    rb"[ \t]{1,4}[^\n \t]"
)
#: GALLAGHER SEAMUS, PETTIGREW Y, HARGROVE,LINDA: how exchanges show who calls.
_SHOWN = compiled(
    rb"(?:[Dd]isplay|CNAM|cnam|CALLERID\(name\)|caller.?id|callerid|cid.?name|calling.?name|Name"
    rb"|name"
    rb"|shows?(?: up)?(?: as)?|effective_caller_id_name)[^A-Za-z\n]{0,6}(?:i ?= ?|shows? |as "
    rb"|is )?[\"'(=: ]{1,3}"
    rb"([A-Z][A-Z'\-]{1,20}[ ,]{1,2}[A-Z][A-Z'.\-]{0,20}(?: [A-Z])?)[\"')]"
)
_TOLL = compiled(
    rb"TOLL|FREE|WIRELESS|CALLER|UNKNOWN|CALL|CELL|PHONE|INC|LLC|CITY|DEPT|COUNTY|BANK"
)
#: The lines that machines read in passports: P<USAVANDERGRIFT<<COLE<ANTHONY<<<
_PASSPORT = compiled(
    rb"\b(?:P|V|I|A|C)[A-Z<][A-Z]{3}([A-Z]{2,30}(?:<[A-Z]{1,20}){0,3}<<[A-Z]{2,20}(?:<[A-Z]{1,20}){0,3})"
    rb"<{1,40}",
    rare=True,
)
_CARD_LINE = compiled(
    rb"^([A-Z]{2,30}(?:<[A-Z]{1,20}){0,3}<<[A-Z]{2,20}(?:<[A-Z]{1,20}){0,3})<{2,40}\r?$", rare=True
)
#: HOSSEINI/SHIRIN MRS on a ticket, NGUYEN/THUY on a card, VASQUEZ^ELENA^M of a clinic
_SLASHED = compiled(
    rb"(?:\b([A-Z]{2,24}/[A-Z]{2,24}(?: [A-Z]{2,20})?) (?:MR|MRS|MS|MSTR|MISS|DR|CHD|INF|ADT)\b"
    rb"|\^([A-Z][A-Z' ]{1,24}/[A-Z][A-Z .]{1,24})\^"
    rb"|(?:^|[\"|,;>=\t ])([A-Z][A-Z'\-]{1,24}\^[A-Z]{2,24}(?:\^[A-Z]{0,20}){0,3})(?:$|[\""
    rb"|,;<\t\r ]))",
    rare=True,
)
_FILES = (
    rb"(?:pdf|docx?|xlsx?|csv|jpe?g|png|wav|mp3|mp4|txt|eml|msg|zip|log|vcf|tiff?|heic|m4a|opus)"
)
_FILE = compiled(
    rb"(?:^|[\s\"'/\\(=<>:,;\x60|])((?:[A-Za-z0-9\xc0-\xff'+%.&@\-]{1,40}[_.\-]){1,8}"
    rb"[A-Za-z0-9\xc0-\xff\-]{0,40}\." + _FILES + rb")\b",
    fold=True,
    rare=True,
)
#: An exit form in a folder, or a recording that is cut off: Gutierrez_Elena_7735518820_
_IN_FILE = compiled(
    rb"(?:^|[^A-Za-z\xc0-\xff])([A-Z\xc0-\xde][A-Za-z\xdf-\xff']{1,20})([_.\-])"
    rb"([A-Z\xc0-\xde][A-Za-z\xdf-\xff']{2,20})(?:[^A-Za-z\xc0-\xff]|$)"
)
_SMALL_IN_FILE = compiled(
    rb"(?:^|[_\-0-9])([a-z]{2,16})([._\-])([a-z]{3,16}(?:-[a-z]{3,16})?)(?:[_\-.][0-9]"
    rb"|\.[a-z0-9]{3}|$)"
)
_ONE_IN_FILE = compiled(rb"[_\-]([A-Za-z\xc0-\xff]{4,20})(?:_|\.[a-z0-9]{3,4}$|-|$)")
#: Lorenzos-iphone, WS-PETROSYAN
_HOST = compiled(
    rb"(?:^|[^A-Za-z0-9_\-.])(?:(?:WS|PC|LT|NB|WKS|LAP|LAPTOP|DESKTOP|DT|VDI"
    rb"|MBP)-([A-Z]{4,20})(?:[^A-Za-z0-9_]|$)"
    rb"|([A-Z][a-z]{2,16})'?s?-(?:desk|i?phone|ipad|laptop|macbook|mbp|mac|pc|imac|tablet|pixel"
    rb"|galaxy|air)\b)",
)


def laid_out(text: bytes) -> Iterator[Span]:
    """The names that a program's layout shows."""
    if b":" in text:
        yield from _columns(text)
    for match in _SHOWN.finditer(text):
        if not _TOLL.search(match.group(1)):
            yield Known(*match.span(1), "PERSON")
    if b"<<" in text:
        for pattern in (_PASSPORT, _CARD_LINE):
            for match in pattern.finditer(text):
                yield Known(*match.span(1), "PERSON")
    if b"/" in text or b"^" in text:
        for match in _SLASHED.finditer(text):
            group = next(each for each in (1, 2, 3) if match.start(each) >= 0)
            yield Known(*match.span(group), "PERSON")
    if b"." in text:
        for match in _FILE.finditer(text):
            yield from _file(match.group(1), match.start(1))
    if b"-" in text:
        for match in _HOST.finditer(text):
            group = 1 if match.start(1) >= 0 else 2
            word = match.group(group)
            start, end = match.span(group)
            if group == 2 and kind_of(word) < Kind.GIVEN and word.endswith(b"s"):
                word, end = word[:-1], end - 1
            if kind_of(word) >= Kind.SURNAME:
                yield Span(start, end, "PERSON")


def _columns(text: bytes) -> Iterator[Span]:
    found = list(_COLUMN.finditer(text))
    times: dict[bytes, int] = {}
    for match in found:
        times[match.group(1)] = times.get(match.group(1), 0) + 1
    if len(found) < 3 or len(times) == len(found) or len(times) < 2:
        return
    for match in found:
        who = match.group(1)
        parts = [part for part in who.replace(b"_", b".").split(b".") if part]
        if all(kind_of(part) != Kind.EVERYDAY for part in parts):
            yield Known(*match.span(1), "PERSON")


def _file(name: bytes, shift: int) -> Iterator[Span]:
    """Two words of which the lists know one and the other is no ordinary word; or one surname."""
    stem = name[: name.rindex(b".")]
    found = False
    for pattern in (_IN_FILE, _SMALL_IN_FILE):
        for match in pattern.finditer(stem):
            one, other = kind_of(match.group(1)), kind_of(match.group(3))
            if min(one, other) > Kind.EVERYDAY and Kind.GIVEN in (one, other) and one + other > 4:
                found = True
                yield Span(match.start(1) + shift, match.end(3) + shift, "PERSON")
    if found or stem.count(b".") > 2:
        return
    for match in _ONE_IN_FILE.finditer(stem):
        word = match.group(1)
        if kind_of(word) >= Kind.SURNAME and (is_capital(word) or kind_of(word) == Kind.SURNAME):
            yield Span(match.start(1) + shift, match.end(1) + shift, "PERSON")
