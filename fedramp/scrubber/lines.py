"""Which lines are prose and which are log, and the tables among them."""

from dataclasses import dataclass, field

from .projection import compiled
from .spans import Span
from .tables import SEPARATORS, Rows, Table, header, row

#: The start of a log line. One match is a whole run of such lines.
_LOG = compiled(
    rb"(?:^(?:[\[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d"
    rb"|\d\d/\d\d/\d{4} \d\d:\d\d:\d\d|\[\d{1,2}/[A-Z][a-z]{2}/\d{4}[: ]"
    rb"|[a-z]=[^ \n]|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
    rb"|\d{1,2}:\d\d:\d\d[.,]\d|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3} |\[?(?:INFO|WARN|ERROR"
    rb"|DEBUG|TRACE|FATAL|NOTICE)\b"
    rb"|[ \t]{0,20}at [A-Za-z_$][A-Za-z0-9_.$]{2,120}[(:]|[ \t]{0,40}[{}<\]]"
    rb"|[ \t]{0,40}\[[{\"]|[ \t]{0,40}\"[A-Za-z0-9_.\-]{1,60}\" ?:"
    rb"|[<>*] (?:[A-Za-z\-]{2,40}: |[A-Z]{3,8} /|HTTP/)|[<*] [^A-Za-z\n]"
    rb"|\d{10,13}[ .]|[A-Za-z0-9_.$]{3,120}(?:Exception|Error)\b|Caused by:"
    rb"|[ \t]{0,8}\.\.\. \d|[A-Za-z]{2,8}=[^ \n]{1,80} [A-Za-z]{2,20}="
    rb"|(?:INVITE|ACK|BYE|CANCEL|REGISTER|OPTIONS|GET|POST|PUT|DELETE|HEAD|PATCH|NOTIFY"
    rb"|SUBSCRIBE) [^ \n]{1,400} (?:SIP|HTTP)/"
    rb"|(?:SIP|HTTP)/\d|(?:Via|CSeq|Call-ID|Max-Forwards|User-Agent|Content-[A-Z][a-z]{2,12}"
    rb"|Received|Message-ID|Date|Host|Accept):|P-[A-Z][A-Za-z\-]{2,40}:|(?:From|To"
    rb"|Contact): ?[^\n<]{0,80}<sips?:|DHCP[A-Z]{3,8} "
    rb"|(?:BEGIN|END):V|(?:N|FN|TEL|ADR|EMAIL|ORG|REV|UID|VERSION)[:;][^ \n])"
    rb"[^\n]*(?:\n|$))+"
)
#: A line this long is not prose, whatever it looks like.
_LONGEST = 20_000


@dataclass
class Lines:
    """The prose of a text as runs of whole lines, its tables, and what their headers reveal."""

    prose: list[tuple[int, int]]
    cells: list[Span]
    table: Table | None
    rows: list[Rows] = field(default_factory=list)
    #: Headers of tables, in which words name columns and not people.
    headers: list[tuple[int, int]] = field(default_factory=list)


def read_lines(text: bytes, table: Table | None) -> Lines:
    """Prose and table cells; everything else is log. `table` continues from the previous part."""
    found = Lines([], [], table)
    at = 0
    for match in _LOG.finditer(text):
        start, end = match.span()
        _others(text, at, start, found)
        if end > start:
            found.table = None
        at = end
    _others(text, at, len(text), found)
    return found


def _others(text: bytes, start: int, end: int, found: Lines) -> None:
    at = start
    rows: Rows | None = None
    while at < end:
        stop = text.find(b"\n", at, end)
        after = end if stop < 0 else stop + 1
        line = text[at : after if stop < 0 else stop].rstrip(b"\r")
        rows = _row(line, at, rows, found)
        is_rule = not line.strip(b" -:|+=\t\r")  # under a header
        cells = row(line, at, found.table) if found.table is not None else None
        if cells is not None:
            found.cells += cells
        elif not is_rule:
            found.table = header(line)
            if found.table is not None:
                found.headers.append((at, at + len(line)))
        # A row may have words of people in its other columns.
        if (cells is not None or found.table is None) and _is_prose(line) and not is_rule:
            if found.prose and found.prose[-1][1] == at:
                found.prose[-1] = (found.prose[-1][0], after)
            else:
                found.prose.append((at, after))
        at = after


def _row(line: bytes, at: int, rows: Rows | None, found: Lines) -> Rows | None:
    """The table to which the line belongs, if it has the separators of the line before."""
    if rows is not None and line.count(rows.sign) == rows.count:
        rows.lines.append((at, line))
        return rows
    for sign, least in SEPARATORS.items():
        count = line.count(sign)
        if count >= least:
            found.rows.append(Rows(sign, count, [(at, line)]))
            return found.rows[-1]
    return None


def _is_prose(line: bytes) -> bool:
    if len(line) > _LONGEST and line.count(b" ") < len(line) // 20:
        return False
    return line.count(b"=") < 3
