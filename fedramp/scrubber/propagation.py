"""A name found once is removed everywhere: its parts too, and people named by a mail address."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import ahocorasick

from .people import Kind, is_listed, kind_of
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
            if kind_of(word) == Kind.EVERYDAY:
                continue
            if b"-" in word:
                yield from (part for part in word.split(b"-") if len(part) > 3 and is_listed(part))
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
    """Every place where one of the names appears, as words or joined: `marta_kling_trace.log`."""
    if not names:
        return
    automaton = _searched(frozenset(names))
    folded = text.translate(_PLAIN_LETTERS).decode("latin-1")
    lowered = folded.lower()
    for last, (length, cased, kind) in automaton.iter(lowered):
        start, end = last + 1 - length, last + 1
        found = text[start:end]
        if cased and found not in (cased, cased.upper()) and not _is_inflected(found, cased):
            continue
        if b", " in found and not cased and not found.split(b", ")[1][:1].isupper():
            continue  # "Rousseau, nadege@"
        if kind == "PERSON" and cased:
            free = _stands_free(folded, start, end, "_@.", "_@")
        else:
            free = _stands_free(folded, start, end, "@", "@")
        if free:
            yield Span(start, end, kind)


def _stands_free(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether no other word touches it: a sign, the end, or a capital after small letters."""
    if start:
        last = text[start - 1]
        humped = text[start].isupper() and last.islower() and "@" in before and before == "@"
        if last in before or (last.isalpha() and not humped) or (last.isdigit() and before != "@"):
            return False
    if end < len(text):
        following = text[end]
        humped = following.isupper() and text[end - 1].islower() and after == "@"
        if following in after or (following.isalpha() and not humped):
            return following == "s" and not text[end + 1 : end + 2].isalnum()  # Marias
        if following.isdigit() and after != "@":
            return False
    return True


def _is_inflected(found: bytes, cased: bytes) -> bool:
    """Whether a name in other letters is the name: in lower case, if it is nothing else."""
    return found == cased.lower() and len(found) > 3 and is_listed(cased)


@lru_cache(maxsize=8)
def _searched(names: frozenset[bytes]) -> Any:
    """What to search for in lower case: its length, the name if case matters, and the kind."""
    automaton = ahocorasick.Automaton()
    for name in names:
        key = _unmarked(name).decode("latin-1")
        automaton.add_word(key, (len(key), name, "PERSON"))
    for name in names:
        for form in _joins(name):
            key = form.decode("latin-1")
            if key not in automaton:
                whole = all(word in form for word in _unmarked(name).split())
                kind = "PERSON" if whole else "USERNAME"
                automaton.add_word(key, (len(key), b"", kind))
    automaton.make_automaton()
    return automaton


def _joins(name: bytes) -> Iterator[bytes]:
    """How people write a whole name in files, user names and lists; in lower case."""
    turned = b"," in name
    words = [word.strip(b"'.") for word in _unmarked(name).replace(b",", b" ").split()]
    words = [word for word in words if len(word) > 1 and word not in PARTICLES]
    if len(words) < 2:
        return
    first, last = (words[-1], words[0]) if turned else (words[0], words[-1])
    if len(last) < 3 or len(first) < 2 or kind_of(last) == Kind.EVERYDAY:
        return
    for sign in (b"", b"_", b".", b"-", b" ", b", ", b"__"):
        yield first + sign + last
        yield last + sign + first
        if len(last) > 3 and sign not in (b" ", b", "):
            yield first[:1] + sign + last
        if len(last) > 3 and sign not in (b" ", b", ", b"-"):
            yield last + sign + first[:1]
