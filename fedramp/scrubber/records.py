"""Records of fixed fields: what stands where is defined by a standard, and not by a key.

HL7 version 2 (patients), X12 (claims), vCard, the machine-readable lines of passports (ICAO 9303),
the bar code of American licences (AAMVA), the stripe of cards (ISO 7813).
"""

from collections.abc import Iterator

from .patterns import Match
from .projection import compiled
from .spans import Span

#: By segment: the number of a field, and what it holds.
_HL7 = {
    b"PID": {
        2: "MEDICAL_ID", 3: "MEDICAL_ID", 5: "PERSON", 6: "PERSON", 7: "BIRTHDATE",
        9: "PERSON", 11: "ADDRESS",
        13: "PHONE", 14: "PHONE", 18: "ACCOUNT", 19: "SSN", 20: "LICENSE",
    },
    b"NK1": {2: "PERSON", 4: "ADDRESS", 5: "PHONE", 6: "PHONE"},
    b"GT1": {3: "PERSON", 5: "ADDRESS", 6: "PHONE", 7: "PHONE", 8: "BIRTHDATE", 12: "SSN"},
    b"IN1": {16: "PERSON", 18: "BIRTHDATE", 19: "ADDRESS", 36: "MEDICAL_ID"},
    b"PV1": {7: "PERSON", 8: "PERSON", 9: "PERSON"},
    b"OBR": {16: "PERSON"},
}  # fmt: skip
#: By segment: the fields that follow its first elements.
_X12 = {
    b"NM1": {3: "PERSON", 4: "PERSON", 5: "PERSON", 9: "MEDICAL_ID"},
    b"N3": {1: "ADDRESS", 2: "ADDRESS"},
    b"N4": {3: "ADDRESS"},
    b"DMG": {2: "BIRTHDATE"},
    b"PER": {2: "PERSON", 4: "PHONE", 6: "PHONE", 8: "PHONE"},
}
_VCARD = {
    b"N": "PERSON",
    b"ADR": "ADDRESS",
    b"FN": "PERSON",
    b"NICKNAME": "PERSON",
    b"BDAY": "BIRTHDATE",
}
_AAMVA = {
    b"DAQ": "LICENSE", b"DCS": "PERSON", b"DAC": "PERSON", b"DAD": "PERSON", b"DCT": "PERSON",
    b"DBB": "BIRTHDATE", b"DAG": "ADDRESS", b"DAK": "ADDRESS",
}  # fmt: skip
_SEGMENT = compiled(rb"^\s{0,8}(PID|NK1|GT1|IN1|PV1|OBR)\|([^\r\n]{2,900})")
_ELEMENT = compiled(rb"(?:^|[~\s])(NM1|N3|N4|DMG|PER)\*([^~\r\n]{1,400})")
_CARD_LINE = compiled(
    rb"^[ \t>]{0,6}(N|ADR|FN|NICKNAME|BDAY)(?:;[^:\r\n]{0,100})?:([^\r\n]{2,300})"
)
_PASSPORT = compiled(
    rb"P[A-Z<][A-Z]{3}([A-Z<]{5,39})\s{1,8}([A-Z0-9<]{9})[0-9][A-Z]{3}(\d{6})[0-9][MFX<]\d{6}[0-9]"
)
#: The magnetic stripe of a card: its number, and whose it is.
_TRACK = compiled(rb"%B(\d{12,19})\^([A-Z /.'\-]{2,26})\^")
_LICENCE = compiled(rb"\bANSI ?6360\d\d[^\n]{0,40}DL")
_CODED = compiled(
    rb"\b(DAQ|DCS|DAC|DAD|DCT|DBB|DAG)([A-Z0-9][A-Z0-9 .'\-]{1,40}?)\s{1,3}\bD[A-Z]{2}"
)


def records(text: bytes) -> Iterator[Span]:
    """What the fields of all records hold."""
    if b"|" in text:
        for match in _SEGMENT.finditer(text):
            yield from _fields(text, match, _HL7[match.group(1)], b"|", within=True)
    if b"*" in text:
        for match in _ELEMENT.finditer(text):
            yield from _fields(text, match, _X12[match.group(1)], b"*", within=False)
    if b"VCARD" in text or b"vcard" in text:
        for match in _CARD_LINE.finditer(text):
            yield from _parts(text, *match.span(2), _VCARD[match.group(1)], b";")
    if b"<<" in text:
        for match in _PASSPORT.finditer(text):
            yield from _parts(text, *match.span(1), "PERSON", b"<")
            yield Span(*match.span(2), "PASSPORT")
            yield Span(*match.span(3), "BIRTHDATE")
    if b"%B" in text:
        for match in _TRACK.finditer(text):
            yield Span(*match.span(1), "CARD")
            yield Span(*match.span(2), "PERSON")
    if b"ANSI" in text and _LICENCE.search(text):
        at = 0
        while coded := _CODED.search(text, at):
            yield Span(*coded.span(2), _AAMVA[coded.group(1)])
            at = coded.end(2)


def _fields(
    text: bytes, match: Match, kinds: dict[int, str], sign: bytes, *, within: bool
) -> Iterator[Span]:
    at = match.start(2)
    for number, part in enumerate(match.group(2).split(sign), 1):
        if kind := kinds.get(number):
            # Of a number, the component before who gave it out; of names and addresses, all.
            number_only = within and kind not in ("PERSON", "ADDRESS")
            stop = at + len(part.split(b"^")[0]) if number_only else at + len(part)
            yield from _parts(text, at, stop, kind, b"~" if within else b"")
        at += len(part) + 1


def _parts(text: bytes, start: int, end: int, kind: str, signs: bytes) -> Iterator[Span]:
    """Each part of a field by itself; a single sign is no value."""
    at = start
    for place in range(start, end + 1):
        if place == end or text[place] in signs:
            if len(text[at:place].strip(b" ^\x00")) > 1:
                yield Span(at, place, kind)
            at = place + 1
