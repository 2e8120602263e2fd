"""What people type, checked before it is stored: the same limits in both databases."""

import re

from ..errors import Invalid
from ..rules.texts import length, one_line, tidied

#: The longest message, question or description. Logs belong in a file.
BODY_MAX = 50_000


def checked(field: str, text: str, *, most: int = BODY_MAX, needed: str = "") -> str:
    """The text as it is stored, see `tidied`. Raises Invalid(field) if it has no visible character
    although `needed` says why, is longer than `most`, or has characters that no database stores.
    """
    return _checked(field, tidied(text), text, most=most, needed=needed)


def checked_line(field: str, text: str, *, most: int, needed: str = "") -> str:
    """Like `checked`, for a name or another text of one line: the result is one line."""
    return _checked(field, one_line(text), text, most=most, needed=needed)


def _checked(field: str, text: str, typed: str, *, most: int, needed: str) -> str:
    if "\x00" in typed or any("\ud800" <= char <= "\udfff" for char in typed):
        raise Invalid(field, "It contains characters that are not text.")
    if needed and not text:
        raise Invalid(field, needed)
    if (long := length(text)) > most:
        advice = " Attach long texts and logs as a file." if most == BODY_MAX else ""
        raise Invalid(field, f"This is {long:,} characters; at most {most:,} fit.{advice}")
    return text


#: No telephone number that can be called from outside is shorter.
FEWEST_DIGITS = 6


#: The characters of a telephone number, with an extension at the end; no words.
_PHONE = re.compile(r"[+(\d][\d\s()./\u2010-\u2013-]*(?:(?:x|ext\.?)\s*\d{1,6})?", re.IGNORECASE)


def checked_phone(field: str, text: str, *, needed: str) -> str:
    """A number that can be called, and nothing else. Raises Invalid(field).

    No realm scrubs it (FED-7), since it is called: so it must not contain words.
    """
    phone = checked_line(field, text, most=40, needed=needed)
    if phone and not (_PHONE.fullmatch(phone) and can_be_called(phone)):
        raise Invalid(
            field, "Give a telephone number with its country code, such as +1 555 010 0199."
        )
    return phone


def can_be_called(phone: str) -> bool:
    """Whether this may be a telephone number: enough digits, whatever is between them."""
    return sum(char.isdecimal() for char in phone) >= FEWEST_DIGITS
