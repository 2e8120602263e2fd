"""Postal addresses that words announce: a label in a form, "lives at", "ship to"."""

from collections.abc import Iterator

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
    rb"(?:\. |\.?\r?$| - | \(| (?:und|and|y|e|et|en|but|so|because"
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
    rb"|adres zamieszkania|osoite|alamat|address line \d)"
    rb"(?:[ \t]?[:=]|[ \t]?\.{2,}|[ \t]-|\t)[ \t]{0,4}([^\n|;<>\x00]{5,120})",
    fold=True,
)
_ADDR_WORD = compiled(rb"\b(?:ADDR|addr|Addr)\.? ((?:Flat|Unit|Apt|\d)[^\n|;<>\x00:]{5,110})")


def told_addresses(text: bytes) -> Iterator[Span]:
    """What a label or "lives at" announces, if it has a number."""
    for pattern in (_LIVES, _LABELLED, _ADDR_WORD):
        for match in pattern.finditer(text):
            start, value = match.start(1), match.group(1)
            ends = _ENDS.search(value)
            value = (value[: ends.start()] if ends else value).rstrip(b" .,")
            if b" " in value and b"@" not in value and b"//" not in value and _is_postal(value):
                yield Span(start, start + len(value), "ADDRESS")


def _is_postal(value: bytes) -> bool:
    words = [word.strip(b".,").lower() for word in value.split()]
    telling = [word for word in words if word.isalpha() and word not in NOT_NAMES]
    return bool(_HAS_NUMBER.search(value)) and bool(telling) and words[0] not in _NO_STREETS


_NO_STREETS = frozenset(
    b"port ports version release build step page line queue ip tier"
    b" level extension ext x the a".split()
)
