"""Texts of any length, part by part, in constant memory.

The incoming parts are put into blocks whose bounds depend on the text alone, so that the result
does not depend on how the text arrived.
"""

from collections.abc import Iterable, Iterator, Mapping

from .engine import Scrubbed, Scrubber
from .identities import Identities
from .placeholders import Numbering, Numbers
from .prose import Labelled

#: A block ends after this many characters at the earliest, and after `_MOST` at the latest.
_LEAST = 128 * 1024
_MOST = 160 * 1024


class Stream:
    """One text through one `Scrubber`, part by part."""

    def __init__(self, scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._held: list[str] = []
        self._length = 0
        self._cut = False

    def feed(self, part: str) -> Iterator[str]:
        """The scrubbed text of every block that this part completes."""
        self._held.append(part)
        self._length += len(part)
        if self._length < _MOST:
            return
        text, at = "".join(self._held), 0
        while len(text) - at >= _MOST:
            end = _end_of_block(text, at)
            self._cut = True
            yield self._scrubber.scrub(text[at:end], once=True)
            at = end
        self._held, self._length = [text[at:]], len(text) - at

    def finish(self) -> str:
        """The scrubbed rest."""
        text, self._held, self._length = "".join(self._held), [], 0
        return self._scrubber.scrub(text, once=self._cut)


def _end_of_block(text: str, at: int) -> int:
    """After a blank line, a line or a word; within a word only if it is longer than any value."""
    for sign in ("\n\n", "\n", " ", ",", ";"):
        found = text.rfind(sign, at + _LEAST, at + _MOST)
        if found >= 0:
            return found + len(sign)
    return at + _MOST


def scrubbed(parts: Iterable[str], scrubber: Scrubber) -> Iterator[str]:
    """The parts without personal data; joined, they equal the scrubbed whole."""
    stream = Stream(scrubber)
    for part in parts:
        yield from stream.feed(part)
    yield stream.finish()


def scrub(
    text: str,
    *,
    known: Iterable[Mapping[str, str]] = (),
    labelled: Labelled | None = None,
    numbering: Numbering | None = None,
) -> Scrubbed:
    """The text without personal data, and how many values of each kind were scrubbed (FED-7).

    `known` are the people of the case. Without `labelled`, no model reads the prose.
    """
    scrubber = Scrubber(Identities(known), numbering or Numbers(), labelled)
    stored = "".join(scrubbed([text], scrubber))
    return Scrubbed(stored, dict(scrubber.counts))
