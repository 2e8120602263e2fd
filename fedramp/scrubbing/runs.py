"""One file on its way through the engine: what it may take, what becomes of its names, and what
is to be told about it afterwards."""

import csv
import io
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cases.models.attachments import SCRUBBED_NOTE

from ..readers import output
from ..readers.encodings import HEAD, Decoder
from ..scrubber.engine import Scrubber
from ..scrubber.file_names import scrub_folder, scrub_name, split_extension
from ..scrubber.streams import scrubbed
from .archives import Readable
from .refusals import UNPACKED_MOST, too_large, what_it_is
from .texts import TooSlow, in_words

#: So many texts are made of one file: the sheets of workbooks count, too.
TEXTS_MOST = 1000
_PART = 64 * 1024
_NAMED_MOST = 5
#: Between the cells of a table, while the engine reads it.
_WALL = "\u2502"
#: Deeper folders of a member are left out of its new name.
_FOLDERS_MOST = 10
ONLY_TEXT = "Only the text was kept, not the file itself."
ONLY_TEXT_WITHIN = "Of Office files, PDF and mail in it only the text was kept."
LEFT_OUT = {
    output.PICTURES: ("picture", "pictures"),
    output.MACROS: ("part with macros", "parts with macros"),
    output.EMBEDDED: ("embedded object", "embedded objects"),
    output.CHARTS: ("chart", "charts"),
    output.DIAGRAMS: ("diagram", "diagrams"),
    output.COMMENTS: ("list of comments", "lists of comments"),
    output.LINKS: ("link to another workbook", "links to other workbooks"),
    output.FORMULAS: ("formula without a stored result", "formulas without a stored result"),
    output.HIDDEN_SHEETS: ("hidden sheet", "hidden sheets"),
    output.HIDDEN_SLIDES: ("hidden slide", "hidden slides"),
    output.HIDDEN_TEXT: ("hidden passage", "hidden passages"),
    output.DELETED_TEXT: ("deleted passage", "deleted passages"),
    output.ATTACHED: ("attached file", "attached files"),
    output.SCRIPTS: ("script", "scripts"),
    output.BLANK_PAGES: ("page without text", "pages without text"),
    output.ATTACHED_MESSAGES: ("attached message", "attached messages"),
    output.RICH_TEXTS: ("message in Rich Text Format", "messages in Rich Text Format"),
    output.CONTROLS: ("control character", "control characters"),
    output.PIVOTS: ("cache of a pivot table", "caches of pivot tables"),
}


class Run:
    """Counts how much more may be unpacked, and remembers what is told."""

    def __init__(self, engine: Scrubber, after_each: Callable[[], None], seconds: float) -> None:
        self.engine, self._after_each = engine, after_each
        self._until = time.monotonic() + seconds
        self._left = UNPACKED_MOST
        self._taken: set[str] = set()
        self._read_as: list[str] = []
        self._left_out: Counter[str] = Counter()
        self._not_read: list[str] = []
        self._only_text = ""

    # --- What it may take -------------------------------------------------------------------

    def passed(self, size: int) -> None:
        """This much was unpacked. Raises FileRefused above the limit."""
        self._left -= size
        if self._left < 0:
            raise too_large()

    def seconds_left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    def pulse(self) -> None:
        """It goes on. Raises TooSlow if it takes too long."""
        self._after_each()
        if time.monotonic() > self._until:
            raise TooSlow

    # --- Texts and names --------------------------------------------------------------------

    def scrub(self, parts: Iterable[str], write: Callable[[bytes], Any]) -> None:
        """Write the scrubbed text, as UTF-8."""
        for text in scrubbed(parts, self.engine):
            write(text.encode("utf-8", "replace"))
            self.pulse()

    def scrub_table(self, parts: Iterable[str], write: Callable[[bytes], Any]) -> None:
        """Write a table that comes with tabs between cells as CSV, scrubbed.

        The engine reads it with tabs, since a comma may be part of a cell, and with a sign that is
        part of no value, so that none reaches from one cell into the next.
        """
        held = ""
        walled = (part.replace(_WALL, "|").replace("\t", f"\t{_WALL}\t") for part in parts)
        for text in scrubbed(walled, self.engine):
            *lines, held = (held + text).split("\n")
            write(_as_csv(lines))
            self.pulse()
        if held:
            write(_as_csv([held]))

    def decoded(self, source: Readable, head: bytes = b"") -> Iterator[str]:
        """The text of a file, in whatever encoding; `head` was read of it already."""
        decoder = Decoder()
        yield from decoder.decoded(self._parts(source, head))
        for each in decoder.read_as:
            self.read_as(each)
        if decoder.left_out:
            self.left_out(output.CONTROLS, decoder.left_out)

    def _parts(self, source: Readable, head: bytes) -> Iterator[bytes]:
        part = head or source.read(HEAD)
        while part:
            self.passed(len(part))
            yield part
            part = source.read(_PART)

    def name(self, path: Iterable[str], extension: str = "") -> str:
        """A member's new name: folders and name scrubbed, and no other member has it."""
        *folders, last = path_of("/".join(path))
        name = with_extension(scrub_name(last, self.engine), extension)
        parts = [*(scrub_folder(each, self.engine) for each in folders), name]
        found, stem_number = "/".join(parts), 1
        while found.lower() in self._taken:
            stem_number += 1
            stem, end = split_extension(name)
            found = "/".join((*parts[:-1], f"{stem}-{stem_number}{end}"))
        if len(self._taken) >= TEXTS_MOST:
            raise too_large()
        self._taken.add(found.lower())
        return found

    # --- What is told -----------------------------------------------------------------------

    def read_as(self, encoding: str) -> None:
        if encoding not in self._read_as:
            self._read_as.append(encoding)

    def only_text(self, *, within: bool) -> None:
        self._only_text = ONLY_TEXT_WITHIN if within else ONLY_TEXT

    def left_out(self, what: str, number: int) -> None:
        self._left_out[what] += number

    def not_read(self, kind: str, path: Iterable[str]) -> None:
        self._not_read.append(f"“{said(path, self.engine)}” ({what_it_is(kind)})")

    def encodings(self) -> str:
        """The sentence about the encodings of the file; empty for UTF-8."""
        if not self._read_as:
            return ""
        return f"Its text was {' and '.join(self._read_as)}, and is kept as UTF-8."

    def note(self) -> str:
        """What was scrubbed and left out, for readers of the case; empty for nothing."""
        words = in_words(self.engine.counts)
        out = [f"{number} {LEFT_OUT[what][number != 1]}" for what, number in self._left_out.items()]
        out += self._not_read[:_NAMED_MOST]
        if (more := len(self._not_read) - _NAMED_MOST) > 0:
            out.append(f"{more} further files")
        told = (
            f"{SCRUBBED_NOTE}{words}." if words else "",
            self._only_text,
            f"Left out: {', '.join(out)}." if out else "",
            self.encodings(),
        )
        return " ".join(filter(None, told))


def said(path: Iterable[str], engine: Scrubber) -> str:
    """A member's name as it may be told to the readers of the case."""
    *folders, last = path_of("/".join(path))
    name = "/".join((*(scrub_folder(each, engine) for each in folders), scrub_name(last, engine)))
    return name if len(name) <= 120 else f"…{name[-119:]}"


def path_of(name: str) -> tuple[str, ...]:
    """Folders and name of a member. Never leads out of where it is unpacked."""
    parts = [part.strip().rstrip(". ") for part in re.split(r"[/\\]", name)]
    found = [part.replace(":", "_") for part in parts if part]
    return tuple(found[:-1][-_FOLDERS_MOST:] + found[-1:]) or ("file",)


def with_extension(name: str, extension: str) -> str:
    """The name, ending in this extension; what was packed by gzip is not any longer."""
    end = f".{extension}"
    if not extension or name.lower().endswith(end):
        return name
    return name.removesuffix(".gz") + end


def _as_csv(lines: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    for line in lines:
        writer.writerow([cell.strip("\t") for cell in line.split(_WALL)] if line else [])
    return out.getvalue().encode("utf-8", "replace")
