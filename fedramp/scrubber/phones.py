"""Telephone numbers: where they may appear, and what identifies them."""

from collections.abc import Iterator
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from .projection import compiled
from .spans import Span, bare

_INTERNATIONAL = compiled(rb"\+[1-9](?:[ \-./]{0,2}(?:\(0?\d{0,4}\))?[ \-./]?\d){6,16}")
_AMERICAN = compiled(
    rb"(?:\+?1[ .\-]{0,2})?(?:\([2-9]\d\d\) {0,3}[2-9]\d\d[ .\-]?\d{4}"
    rb"|[2-9]\d\d[ .\-]{1,2}[2-9]\d\d[ .\-]\d{4}|[2-9]\d\d/[2-9]\d\d[ \-]\d{4}"
    rb"|[2-9]\d\d[2-9]\d{6}|[2-9]\d\d-[2-9]\d{6})"
    rb"(?: ?(?:x|ext\.?|extension) ?\d{1,6})?"
)
_ABROAD = compiled(rb"00 ?[1-9](?:[ \-./]?\d){7,14}")
#: With a national prefix, in groups: 0412 749 348, 06 12330199, (02)34624431.
_NATIONAL = compiled(rb"\(?0\d{1,4}\)?(?:[ ./\-]{1,2}|\))?\d{2,8}(?:[ ./\-]{1,2}\d{2,6}){0,4}")
#: Groups separated by tabs; and ten or more digits, one by one.
_TABBED = compiled(rb"\+[1-9]\d{0,3}(?:\t\d{1,8}){2,5}")
_SPACED = compiled(rb"\d(?:[ .]\d){9,14}")
_DATE = compiled(rb"(?:[0-3]?\d[/.\-]){2}(?:19|20)\d\d")

_TELLS = compiled(
    rb"(?:^|[^A-Za-z])(?:call(?:s|ed|er|ing|ed back)?|call ?back|phone|ph|tele?|telefon\w{0,4}"
    rb"|tel\xe9fono|mobile|movil"
    rb"|cell|fax|number|num|no|dial(?:ed|led|ing)?|reach|contact|text(?:ed)?|sms|whatsapp|ring"
    rb"|handy"
    rb"|answering|messages? to|registered|from|ani|dnis|msisdn|at|on|to"
    rb"|[tmfpo])[^A-Za-z0-9]{0,4}(?:(?:us|me|him|her|them|is"
    rb"|at|on|to|from|back|number|no|#)[^A-Za-z0-9]{1,4}){0,3}$",
    fold=True,
)
#: Words that make digits something else; for digits grouped like a number, only the first list.
_DENIES_GROUPS = compiled(
    rb"(?:ticket|case|order|ref(?:erence)?|invoice|transaction|txn|sku|part|pn|serial|tracking|card|cc"
    rb"|account|acct|conversation|interaction)(?: ?(?:no|number|id|is|#))?[^A-Za-z0-9]{0,4}$",
    fold=True,
)
_DENIES = compiled(
    rb"(?:ticket|case|order|ref(?:erence)?|invoice|transaction|txn|id|seq|sku|part|pn|serial|build|"
    rb"version|batch|job|pid|port|bytes?|size|length|count|ssrc|ts|epoch|time|error|code|account|"
    rb"card|cc|acct|zip|tracking|conversation|interaction|otp|pin|queue|node|line)"
    rb"(?: ?(?:no|number|id|is|#))?[^A-Za-z0-9]{0,4}$",
    fold=True,
)
#: Anything with the digits of a number is one after these, on the same line or the line before.
_LABELLED = compiled(
    rb"(?:^|[^A-Za-z])(?:tele)?(?:phone|fax|mobile|cell|tel|handy|m\xf3vil|telefon\w{0,3}"
    rb"|tel\xe9fono|whatsapp)(?: (?:no\.?|"
    rb"number|nr\.?))?\.?[ \t]{0,3}(?:[:=#]"
    rb"|is)[ \t]{0,3}(?:\r?\n)?[ \t]{0,3}(\(?\+?\d(?:[ .\-()/\t]{0,3}\d){6,14}"
    rb"(?: ?(?:x|ext\.?|extension) ?\d{1,6})?)",
    fold=True,
)
#: Next to one of these, it is part of a word or of a number or address of another kind.
_NEIGHBOURS = frozenset(b"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@cache
def _lengths() -> dict[int, frozenset[int]]:
    """How many digits may follow each country code, from the library's tables; read once."""
    found: dict[int, frozenset[int]] = {}
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        lengths: set[int] = set()
        for region in regions:
            metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            if metadata is not None and metadata.general_desc is not None:
                lengths.update(metadata.general_desc.possible_length)
        found[code] = frozenset(lengths)
    return found


def is_american(digits: bytes) -> bool:
    """Ten digits (or eleven beginning with 1) with a possible area code and exchange."""
    if len(digits) == 11 and digits[:1] == b"1":
        digits = digits[1:]
    return len(digits) == 10 and digits[0] > 0x31 and digits[3] > 0x31 and digits[1:3] != b"11"


@cache
def _codes() -> tuple[dict[bytes, frozenset[int]], ...]:
    table: list[dict[bytes, frozenset[int]]] = [{}, {}, {}]
    for code, lengths in _lengths().items():
        text = str(code).encode()
        table[len(text) - 1][text] = lengths
    return tuple(table)


def is_international(digits: bytes) -> bool:
    """A country code, with as many digits as that country's numbers have."""
    for size, table in enumerate(_codes(), 1):
        lengths = table.get(digits[:size])
        if lengths is not None:
            rest = len(digits) - size
            return rest in lengths or rest - 1 in lengths  # one more: +44 (0)20
    return False


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
    """Numbers that are telephone numbers in any place: by `+` or by their groups."""
    if b"+" in text:
        for match in _INTERNATIONAL.finditer(text):
            start, end = match.span()
            if is_international(bare(match.group())) and _ends(text, end):
                yield Span(start, end, "PHONE")
    for match in _AMERICAN.finditer(text):
        start, end = match.span()
        if _grouped(match.group()) and _is_american(text, start, end):
            yield Span(start, end, "PHONE")


def told_phones(text: bytes) -> Iterator[Span]:
    """Numbers in prose that the words before them identify as telephone numbers."""
    for match in _AMERICAN.finditer(text):
        start, end = match.span()
        digits = bare(match.group())
        sure = len(digits) == 11 or _told(text, start) or _alone(text, start, end)
        if sure and not _grouped(match.group()) and _is_american(text, start, end):
            yield Span(start, end, "PHONE")
    for match in _LABELLED.finditer(text):
        start, end = match.span(1)
        if _ends(text, end):
            yield Span(start, end, "PHONE")
    for match in _TABBED.finditer(text):
        if is_international(bare(match.group())) and _ends(text, match.end()):
            yield Span(*match.span(), "PHONE")
    for pattern, least in ((_ABROAD, 9), (_NATIONAL, 8), (_SPACED, 10)):
        for match in pattern.finditer(text):
            start, end = match.span()
            digits = bare(match.group())
            sure = _told(text, start) or _alone(text, start, end)
            sure = sure and not _DATE.match(text, start)
            if sure and least <= len(digits) <= 15 and _apart(text, start, end):
                yield Span(start, end, "PHONE")


def _is_american(text: bytes, start: int, end: int) -> bool:
    digits = bare(text[start:end])
    size = 11 if digits[:1] == b"1" else 10
    if not (is_american(digits[:size]) and _apart(text, start, end)):
        return False
    return not _denied(text, start, _grouped(text[start:end]))


def _ends(text: bytes, end: int) -> bool:
    return end >= len(text) or text[end] not in _NEIGHBOURS


def _grouped(found: bytes) -> bool:
    return any(each in found for each in b" .-(")


def _told(text: bytes, start: int) -> bool:
    return _TELLS.search(text[max(0, start - 40) : start].rstrip(b"( ") + b" ") is not None


def _denied(text: bytes, start: int, grouped: bool) -> bool:
    words = _DENIES_GROUPS if grouped else _DENIES
    return words.search(text[max(0, start - 32) : start]) is not None


def _alone(text: bytes, start: int, end: int) -> bool:
    """Whether the number is all that a line, or a speaker in it, says."""
    before = text[max(0, start - 2) : start].rstrip(b" (")
    after = text[end : end + 1]
    return (not before or before[-1:] in b"\n:") and (not after or after in b"\r\n")
