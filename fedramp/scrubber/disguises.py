"""Values that people pull apart or misspell, as readings: signs between the letters, words joined
by underscores, lines broken in the middle, letters that a scanner took for digits.
"""

from collections.abc import Iterator

from .projection import compiled
from .readings import Reading

#: Single signs, with the same few signs between them.
_APART = compiled(
    rb"(?:(?:\b|_)[A-Za-z0-9\xc0-\xff](?:(?: [A-Za-z0-9\xc0-\xff@.'+_\-]){4,80}"
    rb"|(?:\.[A-Za-z0-9\xc0-\xff@]){4,80}|(?:\*[A-Za-z0-9\xc0-\xff@.]){4,80}"
    rb"|(?:-[A-Za-z0-9\xc0-\xff@.]){4,80}|(?:_[A-Za-z0-9\xc0-\xff@.]){4,80}"
    rb"|(?: ?\| ?[A-Za-z0-9\xc0-\xff@.]){4,80}|(?:[,/] ?[A-Za-z0-9\xc0-\xff@.]){4,80}"
    rb"|(?: - [A-Za-z0-9\xc0-\xff@.]){4,80}"
    rb"|(?:\xbf{1,3}[A-Za-z0-9\xc0-\xff@.\-]){4,80})(?:\b|_))"
)
#: A heading in spaced capitals is no name.
_HEADINGS = frozenset(
    b"IMPORTANT NOTICE URGENT WARNING ATTENTION MAINTENANCE CONFIDENTIAL INTERNAL WINDOW ALERT "
    b"DRAFT PLEASE READ NOTE STOP".split()
)
_JOINED = compiled(rb"[A-Za-z0-9\xc0-\xff#.]{1,40}(?:_{1,3}[A-Za-z0-9\xc0-\xff#.'\-]{1,40}){1,24}")
#: Five or more single signs in a row, and as many as a line has.
_SPREAD = compiled(rb"(?:[^\s] {1,4}){8,200}[^\s]\b")
_BETWEEN_GROUPS = (b"~", b"_", b"/", b"|", b"*", b"+", b"^", b"=", b")")
_GROUPS = compiled(rb"\(?\b\d{2,6}(?:\)?[~_/|*+^=]{1,2}\d{2,6}){1,5}\b")
#: A mail address with spaces in it. Its first part is no plain word, or a word for mail is before.
_WIDE = compiled(
    rb"(?:(?i:e-?mail|mail|contact|address|write to|correo|courriel)[ :=]{1,3}|\b)"
    rb"([A-Za-z0-9%+\-]{1,40}(?: ?[._\-] ?[A-Za-z0-9%+\-]{1,40}){1,4} {0,2}@ {0,2}"
    rb"[A-Za-z0-9\-]{1,63}"
    rb"(?: ?\. ?[A-Za-z0-9\-]{2,63}){1,4})"
)
#: A number in which a scanner took some digits for letters; at least half are digits.
_SCANNED = compiled(
    rb"[0-9OoQIlZSBD+(][0-9OoQIlZSBD]{0,20}(?:[ .\-/)]{1,2}[0-9OoQIlZSBD]{1,20}){0,8}"
)
_DIGITS = str.maketrans("OoQIlZSBD", "000112580")
_BREAK = compiled(rb"(-?)[ \t]{0,3}\r?\n(?:[ \t]{0,3}[>|]){0,6}[ \t]{0,6}")
_SIGNS = b" .*_-|,/\xbf"
_LONGEST = 20_000
#: A line of this length may have been broken by a program.
_WRAPPED = 45
#: The next line begins something else.
_LABEL = compiled(rb"[*#\-\xbf]|\d{1,2}[.)] |[A-Za-z\xc0-\xff][A-Za-z0-9\xc0-\xff _./\-]{0,30}[:=]")
#: A line with more separators is a row of a table.
_COLUMNS = 3
_SPACED_KINDS = frozenset(
    ("PERSON", "ADDRESS", "PHONE", "CARD", "SSN", "IBAN", "IP", "NATIONAL_ID", "BIRTHDATE")
)
_CLOSED_KINDS = frozenset(("EMAIL", "IBAN", "TOKEN"))


def disguises(parent: Reading) -> Iterator[Reading]:
    """Each kind of disguise as one reading; only texts that people write are read so."""
    if len(parent.said) > _LONGEST:
        return
    for make in (_together, _unspaced, _closed_up, _regrouped, _spaced, _repaired):
        reading = make(parent)
        if reading.said:
            yield reading


def joined(parent: Reading) -> Iterator[tuple[Reading, frozenset[str]]]:
    """The text with broken lines joined, by a space and by nothing, and the kinds that count there.

    A finding counts only if it extends across such a place.
    """
    spaced, closed = Reading(parent), Reading(parent)
    text, source, at = parent.text, parent.said, 0
    for match in _BREAK.finditer(text):
        start, end = match.span()
        hyphen = match.end(1) > match.start(1)
        quoted = b">" in match.group() or b"|" in match.group()
        line = text.rfind(b"\n", 0, start) + 1
        if not (hyphen or quoted or start - line >= _WRAPPED) or _LABEL.match(text, end):
            continue
        if max(map(text[line:start].count, (b",", b"\t", b"|", b";"))) > _COLUMNS:
            continue
        for reading, sign in ((spaced, "" if hyphen else " "), (closed, "")):
            reading.copy(source, at, start)
            if sign:
                reading.decode(sign, start, end)
        at = end
    if at:
        for reading in (spaced, closed):
            reading.copy(source, at, len(source))
        yield spaced, _SPACED_KINDS
        yield closed, _CLOSED_KINDS


def _together(parent: Reading) -> Reading:
    """`J . O . H . N` and `5 5 5 0 1 4 7` with what is before them, without the signs between."""
    text, source, reading = parent.text, parent.said, Reading(parent)
    for match in _APART.finditer(text):
        start, end = match.span()
        letters = match.group().translate(None, b" .*_-|,/\xbf")
        if letters in _HEADINGS or len(set(letters)) < 3:
            continue
        lead = _lead(text, start)
        at = start + (text[start : start + 1] == b"_")
        reading.copy(source, lead, at + 1)
        # A name that was spelled in capitals is found again as it is written.
        small = letters.isupper() and letters.isalpha()
        signs = text[at + 1 : end][: _between(text, at + 1, end, _SIGNS)]
        while at + 1 < end:
            after = at + 1 + _between(text, at + 1, end, signs)
            if after >= end:
                break
            said = source[after]
            reading.decode(said.lower() if small else said, after, after + 1)
            at = after
        reading.make("\n")
    return reading


def _lead(text: bytes, start: int) -> int:
    """Where the words before it begin, of the same line."""
    lead = max(text.rfind(b"\n", 0, start) + 1, start - 48)
    if lead and text[lead - 1] not in b" \n":
        lead = text.find(b" ", lead, start) + 1 or start
    return lead


def _between(text: bytes, at: int, end: int, signs: bytes) -> int:
    """How many signs stand before the next letter."""
    part = text[at : min(end, at + 3)]
    return len(part) - len(part.lstrip(signs))


def _unspaced(parent: Reading) -> Reading:
    """Lines whose letters stand apart, as programs copy them from PDF; wider gaps are spaces."""
    text, source, reading = parent.text, parent.said, Reading(parent)
    for match in _SPREAD.finditer(text):
        start, end = match.span()
        if match.group().translate(None, b" *").isupper() and b":" not in match.group():
            continue  # a heading
        place = start
        while place < end:
            gap = place
            while text[gap : gap + 1] == b" " and gap < end:
                gap += 1
            if gap == place:
                reading.copy(source, place, place + 1)
                place += 1
                continue
            if gap - place > 1:
                reading.decode(" ", place, gap)
            place = gap
        reading.make("\n")
    return reading


def _regrouped(parent: Reading) -> Reading:
    """Groups of digits with unusual signs between them, with hyphens."""
    text, source, reading = parent.text, parent.said, Reading(parent)
    for match in _GROUPS.finditer(text):
        start, end = match.span()
        reading.copy(source, _lead(text, start), start)
        place = start
        while place < end:
            stop = place
            while text[stop : stop + 1] in _BETWEEN_GROUPS and stop < end:
                stop += 1
            if stop == place:
                reading.copy(source, place, place + 1)
                place += 1
            else:
                reading.decode("-", place, stop)
                place = stop
        reading.make("\n")
    return reading


def _closed_up(parent: Reading) -> Reading:
    """A mail address with spaces around its signs, without them."""
    text, source, reading = parent.text, parent.said, Reading(parent)
    if b"@" not in text:
        return reading
    for match in _WIDE.finditer(text):
        start, end = match.span(1)
        for place in range(start, end):
            if text[place] != 0x20:
                reading.copy(source, place, place + 1)
        reading.make("\n")
    return reading


def _spaced(parent: Reading) -> Reading:
    """Words that underscores join, as in names of files, with spaces."""
    text, source, reading = parent.text, parent.said, Reading(parent)
    if b"_" not in text:
        return reading
    for match in _JOINED.finditer(text):
        start, end = match.span()
        lead = _lead(text, start)
        reading.copy(source, lead, start)
        at = start
        while (sign := text.find(b"_", at, end)) >= 0:
            reading.copy(source, at, sign)
            after = sign
            while text[after : after + 1] == b"_":
                after += 1
            reading.decode(" ", sign, after)
            at = after
        reading.copy(source, at, end)
        reading.make("\n")
    return reading


def _repaired(parent: Reading) -> Reading:
    """Numbers with letters for digits, after the words before them, with digits."""
    text, source, reading = parent.text, parent.said, Reading(parent)
    for match in _SCANNED.finditer(text):
        start, end = match.span()
        found = match.group()
        digits = sum(48 <= each <= 57 for each in found)
        letters = sum(chr(each).isalpha() for each in found)
        if not letters or digits < 4 or digits < letters:
            continue
        before, after = text[start - 1 : start], text[end : end + 1]
        if before.isalnum() or after.isalnum() or b"_" in (before, after):
            continue
        lead = _lead(text, start)
        reading.copy(source, lead, start)
        for place in range(start, end):
            said = source[place]
            if said.isalpha():
                reading.decode(said.translate(_DIGITS), place, place + 1)
            else:
                reading.copy(source, place, place + 1)
        reading.make("\n")
    return reading
