"""The text as the rules read it: one byte a character, disguises undone.

Belongs here: folding (full-width digits, dashes, exotic spaces), the shadow without what hides a
value (characters of no width, escapes, broken lines), and the way back to places in the original.
One byte a character keeps every place where it is, and lets one fast engine read any script.
"""

import codecs
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from .patterns import Pattern

#: Stands where a placeholder stood: no rule matches through it.
MASK = 0
#: Stands for a character without width.
UNSEEN = 1
UPPER, LOWER, SIGN, SPACE = 0xC9, 0xE9, 0xBF, 0x20


def compiled(pattern: bytes, *, fold: bool = False) -> Pattern:
    """A linear-time pattern over projected text; `^` and `$` are those of lines."""
    return Pattern(b"(?m)" + pattern, fold)


PLACEHOLDER = compiled(rb"\[[A-Z][A-Z_]{1,19}-\d{1,9}\]")


#: Letters whose stroke is no mark that could be taken off.
_STROKES = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i", "ħ": "h", "ŧ": "t", "Ŧ": "T"}


@lru_cache(maxsize=4096)
def _byte(character: str) -> int:
    """The one byte that stands for a character beyond Latin-1."""
    category = unicodedata.category(character)
    if category == "Cf":
        return UNSEEN
    if category.startswith("Z"):
        return SPACE
    if category == "Nd":
        return ord("0") + unicodedata.digit(character)
    if category == "Pd" or character == "\u2212":
        return ord("-")
    if character in "\u2018\u2019\u02bc\u2032":
        return ord("'")
    if character in "\u201c\u201d\u201e":
        return ord('"')
    base = unicodedata.normalize("NFD", _STROKES.get(character, character))[:1]
    if base.isascii() and base.isalpha():
        return ord(base)  # a Latin letter with marks, as names of Poland or Vietnam have them
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and 0x20 <= ord(plain) < 0x100:
        return ord(plain)
    if category in ("Lu", "Lt"):
        return UPPER
    return LOWER if category[0] in "LM" else SIGN


def _project_run(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    return bytes(map(_byte, error.object[error.start : error.end])), error.end


codecs.register_error("fedramp.projection", _project_run)

#: Within Latin-1: the mask's own byte, the hard space, the soft hyphen, two signs among letters.
_FOLDED = bytes.maketrans(b"\x00\xa0\xad\xd7\xf7", b"  \x01x/")
#: A placeholder stays masked in the shadow.
_FOLDED_SHADOW = bytes([MASK]) + _FOLDED[1:]


def project(text: str) -> bytes:
    """One byte for each character of the text, placeholders masked."""
    projected = text.encode("latin-1", "fedramp.projection").translate(_FOLDED)
    if b"]" not in projected:
        return projected
    return masked(projected, [match.span() for match in PLACEHOLDER.finditer(projected)])


def masked(projected: bytes, places: list[tuple[int, int]]) -> bytes:
    """The projected text with these places hidden from every rule."""
    if not places:
        return projected
    hidden = bytearray(projected)
    for start, end in places:
        hidden[start:end] = bytes(end - start)
    return bytes(hidden)


#: What hides a value: a character of no width, an escape.
_HIDDEN = (
    rb"(\x01{1,64})|(%[0-9A-Fa-f]{2})"
    rb"|(&#(?:x[0-9A-Fa-f]{1,5}|\d{1,6});|&(?:commat|period|plus|hyphen|nbsp|dash);)"
    rb"|(\\u00[0-9A-Fa-f]{2})|(=\r?\n)"
)
_HIDES = compiled(_HIDDEN)
#: And a line broken within a value; in prose alone, since any log line may follow any other.
_WRAPS = compiled(_HIDDEN + rb"|([@(/)\-]\r?\n|\.\r?\n[a-z0-9]|[0-9]\r?\n[0-9])")
_ENTITIES = {
    b"commat": b"@",
    b"period": b".",
    b"plus": b"+",
    b"hyphen": b"-",
    b"dash": b"-",
    b"nbsp": b" ",
}


def _plain(found: bytes) -> bytes:
    first = found[:1]
    if first == b"%":
        return unquote_to_bytes(found)
    if first == b"&":
        name = found[1:-1]
        if name in _ENTITIES:
            return _ENTITIES[name]
        number = int(name[2:], 16) if name[1:2] == b"x" else int(name[1:])
        return bytes([number]) if 0x20 <= number < 0x100 else b"?"
    if first == b"\\":
        return bytes([int(found[4:], 16)])
    if first == b"\x01" or first == b"=":
        return b""
    return found.replace(b"\r", b"").replace(b"\n", b" " if found[:1] in b")0123456789" else b"")


class Shadow:
    """The lines that hide something without what hides it, and the way back to the original."""

    def __init__(self, projected: bytes, *, wraps: bool) -> None:
        pieces: list[bytes] = []
        self._shadow_at: list[int] = []
        self._original_at: list[int] = []
        self._length = at = 0

        def add(original: int, piece: bytes) -> None:
            self._shadow_at.append(self._length)
            self._original_at.append(original)
            pieces.append(piece)
            self._length += len(piece)

        for match in (_WRAPS if wraps else _HIDES).finditer(projected):
            start, end = match.span()
            line = 0 if wraps else projected.rfind(b"\n", at, start) + 1
            if line > at:  # a new line hides something: finish the last one, begin this one
                stop = projected.find(b"\n", at, line) if pieces else at
                add(at, projected[at:stop] + b"\n")
                add(stop, b"")
                at = line
            add(at, projected[at:start])
            add(start, _plain(projected[start:end]))
            at = end
        self.differs = bool(pieces)
        if pieces:
            stop = -1 if wraps else projected.find(b"\n", at)
            add(at, projected[at : stop if stop >= 0 else len(projected)])
        self.text = b"".join(pieces).translate(_FOLDED_SHADOW)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original that a place of the shadow came from, wholly covered."""
        return self._back(start), self._back(end - 1, last=True)

    def _back(self, place: int, *, last: bool = False) -> int:
        index = bisect_right(self._shadow_at, place) - 1
        if index % 2 == 0:
            return self._original_at[index] + place - self._shadow_at[index] + last
        # Within an escape: all of it stands for what it says.
        return self._original_at[index + 1] if last else self._original_at[index]
