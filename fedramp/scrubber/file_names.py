"""FED-7: scrubs the name of a file; the extension is always kept.

The names of files separate the parts of a value by other signs than texts do: `219_09_9999`,
`card-4111_1111 1111.1111`, `192-168-4-7`. So the name is read several times, each time with all its
separators replaced by one that values are written with; what is found is removed from the name.
"""

import re
from urllib.parse import unquote

from .engine import Scrubber
from .passages import PLACEHOLDER

#: Also `.tar.gz`, `.7z`, and those of rotated logs and split archives: `.log.1`, `.zip.001`.
_EXTENSION = re.compile(
    r"(?:\.(?:log|out|txt|zip|gz|7z)\.(?:\d{1,3}|\d{4}-\d\d-\d\d)"
    r"|(?:\.tar)?\.(?:[A-Za-z][A-Za-z0-9]{0,9}|7z|3gp))\Z"
)
#: Extensions that are never part of a name, whoever is called so.
_USUAL = re.compile(
    r"(?i:bin|bmp|cfg|conf|csv|docx?|eml|gif|gz|har|html?|ini|jpe?g|json|log|md|mov|mp[34]|msg"
    r"|od[ts]|out|pcap|pcapng|pdf|png|pptx?|rar|rtf|sql|svg|tar|tgz|tiff?|tsv|txt|wav|webp"
    r"|xls[bmx]?|xml|ya?ml|zip)"
)
_SEPARATORS = "_-.+~ \u00a0\u2010\u2011\u2012\u2013\u2014"
#: Grouped numbers, as in cards, addresses and social security numbers.
_GROUPS = re.compile(rf"\d+(?:[{re.escape(_SEPARATORS)}]\d+)+")
#: As it is; with the words separated; and with groups of numbers as they are written in texts.
_AS = ("", "_", " ", "-", ".")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")


def split_extension(name: str) -> tuple[str, str]:
    """The part that can be personal, and the extension with its dot; empty without one.

    A usual one before it belongs to it: `.xlsx.csv`.
    """
    found = _EXTENSION.search(name)
    if found is None or not found.start():
        return name, ""
    at = found.start()
    before = name.rfind(".", 0, at)
    if before > 0 and _USUAL.fullmatch(name, before + 1, at):
        at = before
    return name[:at], name[at:]


def scrub_name(name: str, scrubber: Scrubber, *, most: int = 0) -> str:
    """The name without personal data; no longer than `most`, if given.

    A name that is written with escapes (`%40`) is kept as it was only if nothing is found in it.
    """
    stem, extension = split_extension(name)
    if _is_of_a_person(extension, scrubber):
        stem, extension = name, ""
    plain = unquote(stem, errors="replace") if _ESCAPED.search(stem) else stem
    scrubbed_name = _scrubbed(plain, extension, scrubber)
    scrubbed_name = stem if scrubbed_name == plain else scrubbed_name
    if most and len(scrubbed_name) + len(extension) > most:
        scrubbed_name = scrubbed_name[: most - len(extension)]
        scrubbed_name = (
            scrubbed_name[: scrubbed_name.rfind("[")]
            if scrubbed_name.rfind("[") > scrubbed_name.rfind("]")
            else scrubbed_name
        )
    return scrubbed_name + extension


def _is_of_a_person(extension: str, scrubber: Scrubber) -> bool:
    """Whether it is no extension but a person's name, as in `helena.okonkwo`."""
    word = extension.removeprefix(".")
    if not word or _USUAL.fullmatch(word):
        return False
    return any(span.kind == "PERSON" for span in scrubber.identities.find(word.encode()))


def scrub_folder(name: str, scrubber: Scrubber) -> str:
    """The name of a folder without personal data: it has no extension to be kept."""
    plain = unquote(name, errors="replace") if _ESCAPED.search(name) else name
    scrubbed_name = _scrubbed(plain, "", scrubber)
    return name if scrubbed_name == plain else scrubbed_name


def _scrubbed(stem: str, extension: str, scrubber: Scrubber) -> str:
    for sign in _AS:
        # With the extension too: `ada@desk.example` is an address, whatever it ends with.
        stem = scrubber.scrub_as(stem, _written(stem + extension, sign), most=len(stem))
        stem = scrubber.scrub_as(stem, _written(stem, sign), most=len(stem))
    return stem


def _written(text: str, sign: str) -> str:
    """The name in the form of a text, with the same length; placeholders are unchanged."""
    if not sign:
        return text
    apart = str.maketrans(dict.fromkeys("_" if sign == "_" else _SEPARATORS, " "))
    pieces, last = [], 0
    for match in PLACEHOLDER.finditer(text):
        pieces += [text[last : match.start()].translate(apart), match.group()]
        last = match.end()
    spaced = "".join((*pieces, text[last:].translate(apart)))
    if sign == "_":
        return spaced
    for match in _GROUPS.finditer(spaced):
        grouped = match.group().replace(" ", sign)
        spaced = spaced[: match.start()] + grouped + spaced[match.end() :]
    return spaced
