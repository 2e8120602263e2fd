"""Spreadsheets: `.xlsx`, `.xlsm` and `.ods`, each visible sheet as a table of its values.

Left out: what a sheet only shows beside its cells (pictures, charts, comments), what people do not
see (hidden sheets, the cache of a pivot table, properties), and macros. Of a formula the value
remains that the program has stored.
"""

import datetime as dt
import re
import zipfile
from typing import IO

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from .output import (
    CHARTS,
    COMMENTS,
    EMBEDDED,
    FORMULAS,
    HIDDEN_SHEETS,
    LINKS,
    MACROS,
    PICTURES,
    PIVOTS,
    TOO_MUCH,
    Output,
    Refused,
    one_line,
)
from .zipped import leave_out

CELLS_MOST = 2_000_000
SHEETS_MOST = 200
_PARTS = {
    r"xl/vbaProject\.bin$|Basic/.+\.xml$": MACROS,
    r"(?:xl/media|Pictures)/": PICTURES,
    r"xl/charts/chart|Object \d+/content\.xml$": CHARTS,
    r"xl/(?:comments|threadedComments/)": COMMENTS,
    r"xl/(?:embeddings|ctrlProps|activeX)/.+\.(?!xml)": EMBEDDED,
    r"xl/externalLinks/[^/]+\.xml$": LINKS,
    r"xl/pivotCache/pivotCacheRecords": PIVOTS,
}
#: A formula without a stored value, as programs write it that do not calculate.
_UNCALCULATED = re.compile(rb"</f>(?:<v\s*/>|<v></v>|</c>)|<f[^<>]*/></c>")
#: What a spreadsheet program takes as a formula; a number with its sign is none.
_ACTIVE = re.compile(r"[=@\t\r]|[+-](?![\d\s().,+-]*$)")


def read(source: IO[bytes], output: Output) -> None:
    """One text for each visible sheet with a value, under the sheet's name."""
    _look_at_parts(source, output)
    source.seek(0)
    workbook = CalamineWorkbook.from_filelike(source)
    if len(workbook.sheets_metadata) > SHEETS_MOST:
        raise Refused(TOO_MUCH)
    left = CELLS_MOST
    for sheet in workbook.sheets_metadata:
        if sheet.typ == SheetTypeEnum.ChartSheet:
            output.left_out(CHARTS)
        elif sheet.typ != SheetTypeEnum.WorkSheet:
            output.left_out(MACROS)
        elif sheet.visible != SheetVisibleEnum.Visible:
            output.left_out(HIDDEN_SHEETS)
        else:
            left -= _read_sheet(workbook, sheet.name, left, output)


def _read_sheet(workbook: CalamineWorkbook, name: str, left: int, output: Output) -> int:
    rows = workbook.get_sheet_by_name(name)
    if rows.end is None:
        return 0
    cells = (rows.end[0] + 1) * rows.width
    if cells > left:
        raise Refused(TOO_MUCH)
    output.begin(name, extension="csv")
    blank = 0
    for row in rows.iter_rows():
        line = "\t".join(map(_cell, row)).rstrip("\t")
        if not line:
            blank += 1  # written only if a value follows
            continue
        output.text("\n" * blank + line + "\n")
        blank = 0
    return cells


def _cell(value: object) -> str:
    """As people see it, on one line; a text is never taken for a formula when it is opened."""
    match value:
        case bool():
            return str(value).upper()
        case float() if value.is_integer() and abs(value) < 1e16:
            return str(int(value))
        case dt.datetime():
            return value.isoformat(" ")
        case str():
            line = one_line(value)
            return f"'{line}" if _ACTIVE.match(line) else line
    return str(value)


def _look_at_parts(source: IO[bytes], output: Output) -> None:
    with zipfile.ZipFile(source) as package:
        leave_out(package, _PARTS, output)
        for part in package.namelist():
            if re.match(r"xl/worksheets/[^/]+\.xml$", part):
                with package.open(part) as sheet:
                    last = b""
                    found = 0
                    while piece := sheet.read(1024 * 1024):
                        found += len(_UNCALCULATED.findall(last + piece))
                        last = piece[-40:] if b"</c>" not in piece[-40:] else b""
                    if found:
                        output.left_out(FORMULAS, found)
