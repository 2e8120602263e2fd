"""What hides a value from a search, undone: invisible characters, escapes, broken lines, marks.

The escapes of JSON and programs (`\\n`, `\\u00e9`), of addresses (`%40`), of HTML and XML
(`&#64;`), and of mail (`=40`, a soft line break); tags and marks of emphasis within a word.
"""

import html
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from urllib.parse import unquote

from .projection import compiled
from .readings import Reading

#: Encodings within encodings are undone this often: JSON in a string of JSON in an address.
_DEEP = 3
_HIDDEN = (
    rb"(\x01{1,64}|(?:\x1b|\\033|\\e|\^\[)\[[0-9;]{0,12}[A-Za-z]"
    rb"|\" ?\+ ?\"|\xc3[\x80-\xbf \x01])"
    rb"|(%[CcDd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
    rb"|%[Ff][0-7](?:%[89ABab][0-9A-Fa-f]){3}|%[0-9A-Fa-f]{2})"
    rb"|(&#(?:[xX][0-9A-Fa-f]{1,6}|\d{1,7});|&[A-Za-z]{2,12};)"
    rb"|(\\(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|x[0-9A-Fa-f]{2}|[nrtbfv/\\\"'_*.~@()\-]))"
    rb"|(=\?[A-Za-z0-9_\-]{2,20}\?[QqBb]\?[^?\s]{1,300}\?="
    rb"(?:[ \t]{0,4}\r?\n?[ \t]{0,4}=\?[A-Za-z0-9_\-]{2,20}"
    rb"\?[QqBb]\?[^?\s]{1,300}\?=){0,3}|=40"
)
_OF_MAIL = (
    rb"|=\r?\n|=[CcDd][0-9A-Fa-f]=[89ABab][0-9A-Fa-f]|=[Ee][0-9A-Fa-f](?:=[89ABab][0-9A-Fa-f]){2}"
    rb"|=[2-7][0-9A-F]"
)
_TAGS = (
    rb")|(</?(?:b|i|u|s|em|strong|span|a|font|wbr|small|mark|code|sup|sub|tt|bdi|bdo|big|kbd|var)"
    rb"(?:[ \t/][^<>]{0,200})?>|<!--[^<>]{0,80}-->|\{color(?::#?[a-z0-9]{1,12})?\})"
)
_QUOTED = rb"\r?\n(?:[ \t]{0,3}>){0,6}[ \t]{0,3}"
#: A line broken within a value, and marks of emphasis; only in prose, since any line of a log may
#: follow any other.
_BROKEN = (
    rb"|(\*\*|~~|``?)|([@(/)\-]"
    + _QUOTED
    + rb"|\."
    + _QUOTED
    + rb"[a-z0-9]|[0-9]"
    + _QUOTED
    + rb"[0-9]|[A-Za-z0-9]"
    + _QUOTED
    + rb"@[A-Za-z0-9])"
)
#: Whether it is a mail's source: elsewhere, `=20` is a key's value that begins with 20.
_MAIL = compiled(
    rb"=\r?\n|quoted-printable|=0D=0A|=[CE][0-9A-F]=[89AB]|=(?:2C|3A|3B)(?:=20| )", fold=True
)
#: By whether lines are joined, and whether it is a mail's source.
_HIDES = {
    (False, False): compiled(_HIDDEN + _TAGS),
    (False, True): compiled(_HIDDEN + _OF_MAIL + _TAGS),
    (True, False): compiled(_HIDDEN + _TAGS + _BROKEN),
    (True, True): compiled(_HIDDEN + _OF_MAIL + _TAGS + _BROKEN),
}
#: A line with more separators is a row of a table.
_COLUMNS = 3
_LINE_END = re.compile(r"\r?\n(?:[ \t]{0,3}>){0,6}[ \t]{0,3}")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}


def decoded(parent: Reading, *, wraps: bool = False) -> Iterator[Reading]:
    """The lines of the parent that hide something, without what hides it; again where they do.

    With `wraps`, the whole of the parent, with lines joined where a value is broken.
    """
    for _ in range(_DEEP):
        made = _decoded(parent, wraps)
        if made is None or made.said == parent.said:
            return
        yield made
        parent, wraps = made, False


def _decoded(parent: Reading, wraps: bool) -> Reading | None:
    source, text = parent.said, parent.text
    is_mail = b"=" in text and _MAIL.search(text) is not None
    reading: Reading | None = None
    at = 0
    for match in _HIDES[wraps, is_mail].finditer(text):
        start, end = match.span()
        if text[start:end] == b"=40" and not text[end : end + 1].isalpha():
            continue  # the value of a key
        if wraps and b"\n" in text[start:end] and _is_row(text, start):
            continue
        if reading is None:
            reading = Reading(parent)
        line = 0 if wraps else text.rfind(b"\n", at, start) + 1
        if line > at:  # a new line that hides something: finish the last one, begin this one
            if at:
                _to_line_end(reading, source, text, at)
            reading.make("\n")
            at = line
        reading.copy(source, at, start)
        reading.decode(_plain(source[start:end]), start, end)
        at = end
    if reading is not None:
        if wraps:
            reading.copy(source, at, len(source))
        else:
            _to_line_end(reading, source, text, at)
    return reading


def _is_row(text: bytes, at: int) -> bool:
    """Whether the line is a row of a table, which ends where it ends."""
    line = text[text.rfind(b"\n", 0, at) + 1 : at]
    return b"\t" in line or max(map(line.count, (b",", b"|", b";"))) > _COLUMNS


def _to_line_end(reading: Reading, source: str, text: bytes, at: int) -> None:
    stop = text.find(b"\n", at)
    reading.copy(source, at, stop if stop >= 0 else len(source))


def _plain(found: str) -> str:
    """What the escape stands for; nothing for what is only there to be seen."""
    first = found[0]
    if first == "%":
        return _seen(unquote(found, errors="replace"))
    if first == "&":
        return _seen(html.unescape(found))
    if first == "\\":
        return _backslash(found)
    if first == "=" and found[1] == "?":
        return _seen(_word_of_mail(found))
    if first == "\xc3":
        return _twice_encoded(found)
    if first == "=" and found[1] not in "\r\n":
        return _seen(unquote(found.replace("=", "%"), errors="replace"))
    before, *after = _LINE_END.split(found, maxsplit=1)
    if not after or first == "=":
        return ""  # invisible, a tag, a mark, a soft line break
    spaced = before[-1] in ")0123456789" and after[0] != "@"
    return before + (" " if spaced else "") + after[0]


def _word_of_mail(found: str) -> str:
    """`=?UTF-8?B?…?=`, as headers of mail write what is not ASCII."""
    try:
        return str(make_header(decode_header(found)))
    except (LookupError, ValueError, HeaderParseError):
        return found


def _twice_encoded(found: str) -> str:
    """`Ã©`: UTF-8 that was read as Latin-1; as it is, if it was not."""
    try:
        return found.encode("cp1252").decode()
    except ValueError:
        try:
            return found.encode("latin-1").decode()
        except ValueError:
            return found


def _backslash(found: str) -> str:
    sign = found[1]
    if sign in "ux":
        number = int(found[2:].strip("{}"), 16)
        return _seen(chr(number)) if number <= 0x10FFFF else "?"
    return _CONTROLS.get(sign, sign)


def _seen(said: str) -> str:
    """Half a pair of surrogates is no character, and NUL would hide the place from the rules."""
    return "".join("?" if "\ud800" <= each <= "\udfff" or each == "\0" else each for each in said)
