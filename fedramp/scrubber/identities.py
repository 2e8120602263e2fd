"""The people of the case, from the database, in the forms in which people write them."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import ahocorasick

from .common_words import COMMON, is_a_name, words_of
from .placeholders import plain
from .projection import compiled, project
from .spans import Known, Span, bare
from .words import NOT_NAMES, ORDINARY, PARTICLES

_WORD = frozenset("0123456789_abcdefghijklmnopqrstuvwxyz") | {
    chr(each) for each in range(0xC0, 0x100)
}
#: At most this many people are searched for; a case of one organization has fewer.
MOST = 5_000


class Identities:
    """Finds the people of a case in a text: names, mail addresses, numbers, user names."""

    def __init__(self, known: Iterable[Mapping[str, str]] = ()) -> None:
        self._automaton = ahocorasick.Automaton()
        self._phones: dict[bytes, None] = {}
        self._full: dict[str, str] = {}
        for person in list(known)[:MOST]:
            self._add(person)
        if len(self._automaton):
            self._automaton.make_automaton()

    def _add(self, person: Mapping[str, str]) -> None:
        name = " ".join((person.get("name") or "").split())
        given, surname = (person.get(each, "") or "" for each in ("given", "surname"))
        if not is_a_name(name or f"{given} {surname}"):
            name = given = surname = ""
        if name and not (given and surname) and " " in name:
            given, surname = name.split(" ", 1)[0], name.rsplit(" ", 1)[-1]
        for spelling in _spellings(name, given, surname):
            self._word(spelling, "PERSON", whole=not spelling.isalpha(), name=name)
        for part in (given, surname):
            if len(part) > 1 and not all(word in COMMON for word in words_of(part)):
                self._word(part, "PERSON", whole=" " in part, name=name)
        self._word(person.get("email", ""), "EMAIL", whole=True)
        if len(person.get("username", "") or "") > 3:
            self._word(person["username"], "USERNAME", whole=True)
        digits = bare((person.get("phone", "") or "").encode("ascii", "ignore"))
        if len(digits) >= 7:
            self._phones[digits[-9:]] = None

    def _word(self, word: str | None, kind: str, *, whole: bool, name: str = "") -> None:
        for spelling in {word or "", _without_marks(word or "")}:
            if name:
                self._full.setdefault(plain(kind, spelling), name)
            key = project(spelling).decode("latin-1").lower()
            if len(key) > 1 and key not in self._automaton:
                self._automaton.add_word(key, (len(key), kind, whole))

    def full_name(self, spelling: str) -> str:
        """The name of the person with this spelling; the spelling itself if there is none."""
        return self._full.get(plain("PERSON", spelling), spelling)

    def find(self, text: bytes) -> Iterator[Span]:
        """The places that name people of the case."""
        if len(self._automaton):
            lowered = text.decode("latin-1").lower()
            for last, (length, kind, whole) in self._automaton.iter(lowered):
                start, end = last + 1 - length, last + 1
                if _stands_alone(lowered, start, end) and (whole or _is_name(text, start, end)):
                    yield Known(start, end, kind)
        if self._phones:
            for match in _DIGITS.finditer(text):
                digits = bare(match.group())
                if digits[-9:] in self._phones:
                    yield Known(*match.span(), "PHONE")


_DIGITS = compiled(rb"\+?\(?\d(?:[ .\-()/]{0,3}\d){6,14}")
_STRICT_AFTER = frozenset(b".,;:!?)'\"\n\r\x00/")


def _stands_alone(lowered: str, start: int, end: int) -> bool:
    return not (
        (start and lowered[start - 1] in _WORD) or (end < len(lowered) and lowered[end] in _WORD)
    )


def _is_name(text: bytes, start: int, end: int) -> bool:
    """Whether one word that is part of a known name is a name here."""
    word = text[start:end]
    lowered = word.lower()
    if lowered in PARTICLES:
        return False
    if lowered not in ORDINARY and lowered not in NOT_NAMES and len(word) > 2:
        return True
    # Will, Grant, May: a capital within a sentence, and no noun after it.
    if not (word[:1].isupper() and word[1:].islower()):
        return False
    before = text[max(0, start - 2) : start]
    begins = not before.strip(b" \"'(") or before.strip(b" \"'(")[-1:] in b".!?:\n"
    after = text[end : end + 1]
    return not begins and (not after or after[0] in _STRICT_AFTER)


def _without_marks(word: str) -> str:
    spread = unicodedata.normalize("NFKD", word.translate(_STROKES))
    return "".join(each for each in spread if not unicodedata.combining(each))


_STROKES = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae"}
)


def _spellings(name: str, given: str, surname: str) -> set[str]:
    if not (given and surname):
        return {name} if " " in name else set()
    first, last = given.split(" ")[0], surname.replace(" ", "")
    both = {
        name,
        f"{given} {surname}",
        f"{surname}, {given}",
        f"{surname} {given}",
        f"{surname},{given}",
    }
    both |= {f"{first[0]}. {surname}", f"{first[0]} {surname}", f"{given} {surname[0]}."}
    for sign in ("", ".", "_", "-"):
        both |= {f"{first}{sign}{last}", f"{last}{sign}{first}"}
    both |= {f"{first[0]}.{last}", f"{first[0]}_{last}"}
    if len(last) > 3:
        both |= {f"{first[0]}{last}", f"{last}{first[0]}"}
    return {spelling for spelling in both if len(spelling) > 3}
