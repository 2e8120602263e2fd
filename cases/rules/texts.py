"""What counts as a text, how long it is, and how its ends are trimmed. Pure.

A text is kept as typed, except for line ends, leading blank lines and trailing white space.
"""

import re
import unicodedata

#: Categories whose characters show nothing by themselves: controls, formats, surrogates, private
#: use, separators, and marks that need a letter.
_WITHOUT_SHAPE = frozenset({"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"})
#: Letters and signs by category, but blank: the Hangul fillers, the empty Braille cell, the null
#: notehead, the object replacement character.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159")
#: Unassigned characters that Unicode says to display as nothing.
_IGNORED = re.compile(r"[\u2065\ufdd0-\ufdef\ufff0-\ufff8\U000e0000-\U000e0fff]")

LINE_END = re.compile(r"\r\n?")
_BLANK_LINES_FIRST = re.compile(r"\A(?:[^\S\n]*\n)+")
#: Characters that end a line or control a terminal: not part of a name.
_NO_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Kept in a line: they shape letters and join emoji.
_JOINERS = frozenset("\u200c\u200d")


def is_visible(char: str) -> bool:
    """Whether the character shows something by itself. One that Unicode assigned after this
    Python was released (a new emoji) does."""
    if char in _BLANK or _IGNORED.match(char) or (ord(char) & 0xFFFE) == 0xFFFE:
        return False
    return unicodedata.category(char) not in _WITHOUT_SHAPE


def has_words(text: str) -> bool:
    """Whether it contains anything to read."""
    return any(map(is_visible, text))


def tidied(text: str) -> str:
    """The text as it is stored: as typed, including the first line's indentation, with uniform
    line ends, and without leading blank lines or trailing space; empty if nothing is visible.
    """
    text = LINE_END.sub("\n", text)
    text = _BLANK_LINES_FIRST.sub("", text).rstrip()
    return text if has_words(text) else ""


def one_line(text: str) -> str:
    """The text as one line, without characters that turn the writing direction."""
    text = "".join(
        char
        for char in _NO_LINE.sub(" ", text)
        if char in _JOINERS or unicodedata.category(char) != "Cf" or _is_tag(char)
    )
    text = " ".join(text.split())
    return text if has_words(text) else ""


def _is_tag(char: str) -> bool:
    """Tags distinguish the flags of England, Scotland and Wales."""
    return "\U000e0020" <= char <= "\U000e007f"


def length(text: str) -> int:
    """The length as browsers count it for `maxlength`: in UTF-16 units; a line end is one."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in LINE_END.sub("\n", text))


def dialled(phone: str) -> str:
    """The number for a telephone link: its digits, and a plus."""
    return re.sub(r"[^0-9+]", "", phone)
