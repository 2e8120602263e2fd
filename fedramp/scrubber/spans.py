"""Findings in a text: where, and of which kind."""

from collections.abc import Iterable
from typing import NamedTuple

_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))

#: If findings overlap, the first of these is the kind of the whole.
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
#: Part of a name, but not a name by themselves.
PARTICLES = frozenset(
    b"da das de del dela della den der di do dos du van von la le el al bin ibn ben st st. ter "
    b"ten zu y e i".split()
)
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Span(NamedTuple):
    start: int
    end: int
    kind: str


def bare(found: bytes) -> bytes:
    """The digits only."""
    return found.translate(None, _NO_DIGITS)


def union(spans: Iterable[Span], text: bytes) -> list[Span]:
    """The findings in order: overlapping ones merged, and the parts of one name as one."""
    joined: list[Span] = []
    for span in sorted(_led(span, text) for span in spans):
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
        return gap in (b"", b" ", b"  ") or _particles(gap)
    return len(gap) <= 4 and not gap.strip(b" ,\r\n\t")


def _particles(gap: bytes) -> bool:
    """Whether only particles are between: Sjoerd van der Meulen, with both ends found."""
    return gap[:1] == gap[-1:] == b" " and all(
        word in PARTICLES for word in gap.strip(b" ").lower().split(b" ")
    )


_BEFORE_INITIAL = (b"", b" ", b"\n", b"(", b'"')
_LEAD = frozenset(
    (b"van", b"von", b"bin", b"ibn", b"della", b"van der", b"van den", b"van de", b"von der")
)


def _led(span: Span, text: bytes) -> Span:
    """A surname with its particles: of van der Meulen, perhaps only the last word was found."""
    if span.kind != "PERSON" or text[span.start - 1 : span.start] != b" ":
        return span
    before = text[max(0, span.start - 4) : span.start]
    if before[-2:] == b". " and before[-3:-2].isupper() and before[:-3] in _BEFORE_INITIAL:
        return Span(span.start - 3, span.end, span.kind)
    words = text[max(0, span.start - 10) : span.start - 1].lower().split(b" ")
    for count in (2, 1):
        lead = b" ".join(words[-count:])
        if lead in _LEAD:
            return Span(span.start - len(lead) - 1, span.end, span.kind)
    return span
