"""What the model's labels amount to: names and addresses, in pieces of prose.

Its labels for numbers are not read; the shapes do that better.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from .names import MAX_CHARACTERS, Label
from .projection import compiled
from .spans import Span
from .words import NOT_NAMES, ORDINARY, PARTICLES

Labelled = Callable[[str], list[Label]]

_PERSON = frozenset(("GIVEN_NAME", "SURNAME"))
_PLACE = frozenset(
    ("BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE")
)
#: Parts of an address that make one; a city by itself does not.
_FIRM = frozenset(("STREET_NAME", "ZIP_CODE"))
#: How sure the model must be of a name with a capital, of one without, of a place.
_NAME_SURE, _SMALL_SURE, _PLACE_SURE = 0.4, 0.95, 0.4
#: And of the surest part of an address.
_RUN_SURE = 0.75
_INITIAL = compiled(rb" (?:[A-Z\xc0-\xde]\.? ){1,2}(?:(?:van|von|de|der|den|la|da) ){0,2}")
_VERB = compiled(
    rb" (?:the|a|an|this|that|these|those|my|your|our|their|all|it|us|me|you|we|they|he|she)\b",
    fold=True,
)
_FURTHER = compiled(rb" ((?:[A-Z\xc0-\xde]\.? )?[A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24})")
#: Between the parts of one address.
_WITHIN = compiled(
    rb"[ ,.\r\n\t/()?]{0,6}(?:(?i:apt|suite|ste|unit|flat|studio|st|street|box|edif|depto"
    rb"|interior|piano|no|nr)\.?[ ,\n]{0,3}){0,2}"
)
_TOLD = compiled(rb"(?:zip|post|plz|cap|code)[^0-9\n]{0,8}$", fold=True)
_PARAGRAPH = compiled(rb"(?:[^\n]*[^\s][^\n]*\n?)+")
_HIDDEN = compiled(rb"\x00+")
#: What the model reads where something was removed.
STAND_IN = "…"
_ROUNDS = 4
_WORD = compiled(rb"[A-Za-z0-9_\xc0-\xff'\-]{1,64}")


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """The prose in pieces that the model can read, cut between sentences where that is possible."""
    start, end = 0, len(text)
    while end - start > MAX_CHARACTERS:
        window = text[start : start + MAX_CHARACTERS]
        cut = max(
            window.rfind(sign) + len(sign) for sign in ("\n\n", ".\n", "\n", ". ", "? ", "! ")
        )
        if cut < MAX_CHARACTERS // 3:
            cut = window.rfind(" ") + 1 or MAX_CHARACTERS
        yield start, start + cut
        start += cut
    if start < end:
        yield start, end


def read(text: str, hidden: bytes, start: int, end: int, labelled: Labelled) -> Iterator[Span]:
    """Names and addresses in one run of prose; `hidden` is the projected text, the found masked.

    Each paragraph is read until nothing more is found in it, so that reading what was scrubbed
    once more finds nothing.
    """
    for first, last in _paragraphs(hidden, start, end):
        rest = bytearray(hidden[first:last])
        for _ in range(_ROUNDS):
            found = list(_read_once(text[first:last], bytes(rest), labelled))
            for span in found:
                rest[span.start : span.end] = bytes(span.end - span.start)
                yield Span(span.start + first, span.end + first, span.kind)
            if not found:
                break


def _paragraphs(hidden: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _PARAGRAPH.finditer(hidden[start:end]):
        yield start + match.start(), start + match.end()


def _read_once(text: str, hidden: bytes, labelled: Labelled) -> Iterator[Span]:
    reading = _Reading(text, hidden)
    for start, end in pieces(reading.text):
        piece = reading.text[start:end]
        if not any(each.isalpha() for each in piece):
            continue
        for span in _spans_of(labelled(piece), reading.projected[start:end]):
            found = Span(
                reading.back(span.start + start), reading.back(span.end + start), span.kind
            )
            if b"\x00" not in hidden[found.start : found.end]:
                yield found


class _Reading:
    """A paragraph with one sign for each thing that was removed from it, and the way back."""

    def __init__(self, text: str, hidden: bytes) -> None:
        self._at: list[int] = [0]
        self._original: list[int] = [0]
        pieces, projected, at, length = [], [], 0, 0
        for match in _HIDDEN.finditer(hidden):
            start, end = match.span()
            pieces += [text[at:start], STAND_IN]
            projected += [hidden[at:start], b"\x00" * len(STAND_IN)]
            length += start - at + len(STAND_IN)
            at = end
            self._at.append(length)
            self._original.append(at)
        self.text = "".join([*pieces, text[at:]])
        self.projected = b"".join([*projected, hidden[at:]])

    def back(self, place: int) -> int:
        index = bisect_right(self._at, place) - 1
        return self._original[index] + place - self._at[index]


def _spans_of(labels: Sequence[Label], projected: bytes) -> list[Span]:
    found: list[Span] = []
    run: list[Word] = []
    for word in _words(labels, projected):
        if word.score < _least(word, projected):
            continue
        gap = projected[run[-1].end : word.start] if run else b""
        if not run or run[-1].person != word.person or not _near(gap, word.person):
            found += _settled(run, projected)
            run = []
        run.append(word)
    return found + list(_settled(run, projected))


class Word(NamedTuple):
    """A word and what the model takes it for."""

    start: int
    end: int
    kind: str
    score: float

    @property
    def person(self) -> bool:
        return self.kind in _PERSON


def _least(word: Word, projected: bytes) -> float:
    if not word.person:
        return _PLACE_SURE
    capital = projected[word.start : word.start + 1]
    return _NAME_SURE if capital.isupper() or capital >= b"\xc0" else _SMALL_SURE


def _words(labels: Sequence[Label], text: bytes) -> Iterator[Word]:
    """The labels of whole words: the model labels pieces of words."""
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        mine = []
        while at < len(labels) and labels[at].start < end:
            if labels[at].end > start:
                mine.append(labels[at])
            at += 1
        mine = [label for label in mine if label.kind in _PERSON or label.kind in _PLACE]
        if mine:
            best = max(mine, key=lambda label: label.score * (label.end - label.start))
            weight = sum((label.end - label.start) * label.score for label in mine) / (end - start)
            yield Word(start, end, best.kind, min(best.score, weight))


def _near(gap: bytes, person: bool) -> bool:
    if b"\x00" in gap:
        return False
    if person:
        return gap in (b" ", b". ", b"  ") or _INITIAL.fullmatch(gap) is not None
    return _WITHIN.fullmatch(gap) is not None


def _settled(run: list[Word], projected: bytes) -> Iterator[Span]:
    if not run:
        return
    if run[0].person:
        yield from _person(projected, run)
        return
    kinds = {word.kind for word in run}
    if max(word.score for word in run) < _RUN_SURE:
        return
    start, end = run[0].start, run[-1].end
    if kinds & _FIRM or (len(kinds) > 1 and kinds & {"ZIP_CODE", "BUILDING_NUMBER"}):
        told = _TOLD.search(projected[max(0, start - 16) : start])
        if len(kinds) > 1 or "ZIP_CODE" not in kinds or told:
            yield Span(start, end, "ADDRESS")


def _person(projected: bytes, run: list[Word]) -> Iterator[Span]:
    # "songwriter Jacob": beside a word with a capital, a small one is none of the name.
    capital = [projected[word.start : word.end][:1] for word in run]
    if any(each.isupper() or each >= b"\xc0" for each in capital):
        while not (capital[0].isupper() or capital[0] >= b"\xc0"):
            run, capital = run[1:], capital[1:]
        while not (capital[-1].isupper() or capital[-1] >= b"\xc0"):
            run, capital = run[:-1], capital[:-1]
    start, end = run[0].start, run[-1].end
    further = _FURTHER.match(projected, end) if run[-1].kind == "GIVEN_NAME" else None
    if (
        further
        and not projected[:end].endswith(b"'s")
        and further.group(1).lower() not in NOT_NAMES
    ):
        end = further.end(1)
    found = projected[start:end]
    if found.lower() in ORDINARY and _VERB.match(projected, end):
        return  # "Mark the case", "Will we get"
    if found.endswith(b"'s"):
        end, found = end - 2, found[:-2]
    words = [word.lower().strip(b"'.,-") for word in found.split()]
    telling = [w for w in words if w not in PARTICLES and (w not in NOT_NAMES or w in ORDINARY)]
    if telling and len(found) > 1 and not any(48 <= each <= 57 for each in found):
        yield Span(start, end, "PERSON")
