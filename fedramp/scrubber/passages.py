"""The places in a text that contain a passage marked as personal, in any spelling of its value.

Pure: no Django, no database. Values are compared by `placeholders.plain`, as for the engine's own
findings; only whole words match; no placeholder is touched.
whole words; no placeholder is touched.
"""

import re
import unicodedata

from .placeholders import plain

PLACEHOLDER = re.compile(r"\[([A-Z][A-Z_]{1,19})-(\d{1,9})\]")
#: Kinds that people write with any signs between the characters.
_LOOSE = {"PHONE", "CARD", "IBAN", "SSN", "ACCOUNT", "PASSPORT", "LICENSE", "MAC", "BIRTHDATE"} | {
    "NATIONAL_ID",
    "MEDICAL_ID",
    "VEHICLE",
}
#: Kinds whose values may differ from each other by a single sign.
_SIGNED = {"EMAIL", "IP", "USERNAME", "TOKEN"}
_NO_WORD = re.compile(r"[\W_]+")
_DIALLED_BEFORE = re.compile(r"(?:(?:(?:\+|\b00) ?)?\b1[ .\-]{0,2}|\+|\b00)?\(?\Z")


def letters(text: str) -> str:
    """Only the letters and digits, without differences of case or form."""
    return _NO_WORD.sub("", _folded(text))


def passages(text: str, passage: str, kind: str) -> list[tuple[int, int]]:
    """The places in the text that contain the passage, in order, none overlapping.

    In any case, width and spacing; a telephone number in any punctuation. But a name that begins
    with a capital is not found in an ordinary word without one.
    """
    wanted = letters(plain("PHONE", passage) if kind == "PHONE" else passage)
    if not wanted or wanted not in letters(text):
        return []
    kept, places = _kept(text)
    found: list[tuple[int, int]] = []
    at = kept.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        start, end = _widened(text, start, end, passage, kind)
        free = not found or found[-1][1] <= start
        if free and _is_it(text, start, end, passage, kind):
            found.append((start, end))
        at = kept.find(wanted, at + 1)
    return found


def replaced(text: str, places: list[tuple[int, int]], by: str) -> str:
    """The text with `by` at each of these places."""
    pieces, last = [], 0
    for start, end in places:
        pieces += [text[last:start], by]
        last = end
    return "".join((*pieces, text[last:]))


def _kept(text: str) -> tuple[str, list[int]]:
    """The letters and digits of the text, and the position of each in it.

    A placeholder is replaced by something that is in no passage.
    """
    kept: list[str] = []
    places: list[int] = []
    shown = PLACEHOLDER.sub(lambda match: "\0" * len(match.group()), text)
    for place, character in enumerate(shown):
        for each in character if character == "\0" else letters(character):
            kept.append(each)
            places.append(place)
    return "".join(kept), places


def _widened(text: str, start: int, end: int, passage: str, kind: str) -> tuple[int, int]:
    """The place with the signs at the passage's ends, and with a number's dialling prefix."""
    if kind == "PHONE":
        dialled = _DIALLED_BEFORE.search(text[max(0, start - 10) : start])
        start -= len(dialled.group()) if dialled else 0
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    before = passage[: len(passage) - len(passage.lstrip(_signs(passage)))]
    after = passage[len(passage.rstrip(_signs(passage))) :]
    if before and text[:start].endswith(before):
        start -= len(before)
    if after and text.startswith(after, end):
        end += len(after)
    return start, end


def _signs(text: str) -> str:
    """Its characters other than letters and digits; `strip` removes them from the ends."""
    return "".join({each for each in text if not letters(each)}) or "\0"


def _is_it(text: str, start: int, end: int, passage: str, kind: str) -> bool:
    """Whether this place has the same value and is not part of a longer word."""
    if letters(text[start : start + 1]) and letters(text[max(0, start - 1) : start]):
        return False
    if letters(text[end - 1 : end]) and letters(text[end : end + 1]):
        return False
    found = text[start:end]
    if found == passage:
        return True
    if kind in _LOOSE:
        return plain(kind, found) == plain(kind, passage)
    mine, its = _words(passage), _words(found)
    if [each.casefold() for each in mine] != [each.casefold() for each in its]:
        return False
    if kind in _SIGNED:
        return plain(kind, found) == plain(kind, passage)
    # Will and Grant are names; will and grant are words.
    pairs = zip(mine, its, strict=True)
    return all(not one[0].isupper() or other[0].isupper() for one, other in pairs)


def _words(text: str) -> list[str]:
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    return [each for each in _NO_WORD.split(unicodedata.normalize("NFKC", seen)) if each]


def _folded(text: str) -> str:
    """Folded letter by letter, like the whole; accents are separate characters."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
