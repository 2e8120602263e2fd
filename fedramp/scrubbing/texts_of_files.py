"""The texts of Office files, PDF and mail, as the reading process takes them out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..readers.encodings import NotText, visible
from ..readers.output import Refused
from ..readers.process import TooLong, told
from .archives import Readable
from .refusals import of_reader
from .runs import Run

#: How long one file may be read, in seconds of wall time.
READS_FOR = 150


class Text(NamedTuple):
    """One text of a file; its path within the file is empty if it is the only one."""

    path: tuple[str, ...]
    extension: str
    parts: Iterator[str]


def texts_of(source: Readable, run: Run) -> Iterator[Text]:
    """Each text in turn: read it to its end before the next. What else the process tells, the run
    remembers. Raises FileRefused if the file cannot be read.
    """
    yield from _Texts(source, run).each()


class _Texts:
    def __init__(self, source: Readable, run: Run) -> None:
        seconds = min(READS_FOR, run.seconds_left())
        self._things = told(source, seconds=seconds, waiting=run.pulse)
        self._run = run
        self._next: dict[str, Any] | None = None

    def each(self) -> Iterator[Text]:
        try:
            for _ in self._parts():  # what is told before the first text
                pass
            while (begun := self._next) is not None:
                self._next = None
                parts = self._parts()
                yield Text(tuple(begun["begin"]), str(begun["extension"]), parts)
                for _ in parts:
                    pass
        finally:
            self._things.close()

    def _parts(self) -> Iterator[str]:
        """The text up to where the next one begins."""
        try:
            yield from self._until_the_next()
        except (Refused, TooLong, NotText) as error:
            raise of_reader(error) from None

    def _until_the_next(self) -> Iterator[str]:
        for thing in self._things:
            if "text" in thing:
                self._run.passed(len(thing["text"]))
                yield visible(thing["text"])
            elif "begin" in thing:
                self._next = thing
                return
            elif "left_out" in thing:
                self._run.left_out(thing["left_out"], thing["number"])
            elif "not_read" in thing:
                self._run.not_read(thing["not_read"], thing["path"])
            elif "read_as" in thing:
                self._run.read_as(thing["read_as"])
