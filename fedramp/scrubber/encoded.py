"""Base64 with text in it: decoded, scrubbed as a text of its own, and encoded again."""

import base64
import binascii
from collections.abc import Callable

from .projection import compiled

#: In lines as mail breaks them, or in one.
_BLOB = compiled(
    rb"(?:[A-Za-z0-9+/]{40,100}\r?\n)*[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9_\-]{40,}"
    rb"|[A-Za-z0-9+/_\-]{6,39}={1,2}"
)
_LEAST = 6
_LINE = 76
#: With this part of its letters and digits scrubbed, the whole is one value.
_WHOLE = 0.8

Scrub = Callable[[str], tuple[str, str, int]]


def without_encoded(text: str, projected: bytes, scrub: Scrub) -> str:
    """The text, with what was found in its base64 scrubbed there.

    `scrub` gives a text without personal data, a placeholder for the whole, and how many letters
    and digits of it were scrubbed.
    """
    pieces: list[str] = []
    at = 0
    for match in _BLOB.finditer(projected):
        start, end = match.span()
        found = match.group()
        if (
            found.islower()
            or found.isupper()
            or (found[-1] == 61 and len(found) % 4 and len(found) < 60)
        ):
            continue  # a word, an ID in hexadecimal, a key before its value
        if b"." in (projected[start - 1 : start], projected[end : end + 1]):
            continue  # part of a token, a version or a host
        said = _text_in(found)
        if said is None:
            continue
        kept, placeholder, gone = scrub(said)
        if kept == said:
            continue
        most = sum(map(str.isalnum, said))
        pieces += (text[at:start], placeholder if gone >= _WHOLE * most else _again(kept, found))
        at = end
    return "".join((*pieces, text[at:])) if pieces else text


def _text_in(found: bytes) -> str | None:
    """The text that the signs encode; None if they encode none."""
    signs = found.translate(None, b"\r\n=")
    if len(signs) % 4 == 1:
        return None
    signs = signs.translate(bytes.maketrans(b"-_", b"+/")) + b"=" * (-len(signs) % 4)
    try:
        plain = base64.b64decode(signs, validate=True)
        said = plain.decode("utf-16-le" if plain[1:8:2] == bytes(len(plain[1:8:2])) else "utf-8")
    except (binascii.Error, ValueError):
        return None
    if len(said) < _LEAST or not any(map(str.isalpha, said)):
        return None
    if not all(each.isprintable() or each in "\r\n\t" for each in said):
        return None
    return said


def _again(said: str, found: bytes) -> str:
    """Encoded as before: the same signs, in lines as before."""
    wide = base64.b64decode(found[:4].translate(bytes.maketrans(b"-_", b"+/")))[1:2] == b"\x00"
    made = base64.b64encode(said.encode("utf-16-le" if wide else "utf-8"))
    if b"-" in found or b"_" in found:
        made = made.translate(bytes.maketrans(b"+/", b"-_"))
    if not found.endswith(b"=") and b"\n" not in found and b"=" not in found and len(found) % 4:
        made = made.rstrip(b"=")
    if b"\n" in found:
        end = "\r\n" if b"\r\n" in found else "\n"
        return end.join(made[at : at + _LINE].decode() for at in range(0, len(made), _LINE))
    return made.decode()
