"""A reading: a text made from another one, in which each character knows what it stands for.

The formats make readings (decoded lines, fields as `key: value`, prose out of values); the rules
run on them as on any text, and findings are carried back to the original.
"""

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from .projection import project
from .spans import Span


class _Piece(NamedTuple):
    """`at`: where it begins in the reading; `start` and `end`: what it stands for, if anything."""

    at: int
    start: int
    end: int
    whole: bool


class Reading:
    """Pieces of a parent text, copied, decoded or made; complete once `said` was read.

    `parent` is the reading from which this one is made; None for the original text.
    """

    def __init__(self, parent: "Reading | None" = None) -> None:
        self._parent = parent
        self._pieces: list[_Piece] = []
        self._words: list[str] = []
        self._length = 0

    def _add(self, said: str, start: int, end: int, whole: bool) -> None:
        if said:
            self._pieces.append(_Piece(self._length, start, end, whole))
            self._words.append(said)
            self._length += len(said)

    def copy(self, source: str, start: int, end: int) -> None:
        """Add this part of the parent as it is."""
        self._add(source[start:end], start, end, False)

    def decode(self, said: str, start: int, end: int) -> None:
        """Add `said`, which as a whole stands for this part of the parent."""
        self._add(said, start, end, True)

    def make(self, said: str) -> None:
        """Add signs that stand for nothing; no finding extends across them."""
        self._add(said, -1, -1, True)

    @cached_property
    def said(self) -> str:
        return "".join(self._words)

    @cached_property
    def text(self) -> bytes:
        """What the rules read: one byte for each character of `said`."""
        return project(self.said)

    def back(self, span: Span) -> Span | None:
        """The finding at its place in the original text; None if it stands for nothing there."""
        if len(self._pieces) == 1 and not self._pieces[0].whole:
            begun = self._pieces[0].start
            found = Span(span.start + begun, span.end + begun, span.kind)
            return found if self._parent is None else self._parent.back(found)
        if not self._pieces:
            return None
        first = bisect_right(self._pieces, span.start, key=_begins) - 1
        last = bisect_right(self._pieces, span.end - 1, key=_begins) - 1
        start, end = span.start, span.end
        while first <= last and self._pieces[first].start < 0:  # made signs at the finding's edges
            first += 1
            start = self._pieces[first].at if first <= last else end
        while last >= first and self._pieces[last].start < 0:
            end = self._pieces[last].at
            last -= 1
        if first > last or any(piece.start < 0 for piece in self._pieces[first : last + 1]):
            return None
        piece = self._pieces[first]
        begun = piece.start if piece.whole else piece.start + start - piece.at
        piece = self._pieces[last]
        done = piece.end if piece.whole else piece.start + end - piece.at
        found = Span(begun, done, span.kind)
        return found if self._parent is None else self._parent.back(found)


def _begins(piece: _Piece) -> int:
    return piece.at


def whole(text: str) -> Reading:
    """The text itself as a reading."""
    reading = Reading()
    reading.copy(text, 0, len(text))
    return reading
