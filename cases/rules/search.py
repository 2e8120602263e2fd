"""Which texts a search treats as equal, and what it recognizes as a case number. Pure.

Folded here and not in the database: SQLite folds the case of ASCII letters only.
"""

import re
import unicodedata

#: As much as anybody may type into a search.
SEARCH_MAX = 200

_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u2035\u00b4`\u02bc\uff07"), "'")
_DOUBLE = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba"), '"')
_LETTERS = {ord(a): b for a, b in zip("\u0131\u00f8\u0111\u0142\u0127", "iodlh", strict=True)}
_LETTERS |= {0xE6: "ae", 0x153: "oe"}
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d\u058a\u05be]")
#: Marks above and below letters: those of Latin, Greek and Cyrillic, and the vowel signs of Hebrew
#: and Arabic, which people leave out. In other scripts, marks make different letters.
_MARKS = re.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)


def folded(text: str) -> str:
    """The text as the search compares it: differences of case, accents, typographic marks and
    white space are gone, and so are invisible characters."""
    text = _DASHES.sub("-", text.translate(_QUOTES).translate(_DOUBLE))
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(_LETTERS)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if text.isascii() and text.isprintable():
        return text
    return "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc"))


_NUMBER = re.compile(r"([A-Z])([0-9A-Z]{7})")
#: Within other words a number must have its dash: many words are a letter and seven more.
_IN_WORDS = re.compile(r"(?<![0-9A-Z])([A-Z]) ?- ?([0-9A-Z]{7})(?![0-9A-Z])")
#: Nobody types or pastes this much for a number.
_MOST = 400


def case_number_in(typed: str) -> str:
    """The case number that a person meant: read from paper, heard, or pasted with the text around
    it, such as the subject of a mail or a link. Empty if there is none.
    """
    text = unicodedata.normalize("NFKC", _DASHES.sub("-", typed[:_MOST]))
    text = "".join(each for each in text if unicodedata.category(each) not in ("Cf", "Cc", "Mn"))
    text = text.upper()
    found = _NUMBER.fullmatch("".join(each for each in text if each.isalnum()))
    found = found or _IN_WORDS.search(text)
    if found is None:
        return ""
    return f"{found[1]}-{found[2].translate(str.maketrans('OIL', '011'))}"
