"""What holds a format together is kept: a finding ends at quotation marks, tags and escapes, and a
number of JSON becomes a string.
"""

import json
from collections.abc import Iterator

from .projection import compiled
from .spans import Span

#: A finding is cut at these. The backslash before a quotation mark belongs to it.
_HOLDS = compiled(
    rb"\\{0,4}\"|<!\[CDATA\[|\]\]>"
    rb"|</?[A-Za-z][A-Za-z0-9:._\-]{0,40}(?:[ \t\r\n/][^<>\x00]{0,400})?>"
)
#: A key of JSON, a tag, a header that names a program.
_THINGS = compiled(
    rb"\"[A-Za-z0-9_.\-]{1,60}\" ?:|\"[A-Za-z]{0,30}(?:[a-z][A-Z]|_)[A-Za-z0-9_]{1,40}\""
    rb"|[A-Za-z:]{2,40}=\"|</?[A-Za-z][A-Za-z0-9:._\-]{0,40}"
    rb"|^(?:User-Agent|X-Mailer|Mailer|Server|X-Powered-By|Via|Accept[A-Za-z\-]{0,20}|Sec-[A-Za-z\-]{1,30}):[^\n]{0,900}"
)
_LETTERS = b"nrtbfv"
_SIGNS = b" \t\r\n\x00\x01,.;:!?()[]{}<>/|-='"
_NUMBERS = b"0123456789.-+eE, \r\n\t"
_BEFORE = (b":", b" ", b"[", b",", b"\t", b"\n")
#: A longer text is not read as JSON as a whole.
JSON_MOST = 1_000_000


def cut(spans: list[Span], text: bytes) -> Iterator[Span]:
    """The findings without the signs of the format in them; none of an empty rest."""
    for span in spans:
        start, end = _after_escape(text, span), span.end
        part = text[start:end]
        if b'"' in part or b"<" in part or b"]]>" in part:
            first = start
            for match in _HOLDS.finditer(part):
                yield from _worded(text, start, first + match.start(), span.kind)
                start = first + match.end()
        yield from _worded(text, start, end, span.kind)


def _worded(text: bytes, start: int, end: int, kind: str) -> Iterator[Span]:
    if text[end - 1 : end] == b"\\":
        end -= _backslashes(text[start:end]) % 2  # half of an escape
    if text[start:end].strip(_SIGNS):
        yield Span(start, end, kind)


def _backslashes(text: bytes) -> int:
    return len(text) - len(text.rstrip(b"\\"))


def _after_escape(text: bytes, span: Span) -> int:
    """Where the value begins: an escape that ends in its first letter is no part of it."""
    if text[span.start - 1 : span.start] != b"\\":
        return span.start
    if _backslashes(text[max(0, span.start - 8) : span.start]) % 2 == 0:
        return span.start
    first = text[span.start : span.start + 1]
    if first == b"u" and text[span.start + 1 : span.start + 5].isalnum():
        return span.start + 5
    if first in _LETTERS and first and (span.kind != "USERNAME" or _in_json(text, span.start)):
        return span.start + 1
    return span.start


def _in_json(text: bytes, at: int) -> bool:
    line = text[text.rfind(b"\n", 0, at) + 1 : at]
    return line.lstrip()[:1] in (b"{", b"[", b'"') or b'":' in line


def named_things(text: bytes) -> list[tuple[int, int]]:
    """Where keys, tags and headers about programs stand: the model takes such words for names."""
    return [match.span() for match in _THINGS.finditer(text)]


def is_number(text: bytes, span: Span, *, item: bool = False) -> bool:
    """Whether the finding is a number that JSON has without quotation marks.

    With `item`, also a member of an array, which only a whole document tells from prose.
    """
    if text[span.start - 1 : span.start] not in _BEFORE or text[span.start : span.end].strip(
        _NUMBERS
    ):
        return False
    before = text[max(0, span.start - 48) : span.start].rstrip()
    keyed = before[-1:] == b":" and before[:-1].rstrip()[-1:] == b'"'
    if not keyed and not (item and before[-1:] in (b"[", b",")):
        return False
    return text[span.end : span.end + 48].lstrip()[:1] in (b"", b",", b"}", b"]")


def is_json(text: str) -> bool:
    """Whether it is JSON, or a line of JSON after the other."""
    if text.lstrip()[:1] not in ("{", "[") or len(text) > JSON_MOST:
        return False
    try:
        json.loads(text)
    except ValueError:
        return _lines_are_json(text)
    except RecursionError:
        return False
    return True


def _lines_are_json(text: str) -> bool:
    try:
        return all(isinstance(json.loads(line), dict) for line in text.splitlines() if line.strip())
    except (ValueError, RecursionError):
        return False
