"""What counts as a text, how long it is, and what its rims are. Pure.

Texts stay as typed but for their line ends, the blank lines before them and the space behind them.
"""

import re
import unicodedata

#: Categories whose characters leave nothing on the page by themselves: controls, formats,
#: surrogates, private use, separators, and marks that need a letter to stand on.
_WITHOUT_SHAPE = frozenset({"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"})
#: Letters and signs by their category, and blank all the same: the fillers of Hangul, the empty
#: Braille cell, the null notehead, the stand-in of an object.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159")
#: Characters that no standard assigns, and that are to be shown as nothing.
_IGNORED = re.compile(r"[\u2065\ufdd0-\ufdef\ufff0-\ufff8\U000e0000-\U000e0fff]")

LINE_END = re.compile(r"\r\n?")
_BLANK_LINES_FIRST = re.compile(r"\A(?:[^\S\n]*\n)+")
#: What ends a line or steers a terminal: no part of a name.
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Kept in a line: they shape letters, and join emoji.
_JOINERS = frozenset("\u200c\u200d")


def is_visible(char: str) -> bool:
    """Whether the character shows something by itself. One that Unicode assigned after this
    Python was made (a new emoji) does."""
    if char in _BLANK or _IGNORED.match(char) or (ord(char) & 0xFFFE) == 0xFFFE:
        return False
    return unicodedata.category(char) not in _WITHOUT_SHAPE


def has_words(text: str) -> bool:
    """Whether there is anything to read in it."""
    return any(map(is_visible, text))


def tidied(text: str) -> str:
    """The text as it is stored: as typed, its first line's indentation included, with line ends of
    one kind, and without blank lines before and space behind; empty where nothing is to be seen.
    """
    text = LINE_END.sub("\n", text)
    text = _BLANK_LINES_FIRST.sub("", text).rstrip()
    return text if has_words(text) else ""


def one_line(text: str) -> str:
    """The text as one line, without what turns the direction of writing for whatever follows."""
    text = "".join(
        char
        for char in _NO_LINE.sub(" ", text)
        if char in _JOINERS or unicodedata.category(char) != "Cf" or _is_tag(char)
    )
    text = " ".join(text.split())
    return text if has_words(text) else ""


def _is_tag(char: str) -> bool:
    """Tags tell the flags of England, Scotland and Wales apart."""
    return "\U000e0020" <= char <= "\U000e007f"


def length(text: str) -> int:
    """How long a browser says that the text is, which ends typing there: in units of UTF-16, and a
    line end is one."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in LINE_END.sub("\n", text))


def dialled(phone: str) -> str:
    """The number as a link calls it: its digits, and the plus before them."""
    return re.sub(r"[^0-9+]", "", phone)
