"""What a reader says of a file: texts, one after the other, and what it leaves out."""

from collections.abc import Iterable
from typing import Protocol


class Refused(Exception):
    """Nothing of the file can be read. `code` is one of those below, or the file's kind."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


LOCKED = "locked"
DAMAGED = "damaged"
TOO_MUCH = "too much"
NO_TEXT = "no text"
NESTED = "nested"

#: What is left out of a file that is read, for `Output.left_out`.
PICTURES, MACROS, EMBEDDED, CHARTS = "pictures", "macros", "embedded", "charts"
DIAGRAMS, COMMENTS, LINKS, FORMULAS = "diagrams", "comments", "links", "formulas"
HIDDEN_SHEETS, HIDDEN_SLIDES, HIDDEN_TEXT = "hidden sheets", "hidden slides", "hidden text"
DELETED_TEXT, ATTACHED, SCRIPTS, BLANK_PAGES = "deleted", "attached", "scripts", "blank pages"
PIVOTS, CONTROLS, RICH_TEXTS = "pivots", "controls", "rich texts"
ATTACHED_MESSAGES = "attached messages"


class Output(Protocol):
    """Takes the texts of a file in turn."""

    def begin(self, *path: str, extension: str = "") -> None:
        """Here begins a text. The path is its name within the file; empty if it is the only one.

        Its name is to have this extension. "csv" comes as lines with a tab between cells.
        """

    def text(self, text: str) -> None:
        """More of the text that was begun."""

    def read_as(self, encoding: str) -> None:
        """A text in it was in this encoding."""

    def left_out(self, what: str, number: int = 1) -> None:
        """So many of this kind are not in the texts."""

    def not_read(self, kind: str, *path: str) -> None:
        """This attached file is not in the texts: it is of a kind that is not read."""


def one_line(text: str) -> str:
    """A cell's or a name's text, without tabs and line ends."""
    return " ".join(text.split())


def block(title: str, lines: Iterable[str]) -> str:
    """The lines under a title; empty if there are none."""
    found = [line for line in lines if line.strip()]
    return "\n".join((f"\n== {title} ==", *found, "")) if found else ""
