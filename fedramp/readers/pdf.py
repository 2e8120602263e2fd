"""PDF: the text of each page, with the fields of a form and the notes upon it.

Left out: pictures, attached files, scripts, and properties. Pages without text are named: they are
most probably scanned.
"""

import contextlib
import unicodedata
from typing import IO, Any

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, PyPdfError

from .output import (
    ATTACHED,
    BLANK_PAGES,
    DAMAGED,
    LOCKED,
    NO_TEXT,
    PICTURES,
    SCRIPTS,
    TOO_MUCH,
    Output,
    Refused,
    block,
    one_line,
)

PAGES_MOST = 2_000
_NOTES = ("/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly")


def read(source: IO[bytes], output: Output) -> None:
    """One text with a heading for each page. Raises Refused for one without any text."""
    try:
        reader = PdfReader(source)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(LOCKED)
        pages = reader.get_num_pages()
        if pages > PAGES_MOST:
            raise Refused(TOO_MUCH)
        _read(reader, pages, output)
    except FileNotDecryptedError:
        raise Refused(LOCKED) from None
    except PyPdfError:
        raise Refused(DAMAGED) from None


def _read(reader: PdfReader, pages: int, output: Output) -> None:
    output.begin(extension="txt")
    blank = 0
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text().strip()
        if not _is_legible(text):
            text = ""
        notes = list(_notes(page))
        blank += not text
        output.text(block(f"Page {number}", [text]))
        output.text(block(f"Notes on page {number}", notes))
        _leave_out_pictures(page, output)
    fields = [
        f"{one_line(name)}: {one_line(str(value))}"
        for name, value in (reader.get_form_text_fields() or {}).items()
        if value
    ]
    output.text(block("Form", fields))
    if blank == pages and not fields:
        raise Refused(NO_TEXT)
    output.left_out(BLANK_PAGES, blank)
    _leave_out(reader, output)


def _is_legible(text: str) -> bool:
    """Not the numbers of glyphs, as where a font does not say which letters they are."""
    odd = sum(
        unicodedata.category(char) in ("Cc", "Co", "Cn") for char in text if char not in "\n\t"
    )
    return odd * 5 <= len(text)


def _notes(page: Any) -> "list[str]":
    found = []
    for each in page.get("/Annots") or ():
        note = each.get_object()
        if note.get("/Subtype") in _NOTES and (said := str(note.get("/Contents") or "").strip()):
            found.append(said)
    return found


def _leave_out_pictures(page: Any, output: Output) -> None:
    with contextlib.suppress(PyPdfError, AttributeError, KeyError, TypeError):
        objects = page["/Resources"].get_object().get("/XObject")
        for each in (objects.get_object() if objects else {}).values():
            if each.get_object().get("/Subtype") == "/Image":
                output.left_out(PICTURES)


def _leave_out(reader: PdfReader, output: Output) -> None:
    with contextlib.suppress(PyPdfError, AttributeError, KeyError, TypeError):
        root: Any = reader.trailer["/Root"].get_object()
        named: Any = root.get("/Names")
        names = named.get_object() if named else {}
        if "/EmbeddedFiles" in names:
            output.left_out(ATTACHED, len(reader.attachments))
        action = root.get("/OpenAction")
        is_script = isinstance(action, dict) and action.get("/S") == "/JavaScript"
        if "/JavaScript" in names or is_script:
            output.left_out(SCRIPTS)
