"""The name that ends a message: "Rasmus" by itself, "- JP", "- Mark, Tier 2", "mci. Aliou".

Belongs here: what only the last line of a text makes certain, without the words of a letter.
"""

from collections.abc import Iterator

from .name_words import RANKS, THINGS
from .people import Kind, Need, is_capital, is_loud, kind_of, name_at
from .projection import compiled
from .spans import Known, Span

#: The last characters of a text, in which its end is looked for.
_MOST = 160
_NAME = rb"([A-Za-z\xc0-\xff][A-Za-z\xc0-\xff'.\- ]{1,40}?)"
_ROLE = rb"(?: ?[,/|(\-] ?|, | from | v\. | at )(?:[A-Za-z0-9\xc0-\xff&.\- ]{2,40})\)?"
#: A dash or a tilde, a name, perhaps what the person is, and the end.
_DASHED = compiled(
    rb"(?:^|[.!?;)\]:\x00\"'\xe9\xbf0-9] ?| )[ \t>*]{0,4}(?:-{1,3}|~|/{2}|\xbb)[ \t]{0,2}"
    + _NAME
    + rb"(?:"
    + _ROLE
    + rb")?[.! ]{0,2}\x03"
)
#: A line by itself at the end, with or without what the person is.
_LINE = compiled(rb"\n[ \t>*_]{0,4}" + _NAME + rb"(" + _ROLE + rb")?[.,! ]{0,2}\x03")
#: "It's fine now. Aliou"
_SENTENCE = compiled(
    rb"[a-z\xdf-\xff0-9\x00)][.!?,]{1,2} {1,2}([A-Z\xc0-\xde][A-Za-z\xc0-\xff'.\- ]{1,40}?)"
    + rb"("
    + _ROLE
    + rb")?\x03"
)
_INITIALS = compiled(
    rb"(?:^|[.!?)] )[ \t>]{0,4}(?:-{1,2}|~|/) ?([A-Z]{2,3}|[A-Z]\.[A-Z]\.)[ \t]{0,3}\x03"
)
_NO_INITIALS = frozenset(
    b"OK NA US UK EU IT HR QA PM AM TX CA NY DC ID PS FYI ETA TBD TBA EOM EOF END SIP IVR API VPN"
    b" CX PC UI NO YES ALL AND NEW OLD LAB DEV PRD UAT QM EST PST CST MST GMT UTC ISP SBC".split()
)


def ended(text: bytes) -> Iterator[Span]:
    """The name at the end of the text."""
    shift = max(0, len(text) - _MOST)
    tail = text[shift:].rstrip(b" \t\r\n") + b"\x03"
    if len(text) < 20:
        return
    for match in _INITIALS.finditer(tail):
        if match.group(1) not in _NO_INITIALS:
            yield Known(match.start(1) + shift, match.end(1) + shift, "PERSON")
    for pattern, least in ((_DASHED, Kind.UNKNOWN), (_LINE, Kind.UNKNOWN), (_SENTENCE, Kind.WORDY)):
        for match in pattern.finditer(tail):
            start, end = match.span(1)
            # "Since when?", and on the next line "May.": an answer, and a word more than a name.
            is_answer = pattern is _LINE and tail[: match.start()].rstrip().endswith(b"?")
            span = _whole(tail, start, end, Kind.SURNAME if is_answer else least)
            if span is not None and (pattern is not _LINE or _is_alone(match.group(), span)):
                yield Span(span.start + shift, span.end + shift, "PERSON")


def _whole(text: bytes, start: int, end: int, least: Kind) -> Span | None:
    """The name, if it is all that stands there and enough speaks for it."""
    span = name_at(text, start, Need.LITTLE)
    if span is None or text[span.end : end].strip(b" .,-"):
        return None
    words = text[span.start : span.end].split(b" ")
    real = [word for word in words if len(word.strip(b".")) > 1]
    kinds = [kind_of(word) for word in real]
    if not kinds or len(words) > 3 or words[0].lower() in RANKS | THINGS:
        return None
    if not is_capital(words[0]):
        return span if kinds[0] == Kind.GIVEN else None
    if is_loud(words[0]) and max(kinds) < Kind.SURNAME:
        return None
    return span if max(kinds) >= least and min(kinds) > Kind.EVERYDAY else None


def _is_alone(line: bytes, span: Span) -> bool:
    """Whether the line is no label or list: one or two words."""
    return b":" not in line and line.count(b" ") < 8
