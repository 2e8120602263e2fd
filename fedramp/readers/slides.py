"""Presentations: slide by slide the texts, tables and notes that people see.

Left out: hidden slides, pictures, charts and diagrams, comments, media, embedded objects, macros.
"""

import zipfile
from collections.abc import Iterator
from typing import IO, Any

from pptx.package import Package

from .output import (
    CHARTS,
    COMMENTS,
    DIAGRAMS,
    EMBEDDED,
    HIDDEN_SLIDES,
    MACROS,
    PICTURES,
    TOO_MUCH,
    Output,
    Refused,
    block,
    one_line,
)
from .zipped import leave_out

SLIDES_MOST = 2_000
_PARTS = {
    r"ppt/vbaProject\.bin$": MACROS,
    r"ppt/media/": PICTURES,
    r"ppt/charts/chart": CHARTS,
    r"ppt/diagrams/data": DIAGRAMS,
    r"ppt/comments/": COMMENTS,
    r"ppt/(?:embeddings|activeX)/.+\.(?!xml)": EMBEDDED,
}


def read(source: IO[bytes], output: Output) -> None:
    """One text with a heading for each visible slide."""
    with zipfile.ZipFile(source) as package:
        leave_out(package, _PARTS, output)
    source.seek(0)
    # Not `pptx.Presentation`, which takes no slide show.
    slides = Package.open(source).presentation_part.presentation.slides
    if len(slides) > SLIDES_MOST:
        raise Refused(TOO_MUCH)
    output.begin(extension="txt")
    for number, slide in enumerate(slides, 1):
        if slide._element.get("show") in ("0", "false"):
            output.left_out(HIDDEN_SLIDES)
            continue
        output.text(block(f"Slide {number}", _lines(slide.shapes)))
        if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
            output.text(block(f"Notes of slide {number}", [frame.text]))


def _lines(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _lines(shape.shapes)
        elif getattr(shape, "has_table", False):
            for row in shape.table.rows:
                yield "\t".join(one_line(cell.text) for cell in row.cells)
        elif shape.has_text_frame:
            yield shape.text_frame.text.replace("\v", "\n")
