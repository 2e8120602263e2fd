"""Word files: the paragraphs and tables that people see, in their order.

Taken: the body, text boxes, headers and footers, footnotes and endnotes, comments without their
authors. Left out: what the file keeps but people do not see (deleted and hidden text, field codes,
properties), pictures, embedded objects and macros.
"""

import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.package import Package

from .output import (
    CHARTS,
    DELETED_TEXT,
    DIAGRAMS,
    EMBEDDED,
    HIDDEN_TEXT,
    MACROS,
    PICTURES,
    Output,
    block,
    one_line,
)
from .zipped import leave_out

_PARTS = {
    r"word/vbaProject\.bin$": MACROS,
    r"word/media/": PICTURES,
    r"word/charts/chart": CHARTS,
    r"word/diagrams/data": DIAGRAMS,
    r"word/(?:embeddings|activeX)/.+\.(?!xml)": EMBEDDED,
}
#: The parts with text, by the end of their relation's name.
_TITLES = {
    "header": "Header",
    "footer": "Footer",
    "footnotes": "Footnotes",
    "endnotes": "Endnotes",
    "comments": "Comments",
}
P, TBL, TR, TC, BOX = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc", "w:txbxContent"))
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_WORDS = {qn("w:t"), qn("m:t")}
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:ptab"): "\t",
}
_DELETED = {qn("w:del"), qn("w:moveFrom")}
_SKIPPED = {qn("w:instrText"), qn("w:delText"), qn("w:delInstrText"), qn("w:sdtPr")}
_NOTE_MARKS = {qn("w:footnoteReference"), qn("w:endnoteReference")}
_NOTES = {qn("w:footnote"), qn("w:endnote"), qn("w:comment")}


def read(source: IO[bytes], output: Output) -> None:
    """One text, with what stands beside the body at its end."""
    with zipfile.ZipFile(source) as package:
        leave_out(package, _PARTS, output)
    source.seek(0)
    # Not `docx.Document`, which takes no file with macros and no template.
    part = Package.open(source).main_document_part
    walk = _Walk()
    output.begin(extension="txt")
    for line in walk.lines(_element(part)):
        output.text(line + "\n")
    for title, lines in _beside(part, walk):
        output.text(block(title, lines))
    for what, number in walk.left_out.items():
        output.left_out(what, number)


def _beside(part: Any, walk: "_Walk") -> Iterator[tuple[str, list[str]]]:
    seen: set[str] = set()
    for title_of, title in _TITLES.items():
        for relation in part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{title_of}"):
                found = relation.target_part
                if found.partname not in seen:
                    seen.add(found.partname)
                    yield title, list(walk.lines(_element(found)))


def _element(part: Any) -> Any:
    return part.element if hasattr(part, "element") else parse_xml(part.blob)


class _Walk:
    """Through the elements of a part; counts what is left out on the way."""

    def __init__(self) -> None:
        self.left_out: Counter[str] = Counter()
        self._boxes: list[Any] = []

    def lines(self, element: Any) -> Iterator[str]:
        """The lines of everything below the element."""
        for child in element:
            if child.tag == P:
                yield from self._text(child).split("\n")
                boxes, self._boxes = self._boxes, []
                for box in boxes:
                    yield from self.lines(box)
            elif child.tag == TBL:
                yield from self._rows(child)
                yield ""
            elif child.tag in _DELETED:
                self.left_out[DELETED_TEXT] += 1
            elif child.tag in _NOTES:
                number = child.get(qn("w:id"), "")
                text = "\n".join(self.lines(child)).strip()
                yield f"{number}. {text}" if text else ""
            elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
                yield from self.lines(child)

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(TR):
            if next(row.iterancestors(TBL)) is table:
                cells = [each for each in row.iter(TC) if next(each.iterancestors(TR)) is row]
                yield "\t".join(one_line("\n".join(self.lines(each))) for each in cells)

    def _text(self, element: Any) -> str:
        pieces: list[str] = []
        for child in element:
            tag = child.tag
            if tag in _WORDS:
                pieces.append(child.text or "")
            elif tag in _SIGNS:
                pieces.append(_SIGNS[tag])
            elif tag in _NOTE_MARKS:
                pieces.append(f" (note {child.get(qn('w:id'), '')})")
            elif tag == BOX:
                self._boxes.append(child)
            elif tag == _ALTERNATIVES:
                pieces.append(self._text(_chosen(child)))
            elif tag in _DELETED:
                self.left_out[DELETED_TEXT] += 1
            elif tag == qn("w:r") and _is_hidden(child):
                self.left_out[HIDDEN_TEXT] += 1
            elif isinstance(tag, str) and tag not in _SKIPPED:
                pieces.append(self._text(child))
        return "".join(pieces)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off")


def _chosen(alternatives: Any) -> Any:
    """The first one with words: the same text box is there for programs of two ages."""
    return next(
        (each for each in alternatives if next(each.iter(*_WORDS), None) is not None),
        alternatives[:0],
    )
