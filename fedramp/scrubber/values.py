"""Prose within formats, as readings: what people wrote in JSON, XML, HTML, tables, quoted mail."""

from collections.abc import Iterator

from .escapes import decoded
from .projection import compiled
from .readings import Reading

#: A string of JSON with at least two spaces or escaped line ends: words, not a value.
_STRING = compiled(
    rb"\"(?:([A-Za-z_][A-Za-z0-9_.\-]{0,40})\"\s{0,3}:\s{0,3}\")?"
    rb"((?:[^\"\\\n<]|\\.|<){0,200}?(?: |\\n|\\r|\\t)(?:[^\"\\\n]|\\.){0,900}?(?: |\\n|\\r|\\t)"
    rb"(?:[^\"\\\n]|\\.){0,900})\""
)
#: Text between tags, of at least two words.
_NODE = compiled(rb">\s{0,40}([A-Za-z\xc0-\xff(\"'][^<>]{1,200}? [^<>]{2,900})<")
#: Values of these keys are written by machines.
_MACHINE = frozenset(
    b"useragent user_agent ua user-agent stack stacktrace stack_trace sql query regex pattern"
    b" class logger thread accept".split()
)
#: A page of tags, read as the text that a browser would show.
_BLOCK = compiled(
    rb"</?(?:p|div|br|li|ul|ol|tr|td|th|table|tbody|thead|h[1-6]|body|html|head|blockquote|pre"
    rb"|hr|section|article|header|footer|title|dd|dt|dl|center|label|form)(?:[ \t/][^<>]{0,300})?>",
    fold=True,
)
_BLOCKS_LEAST = 2
_MARKED = compiled(rb"^(?:[ \t]{0,3}[>|]){1,8}[ \t]?")


#: Nine of ten letters of any European text, and every letter of other scripts.
_COMMON = b"etaoinsrhlduc\xe9"


def values(parent: Reading) -> Iterator[Reading]:
    """Each value that reads as words, one paragraph each; decoded where it has escapes."""
    text, source = parent.text, parent.said
    reading = Reading(parent)
    if b'"' in text:
        for match in _STRING.finditer(text):
            start, end = match.span(2)
            if match.group(1).lower() in _MACHINE or not _worded(text[start:end]):
                continue
            reading.copy(source, start, end)
            reading.make("\n\n")
    if b"</" in text:
        for match in _NODE.finditer(text):
            if _worded(match.group(1)):
                reading.copy(source, *match.span(1))
                reading.make("\n\n")
    if reading.said:
        yield reading
        yield from _last(decoded(reading, wraps=True))


def shown(parent: Reading) -> Iterator[Reading]:
    """A page of tags as the text that a reader sees, with its lines."""
    text, source = parent.text, parent.said
    if b"<" not in text:
        return
    reading, at, blocks = Reading(parent), 0, 0
    for match in _BLOCK.finditer(text):
        start, end = match.span()
        reading.copy(source, at, start)
        reading.decode("\n", start, end)
        at, blocks = end, blocks + 1
    if blocks >= _BLOCKS_LEAST:
        reading.copy(source, at, len(source))
        yield reading
        yield from _last(decoded(reading, wraps=True))


def unquoted(parent: Reading) -> Iterator[Reading]:
    """A mail's quoted lines without the signs before them."""
    text, source = parent.text, parent.said
    if b"\n>" not in text and text[:1] != b">" and b"\n|" not in text:
        return
    reading, at, signs = Reading(parent), 0, 0
    for match in _MARKED.finditer(text):
        reading.copy(source, at, match.start())
        at, signs = match.end(), signs + 1
    if signs:
        reading.copy(source, at, len(source))
        yield reading


def _last(readings: Iterator[Reading]) -> Iterator[Reading]:
    """Only the most decoded one: the ones before have nothing that it has not."""
    last = None
    for each in readings:
        last = each
    if last is not None:
        yield last


def _worded(value: bytes) -> bool:
    """Whether most of it is letters, in words: neither a list of numbers nor a line of code."""
    letters = len(value) - len(value.translate(None, _COMMON))
    return letters * 3 > len(value) and value.count(b"=") < 3
