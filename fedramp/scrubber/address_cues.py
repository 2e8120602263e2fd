"""Postal addresses that words announce: a label in a form, "lives at", "ship to"."""

from collections.abc import Iterator

from .patterns import Match
from .projection import compiled
from .spans import Span
from .words import NOT_NAMES

#: After these, what has a number is where somebody lives.
_LIVES = compiled(
    rb"\b(?:lives? (?:at|on|in)|living at|resid(?:es|ing) (?:at|in)"
    rb"|residence is|home is|house is|address (?:is|was|on file is"
    rb"|changed to)|moved to|relocated to"
    rb"|ship(?:ped)? (?:it |them )?to|deliver(?:ed)? (?:it |them )?to"
    rb"|mail(?:ed)? (?:it |them )?to|wohnt|wohnhaft(?: in)?|vive en"
    rb"|domiciliad[oa] en|mora (?:na|no|em)|reside en"
    rb"|habite(?: au)?|demeurant(?: au)?|domicili\xe9e?(?: au)?|abita"
    rb" in|residente in|woont (?:op|aan)|bor p\xe5|zamieszkal[ya]"
    rb" (?:przy|w)|staying at|located at|street) "
    rb"((?:(?:off|near|the) )?[A-Z0-9\xc0-\xde#][^\n;:!?\x00]{3,110})"
)
_ENDS = compiled(
    rb"(?:[a-z\xdf-\xff0-9]{4,}\. [A-Z]|\.?\r?$| - [a-z]| \(| (?:und|and|y|e|et|en|but|so|because"
    rb"|please|call|tel|phone|cell|since|for|with|on that|where|who"
    rb"|which|is|was|has|had)\b|, (?:and|but|so|call|tel|phone|cell"
    rb"|last|update|please|the|who|my|his|her|which|since|notices))"
)
_HAS_NUMBER = compiled(rb"(?:^|[ #./\-])\d{1,6}[A-Za-z]?(?:$|[ ,\-/])")
_LABELLED = compiled(
    rb"^[ \t>*\-]{0,6}(?:(?:site|home|mailing|billing|shipping|delivery"
    rb"|street|postal|work|service|install(?:ation)?|physical|verified"
    rb"|current|new|old|e911|residential)[ _]?){0,2}"
    rb"(?:addr(?:ess)?(?: ?(?:line)? ?[12])?|adresse?|anschrift|direcci[\xf3o]n"
    rb"|endere[\xe7c]o(?: de [a-z\xe7\xe3\xf5]{4,14})?|indirizzo|domicilio"
    rb"|adres(?: zamieszkania)?|osoite|alamat|address line \d)"
    rb"(?:[ \t]?[:=]|[ \t]?\.{2,}|[ \t]-|\t)[ \t]{0,4}([^\n|;<>\x00]{5,120})",
    fold=True,
)
#: In forms of other languages, in a line too: "End.: Rua ...", "bop\xe6l Vesterbrogade 41".
_FOREIGN = compiled(
    rb"(?:^|[\s.,;(|>])(?:end(?:ere[\xe7c]o)?\.?|domicilio|domic\xedlio|direcci[\xf3o]n|adres"
    rb"|adresse"
    rb"|anschrift|sede(?: legale)?|indirizzo|residenza|wohnort|morada|dom\.|alamat|osoite|lakc\xedm"
    rb"|bydli\x9at\xec|bydliste|physical|ship to|deliver to|new address|current address"
    rb"|home address"
    rb"|address)(?: ?[:=]| -| ?\x97)[ \t]{1,3}([A-Z0-9\xc0-\xde][^\n|;<>\x00]{6,110})"
    rb"|\bbop\xe6l:? ([A-Z\xc0-\xde][^\n|;<>\x00]{6,90})",
    fold=True,
)
#: "lives on Piazza Boito street", "the north side of Holt Station St."
_ON_STREET = compiled(
    rb"\b(?:lives? on|living on|side of|enter on|located on|parked on|corner of|shows on"
    rb"|refers to|up"
    rb" on) ((?:(?:rue|avenue|piazza|via|calle|alameda|pasadizo|incrocio|privada) )?"
    rb"(?:(?:de|del|di|la|le|du) ){0,2}[A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{2,24}"
    rb"(?: (?:(?:de|del|di|la) )?[A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{1,24}){0,4}) (?:[Ss]treet\b"
    rb"|St\.|St\b)"
)
_ADDR_WORD = compiled(rb"\b(?:ADDR|addr|Addr)\.? ((?:Flat|Unit|Apt|\d)[^\n|;<>\x00:]{5,110})")


def told_addresses(text: bytes) -> Iterator[Span]:
    """What a label or "lives at" announces, if it has a number."""
    for match in _ON_STREET.finditer(text):
        yield Span(*match.span(1), "ADDRESS")
    for pattern in (_LIVES, _LABELLED, _FOREIGN, _ADDR_WORD):
        for match in pattern.finditer(text):
            group = 2 if pattern is _FOREIGN and match.start(2) >= 0 else 1
            start, value = match.start(group), match.group(group)
            ends = _ENDS.search(value)
            value = (value[: _end_of(ends)] if ends else value).rstrip(b" .,")
            if b" " in value and b"@" not in value and b"//" not in value and _is_postal(value):
                yield Span(start, start + len(value), "ADDRESS")


def _end_of(ends: Match) -> int:
    """Where the sentence ends: with the word before the stop, which belongs to the value."""
    stop = ends.group().find(b". ")
    return ends.start() + stop if stop > 0 else ends.start()


def _is_postal(value: bytes) -> bool:
    words = [word.strip(b".,").lower() for word in value.split()]
    telling = [word for word in words if word.isalpha() and word not in NOT_NAMES]
    if _DOTTED.match(value):
        return False
    return bool(_HAS_NUMBER.search(value)) and bool(telling) and words[0] not in _NO_STREETS


#: A version, or an address of a network.
_DOTTED = compiled(rb"v?\d{1,4}(?:\.\d{1,5}){1,5}")
_NO_STREETS = frozenset(
    b"port ports version release build step page line queue ip tier"
    b" level extension ext x the a".split()
)
