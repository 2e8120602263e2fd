"""FED-7: replaces personal data in a text by typed placeholders, `[EMAIL-1]`, `[PERSON-2]`.

Belongs here: putting the layers together. Each layer has its own module: shapes, keys, cues,
identities, the model. Pure: no Django, no database, no clock.

Every line is searched for shapes, keys and the people of the case; prose also for cues, and by the
model. Each line is classified as prose or log by its content. Scrubbing a scrubbed text changes
nothing: a placeholder matches no rule, and the model finds nothing more in the result.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from . import prose
from .addresses import addresses
from .cues import cued, greeted
from .identities import Identities
from .keys import keyed, told_secrets
from .lines import Table, read_lines
from .placeholders import Numbering, Numbers, plain
from .projection import Shadow, masked, project
from .propagation import MOST, logins, named_by_mail, parts_of, propagated
from .shapes import shapes, told
from .spans import Span, union

#: At most this many passes over a text. The second finds what was not recognizable beside a value
#: but is beside a placeholder; a pass that finds nothing is the last.
_PASSES = 5
#: The model reads this many characters of a text; anything longer is a file, in which only the
#: rules, the keys and the people of the case find names.
PROSE_MOST = 200_000


Rules = Callable[[bytes], Iterator[Span]]


@dataclass(frozen=True)
class Scrubbed:
    """The text as it may be stored, and how many values of each kind were scrubbed."""

    text: str
    counts: dict[str, int]


@dataclass
class Scrubber:
    """Scrubs one text, or a stream in parts, of one case: the same value gets the same number.

    `identities` are the people of the case; `numbering` gives and remembers the numbers. Without
    `labelled`, no model reads the prose.
    """

    identities: Identities = field(default_factory=Identities)
    numbering: Numbering = field(default_factory=Numbers)
    labelled: prose.Labelled | None = None
    #: Values that belong to no person and are kept: the support desk's own number and address.
    kept: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)
    _table: Table | None = None
    _names: set[bytes] = field(default_factory=set)
    _prose_left: int = PROSE_MOST

    def limit_prose(self, most: int) -> None:
        """From here on, the model reads at most this many characters."""
        self._prose_left = min(self._prose_left, most)

    def scrub(self, text: str, *, once: bool = False) -> str:
        """The text without personal data; adds to `counts`, and keeps state for the next part.

        With `once`, it is a block of a long text, and gets a single pass.
        """
        table = self._table
        for _ in range(1 if once else _PASSES):
            projected = project(text)
            lines = read_lines(projected, table)
            self._table = lines.table
            found = union(self._found(text, projected, lines.prose, lines.cells), projected)
            if not found:
                break
            text = self._replaced(text, found)
        return text

    def scrub_as(self, text: str, written: str, *, most: int) -> str:
        """The text without what is found before `most` in `written`, the same text in other signs.

        The value of a finding is taken from `written`.
        """
        projected = project(written)
        lines = read_lines(projected, None)
        found = union(self._found(written, projected, lines.prose, lines.cells), projected)
        cut = [Span(s.start, min(s.end, most), s.kind) for s in found if s.start < most]
        return self._replaced(text, cut, written, [span.end for span in found]) if cut else text

    # --- Finding ----------------------------------------------------------------------------

    def _found(
        self, text: str, projected: bytes, regions: list[tuple[int, int]], cells: list[Span]
    ) -> list[Span]:
        found = cells + list(self._everywhere(projected))
        found += _through(Shadow(projected, wraps=False), self._everywhere)
        for start, end in regions:
            part = projected[start:end]
            for span in self._in_prose(part):
                found.append(Span(span.start + start, span.end + start, span.kind))
        found += named_by_mail(found, projected, near=not regions)
        found += self._again(found, projected)
        if regions and self.labelled is not None and self._prose_left > 0:
            more = self._modelled(text, projected, regions, found)
            found += more + self._again(more, projected)
        return [
            span
            for span in found
            if 0 not in projected[span.start : span.end] and not self._is_kept(span, text)
        ]

    def _everywhere(self, projected: bytes) -> Iterator[Span]:
        yield from shapes(projected)
        yield from keyed(projected)
        yield from greeted(projected)
        yield from self.identities.find(projected)

    def _in_prose(self, part: bytes) -> Iterator[Span]:
        yield from _said(part)
        yield from _through(Shadow(part, wraps=True), self._all)

    def _all(self, part: bytes) -> Iterator[Span]:
        yield from self._everywhere(part)
        yield from _said(part)

    def _again(self, found: list[Span], projected: bytes) -> list[Span]:
        if len(self._names) < MOST:
            self._names.update(parts_of(found, projected))
        known = {(span.start, span.end) for span in found}
        spelt = logins(self._names, projected)
        more = [span for span in spelt if (span.start, span.end) not in known]
        return [*propagated(self._names, projected), *more]

    def _modelled(
        self, text: str, projected: bytes, regions: list[tuple[int, int]], found: list[Span]
    ) -> list[Span]:
        assert self.labelled is not None
        self._prose_left -= sum(end - start for start, end in regions)
        hidden = masked(projected, [(span.start, span.end) for span in found])
        return [
            span
            for start, end in regions
            for span in prose.read(text, hidden, start, end, self.labelled)
        ]

    def _is_kept(self, span: Span, text: str) -> bool:
        if not self.kept or span.kind not in ("EMAIL", "PHONE"):
            return False
        value = plain(span.kind, text[span.start : span.end])
        return any(plain(span.kind, each) == value for each in self.kept)

    # --- Replacing --------------------------------------------------------------------------

    def _replaced(
        self, text: str, spans: list[Span], values: str = "", ends: list[int] | None = None
    ) -> str:
        """The text with placeholders; the values they replace are read in `values`, if given."""
        pieces: list[str] = []
        at = 0
        stops = ends or [span.end for span in spans]
        for (start, end, kind), stop in zip(spans, stops, strict=False):
            value = (values or text)[start:stop]
            number = self.numbering.number(kind, plain(kind, self._value(kind, value)))
            pieces += (text[at:start], f"[{kind}-{number}]")
            self.counts[kind] += 1
            at = end
        pieces.append(text[at:])
        return "".join(pieces)

    def _value(self, kind: str, value: str) -> str:
        return self.identities.full_name(value) if kind == "PERSON" else value


def _said(part: bytes) -> Iterator[Span]:
    """What sentences reveal."""
    yield from told(part)
    yield from told_secrets(part)
    yield from cued(part)
    yield from addresses(part)


def _through(shadow: Shadow, rules: Rules) -> Iterator[Span]:
    if shadow.differs:
        for span in rules(shadow.text):
            yield Span(*shadow.original(span.start, span.end), span.kind)
