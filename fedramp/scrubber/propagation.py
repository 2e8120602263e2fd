"""A name found once is removed everywhere: its parts too, and people named by a mail address."""

from collections.abc import Iterable, Iterator

import ahocorasick

from .projection import compiled
from .spans import Span
from .words import NOT_NAMES, ORDINARY, PARTICLES

#: Names remembered across the parts of a stream.
MOST = 4_000
#: With a letter before it, a shorter name may be a word: Lane and plane.
_SPELT_LEAST = 6
#: Longer lines are not searched for the people that their addresses name.
_LINE = 4_000
_TOKENS = compiled(rb"[A-Za-z\xc0-\xff']{1,40}")
_PAIR = compiled(
    rb"[A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24}(?:[A-Z\xc0-\xde][a-z\xdf-\xff]{1,24})?"
    rb"(?: (?:van|von|der|den|de|da|del|dela|la|le|al|el"
    rb"|bin)){0,3} [A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24}"
    rb"(?:[A-Z\xc0-\xde][a-z\xdf-\xff]{1,24})?"
)
_MARKED = bytes(range(0xC0, 0x100))
_PLAIN_LETTERS = bytes.maketrans(
    _MARKED, b"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
)
_ROLES = NOT_NAMES | frozenset(
    b"info noreply reply donotreply genesys mail postmaster webmaster marketing accounts jobs "
    b"careers press feedback enquiries inquiries newsletter office team orders".split()
)


def parts_of(spans: Iterable[Span], text: bytes) -> Iterator[bytes]:
    """The words to search for: whole names, and their parts that are not ordinary words."""
    for span in spans:
        if span.kind != "PERSON":
            continue
        found = text[span.start : span.end]
        if b"\x00" in found or b"\n" in found or len(found) > 80:
            continue
        words = found.replace(b",", b" ").split()
        if len(words) > 1:
            yield found
        for word in words:
            word = word.strip(b"'.-")
            plain = word.lower()
            if len(word) < 3 or plain in ORDINARY or plain in NOT_NAMES or plain in PARTICLES:
                continue
            if word[:1].isupper() or word[0] >= 0xC0:
                yield word.title() if word.isupper() and len(word) > 3 else word


def named_by_mail(spans: Iterable[Span], text: bytes, *, near: bool = False) -> Iterator[Span]:
    """Names near mail addresses that spell them: Ernest Aksenov and eaksenov@...

    With `near`, as in a log, only names in the same line as the address.
    """
    if not near:
        yield from _named_by_mail(spans, text)
        return
    lines: dict[int, list[Span]] = {}
    for span in spans:
        if span.kind == "EMAIL":
            lines.setdefault(text.rfind(b"\n", 0, span.start) + 1, []).append(span)
    for start, found in lines.items():
        stop = text.find(b"\n", start)
        line = text[start : stop if stop >= 0 else len(text)]
        if len(line) > _LINE:
            continue
        moved = [Span(span.start - start, span.end - start, span.kind) for span in found]
        for span in _named_by_mail(moved, line):
            yield Span(span.start + start, span.end + start, span.kind)


def _named_by_mail(spans: Iterable[Span], text: bytes) -> Iterator[Span]:
    locals_: set[bytes] = set()
    tokens: set[bytes] = set()
    for span in spans:
        if span.kind != "EMAIL":
            continue
        local = _unmarked(text[span.start : span.end].split(b"@")[0].split(b"+")[0])
        words = [match.group() for match in _TOKENS.finditer(local)]
        if len(words) > 1:
            tokens.update(w for w in words if len(w) > 2 and w not in _ROLES and w not in ORDINARY)
        locals_.add(b"".join(words))
    if not locals_:
        return
    at = 0
    while match := _PAIR.search(text, at):
        # The next pair may begin with this one's second word: "Ring Thandiwe", "Thandiwe Mokoena".
        at = match.start() + len(match.group().split()[0])
        words = [
            word.replace(b"'", b"").replace(b"-", b"") for word in _unmarked(match.group()).split()
        ]
        first, rest = words[0], b"".join(words[1:])
        if {first + rest, rest + first, first[:1] + rest, rest + first[:1]} & locals_:
            yield Span(*match.span(), "PERSON")
    if tokens:
        for match in _TOKENS.finditer(text):
            word = match.group()
            capital = word[:1].isupper() or 0xC0 <= word[0] <= 0xDE
            if capital and _unmarked(word) in tokens:
                yield Span(*match.span(), "PERSON")


def _unmarked(word: bytes) -> bytes:
    """In lower case without accents, as mail addresses are written."""
    return word.translate(_PLAIN_LETTERS).lower()


_LOGIN = compiled(rb"\b[a-z][a-z._\-]{5,30}[0-9]{0,4}\b")


def logins(names: set[bytes], text: bytes) -> Iterator[Span]:
    """User names that spell one of the names: Kowalczyk, and tkowalczyk or tomasz.kowalczyk."""
    known = {part for name in names if b" " not in name for part in name.split(b"-")}
    surnames = {_unmarked(part) for part in known if len(part) >= _SPELT_LEAST}
    if not surnames:
        return
    for match in _LOGIN.finditer(text):
        parts = match.group().rstrip(b"0123456789").replace(b"_", b".").split(b".")
        letters = b"".join(parts)
        spelt = {letters[1:], letters[:-1], *(parts if len(parts) > 1 else ())}
        if spelt & surnames:
            yield Span(*match.span(), "USERNAME")


def propagated(names: set[bytes], text: bytes) -> Iterator[Span]:
    """Every place where one of the names appears as separate words."""
    if not names:
        return
    automaton = ahocorasick.Automaton()
    for name in names:
        for form in {name, name.upper() if b" " in name else name}:
            automaton.add_word(form.decode("latin-1"), len(form))
    automaton.make_automaton()
    decoded = text.decode("latin-1")
    for last, length in automaton.iter(decoded):
        start, end = last + 1 - length, last + 1
        if not (start and (decoded[start - 1].isalnum() or decoded[start - 1] in "_@.")) and not (
            end < len(decoded) and (decoded[end].isalnum() or decoded[end] in "_@")
        ):
            yield Span(start, end, "PERSON")
