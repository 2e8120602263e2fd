"""The text as the rules read it: one byte per character, with disguises removed.

Belongs here: folding (full-width digits, dashes, unusual spaces), the shadow without what hides a
value (zero-width characters, escapes, broken lines), and mapping back to places in the original.
One byte per character keeps every position, and lets one fast engine read any script.
"""

import codecs
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from .patterns import Pattern

#: Replaces a placeholder: no rule matches across it.
MASK = 0
#: Replaces a zero-width character.
UNSEEN = 1
UPPER, LOWER, SIGN, SPACE = 0xC9, 0xE9, 0xBF, 0x20


def compiled(pattern: bytes, *, fold: bool = False) -> Pattern:
    """A linear-time pattern over projected text; `^` and `$` match at lines."""
    return Pattern(b"(?m)" + pattern, fold)


PLACEHOLDER = compiled(rb"\[[A-Z][A-Z_]{1,19}-\d{1,9}\]")


#: Letters with a stroke that normalization does not remove.
_STROKES = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i", "ħ": "h", "ŧ": "t", "Ŧ": "T"}


@lru_cache(maxsize=4096)
def _byte(character: str) -> int:
    """The byte for a character beyond Latin-1."""
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
        return ord(base)  # a Latin letter with marks, as in Polish or Vietnamese names
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

#: Within Latin-1: the mask's byte, the hard space, the soft hyphen, two signs among letters.
_FOLDED = bytes.maketrans(b"\x00\xa0\xad\xd7\xf7", b"  \x01x/")
#: In the shadow, a placeholder stays masked.
_FOLDED_SHADOW = bytes([MASK]) + _FOLDED[1:]


def project(text: str) -> bytes:
    """One byte for each character of the text, with placeholders masked."""
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


#: Ways to hide a value: a zero-width character or an escape.
_HIDDEN = (
    rb"(\x01{1,64})|(%[0-9A-Fa-f]{2})"
    rb"|(&#(?:x[0-9A-Fa-f]{1,5}|\d{1,6});|&(?:commat|period|plus|hyphen|nbsp|dash);)"
    rb"|(\\u00[0-9A-Fa-f]{2})|(=\r?\n)"
)
_HIDES = compiled(_HIDDEN)
#: Also a line broken within a value; only in prose, since any log line may follow any other.
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
    """The lines that hide something, without what hides it, and the way back to the original."""

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
            if line > at:  # a new line that hides something: finish the last one, begin this one
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
        """The place in the original, completely covered, that a place in the shadow came from."""
        return self._back(start), self._back(end - 1, last=True)

    def _back(self, place: int, *, last: bool = False) -> int:
        index = bisect_right(self._shadow_at, place) - 1
        if index % 2 == 0:
            return self._original_at[index] + place - self._shadow_at[index] + last
        # Inside an escape: all of it belongs to the character that it encodes.
        return self._original_at[index + 1] if last else self._original_at[index]
