"""Small real files for the tests, made by the libraries of their kind."""

import email.message
import io
import re
import struct
import zipfile
from typing import Any

import docx
import fpdf
import pptx
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from cases import jobs
from cases.actors import Actor
from cases.models import Attachment
from cases.services.feeds import post_entry
from cases.services.files import check_files
from tests.world import NOW

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
SAID = "Call Helena Okonkwo on 816-555-0142."


def sent(desk, name, content, case=None):
    """What a contact attached, as it is stored at once."""
    post_entry(
        case_id=(case or desk.case()).pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="See the file.",
        files=check_files([SimpleUploadedFile(name, content)]),
    )
    return Attachment.objects.latest("pk")


def scrubbed(attachment):
    """What the job has made of it."""
    assert attachment.scan_state == "cleaning"
    assert jobs.run("scrub-files") == 1
    return Attachment.objects.get(pk=attachment.pk)


def unnumbered(text: str) -> str:
    """With placeholders without their numbers, which depend on what else the engine finds."""
    return re.sub(r"\[([A-Z]+)-\d+\]", r"[\1]", text)


def texts_in(attachment) -> dict[str, str]:
    """The texts of a stored ZIP, by name; unnumbered."""
    with zipfile.ZipFile(io.BytesIO(attachment.file.read())) as archive:
        return {
            unnumbered(each): unnumbered(archive.read(each).decode()) for each in archive.namelist()
        }


def text_in(attachment) -> str:
    """The stored text, unnumbered."""
    return unnumbered(attachment.file.read().decode())


def zipped(members: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(content: bytes, changes: dict[str, Any]) -> bytes:
    """An Office file with some parts changed or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {each: package.read(each) for each in package.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    return zipped(parts)


def word_file(said: str = SAID) -> bytes:
    """With all that a Word file may say, and what it only keeps."""
    document = docx.Document()
    document.core_properties.author = "Amara Unseen"
    paragraph = document.add_paragraph(said)
    table = document.add_table(2, 2)
    for place, text in enumerate(("Name", "Room", "Tess Ng", "B 12")):
        table.cell(place // 2, place % 2).text = text
    section = document.sections[0]
    section.header.paragraphs[0].text = "The header"
    section.footer.paragraphs[0].text = "The footer"
    document.add_comment(paragraph.runs, text="The comment", author="Com Mentor", initials="CM")
    document.add_paragraph("Also ").add_run("hidden words").font.hidden = True
    document.element.body.insert(0, _element(DELETED))
    document.element.body.insert(0, _element(BOX))
    out = io.BytesIO()
    document.save(out)
    return with_footnote(out.getvalue())


def _element(xml: str) -> Any:
    return parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1))


DELETED = (
    "<w:p><w:del><w:r><w:delText>deleted words</w:delText></w:r></w:del>"
    "<w:ins><w:r><w:t>inserted words</w:t></w:r></w:ins></w:p>"
)
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
BOX = (
    f'<w:p><w:r><mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="wps">'
    "<w:txbxContent><w:p><w:r><w:t>boxed words</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
    "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>boxed words</w:t></w:r></w:p></w:txbxContent>"
    "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
_NOTES = (
    f'<w:footnotes {nsdecls("w")}><w:footnote w:id="1"><w:p><w:r><w:t>The footnote</w:t></w:r>'
    "</w:p></w:footnote></w:footnotes>"
)


def with_footnote(content: bytes) -> bytes:
    relation = (
        b'<Relationship Id="rIdF" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/footnotes" Target="footnotes.xml"/></Relationships>'
    )
    kind = (
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.wordprocessingml.footnotes+xml"/></Types>'
    )
    return repacked(
        content,
        {
            "word/footnotes.xml": _NOTES,
            "word/_rels/document.xml.rels": lambda xml: xml.replace(b"</Relationships>", relation),
            "[Content_Types].xml": lambda xml: xml.replace(b"</Types>", kind),
        },
    )


def workbook(*, sheets: int = 3) -> bytes:
    """Calls, and with three sheets a hidden one and one that is named after a person."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    calls = book.add_worksheet("Calls")
    calls.write_row(0, 0, ["Name", "Phone", "Minutes", "Remark"])
    calls.write_row(1, 0, ["Ng, Tess", "816-555-0142", 4, "one\ntwo, three"])
    calls.write_formula(2, 2, "=SUM(C2)", None, 4)
    calls.write_string(3, 0, "=HYPERLINK(A1)")
    calls.write_comment("A1", "A remark beside it")
    if sheets > 1:
        hidden = book.add_worksheet("Hidden")
        hidden.write(0, 0, "unseen")
        hidden.hide()
        book.add_worksheet("Of Helena Okonkwo").write(0, 0, 8165550142)
        book.add_worksheet("Empty")
    book.close()
    return out.getvalue()


def open_workbook() -> bytes:
    """An `.ods` with one sheet."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        '<table:table table:name="Calls"><table:table-row><table:table-cell '
        f'office:value-type="string"><text:p>{SAID}</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped({"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest})


def presentation() -> bytes:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "The title"
    slide.placeholders[1].text = SAID
    slide.notes_slide.notes_text_frame.text = "The note"
    table = slide.shapes.add_table(1, 2, 0, 0, 999, 999).table
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    hidden = show.slides.add_slide(show.slide_layouts[1])
    hidden.shapes.title.text = "unseen"
    hidden._element.set("show", "0")
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def pdf(*pages: str, password: str = "", extras: bool = False) -> bytes:
    """A page for each text; an empty one is a page without text."""
    document = fpdf.FPDF()
    document.set_author("Amara Unseen")
    document.set_font("helvetica", size=12)
    for text in pages:
        document.add_page()
        document.rect(10, 10, 20, 20)
        if text:
            document.cell(text=text)
    if extras:
        document.text_annotation(5, 5, "The note")
        document.embed_file(bytes=b"Helena Okonkwo", basename="inner.txt")
    content = bytes(document.output())
    if not password and not extras:
        return content
    writer = PdfWriter(clone_from=io.BytesIO(content))
    if extras:
        script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in script.items()}
        )
    if password:
        writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def mail(**headers: str) -> email.message.EmailMessage:
    message = email.message.EmailMessage()
    told = {
        "From": "José Núñez <jose@agency.example>",
        "To": "desk@support.example",
        "Date": "Sun, 29 Nov 2026 10:00:00 +0000",
        "Subject": "Störung",
    }
    for name, value in (told | headers).items():
        message[name] = value
    return message


# --- The old container of Office and Outlook ------------------------------------------------------


def compound(tree: dict[str, Any]) -> bytes:
    """A file of streams (bytes) and storages (dicts), each stream shorter than 4096 bytes."""
    entries: list[tuple[str, int, int, int, bytes | None]] = [("Root Entry", 5, -1, -1, None)]
    _add_storage(tree, entries, 0)
    small, small_fat, starts = b"", [], {}
    for place, (_, _, _, _, content) in enumerate(entries):
        if content:
            blocks = -(-len(content) // 64)
            starts[place] = len(small_fat)
            small_fat += [len(small_fat) + n + 1 for n in range(blocks - 1)] + [-2]
            small += content.ljust(blocks * 64, b"\0")
    small = small.ljust(-(-len(small) // 512) * 512, b"\0")
    fat_of_small = struct.pack(f"<{len(small_fat)}i", *small_fat)
    fat_of_small = fat_of_small.ljust(-(-len(fat_of_small) // 512) * 512, b"\xff")
    folder = b"".join(
        _entry(each, starts.get(place, -2), len(small) if not place else None)
        for place, each in enumerate(entries)
    )
    folder = folder.ljust(-(-len(folder) // 512) * 512, b"\0")
    chains, sectors, firsts = [], b"", []
    for part in (folder, fat_of_small, small):
        firsts.append(len(chains))
        chains += [len(chains) + n + 1 for n in range(len(part) // 512 - 1)] + [-2]
        sectors += part
    fat = struct.pack("<128i", *chains, -3, *[-1] * (127 - len(chains)))
    folder_at = 512 * (1 + firsts[0])
    header = struct.pack(
        "<8s16sHHHHH6sIIiIIiIiI",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6, b"", 0, 1, firsts[0], 0,
        4096, firsts[1], len(fat_of_small) // 512, -2, 0,
    ) + struct.pack("<109i", len(chains), *[-1] * 108)  # fmt: skip
    whole = bytearray(header + sectors + fat)
    struct.pack_into("<i", whole, folder_at + 116, firsts[2])
    return bytes(whole)


def _add_storage(tree: dict[str, Any], entries: list[Any], parent: int) -> None:
    places = []
    for name, content in tree.items():
        places.append(len(entries))
        is_stream = isinstance(content, bytes)
        entries.append((name, 2 if is_stream else 1, -1, -1, content if is_stream else None))
        if not is_stream:
            _add_storage(content, entries, places[-1])
    for place, following in zip(places, [*places[1:], -1], strict=True):
        name, kind, _, child, content = entries[place]
        entries[place] = (name, kind, following, child, content)
    name, kind, following, _, content = entries[parent]
    entries[parent] = (name, kind, following, places[0] if places else -1, content)


def _entry(each: Any, start: int, size: int | None) -> bytes:
    name, kind, following, child, content = each
    wide = name.encode("utf-16-le") + b"\0\0"
    length = size if size is not None else len(content or b"")
    return struct.pack(
        "<64sHBBiii36xiQ", wide, len(wide), kind, 1, -1, following, child, start, length
    )


def outlook(body: str = SAID, *files: tuple[str, bytes]) -> bytes:
    """A `.msg` with a sender, a subject, words, and attached files."""
    texts = {0x001A: "IPM.Note", 0x0037: "Störung", 0x0C1A: "Tess Ng", 0x0C1F: "t@agency.example"}
    tree = _storage(struct.pack("<8xIIII8x", 1, len(files), 1, len(files)), texts | {0x1000: body})
    tree["__recip_version1.0_#00000000"] = _storage(
        bytes(8), {0x3001: "Helena Okonkwo", 0x39FE: "h@agency.example"}
    )
    for place, (name, content) in enumerate(files):
        tree[f"__attach_version1.0_#{place:08X}"] = _storage(
            bytes(8), {0x3707: name}, {0x3701: content}
        )
    return compound(tree)


def _storage(
    header: bytes, texts: dict[int, str], contents: dict[int, bytes] | None = None
) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    told = header
    for kind, found in (
        (0x1F, {each: text.encode("utf-16-le") for each, text in texts.items()}),
        (0x102, contents or {}),
    ):
        for number, content in found.items():
            told += struct.pack("<HHIII", kind, number, 6, len(content), 0)
            tree[f"__substg1.0_{number:04X}{kind:04X}"] = content
    return {"__properties_version1.0": told, **tree}
