"""Postal addresses that show by their form, in prose: house number and street, box, flat."""

from collections.abc import Iterator

from .projection import compiled
from .spans import Span
from .words import NOT_NAMES

#: USPS Publication 28, appendix C1, without the words that follow a number in our own texts.
_STREETS = (
    rb"alley|annex|arcade|avenue|ave|bayou|beach|bend|bluffs?|bottom|boulevard|blvd|branch"
    rb"|bridge|brooks?|burgs?|bypass|"
    rb"camp|canyon|cape|causeway|circles?|cir|cliffs?|club|commons?|corners?|courts?|ct|coves?"
    rb"|creek|crescent|crest|crossing|"
    rb"crossroads?|curve|dale|dam|drives?|dr|estates?|expressway|falls?|ferry|fields?|flats?"
    rb"|fords?|forest|"
    rb"forges?|forks?|fort|freeway|gardens?|gateway|glens?|greens?|groves?|harbors?|haven"
    rb"|heights|highway|hwy|hills?|hollow|inlet|"
    rb"islands?|isle|junctions?|knolls?|lakes?|landing|lane|ln|locks?|lodge|loop|mall|manors?"
    rb"|meadows?|mews|mills?|"
    rb"mission|motorway|mount|mountains?|neck|orchard|oval|overpass|parks?|parkways?|pkwy"
    rb"|passage|path|pike|pines?|place|plains?|"
    rb"plaza|points?|prairie|radial|ramp|ranch|rapids?|ridges?|river|roads?|rd|row|rue|shoals?|"
    rb"shores?|skyway|springs?|spurs?|squares?|stravenue|stream|streets?|st|summit|terrace"
    rb"|throughway|trace|track|"
    rb"trafficway|trail|tunnel|turnpike|underpass|valleys?|viaduct|views?|villages?|ville"
    rb"|vista|walks?|ways?|wells?"
)
#: Those that are also ordinary words, or part of a product's name, count only with a capital.
_SURE = frozenset(
    b"avenue ave boulevard blvd circle cir court ct crescent drive dr expressway freeway highway "
    b"hwy lane ln parkway pkwy road rd street st terrace turnpike".split()
)
_ROOM_WORD = rb"(?:apt|apartment|suite|ste|unit|flat|studio|room|floor)\.? {0,2}#?[0-9]{1,5}[a-z]?"
_FLAT = rb"(?:" + _ROOM_WORD + rb"|#[0-9]{1,5}[a-z]?)"
_TOWN = (
    rb"[ ,]{0,2}(?:\r?\n)?[ ,]{0,3}[A-Za-z\xc0-\xff.'\- ]{2,40}[ ,]{0,3}(?:\r?\n)? {0,3}[A-Z]{2"
    rb"},? {1,2}"
    rb"(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4})"
    rb"|[ ,]{0,2}(?:\r?\n)?[ ,]{0,3}[A-Za-z\xc0-\xff.'\- ]{2,40}[ ,]{1,3}"
    rb"[A-Z]{1,2}\d[A-Z0-9]? \d[A-Z]{2}\b"
)
#: A floor and a door, or a code with a town: 5\xba B, 25137 Getafe.
_TOWN_ABROAD = (
    rb"(?:[ ,]{1,2}\d{1,2}[\xba\xaa\xb0]? ?[A-Z]\b)?(?:[ ,]{0,2}\r?\n?[ ,]{0,2}"
    rb"(?:[A-Z]{1,2}-)?\d{2}(?:\d{2,3}(?:-\d{3})?|-\d{3})(?: [A-Z]{2}\b)?"
    rb" [A-Z\xc0-\xde][A-Za-z\xc0-\xff\-]{2,24})?"
)
_AMERICAN = compiled(
    rb"\b(?:"
    + _ROOM_WORD
    + rb"[ ,]{1,2})?\d{1,6}[a-z]? ((?:(?:[a-z][a-z'.\-]{0,20}|\d{1,3}(?:st|nd|rd|th)) ){1,5})("
    + _STREETS
    + rb")\b\.?(?:[ ,]{1,2}(?:\r?\n ?)?"
    + _FLAT
    + rb"){0,2}"
    rb"(?:" + _TOWN + rb")?",
    fold=True,
)
_FRENCH = compiled(
    rb"\b\d{1,4}(?: ?(?:bis|ter))?,? (?:[Rr]ue|[Cc]hemin|[Ii]mpasse|[Qq]uai|[Aa]ll\xe9e"
    rb"|[Bb]oulevard|[Aa]venue|[Rr]oute)(?: (?:de|des|du|la|le|les|aux|sur|sous|et|sainte?)){0,3}"
    rb"(?:[ \-](?:[dl]')?[A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{1,20}){1,4}" + _TOWN_ABROAD
)
_BOX = compiled(
    rb"\b(?:p\.? ?o\.? ?box|(?:psc|cmr|unit) \d{1,5},? box) {0,2}#?\d{1,6}(?:" + _TOWN + rb")?",
    fold=True,
)
_ABROAD = compiled(
    rb"\b(?:via|viale|piazza|corso|contrada|vicolo|rue|chemin|calle|avenida|paseo|pasaje"
    rb"|camino|callej\xf3n|rua|travessa|"
    rb"pra\xe7a|ulica|ul\.|aleja|plac)(?: [A-Za-z\xc0-\xff'\-]{1,20}){1,4},? "
    rb"\d{1,5}(?:/\d{1,4})?[a-z]?\b"
    + _TOWN_ABROAD
    + rb"|\b[A-Z\xc0-\xdea-z\xdf-\xff\-]{3,30}(?:stra\xdfe|strasse|str\.|gasse|weg|allee|platz"
    rb"|gatan|v\xe4gen|straat|laan|gade|vej|katu|utca)"
    rb" \d{1,4}[a-z]?" + _TOWN_ABROAD,
    fold=True,
)
_ROOM = compiled(rb"^[ ?>\t]{0,6}(" + _ROOM_WORD + rb")[ ,]{0,2}\r?$", fold=True)
_ZIP = compiled(
    rb"\b(?:zip(?: ?code)?|post(?:al)? ?code|plz"
    rb"|cap) ?[:=#]? {0,2}([A-Z]{0,2}\d[A-Z0-9 \-]{2,8}\d?[A-Z]{0,2})\b",
    fold=True,
)


def addresses(text: bytes) -> Iterator[Span]:
    """The addresses in prose that show by their form; the model must find the others."""
    for match in _AMERICAN.finditer(text):
        if _is_street(match.group(1), match.group(2)):
            yield Span(*match.span(), "ADDRESS")
    for pattern in (_BOX, _FRENCH, _ABROAD):
        for match in pattern.finditer(text):
            if not match.group()[:1].isdigit() or b" " in match.group():
                yield Span(*match.span(), "ADDRESS")
    for match in _ROOM.finditer(text):
        yield Span(*match.span(1), "ADDRESS")
    for match in _ZIP.finditer(text):
        yield Span(*match.span(1), "ADDRESS")


def _is_street(name: bytes, kind: bytes) -> bool:
    """ "12 Old Quarry Way" and "12 old quarry rd", and not "12 calls on the same way"."""
    words = name.split()
    if words[-1][:1].islower() and any(word in NOT_NAMES for word in words):
        return False
    return not kind[:1].islower() or kind.lower() in _SURE
