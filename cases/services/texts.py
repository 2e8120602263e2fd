"""What people type, checked before it is stored: the same limits on both databases."""

from ..errors import Invalid
from ..rules.texts import length, one_line, tidied

#: The longest message, question or description. Logs belong in a file.
BODY_MAX = 50_000


def checked(field: str, text: str, *, most: int = BODY_MAX, needed: str = "") -> str:
    """The text as it is stored, see `tidied`. Raises Invalid(field): without a visible character
    although `needed` says why, longer than `most`, or with characters that no database stores.
    """
    return _checked(field, tidied(text), text, most=most, needed=needed)


def checked_line(field: str, text: str, *, most: int, needed: str = "") -> str:
    """As `checked`, of a name or another text of one line: it is one afterwards."""
    return _checked(field, one_line(text), text, most=most, needed=needed)


def _checked(field: str, text: str, typed: str, *, most: int, needed: str) -> str:
    if "\x00" in typed or any("\ud800" <= char <= "\udfff" for char in typed):
        raise Invalid(field, "There are characters in it that are no text.")
    if needed and not text:
        raise Invalid(field, needed)
    if (long := length(text)) > most:
        advice = " Attach long texts and logs as a file." if most == BODY_MAX else ""
        raise Invalid(field, f"This is {long:,} characters; at most {most:,} fit.{advice}")
    return text


#: No telephone number that can be called from outside is shorter.
FEWEST_DIGITS = 6


def can_be_called(phone: str) -> bool:
    """Whether this may be a telephone number: digits enough, whatever stands between them."""
    return sum(char.isdecimal() for char in phone) >= FEWEST_DIGITS
