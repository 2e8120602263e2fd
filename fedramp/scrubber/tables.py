"""Tables of separated values: a column that its header or its cells show to be personal is so in
every row.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .keys import column_kind
from .projection import compiled
from .spans import Span, bare
from .user_names import is_person, is_typed
from .words import looks_like_name

#: The separators, and the least number of each that makes a line a row.
SEPARATORS = {b"\t": 1, b"|": 1, b";": 2, b",": 2}
#: Of the cells of a column without header, this part must have been found, and this many.
_PART, _LEAST = 0.6, 2
_CELL = compiled(rb"[ ]{0,40}\"((?:[^\"\n]|\"\"){0,900})\"[ ]{0,40}")
_EDGES = b" \"'\r"


@dataclass(frozen=True)
class Table:
    """The header of a table that continues: its separator and what its columns contain."""

    sign: bytes
    kinds: tuple[str, ...]


def cells_of(line: bytes, sign: bytes) -> list[tuple[int, int]]:
    """Where the cells are, without spaces and quotation marks; a separator in quotes is none."""
    if b'"' not in line:
        at, found = 0, []
        for cell in line.split(sign):
            found.append(_trimmed(line, at, at + len(cell)))
            at += len(cell) + 1
        return found
    at, found = 0, []
    while True:
        quoted = _CELL.match(line, at)
        if quoted and line[quoted.end() : quoted.end() + 1] in (sign, b""):
            stop = quoted.end()
        else:
            stop = line.find(sign, at)
            stop = stop if stop >= 0 else len(line)
        found.append(_trimmed(line, at, stop))
        if stop >= len(line):
            return found
        at = stop + 1


def _trimmed(line: bytes, start: int, end: int) -> tuple[int, int]:
    cell = line[start:end]
    lead = len(cell) - len(cell.lstrip(_EDGES))
    return start + lead, max(start + lead, start + len(cell.rstrip(_EDGES)))


def header(line: bytes) -> Table | None:
    """A line of short columns without digits, one of which reveals its content."""
    if not 5 < len(line) < 2000:
        return None
    for sign, least in SEPARATORS.items():
        if line.count(sign) < least:
            continue
        cells = [line[start:end] for start, end in cells_of(line, sign)]
        if any(len(cell) > 40 or b". " in cell or b": " in cell for cell in cells):
            continue
        if sign == b"|" and (not cells[0] or not cells[-1]):
            named = [cell for cell in cells if cell]
        else:
            named = cells
        kinds = tuple(column_kind(cell) if cell else "" for cell in cells)
        if (
            any(kinds)
            and len(named) > 1
            and all(named)
            and not any(_valued(each) for each in named)
        ):
            return Table(sign, kinds)
    return None


def _valued(cell: bytes) -> bool:
    return b"@" in cell or len(bare(cell)) > 2


def row(line: bytes, at: int, table: Table) -> list[Span] | None:
    """What the columns of the table reveal in this line; None if it is no row of it."""
    if line.count(table.sign) < len(table.kinds) - 1:
        return None
    cells = cells_of(line, table.sign)
    if len(cells) != len(table.kinds):
        return None
    found = []
    for (start, end), kind in zip(cells, table.kinds, strict=True):
        value = line[start:end]
        if kind and b"\x00" not in value and _fits(value, kind):
            found.append(Span(at + start, at + end, kind))
        elif (
            kind == "PERSON"
            and value.islower()
            and value[-1:] != b")"
            and is_person(value)
            and is_typed(value)
        ):
            found.append(Span(at + start, at + end, "USERNAME"))  # agent;31608514327;ebony_b
    return found


_DIGITS_LEAST = {"PHONE": 5, "SSN": 4, "CARD": 8, "BIRTHDATE": 2, "IBAN": 8, "MAC": 0, "IP": 1}


_NUMBERED = frozenset(("LICENSE", "PASSPORT", "NATIONAL_ID", "MEDICAL_ID", "ACCOUNT"))


def _fits(value: bytes, kind: str) -> bool:
    """Whether a cell of a personal column has a value, and not a remark such as "n/a"."""
    if len(value) < 2:
        return False
    if kind == "PERSON":
        return looks_like_name(value, sure=True) > 0
    if kind in _NUMBERED:
        return len(bare(value)) >= 4  # a column of licences may be one of products
    if kind in _DIGITS_LEAST:
        return len(bare(value)) >= _DIGITS_LEAST[kind]
    if kind == "EMAIL":
        return b"@" in value
    if kind == "USERNAME":
        if value.isdigit() and len(value) < 6:
            return False  # the number of a row
        return b" " not in value and value.lower() not in (b"n/a", b"none", b"null", b"unknown")
    return bool(bare(value)) or kind in ("ADDRESS", "TOKEN")


@dataclass
class Rows:
    """Lines one after the other with the same number of one separator."""

    sign: bytes
    count: int
    lines: list[tuple[int, bytes]]


def columns(tables: list[Rows], found: list[Span]) -> Iterator[Span]:
    """The cells of columns in which most cells were found to be personal."""
    if not tables or not found:
        return
    places = sorted(set(found))
    for table in tables:
        if len(table.lines) <= _LEAST:
            continue
        if header(table.lines[0][1]):
            table.lines.pop(0)
        rows = [
            [(at + start, at + end) for start, end in cells_of(line, table.sign)]
            for at, line in table.lines
        ]
        first, last = rows[0][0][0], rows[-1][-1][1]
        inside = [span for span in places if first <= span.start < last]
        for column in range(table.count + 1):
            cells = [each[column] for each in rows if len(each) > column]
            kinds = Counter(
                span.kind
                for start, end in cells
                for span in inside
                if span.start <= start + 1 and span.end >= end - 1 and end > start
            )
            if not kinds:
                continue
            kind, hits = kinds.most_common(1)[0]
            filled = sum(end > start for start, end in cells)
            if hits < _LEAST or hits < _PART * (filled - 1):
                continue
            for (start, end), (at, line) in zip(cells, table.lines, strict=False):
                value = line[start - at : end - at]
                small = kind == "PERSON" and value[:1].islower() and value[:1] < b"\xc0"
                if b"\x00" not in value and _fits(value, kind) and not small:
                    yield Span(start, end, kind)
