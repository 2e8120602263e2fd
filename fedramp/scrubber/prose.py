"""What the model's labels amount to: names and addresses, in pieces of prose.

Its labels for numbers are ignored; the shapes find numbers better.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from .names import MAX_CHARACTERS, Label
from .people import Kind, is_joined, is_loud, kind_of
from .projection import UNSEEN, compiled, masked
from .spans import Span
from .words import NOT_NAMES, ORDINARY, PARTICLES

Labelled = Callable[[str], list[Label]]

_PERSON = frozenset(("GIVEN_NAME", "SURNAME"))
_PLACE = frozenset(
    ("BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE")
)
#: Parts that make an address; a city alone does not.
_FIRM = frozenset(("STREET_NAME", "ZIP_CODE"))
#: Lowest scores of a word of a name, by what the lists say of it (`people.Kind`), with a capital
#: and without one; above 1 it is never one.
_CAPITAL_SURE, _SMALL_SURE = (1.1, 0.8, 0.6, 0.2, 0.2), (1.1, 1.1, 0.95, 0.6, 0.6)
_OPENER_SURE = 0.93
#: The same for a place, and for the best part of an address.
_PLACE_SURE, _RUN_SURE = 0.45, 0.85
#: The same for a word beside a certain name, with and without a capital.
_BESIDE_SURE, _SMALL_BESIDE = 0.25, 0.6
_LIKE = _PERSON | {"CITY"}
_INITIAL = compiled(rb" (?:[A-Z\xc0-\xde]\.? ){1,2}(?:(?:van|von|de|der|den|la|da) ){0,2}")
#: Between the parts of one address.
_WITHIN = compiled(
    rb"[ ,.\r\n\t/()?\-]{0,6}(?:(?i:apt|suite|ste|unit|flat|studio|st|street|box|edif|depto"
    rb"|interior|piano|no|nr)\.?[ ,\n]{0,3}){0,2}"
)
_TOLD = compiled(
    rb"(?:^|[^.A-Za-z])(?:zip(?: ?code)?|post(?:al)? ?code|code postal|postleitzahl|plz"
    rb"|cap|cep)\b[^0-9\n]{0,6}$",
    fold=True,
)
#: A question, and the answer begins here.
_ASKED = compiled(rb"\?[\"')]?\s{1,4}$")
#: "Trace id 4711": something with a number is a thing.
_NUMBERED = compiled(rb" (?:ids?|number|no\.|code|key)\b", fold=True)
#: A street name contains this; "R53" and "prn-pdx-20" are names of machines.
_STREET = compiled(rb"^[^0-9]*[A-Za-z\xc0-\xff]{3}[^0-9]*$|^\d{1,3}(?:st|nd|rd|th)$")
_CODED = compiled(rb"\b[A-Za-z]{1,4}\d")
_CAPITAL = compiled(rb"\b[A-Z\xc0-\xde][a-z\xdf-\xff]{2}")
_LETTERS = compiled(rb"[A-Za-z\xc0-\xff]{3}")
_PARAGRAPH = compiled(rb"(?:[^\n]*[^\s][^\n]*\n?)+")
_HIDDEN = compiled(rb"\x00+|\x01+")
#: Text that only a machine writes (an ID, a version, a time, a host, a path): not part of a name or
#: address, but many tokens long, and the model takes it for a street.
_LONG = compiled(rb"(?:[A-Za-z0-9_.:/\\\-+=&%@#~]|,[0-9]){8,900}")
_MIXED = compiled(
    rb"[A-Za-z][0-9]|[0-9][A-Za-z]|[0-9][_.:/][0-9]|[A-Za-z0-9][_:/\\=][A-Za-z0-9]|\w\.\w+\.\w"
)
#: "Ana/Ivo": two words, not a path.
_PAIR = compiled(rb"^[A-Z][a-z]{1,20}/[A-Z][a-z]{1,20}[:.]?$")
#: Replaces removed text when the model reads.
STAND_IN = "…"
_ROUNDS = 4
_WORD = compiled(rb"[A-Za-z0-9_\xc0-\xff'\-]{1,64}")


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """The prose in pieces that the model can read, cut between sentences if possible."""
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
    """Names and addresses in one run of prose; `hidden` is the projected text with findings masked.

    Each paragraph is read until nothing more is found in it, so that a second scrub of the result
    finds nothing.
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


#: Letters that the model does not know, and those that it reads instead.
_LIKE_LETTERS = str.maketrans("\u0131ŁłĐđØø\u0130", "iLlDdOoI")


class _Reading:
    """A paragraph as the model reads it, and the way back.

    One sign replaces each thing that was removed or that a machine wrote; zero-width characters
    are left out.
    """

    def __init__(self, text: str, hidden: bytes) -> None:
        self._at: list[int] = [0]
        self._original: list[int] = [0]
        hidden = masked(hidden, list(_machine_words(hidden)))
        pieces, projected, at, length = [], [], 0, 0
        for match in _HIDDEN.finditer(hidden):
            start, end = match.span()
            sign = "" if hidden[start] == UNSEEN else STAND_IN
            pieces += [text[at:start], sign]
            projected += [hidden[at:start], b"\x00" * len(sign)]
            length += start - at + len(sign)
            at = end
            self._at.append(length)
            self._original.append(at)
        self.text = "".join([*pieces, text[at:]]).translate(_LIKE_LETTERS)
        self.projected = b"".join([*projected, hidden[at:]])

    def back(self, place: int) -> int:
        index = bisect_right(self._at, place) - 1
        return self._original[index] + place - self._at[index]


def _machine_words(text: bytes) -> Iterator[tuple[int, int]]:
    for match in _LONG.finditer(text):
        word = match.group()
        if _PAIR.search(word):
            continue
        if _MIXED.search(word) or (word.isdigit() and len(word) > 8):
            yield match.span()


def _spans_of(labels: Sequence[Label], projected: bytes) -> list[Span]:
    found: list[Span] = []
    run: list[Word] = []
    for word in _sure(list(_words(labels, projected)), projected):
        gap = projected[run[-1].end : word.start] if run else b""
        if not run or run[-1].person != word.person or not _near(gap, word.person):
            found += _settled(run, projected)
            run = []
        run.append(word)
    return found + list(_settled(run, projected))


def _sure(words: list["Word"], projected: bytes) -> Iterator["Word"]:
    """The words that the model is sure of; beside a sure part of a name, the likely ones too."""
    sure = [word.score >= _least(word, projected) for word in words]
    for place, word in enumerate(words):
        if sure[place] and (word.person or not _beside(words, sure, place, projected)):
            yield word
        elif _beside(words, sure, place, projected):
            yield Word(word.start, word.end, "SURNAME", word.score)


def _beside(words: list["Word"], sure: list[bool], place: int, projected: bytes) -> bool:
    """Whether this word and a sure part of a name are one name: "Kofi", and a doubtful Mensah."""
    word = words[place]
    found = projected[word.start : word.end]
    if word.score < _BESIDE_SURE or found.lower() in NOT_NAMES or word.kind not in _LIKE:
        return False
    capital = found[:1].isupper() or found[:1] >= b"\xc0"
    for other in (place - 1, place + 1):
        if 0 <= other < len(words) and sure[other] and words[other].person:
            first, second = sorted((words[other], word))
            gap = projected[first.end : second.start]
            loud = projected[words[other].start : words[other].start + 1].isupper()
            if gap == b" " and (capital or (not loud and word.score >= _SMALL_BESIDE)):
                return True
    return False


class Word(NamedTuple):
    """A word and the model's label for it."""

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
    found = projected[word.start : word.end]
    capital = found[:1].isupper() or found[:1] >= b"\xc0"
    return (_CAPITAL_SURE if capital else _SMALL_SURE)[kind_of(found)]


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
    kinds = {
        word.kind
        for word in run
        if word.kind != "STREET_NAME" or _STREET.search(projected[word.start : word.end])
    }
    if max(word.score for word in run) < _RUN_SURE:
        return
    start, end = run[0].start, run[-1].end
    if kinds == {"STREET_NAME"} and projected[start:end].isupper():
        return  # "HTTP 503"
    if run[-1].kind == "BUILDING_NUMBER" and len(run) > 1 and end - run[-1].start > 3:
        return  # "Voyager 4320": the model of a product; a house number after its street is short
    if run[-1].kind == "BUILDING_NUMBER" and projected[start:end].islower():
        return  # "to port 443"
    if _CODED.search(projected[start:end]) and not _CAPITAL.search(projected[start:end]):
        return  # "840 G9 svc", "trace md5"
    if kinds & _FIRM or (len(kinds) > 1 and kinds & {"ZIP_CODE", "BUILDING_NUMBER"}):
        told = _TOLD.search(projected[max(0, start - 16) : start])
        worded = _LETTERS.search(projected[start:end]) is not None
        if told or (worded and (len(kinds) > 1 or "ZIP_CODE" not in kinds)):
            yield Span(start, end, "ADDRESS")


def _person(projected: bytes, run: list[Word]) -> Iterator[Span]:
    # "songwriter Jacob": beside a word with a capital, one without is not part of the name.
    capital = [projected[word.start : word.end][:1] for word in run]
    if any(each.isupper() or each >= b"\xc0" for each in capital):
        while not (capital[0].isupper() or capital[0] >= b"\xc0"):
            run, capital = run[1:], capital[1:]
        while not (capital[-1].isupper() or capital[-1] >= b"\xc0"):
            run, capital = run[:-1], capital[:-1]
    start, end = run[0].start, run[-1].end
    found = projected[start:end]
    if found.endswith(b"'s"):
        end, found = end - 2, found[:-2]
    words = [word.lower().strip(b"'.,-") for word in found.split()]
    if len(words) == 1 and _NUMBERED.match(projected, end):
        return
    telling = any(w not in PARTICLES and (w not in NOT_NAMES or w in ORDINARY) for w in words)
    if len(words) == 1 and kind_of(found) < Kind.SURNAME and (is_loud(found) or is_joined(found)):
        return  # "SIGSEGV", "ApolloCacheLink"
    if len(words) == 1 and kind_of(found) == Kind.UNKNOWN and run[0].score < _OPENER_SURE:
        before = projected[max(0, start - 3) : start].rstrip(b" \"'(*>")
        if not before or before[-1:] in b".!?":
            return  # the first word of a sentence, which has a capital whatever it is
    if len(words) == 1 and kind_of(found) == Kind.WORDY and _ASKED.search(projected[:start][-6:]):
        return  # "Since when?", "May."
    if telling and len(found) > 1 and not any(48 <= each <= 57 for each in found):
        yield Span(start, end, "PERSON")
