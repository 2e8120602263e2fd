"""Names that stand by themselves: given name with surname, lists of people, columns of names.

Belongs here: what the lists of names make certain without a cue. "Marta Kling" is a name wherever
it stands; "Jordan" is not.
"""

from collections.abc import Iterator

from .name_words import RANKS, THINGS
from .patterns import Match
from .people import Kind, Need, kind_of, name_at, unmarked
from .projection import compiled
from .spans import PARTICLES, Span

_CAPITAL = (
    rb"[A-Z\xc0-\xde](?:[a-z\xdf-\xff']{1,20}(?:-?[A-Z\xc0-\xde][a-z\xdf-\xff']{1,20}){0,3}"
    rb"|'[A-Z][a-z\xdf-\xff]{1,20})"
)
_PARTICLE = (
    rb"(?:van|von|der|den|de|da|del|dela|della|la|le|al|el|bin|ibn|di|du|dos|das|do|ter|ten|zu"
    rb"|y|e|af|of)"
)
_MIDDLE = rb"(?:(?:[A-Z]\.? ){1,2}|(?:[A-Z][a-z\xdf-\xff'\-]{1,20} ){1,2})?"
#: The first word of a pair: the next search goes on with the word after it.
_FIRST = compiled(rb"\b(" + _CAPITAL + rb") ")
_WITHIN = frozenset(bytes([each]) for each in b"_.@/\\-") | frozenset(
    bytes([each]) for each in range(0xC0, 0x100)
)
_PAIR = compiled(
    rb"("
    + _CAPITAL
    + rb") ("
    + _MIDDLE
    + rb")((?:"
    + _PARTICLE
    + rb" ){0,3})("
    + _CAPITAL
    + rb")((?: (?:Jr|Sr)\.?| I{2,3}| IV)?)"
)
#: Kling, Marta A.
_TURNED = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff.@/:\\\-])((?:"
    + _PARTICLE
    + rb" ){0,2}"
    + _CAPITAL
    + rb"), ("
    + _CAPITAL
    + rb")((?: [A-Z]\.?(?:[^A-Za-z0-9]|$))?)"
)
#: KLING, MARTA; MARTA KLING; DALE T. KOWALCZYK
_LOUD = rb"[A-Z\xc0-\xde][A-Z\xc0-\xde'\-]{2,20}"
_LOUD_PAIR = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff.@/:\\\-])("
    + _LOUD
    + rb")(,? )((?:[A-Z]\.? )?)("
    + _LOUD
    + rb")((?: [A-Z]\b\.?)?)"
)
#: M. Kling; J. R. Ortega; J.R. Ortega; Kling M.
_INITIAL = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff.@/:\\\-])((?:[A-Z]\. ?){1,2}(?:"
    + _PARTICLE
    + rb" ){0,2}("
    + _CAPITAL
    + rb"))"
)
_GIVEN_INITIAL = compiled(
    rb"(?:^|[^A-Za-z0-9_\xc0-\xff.@/:\\\-])(("
    + _CAPITAL
    + rb") [A-Z]\.?)(?:[ \t]{0,3}[,;:)\]|\n\r\"']|[ \t]{1,2}(?:and|said"
    rb"|called|is|was|has|from|in|off|on|out|to|at|reports?|who|\(|-|[0-9])|$|\.$|\. [A-Z])"
)
#: marta kling
_SMALL = compiled(
    rb"(?:^"
    rb"|[^A-Za-z0-9_\xc0-\xff.@/:\\\-])([a-z\xdf-\xff]{3,16}) ((?:[a-z]\.?"
    rb" )?)([a-z\xdf-\xff'\-]{3,20})"
)
_AFTER = compiled(rb"[A-Za-z0-9_\xc0-\xff@\\]|\.[A-Za-z0-9_]|[:/\-=][A-Za-z0-9_]|\(|::")
#: A list: "Kling, Ruiz, Osei", and not "Kling, Marta, dob 1/2/80".
_GOES_ON = compiled(rb", (?:[A-Z\xc0-\xde]|and |or )| a")
_NEXT = compiled(rb" ([A-Za-z\xc0-\xff]{2,20})")
_PEOPLE = (
    rb"agents?|users?|employees?|attendees?|participants?|people|persons?|staff|members?"
    rb"|customers?|clients?|callers?|patients?|supervisors?|managers?|leads?|team members?"
    rb"|team|crew|contacts?|colleagues|names?|invitees|invited|present"
    rb"|absent|in attendance|attending|on the call|on call|on-call|on shift|on duty"
    rb"|reporters|witnesses|students|teachers|trainees|technicians|engineers|analysts"
    rb"|admins|administrators|operators|owners|approvers|reviewers|recipients|cc|to"
    rb"|signatories"
    rb"|volunteers|applicants|candidates|residents|passengers|guests|officers|nurses"
    rb"|veterans|claimants|dependents|children|siblings|heirs|directors|coordinators"
    rb"|escalation contacts?|new hires?|hires|leavers|joiners|terminations|departures"
    rb"|roster|distribution"
)
_LISTED = compiled(
    rb"(?:^|[^A-Za-z0-9_])(?:"
    + _PEOPLE
    + rb")(?: (?:affected|impacted|involved|concerned|listed|below|present"
    rb"|on the call|are|were|include|includes|including|who [a-z ]{3,30}"
    rb"|with [a-z ]{3,30}|in [a-z ]{3,24}|for [a-z ]{3,24}|to [a-z"
    rb" ]{3,24}))?"
    rb"(?: ?\([^()\n]{1,24}\))?(?: ?: ?| ?- | are | were | include "
    rb"| including )[ \t]{0,4}(?:\r?\n)?",
    fold=True,
)
_ITEM = compiled(rb"[ \t]{0,8}(?:[\-*+\xb7\xbf]|\d{1,3}[.)]|\(\d{1,2}\)|\[[ x]?\])?[ \t]{0,4}")
_BETWEEN = compiled(
    rb"[ \t]{0,2}(?:[,;/|&+]|\band\b|\(([^()\n]{1,40})\)|- [^\n,;]{1,40})(?:[ \t]{0,2}(?:and"
    rb"|&) )?[ \t]{0,2}|[^\n]{0,120}\r?\n",
    fold=True,
)
_SIGNS = (b"|", b"\t", b";", b",")


def paired(text: bytes) -> Iterator[Span]:
    """Whole names that the lists make certain, in any kind of line."""
    for opening in _FIRST.finditer(text):
        start = opening.start(1)
        if text[start - 1 : start] in _WITHIN or kind_of(opening.group(1)) < Kind.UNKNOWN:
            continue
        if pair := _PAIR.match(text, start):
            yield from _pair(text, pair)
    if b", " in text:
        for match in _TURNED.finditer(text):
            last, first = match.group(1).split(b" ")[-1], match.group(2)
            if (
                (
                    (kind_of(first) == Kind.GIVEN and kind_of(last) == Kind.SURNAME)
                    or _is_cell(text, match, kind_of(first), kind_of(last))
                )
                and not _AFTER.match(text, match.end(2))
            ) and (
                not _GOES_ON.match(text, match.end())
                and text[max(0, match.start(1) - 2) : match.start(1)] != b", "
            ):
                yield Span(match.start(1), match.end(2), "PERSON")
    for match in _LOUD_PAIR.finditer(text):
        first, last = match.group(1), match.group(4)
        if match.group(2) == b", ":
            first, last = last, first
        if (
            kind_of(first) == Kind.GIVEN
            and kind_of(last) >= Kind.UNKNOWN
            and (kind_of(last) > 1 or len(last) > 4)
            and not _AFTER.match(text, match.end(4))
        ):
            end = match.end(5) if match.start(5) < match.end(5) else match.end(4)
            yield Span(match.start(1), end, "PERSON")


def _is_cell(text: bytes, match: Match, first: Kind, last: Kind) -> bool:
    """Whether "Keawe, Mele" is all of a cell or a line, and the lists know one."""
    before = text[max(0, match.start(1) - 2) : match.start(1)]
    after = text[match.end(2) : match.end(2) + 2]
    return (
        min(first, last) > Kind.EVERYDAY
        and max(first, last) >= Kind.SURNAME
        and (not before or before[-1:] in b"\n\t|;\"`'\x00" or before == b"  " or before == b"] ")
        and (not after or after[:1] in b"\n\r\t|;\"`'\x00" or after in (b" /", b" |", b" <"))
    )


def alone(text: bytes) -> Iterator[Span]:
    """In prose, also names with an initial, in lower case, and in lists and columns."""
    for match in _INITIAL.finditer(text):
        if (
            kind_of(match.group(2)) >= Kind.SURNAME
            and not _AFTER.match(text, match.end(1))
            and not _is_thing(text, match.end(1))
        ):
            yield Span(*match.span(1), "PERSON")
    for match in _GIVEN_INITIAL.finditer(text):
        if kind_of(match.group(2)) == Kind.GIVEN:
            yield Span(*match.span(1), "PERSON")
    at = 0
    while small := _SMALL.search(text, at):
        first, last = small.group(1), small.group(3)
        at = small.start(3) - 1
        if (
            kind_of(first) == Kind.GIVEN
            and kind_of(last) >= Kind.SURNAME
            and unmarked(last) not in PARTICLES
            and not _AFTER.match(text, small.end(3))
        ):
            yield Span(small.start(1), small.end(3), "PERSON")
    for match in _LISTED.finditer(text):
        yield from _items(text, match.end())
    yield from _columns(text)


def _is_thing(text: bytes, end: int) -> bool:
    following = _NEXT.match(text, end)
    return following is not None and following.group(1).lower() in THINGS


def _pair(text: bytes, match: Match) -> Iterator[Span]:
    first, last = match.group(1), match.group(4)
    start, end = match.start(1), match.end(4)
    if last.endswith(b"'s"):
        last, end = last[:-2], end - 2
    kinds = kind_of(first), kind_of(last)
    if first.lower() in RANKS and kinds[0] < Kind.WORDY:
        return
    following = _NEXT.match(text, end)
    thing = following is not None and following.group(1).lower() in THINGS
    sure = kinds == (Kind.GIVEN, Kind.SURNAME)
    if kinds[0] == Kind.GIVEN:
        good = kinds[1] >= Kind.WORDY or (
            kinds[1] == Kind.UNKNOWN and len(last) > 2 and last.lower() not in THINGS
        )
    elif kinds[0] == Kind.SURNAME:
        good = kinds[1] >= Kind.SURNAME
    elif kinds[0] == Kind.WORDY:
        good = kinds[1] == Kind.SURNAME
    else:
        good = kinds[0] == Kind.UNKNOWN and kinds[1] == Kind.SURNAME and _is_given_shaped(first)
    middle = [word for word in match.group(2).split() if len(word) > 2]
    if not good or any(kind_of(word) == Kind.EVERYDAY for word in middle):
        return
    if following is not None and thing and not (sure and following.group(1).islower()):
        return
    if match.start(5) < match.end(5):
        end = match.end(5)
    if not _AFTER.match(text, end):
        yield Span(start, end, "PERSON")


def _is_given_shaped(word: bytes) -> bool:
    return (
        len(word) > 2
        and word[1:].islower()
        and word[-1:] in b"aeioy\xe1\xe9\xed\xf3"
        and unmarked(word) not in THINGS
    )


def _items(text: bytes, at: int) -> Iterator[Span]:
    """The people of a list, on one line or one a line, up to what is no name."""
    for _ in range(200):
        item = _ITEM.match(text, at)
        start = item.end() if item else at
        span = name_at(text, start, Need.SOME)
        if span is None or text[start : span.start].strip(b" .").count(b" ") > 1:
            return
        yield span
        between = _BETWEEN.match(text, span.end)
        if between is None:
            return
        at = between.end()


def _columns(text: bytes) -> Iterator[Span]:
    """The cells of a column in which most cells are names, in neighbouring lines of equal form."""
    for sign in _SIGNS:
        if text.count(sign) < 2:
            continue
        block: list[tuple[int, bytes]] = []
        at = 0
        for line in [*text.split(b"\n"), b""]:
            if (
                line.count(sign)
                and len(line) < 2000
                and (not block or line.count(sign) == block[0][1].count(sign))
            ):
                block.append((at, line))
            else:
                yield from _cells(block, sign)
                block = [(at, line)] if line.count(sign) else []
            at += len(line) + 1


def _cells(block: list[tuple[int, bytes]], sign: bytes) -> Iterator[Span]:
    if len(block) < 2 or len(block) > 5_000:
        return
    rows = [line.rstrip(b"\r").split(sign) for _, line in block]
    for column in range(len(rows[0])):
        names = 0
        spans: list[Span] = []
        for (at, _), row in zip(block, rows, strict=True):
            cell = row[column].strip(b" \"'*")
            start = at + sum(len(each) + 1 for each in row[:column]) + row[column].find(cell)
            if not cell or len(cell) > 60:
                continue
            span = name_at(cell, 0, Need.SOME)
            whole = span is not None and span.start == 0 and len(cell) - span.end < 2
            if whole and any(
                kind_of(word) >= Kind.SURNAME for word in cell.replace(b",", b" ").split()
            ):
                names += 1
            if whole:
                spans.append(Span(start, start + len(cell), "PERSON"))
        filled = sum(1 for row in rows if row[column].strip())
        if names > 1 and names * 2 >= filled - 1:
            yield from spans
