"""Numbers that states give to people and that their form tells: letters, groups, check digits.

Where form and check leave little to chance, in any line; else only in prose.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from . import check_digits as check
from .projection import compiled
from .spans import Span, apart, line_before

_NO_SIGNS = b" .-/_\\"


@dataclass(frozen=True)
class Shape:
    """A number that is told by its form and its check digits; `prose`: only in prose."""

    pattern: bytes
    check: check.Check
    prose: bool = False


def _any(number: bytes) -> bool:
    return True


def _rfc(number: bytes) -> bool:
    return check.is_day(number[6:8], number[8:10])


def _emirati(number: bytes) -> bool:
    return number[:3] == b"784" and (number[3:5] in (b"19", b"20"))


def _medicare(number: bytes) -> bool:
    return True


SHAPES = (
    # Italy: codice fiscale. Mexico: CURP, RFC of a person.
    Shape(
        rb"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]",
        check.italian,
    ),
    Shape(rb"[A-Z]{3} [A-Z]{3} \d\d[A-EHLMPRST]\d\d [A-Z]\d{3}[A-Z]", check.italian),
    Shape(rb"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d", check.curp),
    Shape(rb"[A-Z&\xd1]{4}\d{6}[A-Z0-9]{3}", _rfc),
    # United Kingdom: National Insurance.
    Shape(
        rb"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: \d\d){3} [A-D]"
        rb"|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:-\d\d){3}-[A-D]",
        _any,
    ),
    Shape(rb"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{6} ?[A-D]", _any, prose=True),
    # Spain: NIE, DNI. Singapore, Taiwan. Finland. Ireland.
    Shape(rb"[XYZ][ \-]?\d{7}[ \-]?[A-Z]", check.spanish),
    Shape(rb"\d{8}[ \-]?[A-Z]|\d{2}\.\d{3}\.\d{3}[ \-]?[A-Z]", check.spanish, prose=True),
    Shape(rb"[STFGM]\d{7}[A-Z]", check.singaporean),
    Shape(rb"[A-Z][1289]\d{8}", check.taiwanese, prose=True),
    Shape(rb"\d{6}[\-+A]\d{3}[0-9A-FHJ-NPR-Y]", check.finnish),
    Shape(rb"\d{7}[A-W][A-IW]", check.irish, prose=True),
    # Switzerland. Belgium. Brazil. Chile. Emirates. South Korea. China.
    Shape(rb"756[.\- ]\d{4}[.\- ]\d{4}[.\- ]\d\d|756\d{10}", check.ean),
    Shape(rb"\d\d\.\d\d\.\d\d[\- ]\d{3}\.\d\d", check.belgian),
    Shape(rb"\d{3}\.\d{3}\.\d{3}-\d\d", check.cpf),
    Shape(rb"\d\d\.\d{3}\.\d{3}/\d{4}-\d\d", check.cnpj),
    Shape(rb"\d{1,2}\.\d{3}\.\d{3}-[\dKk]", check.rut),
    Shape(rb"784-\d{4}-\d{7}-\d", _emirati),
    Shape(rb"\d{6}-[1-8]\d{6}", check.korean),
    Shape(rb"[1-9]\d{5}(?:19|20)\d{9}[\dXx]", check.chinese),
    # France. Argentina. India. Sweden, Norway, Turkey. US Medicare.
    Shape(
        rb"[1-4] \d\d (?:0\d|1[0-2]|[2-4]\d) \d[\dAB] \d{3} \d{3} \d\d"
        rb"|[1-4] \d\d \d\d \d[\dAB] \d{3} \d{3}[ \-/]{1,3}\d\d|[1-4]\d\d(?:0\d"
        rb"|1[0-2])\d[\dAB]\d{6} ?\d\d",
        check.french,
    ),
    Shape(rb"(?:20|23|24|25|26|27|30|33|34)-\d{8}-\d", check.cuit),
    Shape(rb"[2-9]\d{3} \d{4} \d{4}|[2-9]\d{3}-\d{4}-\d{4}", check.aadhaar),
    Shape(rb"[A-Z]{3}P[A-Z]\d{4}[A-Z]", _any, prose=True),
    Shape(rb"(?:19|20)?\d{6}[\-+]\d{4}", check.swedish),
    Shape(rb"\d{6} \d{5}", check.norwegian),
    Shape(rb"[1-9]\d{10}", check.turkish, prose=True),
    Shape(
        rb"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-[AC-HJKMNP-RT-Y]{2}\d\d",
        _medicare,
    ),
    Shape(
        rb"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d[AC-HJKMNP-RT-Y]{2}\d\d",
        _medicare,
    ),
)
_COMPILED = tuple((shape, compiled(rb"(?:" + shape.pattern + rb")")) for shape in SHAPES)
#: One pass over all: what begins like one of them.
_GATE = compiled(rb"|".join(shape.pattern for shape in SHAPES if not shape.prose), rare=True)
_MEDICAL_SHAPES = (SHAPES[-1], SHAPES[-2])


def shaped(text: bytes) -> Iterator[Span]:
    """In any line: all of them look where one of them may be, and a little around it."""
    past = 0
    for gate in _GATE.finditer(text):
        if gate.start() >= past:
            past = gate.end() + 24
            yield from _shaped(text, max(0, gate.start() - 24), past, prose=False)


def told_shaped(text: bytes) -> Iterator[Span]:
    """In prose: forms that would be too common in a log."""
    yield from _shaped(text, 0, len(text), prose=True)


def _shaped(text: bytes, first: int, last: int, *, prose: bool) -> Iterator[Span]:
    part = text[first:last]
    for shape, pattern in _COMPILED:
        if shape.prose != prose:
            continue
        for match in pattern.finditer(part):
            start, end = match.start() + first, match.end() + first
            number = (
                match.group().translate(None, _NO_SIGNS)
                if shape.check is not check.finnish
                else match.group()
            )
            if not apart(text, start, end, b".-+/", b"_") or not shape.check(number.upper()):
                continue
            if _DENIED.search(line_before(text, start, 32)):
                continue
            yield Span(start, end, "MEDICAL_ID" if shape in _MEDICAL_SHAPES else "NATIONAL_ID")


_DENIED = compiled(
    rb"(?:order|ticket|case|ref(?:erence)?|invoice|transaction|txn|sku|part|pn|serial|tracking"
    rb"|build|version|model|rev|batch|job|session|trace"
    rb"|conversation|interaction|commit|hash|uuid|guid|ts|epoch|time)(?: ?(?:no|number|id|is"
    rb"|#))?[^A-Za-z0-9\n]{0,4}$",
    fold=True,
)
