"""What was found in a text: where, and of which kind."""

from collections.abc import Iterable
from typing import NamedTuple

_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))

#: Where two findings overlap, the first of these names the kind of what is removed.
KINDS = (
    "TOKEN",
    "EMAIL",
    "CARD",
    "IBAN",
    "SSN",
    "PASSPORT",
    "LICENSE",
    "ACCOUNT",
    "BIRTHDATE",
    "MAC",
    "IP",
    "LOCATION",
    "PHONE",
    "USERNAME",
    "ADDRESS",
    "PERSON",
    "PRIVATE",
)
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Span(NamedTuple):
    start: int
    end: int
    kind: str


def bare(found: bytes) -> bytes:
    """The digits alone."""
    return found.translate(None, _NO_DIGITS)


def union(spans: Iterable[Span], text: bytes) -> list[Span]:
    """The findings in order, those that overlap as one, and one name's parts as one name."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and _belongs(joined[-1], span, text):
            last = joined[-1]
            kind = last.kind if _RANK[last.kind] <= _RANK[span.kind] else span.kind
            joined[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            joined.append(span)
    return joined


def _belongs(last: Span, span: Span, text: bytes) -> bool:
    if span.start < last.end:
        return True
    if last.kind != span.kind or last.kind not in ("PERSON", "ADDRESS"):
        return False
    gap = text[last.end : span.start]
    if last.kind == "PERSON":
        return gap in (b"", b" ", b"  ")
    return len(gap) <= 4 and not gap.strip(b" ,\r\n\t")
