"""Names that their place in a sentence shows: a given name alone, a nickname, spelled letters.

Belongs here: what needs no cue word, but a word of the lists or a form that only names have. Whole
names are in `pairs`.
"""

from collections.abc import Iterator

from .common_words import FUNCTION_WORDS
from .name_words import RANKS, THINGS
from .people import Kind, is_capital, is_loud, kind_of
from .projection import compiled
from .spans import Span

_CAPITAL = rb"[A-Z\xc0-\xde][A-Za-z\xc0-\xff'\-]{1,24}"
#: A capital word, and the word before it: "to Farid", "- Despina", "(Grzegorz".
_PLACED = compiled(
    rb"(?:([a-z\xdf-\xff']{1,20}),? |^[ \t>]{0,4}(?:[\-*\xb7\xbf+]|\d{1,4}[.):]?|\[[ x]?\]) {1,2}"
    rb"|[(/] ?|[;&] )(" + _CAPITAL + rb")"
)
_AFTER = compiled(rb"[A-Za-z0-9_@\\]|[.:/=\-][A-Za-z0-9_]|::|\(\)|[\"'>]")
_NEXT = compiled(rb" ([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'\-]{1,24})")
#: Terrence "Tee" Broussard; Ashley (Ash) Tran
_NICKED = compiled(
    rb"\b([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'\-]{1,20}(?: [A-Z\xc0-\xde][a-z\xdf-\xff'\-]{1,20})?) "
    rb"[\"'(][A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'. \-]{1,16}[\"')] "
    rb"([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'\-]{1,24}(?:,? (?:[Jj]r|[Ss]r)\b\.?| I{2,3}\b)?)"
)
#: "by N. Abdullahi", "(R. Dijkgraaf", "Quarles, J."
_INITIALS = compiled(
    rb"(?:^[ \t>*\-]{0,6}|[(\"'/:,;] ?|\b(?:by|from|with|to|for|per"
    rb"|or|and|attn|late|driver|pilot|copilot|agent|"
    rb"user|customer|as|ist|de|von|van|para|pour|per) )((?:[A-Z]\.["
    rb" \-]?){1,3}(?:(?:de|van|von|der|den|da|di|la|le|al|ni|ten|del)"
    rb" ){0,2}(" + _CAPITAL + rb"))"
)
_LAST_INITIAL = compiled(
    rb"(?:^[ \t>*\-]{0,6}|[(\"';|] ?)(("
    + _CAPITAL
    + rb"), (?:[A-Z]\.){1,2})(?:[ \t]{0,2}[^A-Za-z]|$)"
)
#: S-A-O-I-R-S-E; l u r l e e n
_SPELT = compiled(
    rb"(?:spell(?:s|ed|ing|t)?|name|surname|that'?s|apellido|nom|nombre"
    rb"|it is|mr|m)[^A-Za-z0-9\n]{1,6}(?:is |was |it |as |out )?[\"'(]?"
    rb"((?:[A-Za-z\xc0-\xff](?:[ \-\xb7_]|\. ?|, ?)){3,24}[A-Za-z\xc0-\xff])\b",
    fold=True,
)
_HYPHENED = compiled(
    rb"(?:^|[\s(\"':])((?:[A-Z\xc0-\xdea-z\xdf-\xff]-){3,20}[A-Za-z\xc0-\xff])(?:$"
    rb"|[\s).,\"';:])"
)
_SMALL_TITLE = compiled(
    rb"\b(?:mister|missus|mr|mrs|ms|miss|dr|doctor|fam|familie|dona"
    rb"|sor|tio|tia|se\xf1or|se\xf1ora)\.? ([a-z\xdf-\xff'\-]{3,24})(?:[^A-Za-z0-9_]"
    rb"|$)"
)


def lone(text: bytes) -> Iterator[Span]:
    """Names that stand where people do, and in forms that only names have."""
    for match in _PLACED.finditer(text):
        if _is_placed(text, match.group(1) if match.start(1) >= 0 else b"", *match.span(2)):
            yield Span(*match.span(2), "PERSON")
    if b'"' in text or b"(" in text or b"'" in text:
        for match in _NICKED.finditer(text):
            yield from _nicked(match.group(1), match.group(2), *match.span())
    for match in _INITIALS.finditer(text):
        if kind_of(match.group(2)) > Kind.EVERYDAY and not is_loud(match.group(2)):
            yield Span(*match.span(1), "PERSON")
    for match in _LAST_INITIAL.finditer(text):
        if kind_of(match.group(2)) > Kind.EVERYDAY:
            yield Span(*match.span(1), "PERSON")
    for pattern in (_SPELT, _HYPHENED):
        for match in pattern.finditer(text):
            letters = b"".join(each for each in match.group(1).split(match.group(1)[1:2]))
            if kind_of(letters.replace(b" ", b"")) != Kind.EVERYDAY:
                yield Span(*match.span(1), "PERSON")
    for match in _SMALL_TITLE.finditer(text):
        kind = kind_of(match.group(1))
        if kind >= Kind.SURNAME or kind == Kind.UNKNOWN:
            yield Span(*match.span(1), "PERSON")


def _is_placed(text: bytes, before: bytes, start: int, end: int) -> bool:
    """Whether a given name of the lists stands here as one who does, gets or has something."""
    word = text[start:end]
    if word.endswith(b"'s"):
        word, end = word[:-2], end - 2
    if len(word) < 4 or is_loud(word) or kind_of(word) != Kind.GIVEN or _AFTER.match(text, end):
        return False
    if before and before not in FUNCTION_WORDS | _LINKS and kind_of(before) != Kind.EVERYDAY:
        return False
    following = _NEXT.match(text, end)
    if following is None:
        return True
    word = following.group(1)
    # "Monica Street", "the Sofia Plan": with a further capital it is the name of something else.
    return word.lower() not in THINGS and (not is_capital(word) or kind_of(word) > Kind.WORDY)


_LINKS = frozenset(
    b"a al da de di do du e en el la le les il lo na no naar och"
    b" og om op que s\xed te to tu un und van vi voor y za ze za".split()
)


def _nicked(first: bytes, last: bytes, start: int, end: int) -> Iterator[Span]:
    if b" " in first and not is_capital(first):
        start += first.index(b" ") + 1  # "the suspect Terrence"
        first = first.split(b" ")[1]
    names = kind_of(first.split(b" ")[-1]), kind_of(last.split(b" ")[0].rstrip(b","))
    if first.lower() in RANKS or is_capital(first) != is_capital(last):
        return
    if min(names) > Kind.EVERYDAY and max(names) >= Kind.SURNAME:
        yield Span(start, end, "PERSON")
