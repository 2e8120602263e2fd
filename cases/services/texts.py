"""What people type, checked before it is stored: the same limits on both databases."""

from ..errors import Invalid

#: The longest message, question or description. Logs belong in a file.
BODY_MAX = 50_000


def checked(field: str, text: str, *, most: int = BODY_MAX, needed: str = "") -> str:
    """The text without space around it. Raises Invalid(field): empty although `needed` says why,
    longer than `most`, or with characters that no database stores.
    """
    text = text.strip()
    if needed and not text:
        raise Invalid(field, needed)
    if len(text) > most:
        advice = " Attach long texts and logs as a file." if most == BODY_MAX else ""
        raise Invalid(field, f"This is {len(text):,} characters; at most {most:,} fit.{advice}")
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Invalid(field, "There are characters in it that are no text.")
    return text


#: No telephone number that can be called from outside is shorter.
FEWEST_DIGITS = 6


def can_be_called(phone: str) -> bool:
    """Whether this may be a telephone number: digits enough, whatever stands between them."""
    return sum(char.isdecimal() for char in phone) >= FEWEST_DIGITS
