"""The text as the rules read it: one byte per character, with disguises removed.

Belongs here: folding (full-width digits, dashes, unusual spaces), the shadow without what hides a
value (zero-width characters, escapes, broken lines), and mapping back to places in the original.
One byte per character keeps every position, and lets one fast engine read any script.
"""

import codecs
import unicodedata
from functools import lru_cache

from .patterns import Pattern, Rare

#: Replaces a zero-width character.
UNSEEN = 1
UPPER, LOWER, SIGN, SPACE = 0xC9, 0xE9, 0xBF, 0x20


def compiled(
    pattern: bytes, *, fold: bool = False, needs: bytes = b"", rare: bool = False
) -> Pattern:
    """A linear-time pattern over projected text; `^` and `$` match at lines.

    `needs`: words, apart by spaces, of which each match has at least one. `rare`: most texts do not
    have it, and one pass tells for all such patterns which a text has.
    """
    return (Rare if rare else Pattern)(b"(?m)" + pattern, fold, tuple(needs.split()))


PLACEHOLDER = compiled(rb"\[[A-Z][A-Z_]{1,19}-\d{1,9}\]")


#: Letters with a stroke that normalization does not remove.
_STROKES = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\u0131": "i", "ħ": "h", "ŧ": "t", "Ŧ": "T"}


#: Marks that are seen on the character before them: accents, and what makes a digit a key.
_SEEN_WITH = frozenset(chr(code) for code in (*range(0x300, 0x370), 0x20E3, *range(0xFE00, 0xFE10)))
#: Small capitals, which no normalization knows, and signs drawn like a dash or a digit.
_ALIKE = dict(
    zip(
        "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274"
        "\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22"
        "\u2796\u2212\u02d7\u2043\u2501\u2500\u2014\u2015"
        "\u24ff\u2776\u2777\u2778\u2779\u277a\u277b\u277c\u277d\u277e"
        "\u00b7\u2219\u2022\u22c5\u2024\u2027\u02d9",
        "ABCDEFGHIJKLMNOPRSTUVWYZ--------0123456789.......",
        strict=True,
    )
)


@lru_cache(maxsize=4096)
def _byte(character: str) -> int:
    """The byte for a character beyond Latin-1."""
    category = unicodedata.category(character)
    if category == "Cf" or character in _SEEN_WITH:
        return UNSEEN
    if character in _ALIKE:
        return ord(_ALIKE[character])
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

#: Within Latin-1: the mask's byte, the hard space, the soft hyphen, two signs among letters, raised
#: digits.
_FOLDED = bytes.maketrans(b"\x00\xa0\xad\xd7\xf7\xb2\xb3\xb9\xb7", b"  \x01x/231.")


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
