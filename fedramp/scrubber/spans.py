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
    "NATIONAL_ID",
    "MEDICAL_ID",
    "VEHICLE",
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
_WORD = frozenset(b"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") | frozenset(
    range(0xC0, 0x100)
)
_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


class Span(NamedTuple):
    start: int
    end: int
    kind: str


class Known(Span):
    """A finding that the case's own data, or its spelling letter by letter, makes certain."""

    __slots__ = ()


def bare(found: bytes) -> bytes:
    """The digits only."""
    return found.translate(None, _NO_DIGITS)


def apart(text: bytes, start: int, end: int, inside: bytes = b".", joins: bytes = b"") -> bool:
    """Whether a finding is separate, and not part of a longer word or number.

    Signs `inside` belong to the finding's own writing: with a letter or digit beyond one, it is
    part of something longer. Signs in `joins` separate, although they are part of words.
    """
    if start and (
        (text[start - 1] in _WORD and text[start - 1] not in joins)
        or (text[start - 1] in inside and start > 1 and text[start - 2] in _WORD)
    ):
        return False
    return not (
        end < len(text)
        and (
            (text[end] in _WORD and text[end] not in joins)
            or (text[end] in inside and end + 1 < len(text) and text[end + 1] in _WORD)
        )
    )


def ends(text: bytes, end: int) -> bool:
    """Whether no letter, digit or underscore follows."""
    return end >= len(text) or text[end] not in _WORD


def begins(text: bytes, at: int) -> bool:
    """Whether a word begins here: after no letter, or with a capital after a small one."""
    before = text[at - 1 : at] if at else b""
    return not before.isalpha() or (before.islower() and text[at : at + 1].isupper())


def line_before(text: bytes, start: int, most: int = 48) -> bytes:
    """What is before a place in its line, at most so much."""
    before = text[max(0, start - most) : start]
    return before[before.rfind(b"\n") + 1 :]


def union(spans: Iterable[Span], text: bytes) -> list[Span]:
    """The findings in order: overlapping ones merged, and the parts of one name as one."""
    joined: list[Span] = []
    for span in sorted({_led(span, text) for span in set(spans)}):
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
