"""Positions on the earth, in the notations that people, maps and receivers write.

Two decimal numbers are a position only with a sign of it: a word before them, a hemisphere, or five
decimals each; never among further numbers of a list.
"""

from collections.abc import Iterator

from .patterns import Match
from .projection import compiled
from .spans import Span, apart, line_before

_PAIR = compiled(
    rb"[+-]?\d{1,3}\.\d{3,15}(?:\xb0? ?[NSEWO])?(?: ?[,;/|] ?|[ \t]{1,3}"
    rb"|, {1,3})[+-]?\d{1,3}\.\d{3,15}"
    rb"(?:\xb0? ?[NSEWO]\b)?",
    rare=True,
)
_NUMBER = compiled(rb"[+-]?\d{1,3}\.\d{1,15}")
#: `lat=40.71`, `"longitude": -74.0`, `<lon>`, `Breite: 52.5`.
_LABELLED = compiled(
    rb"(?:^|[^A-Za-z]|[a-z]_?)(lat(?:itude?)?|latitud|breite(?:ngrad)?|lon(?:g(?:itude?)?)?|lng"
    rb"|longitud"
    rb"|l\xe4nge(?:ngrad)?|gps[ _]?[xy])[\"']?(?: ?\(?deg(?:rees)?\)?)?[ \t]{0,4}(?:[:=>]|is|of)?"
    rb"[ \t]{0,4}[\"']?([+-]?\d{1,3}\.\d{2,15})(?:\xb0? ?[NSEWO]\b)?",
    fold=True,
    rare=True,
)
_DEGREES = (
    rb"\d{1,3} ?[\xb0\xba\xbfd*] ?\d{1,2}(?:[.,]\d{1,8})? ?[\x27\xb4\xbfm`](?: ?\d{1,2}"
    rb"(?:[.,]\d{1,8})? ?[\"\x27\xbfs]{1,2})?"
)
_SEXAGESIMAL = compiled(
    _DEGREES
    + rb" ?[NSEWO]\b|\b[NS] ?\d{1,2} \d{1,2}\.\d{3,5}[, ]{1,3}[EW] ?\d{1,3} \d{1,2}\.\d{3,5}"
    rb"|\b[NSEWO] ?" + _DEGREES + rb"|\b[NSEWO] ?\d{1,3}[\xb0\xba] ?\d{1,2}\.\d{2,8}"
    rb"|\d{1,3}\.\d{2,12} ?[\xb0\xba] ?[NSEW]\b|\b[NSEW] ?\d{1,3}\.\d{4,12}\xb0?",
    rare=True,
)
_WORDED = compiled(
    rb"\d{1,3} deg(?:rees)?,? \d{1,2}(?:\.\d{1,8})? min(?:utes)?(?:,? \d{1,2}(?:\.\d{1,8})? sec"
    rb"(?:onds)?)?"
    rb",? ?(?:north|south|east|west|[NSEW])\b",
    fold=True,
)
#: In addresses of maps: @40.7,-74.0,17z, !3d40.7!4d-74.0, q=40.7,-74.0, geo:40.7,-74.0.
_IN_LINK = compiled(
    rb"(?:@|geo:|[?&](?:q|ll|sll|daddr|saddr|query|center|cp|destination|origin|point|loc|location"
    rb"|viewpoint|coords?)=(?:loc:|point:)?|/dir/|/place/|/search/|/maps/)"
    rb"([+-]?\d{1,2}\.\d{2,15}(?:,|%2C|~|\+|;|, )[+-]?\d{1,3}\.\d{2,15})",
    fold=True,
    rare=True,
)
_SCALED = compiled(
    rb"\b(?:lat|lng|lon)(?:g?itude)?_?E[67]\\?[\"']?\s?[:=]\s?[\"']?(-?\d{6,10})\b",
    fold=True,
    rare=True,
)
_PLACED = compiled(rb"![34]d([+-]?\d{1,3}\.\d{2,15})", rare=True)
_NMEA = compiled(rb"(\d{3,5}\.\d{2,8},[NS],\d{4,5}\.\d{2,8},[EW])\b", rare=True)
_ISO = compiled(
    rb"[+-]\d{2}(?:\d{2}){0,2}\.\d{2,8}[+-]\d{3}(?:\d{2}){0,2}\.\d{2,8}(?:[+-]\d{1,5}"
    rb"(?:\.\d{1,3})?)?/",
    rare=True,
)
#: Open location codes; the short form needs its word.
_PLUS = compiled(rb"\b[23456789CFGHJMPQRV][23456789CFGHJMPQRVX]{7}\+[23456789CFGHJMPQRVWX]{2,3}\b")
_PLUS_TOLD = compiled(
    rb"plus[ \-]?code[^A-Za-z0-9\n]{0,4}(?:is )?"
    rb"([23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3})\b",
    fold=True,
)
_GRID = compiled(
    rb"\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z][A-HJ-NP-V] ?(?:\d{5} \d{5}|\d{4} \d{4}|\d{10}|\d{8})\b"
    rb"|\b\d{1,2}[C-HJ-NP-X] \d{6}(?:\.\d{1,3})?m?E? \d{7}(?:\.\d{1,3})?m?N?\b"
)
_GRID_TOLD = compiled(
    rb"\b(?:mgrs|usng|utm"
    rb"|grid(?: ref(?:erence)?)?)[^A-Za-z0-9\n]{0,4}(?:is )?([A-Z0-9]{2,5}"
    rb"(?: ?[A-Z0-9]{2,10}){1,3})\b",
    fold=True,
)
_THREE_WORDS = compiled(
    rb"(?:///|w3w\.co/"
    rb"|what3words(?:\.com/)?[^A-Za-z0-9\n]{0,5})"
    rb"([a-z\xdf-\xff]{3,20}\.[a-z\xdf-\xff]{3,20}\.[a-z\xdf-\xff]{3,20})\b"
)

_TELLS = compiled(
    rb"(?:^|[^A-Za-z])(?:lat|lng|lon|long|latitude|longitude|latlong|lat[/ ,]?long?|latlng|gps"
    rb"|geo\w{0,9}|coord\w{0,8}"
    rb"|koordinaten|coordonn\xe9es|coordenadas|posi\w{0,8}|location|standort|ubicaci\w{1,4}|fix|at"
    rb"|near|pin|map|maps"
    rb"|point|steht bei|steht in|situ\w{1,4}|trkpt|wpt|center|site|parked|tower|home|waypoint"
    rb"|place|beacon|tracker|cell|found"
    rb"|last seen|e911|pidf|pos)"
    rb"[^0-9\n]{0,20}$",
    fold=True,
)
_DENIES = compiled(
    rb"(?:^|[^A-Za-z])(?:scores?|weights?|latenc\w{1,3}|ms|ratio|avg|mean|vector|embedding|mos"
    rb"|jitter"
    rb"|loss|cpu|load|values?|confidence|prob\w{0,9}|rate|std|median|p\d\d|factor|rms|samples?"
    rb"|metrics?"
    rb"|duration|elapsed|cost|price|tun\w{2,4}|version|bbox|x|y|dims?|array|tensor"
    rb"|logits?)[^A-Za-z0-9\n]{0,6}$",
    fold=True,
)
_MORE_BEFORE = compiled(rb"\d\.?\d{0,12}[,; \t]{1,3}$")
_MORE_AFTER = compiled(rb"[,; \t]{1,3}[+-]?\d{1,4}\.\d{2}")


def positions(text: bytes) -> Iterator[Span]:
    """Every position in any line."""
    for match in _PAIR.finditer(text):
        if _is_position(text, match):
            yield Span(*match.span(), "LOCATION")
    for pattern, group in (
        (_IN_LINK, 1),
        (_PLACED, 1),
        (_SCALED, 1),
        (_NMEA, 1),
        (_ISO, 0),
    ):
        for match in pattern.finditer(text):
            yield Span(*match.span(group), "LOCATION")
    yield from _labelled(text)
    for match in _SEXAGESIMAL.finditer(text):
        yield Span(*match.span(), "LOCATION")


def told_positions(text: bytes) -> Iterator[Span]:
    """Positions in the notations that only prose has."""
    for pattern, group in (
        (_WORDED, 0),
        (_PLUS_TOLD, 1),
        (_GRID_TOLD, 1),
        (_THREE_WORDS, 1),
        (_GRID, 0),
    ):
        for match in pattern.finditer(text):
            if pattern is not _GRID_TOLD or any(48 <= c <= 57 for c in match.group(1)):
                yield Span(*match.span(group), "LOCATION")
    if b"+" in text:
        for match in _PLUS.finditer(text):
            yield Span(*match.span(), "LOCATION")


def _is_position(text: bytes, match: Match) -> bool:
    start, end = match.span()
    found = match.group()
    if not apart(text, start, end):
        return False
    numbers = [each.group() for each in _NUMBER.finditer(found)]
    one, other = (abs(float(each)) for each in numbers)
    hemisphere = any(each in found for each in b"NSEWO")
    if (
        max(one, other) > 180
        or min(one, other) > 90
        or "." not in text[start:end].decode("latin-1")
    ):
        return False
    before = line_before(text, start)
    if _DENIES.search(before):
        return False
    told = hemisphere or _TELLS.search(before) is not None
    if _MORE_BEFORE.search(before) or (_MORE_AFTER.match(text, end) and not told):
        return False
    places = [len(each.partition(b".")[2]) for each in numbers]
    if min(places) < 4:
        return told and max(places) >= 3 and (b"," in found or hemisphere)
    signed = any(each[:1] in b"+-" for each in numbers)
    return told or min(places) >= 5 or (signed and min(places) >= 4)


def _labelled(text: bytes) -> Iterator[Span]:
    """A labelled half with three decimals; with less, only beside the other half."""
    last: tuple[int, Span] | None = None
    for match in _LABELLED.finditer(text):
        start, end = match.span(2)
        after = text[end : end + 3].lstrip()[:2]
        if after in (b"ms", b"s ", b"s") or text[end : end + 1].isdigit():
            continue
        span = Span(start, end, "LOCATION")
        places = len(match.group(2).partition(b".")[2])
        if places >= 3 and abs(float(match.group(2))) <= 180:
            yield span
        elif last is not None and start - last[0] < 60:
            yield last[1]
            yield span
        last = (end, span)
