"""A name found once is removed throughout: its parts, and whom a mail address names."""

from collections.abc import Iterable, Iterator

import ahocorasick

from .projection import compiled
from .spans import Span
from .words import NOT_NAMES, ORDINARY, PARTICLES

#: Names remembered over the parts of a stream.
MOST = 4_000
_TOKENS = compiled(rb"[A-Za-z\xc0-\xff']{1,40}")
_PAIR = compiled(
    rb"[A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24}(?:[A-Z\xc0-\xde][a-z\xdf-\xff]{1,24})?"
    rb"(?: (?:van|von|der|den|de|da|del|dela|la|le|al|el"
    rb"|bin)){0,3} [A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,24}"
    rb"(?:[A-Z\xc0-\xde][a-z\xdf-\xff]{1,24})?"
)
_ROLES = NOT_NAMES | frozenset(
    b"info noreply reply donotreply genesys mail postmaster webmaster marketing accounts jobs "
    b"careers press feedback enquiries inquiries newsletter office team orders".split()
)


def parts_of(spans: Iterable[Span], text: bytes) -> Iterator[bytes]:
    """The words to look for: whole names, and their parts that are no ordinary words."""
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


def named_by_mail(spans: Iterable[Span], text: bytes) -> Iterator[Span]:
    """Names beside mail addresses that spell them: Ernest Aksenov and eaksenov@..."""
    locals_: set[bytes] = set()
    tokens: set[bytes] = set()
    for span in spans:
        if span.kind != "EMAIL":
            continue
        local = text[span.start : span.end].split(b"@")[0].split(b"+")[0].lower()
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
            word.lower().replace(b"'", b"").replace(b"-", b"") for word in match.group().split()
        ]
        first, rest = words[0], b"".join(words[1:])
        if {first + rest, rest + first, first[:1] + rest, rest + first[:1]} & locals_:
            yield Span(*match.span(), "PERSON")
    if tokens:
        for match in _TOKENS.finditer(text):
            word = match.group()
            if word[:1].isupper() and word.lower() in tokens:
                yield Span(*match.span(), "PERSON")


def propagated(names: set[bytes], text: bytes) -> Iterator[Span]:
    """Every place where one of the names stands as words of its own."""
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
