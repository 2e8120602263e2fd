"""FED-7: replaces personal data in a text by typed placeholders, `[EMAIL-1]`, `[PERSON-2]`.

Belongs here: putting the layers together. Each layer has its own module: shapes, keys, cues,
identities, the model. Pure: no Django, no database, no clock.

Every line is searched for shapes, keys and the people of the case; prose also for cues, and by the
model. Each line is classified as prose or log by its content. Scrubbing a scrubbed text changes
nothing: a placeholder matches no rule, and the model finds nothing more in the result.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from . import prose
from .addresses import addresses
from .cues import cued, greeted
from .disguises import disguises, joined
from .doubts import believed
from .encoded import without_encoded
from .escapes import decoded
from .fields import fields, forms
from .identities import Identities
from .keys import keyed
from .lines import Lines, read_lines
from .notation import cut, is_json, is_number, named_things
from .passages import PLACEHOLDER
from .placeholders import Numbering, Numbers, plain
from .projection import masked
from .propagation import MOST, logins, named_by_mail, parts_of, propagated
from .readings import Reading, whole
from .records import records
from .script_addresses import placed
from .script_numbers import scripted
from .scripts import named
from .secrets import told_secrets
from .shapes import shapes, told
from .spans import Span, union
from .tables import Table, columns
from .values import shown, unquoted, values

#: At most this many passes over a text. The second finds what was not recognizable beside a value
#: but is beside a placeholder; a pass that finds nothing is the last.
_PASSES = 5
#: The model reads this many characters of a text; anything longer is a file, in which only the
#: rules, the keys and the people of the case find names.
PROSE_MOST = 200_000
#: A text up to this length is pasted or written by people: its lines of log are read as prose too.
PASTED_MOST = 8_000
#: The same for values within logs and data, whose lines are no prose.
VALUES_MOST = 20_000
#: Prose is read in parts of about this length.
_PART_MOST = 16_000
#: In so many characters of a long text, values that are prose are looked for.
_LOOKS_MOST = 1_000_000
#: Letters from Greek on, without the Latin ones with two marks.
_OTHER = re.compile(r"[\u0370-\u1dff\u2e80-\U0003ffff]")
#: Base64 within base64 is read this often.
_DEEP = 2


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
    _values_left: int = VALUES_MOST
    _looks_left: int = _LOOKS_MOST
    _disguised_left: int = PROSE_MOST
    _deep: int = 0
    #: How many letters and digits were scrubbed.
    _gone: int = 0

    def limit_prose(self, most: int) -> None:
        """From here on, the model reads at most this many characters."""
        self._prose_left = min(self._prose_left, most)

    def scrub(self, text: str, *, once: bool = False) -> str:
        """The text without personal data; adds to `counts`, and keeps state for the next part.

        With `once`, it is a block of a long text, and gets a single pass. What was valid JSON stays
        so.
        """
        table = self._table
        valid = not once and is_json(text)
        for _ in range(1 if once else _PASSES):
            base = whole(text)
            if self._deep < _DEEP:
                freed = without_encoded(text, base.text, self._scrub_decoded)
                if freed != text:
                    text, base = freed, whole(freed)
            lines = read_lines(base.text, table)
            self._table = lines.table
            found = self._found(base, lines)
            if not found:
                break
            text = self._replaced(text, base.text, found, valid)
        return text

    def scrub_as(self, text: str, written: str, *, most: int) -> str:
        """The text without what is found before `most` in `written`, the same text in other signs.

        The value of a finding is taken from `written`.
        """
        base = whole(written)
        found = self._found(base, read_lines(base.text, None))
        spans = [Span(s.start, min(s.end, most), s.kind) for s in found if s.start < most]
        if not spans:
            return text
        return self._replaced(text, base.text, spans, False, written, [s.end for s in found])

    def _scrub_decoded(self, said: str) -> tuple[str, str, int]:
        inner = replace(self, counts=self.counts, _table=None, _deep=self._deep + 1, _gone=0)
        kept = inner.scrub(said)
        first = PLACEHOLDER.search(kept)
        return kept, first.group() if first else "", inner._gone

    # --- Finding ----------------------------------------------------------------------------

    def _found(self, base: Reading, lines: Lines) -> list[Span]:
        """What all readings reveal, at its places in the text: in order, none overlapping."""
        pages = [_Page(base, lines.cells)]
        pages += [_Page(each) for each in decoded(base)]
        pages += [_Page(each) for page in list(pages) for each in fields(page.reading)]
        short = len(base.text) <= PASTED_MOST
        if short:
            pages += [_Page(each) for each in forms(base)]
        for page in pages:
            page.found += self._all(page.reading) if short else self._everywhere(page.reading)
        prose_pages: list[_Page] = []
        if self._values_left > 0 and self._looks_left > 0:
            self._looks_left -= len(base.text)
            prose_pages = [_Page(each) for make in (values, shown) for each in make(base)]
            for page in prose_pages:
                pages += [_Page(each, list(self._all(each))) for each in forms(page.reading)]
            self._values_left -= sum(len(page.reading.said) for page in prose_pages)
        for part in _parts(base, lines.prose):
            # The text itself was searched everywhere; here is what only sentences reveal.
            if not short:
                pages.append(_Page(part, list(_said(part))))
                pages += [_Page(each, list(self._everywhere(each))) for each in forms(part)]
            pages += [_Page(each, list(self._all(each))) for each in unquoted(part)]
            pages += [_Page(each, list(self._all(each))) for each in decoded(part, wraps=True)]
            if self._disguised_left > 0:
                self._disguised_left -= len(part.said)
                pages += [_Page(each, self._only_here(each, base)) for each in disguises(part)]
                pages += self._across_breaks(base, part)
        for page in prose_pages:
            page.found += self._all(page.reading)
        pages += prose_pages
        for page in pages:
            near = page.reading is base and not lines.prose
            page.found += named_by_mail(page.found, page.reading.text, near=near)
        self._again(pages)
        if self.labelled is not None:
            self._model(base, lines, pages, prose_pages)
        spans = [span for page in pages for span in page.carried()]
        spans += columns(lines.rows, spans)
        kept = [
            span
            for span in spans
            if 0 not in base.text[span.start : span.end] and not self._is_kept(span, base.said)
        ]
        return list(cut(union(kept, base.text), base.text))

    def _everywhere(self, reading: Reading) -> Iterator[Span]:
        yield from shapes(reading.text)
        yield from keyed(reading.text)
        yield from greeted(reading.text)
        yield from records(reading.text)
        yield from named(reading.said)
        yield from placed(reading.said)
        yield from scripted(reading.said)
        yield from self.identities.find(reading.text)

    def _all(self, reading: Reading) -> Iterator[Span]:
        yield from self._everywhere(reading)
        yield from _said(reading)

    def _only_here(self, reading: Reading, base: Reading) -> list[Span]:
        """What the text itself does not say in these words."""
        return [
            span
            for span in self._all(reading)
            if (back := reading.back(span)) is not None
            and base.said[back.start : back.end] != reading.said[span.start : span.end]
        ]

    def _across_breaks(self, base: Reading, part: Reading) -> Iterator["_Page"]:
        """What a broken line has in two halves."""
        for reading, kinds in joined(part):
            page = _Page(reading)
            for span in self._all(reading):
                back = reading.back(span)
                if span.kind in kinds and back and b"\n" in base.text[back.start : back.end]:
                    page.found.append(span)
            yield page

    def _again(self, pages: list["_Page"]) -> None:
        """What was found once is found in every reading, in its other spellings too."""
        for page in pages:
            if len(self._names) < MOST:
                self._names.update(parts_of(page.found, page.reading.text))
        if not self._names:
            return
        for page in pages:
            known = {(span.start, span.end) for span in page.found}
            more = propagated(self._names, page.reading.text)
            page.found += [span for span in more if (span.start, span.end) not in known]
            spelt = logins(self._names, page.reading.text)
            page.found += [span for span in spelt if (span.start, span.end) not in known]

    def _model(
        self,
        base: Reading,
        lines: Lines,
        pages: list["_Page"],
        prose_pages: list["_Page"],
    ) -> None:
        assert self.labelled is not None
        more: list[_Page] = []
        regions = lines.prose
        if len(base.text) <= PASTED_MOST:
            regions = [(0, len(base.text))]
        if regions and self._prose_left > 0:
            self._prose_left -= sum(end - start for start, end in regions)
            known = [(span.start, span.end) for page in pages for span in page.carried()]
            hidden = masked(base.text, known + lines.headers + named_things(base.text))
            more.append(
                _Page(
                    base,
                    [
                        span
                        for start, end in regions
                        for span in prose.read(base.said, hidden, start, end, self.labelled)
                        if not _is_of_other_script(base.said[span.start : span.end])
                    ],
                )
            )
        for page in prose_pages:
            text = page.reading.text
            most = min(len(text), max(0, self._values_left + len(text)))
            hidden = masked(text, [(span.start, span.end) for span in page.found])
            found = prose.read(page.reading.said, hidden, 0, most, self.labelled)
            said = page.reading.said
            latin = [each for each in found if not _is_of_other_script(said[each.start : each.end])]
            more.append(_Page(page.reading, latin))
        if any(page.found for page in more):
            pages += more
            self._again(pages)

    def _is_kept(self, span: Span, text: str) -> bool:
        if not self.kept or span.kind not in ("EMAIL", "PHONE"):
            return False
        value = plain(span.kind, text[span.start : span.end])
        return any(plain(span.kind, each) == value for each in self.kept)

    # --- Replacing --------------------------------------------------------------------------

    def _replaced(
        self,
        text: str,
        projected: bytes,
        spans: list[Span],
        valid: bool,
        values: str = "",
        ends: list[int] | None = None,
    ) -> str:
        """The text with placeholders; the values they replace are read in `values`, if given.

        With `valid`, the text is JSON and stays so.
        """
        pieces: list[str] = []
        at = 0
        stops = ends or [span.end for span in spans]
        for span, stop in zip(spans, stops, strict=False):
            start, end, kind = span
            value = (values or text)[start:stop]
            number = self.numbering.number(kind, plain(kind, self._value(kind, value)))
            sign = '"' if is_number(projected, span, item=valid) else ""
            pieces += (text[at:start], f"{sign}[{kind}-{number}]{sign}")
            self.counts[kind] += 1
            if self._deep:
                self._gone += sum(map(str.isalnum, value))
            at = end
        pieces.append(text[at:])
        return "".join(pieces)

    def _value(self, kind: str, value: str) -> str:
        return self.identities.full_name(value) if kind == "PERSON" else value


def _parts(base: Reading, regions: list[tuple[int, int]]) -> Iterator[Reading]:
    """The prose of the text, in parts of many regions each: every rule is asked once for a part."""
    part, length = Reading(base), 0
    for start, end in regions:
        if length and length + end - start > _PART_MOST:
            yield part
            part, length = Reading(base), 0
        if length:
            part.make("\n")
        part.copy(base.said, start, end)
        length += end - start
    if length:
        yield part


@dataclass
class _Page:
    """A reading and what was found in it, at places of the reading."""

    reading: Reading
    found: list[Span] = field(default_factory=list)

    def carried(self) -> Iterator[Span]:
        """The findings at their places in the text."""
        for span in believed(self.reading.text, self.reading.said, self.found):
            if (back := self.reading.back(span)) is not None:
                yield back


def _is_of_other_script(said: str) -> bool:
    """Whether it has letters that are not Latin: the model has not learnt to read them."""
    return any(each.isalpha() and not each.isascii() and _OTHER.match(each) for each in said)


def _said(reading: Reading) -> Iterator[Span]:
    """What sentences reveal."""
    part = reading.text
    yield from told(part)
    yield from told_secrets(part)
    yield from cued(part)
    yield from addresses(part)
