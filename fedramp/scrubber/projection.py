"""The text as the rules read it: one byte per character, with disguises removed.

Belongs here: folding (full-width digits, dashes, unusual spaces), the shadow without what hides a
value (zero-width characters, escapes, broken lines), and mapping back to places in the original.
One byte per character keeps every position, and lets one fast engine read any script.
"""

import codecs
import unicodedata
from functools import lru_cache

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
