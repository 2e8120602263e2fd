"""Patterns that take linear time on any text: RE2 over bytes, without its wrapper's overhead.

The library's own wrapper takes three times as long for a finding as the search itself.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, ClassVar

import re2

_Anchor = re2._re2.RE2.Anchor
_NOWHERE = (-1, -1)


class Match:
    """One finding: its place and the places of its groups."""

    __slots__ = ("_spans", "_text")

    def __init__(self, text: bytes, spans: list[tuple[int, int]]) -> None:
        self._text = text
        self._spans = spans

    def span(self, group: int = 0) -> tuple[int, int]:
        return self._spans[group]

    def start(self, group: int = 0) -> int:
        return self._spans[group][0]

    def end(self, group: int = 0) -> int:
        return self._spans[group][1]

    def group(self, group: int = 0) -> bytes:
        start, end = self._spans[group]
        return self._text[start:end]


#: In a text of this length or more, a pattern first looks for the words that it needs.
_LONG = 4_000


@lru_cache(maxsize=4)
def _small(text: bytes) -> bytes:
    """In lower case; the patterns of one layer read the same text one after the other."""
    return text.lower()


class Pattern:
    """A pattern over bytes, each byte a character of Latin-1.

    `needs` are words in lower case, at least one of which is in every text that matches: a block of
    a log without them is passed over.
    """

    def __init__(self, pattern: bytes, fold: bool, needs: tuple[bytes, ...] = ()) -> None:
        self._needs = needs
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.case_sensitive = not fold
        options.log_errors = False
        options.max_mem = 64 << 20
        self._regexp: Any = re2._re2.RE2(pattern, options)
        if not self._regexp.ok():
            raise ValueError(self._regexp.error())

    def _match(self, anchor: Any, text: bytes, at: int) -> Match | None:
        spans = self._regexp.Match(anchor, text, at, len(text))
        return None if spans[0] == _NOWHERE else Match(text, spans)

    def finditer(self, text: bytes) -> Iterator[Match]:
        """Every finding in order, none overlapping the one before."""
        at, end, match = 0, len(text), self._regexp.Match
        if self._needs and end >= _LONG:
            small = _small(text)
            if not any(word in small for word in self._needs):
                return
        while at <= end:
            spans = match(_Anchor.UNANCHORED, text, at, end)
            start, after = spans[0]
            if start < 0:
                return
            yield Match(text, spans)
            at = after if after > at else at + 1

    def search(self, text: bytes, at: int = 0) -> Match | None:
        return self._match(_Anchor.UNANCHORED, text, at)

    def match(self, text: bytes, at: int = 0) -> Match | None:
        return self._match(_Anchor.ANCHOR_START, text, at)

    def fullmatch(self, text: bytes) -> Match | None:
        return self._match(_Anchor.ANCHOR_BOTH, text, 0)


class Rare(Pattern):
    """A pattern that most texts do not have: one pass over a text tells which of all these it has.

    A pass for each of them would take most of the time that a log takes.
    """

    _all: ClassVar[list["Rare"]] = []
    _set: ClassVar[tuple[int, Any]] = (0, None)
    #: The hash and the length of the last text, and what it has; not the text itself.
    _last: ClassVar[tuple[int, int, frozenset[int]]] = (0, -1, frozenset())

    def __init__(self, pattern: bytes, fold: bool, needs: tuple[bytes, ...] = ()) -> None:
        super().__init__(pattern, fold, needs)
        self._source = (b"(?i:" if fold else b"(?:") + pattern + b")"
        self._place = len(Rare._all)
        Rare._all.append(self)

    def finditer(self, text: bytes) -> Iterator[Match]:
        if self._place in _had_by(text):
            yield from super().finditer(text)

    def search(self, text: bytes, at: int = 0) -> Match | None:
        return super().search(text, at) if self._place in _had_by(text) else None


def _had_by(text: bytes) -> frozenset[int]:
    """The places of the patterns that this text has."""
    key, size, there = Rare._last
    if size == len(text) and key == hash(text):
        return there
    count, patterns = Rare._set
    if count != len(Rare._all):
        count, patterns = Rare._set = _set_of(Rare._all)
    there = frozenset(patterns.Match(text))
    if count not in there:  # the pass had no room to come to its end
        there = frozenset(range(count))
    Rare._last = (hash(text), len(text), there)
    return there


def _set_of(patterns: list[Rare]) -> tuple[int, Any]:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    options.max_mem = 48 << 20
    found: Any = re2._re2.Set(_Anchor.UNANCHORED, options)
    for pattern in patterns:
        found.Add(pattern._source)
    found.Add(b"(?s)^|.")  # in every text, at the place after the last
    found.Compile()
    return len(patterns), found
