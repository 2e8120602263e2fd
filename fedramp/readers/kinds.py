"""What a file is, by its content and never by its name."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO

import puremagic

from .encodings import HEAD, is_text

TEXT, MAIL, ZIP, GZIP, TAR = "text", "mail", "zip", "gzip", "tar"
WORDS, SHEETS, SLIDES, PDF, OUTLOOK = "words", "sheets", "slides", "pdf", "outlook"
#: Files whose text is taken out by a process of its own.
READ = {WORDS, SHEETS, SLIDES, PDF, MAIL, OUTLOOK}
PACKED_INSIDE = {ZIP, GZIP, TAR}

PICTURE, SOUND, VIDEO, CAPTURE = "picture", "sound", "video", "capture"
OTHER_PACKED, RICH_TEXT, EVENTS, OTHER = "other packed", "rich text", "events", "other"
OLD_WORDS, OLD_SHEETS, OLD_SLIDES = "old words", "old sheets", "old slides"
BINARY_SHEETS, OPEN_WORDS, OPEN_SLIDES = "binary sheets", "open words", "open slides"
DRAWING, APPLE, LOCKED_OFFICE, OUTLOOK_STORE = "drawing", "apple", "locked office", "store"
MAILBOX, PROGRAM, DATABASE = "mailbox", "program", "database"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PCAP = [b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d"]
_SIGNS = {
    b"PK\x03\x04": ZIP,
    b"PK\x05\x06": ZIP,
    b"\x1f\x8b": GZIP,
    _OLE: OUTLOOK,
    **dict.fromkeys((*_PCAP, b"\x0a\x0d\x0d\x0a"), CAPTURE),
    b"7z\xbc\xaf\x27\x1c": OTHER_PACKED,
    b"Rar!\x1a\x07": OTHER_PACKED,
    b"BZh": OTHER_PACKED,
    b"\xfd7zXZ\0": OTHER_PACKED,
    b"\x28\xb5\x2f\xfd": OTHER_PACKED,
    b"MSCF": OTHER_PACKED,
    b"{\\rtf": RICH_TEXT,
    b"ElfFile\0": EVENTS,
    b"!BDN": OUTLOOK_STORE,
    b"\x89PNG": PICTURE,
    b"\xff\xd8\xff": PICTURE,
    b"GIF8": PICTURE,
    b"BM": PICTURE,
    b"II*\0": PICTURE,
    b"MM\0*": PICTURE,
    b"MZ": PROGRAM,
    b"\x7fELF": PROGRAM,
    b"SQLite format 3\0": DATABASE,
}
#: These are letters, too, with which a text may begin.
_WEAK = (b"BM", b"MZ", b"BZh", b"GIF8", b"MSCF", b"!BDN")
#: Names of streams in the old container of Office, the most telling first.
_STREAMS = (
    ("EncryptedPackage", LOCKED_OFFICE),
    ("__properties_version1.0", OUTLOOK),
    ("WordDocument", OLD_WORDS),
    ("PowerPoint Document", OLD_SLIDES),
    ("Workbook", OLD_SHEETS),
    ("VisioDocument", DRAWING),
)
_PARTS = {
    "word/document.xml": WORDS,
    "xl/workbook.xml": SHEETS,
    "ppt/presentation.xml": SLIDES,
    "xl/workbook.bin": BINARY_SHEETS,
    "visio/document.xml": DRAWING,
    "Index/Document.iwa": APPLE,
    "Index.zip": APPLE,
}
_OPEN = {"text": OPEN_WORDS, "spreadsheet": SHEETS, "presentation": OPEN_SLIDES}
#: With what the first member of an Office file begins, whichever program wrote it.
_OFFICE = re.compile(
    rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|customXml/|word/|xl/|ppt/"
    rb"|mimetype|META-INF/|content\.xml|Index/)",
    re.DOTALL,
)
_HEADER = re.compile(rb"(?:([A-Za-z][A-Za-z0-9-]{1,60}):[^\r\n]*|[ \t][^\r\n]*)\r?\n")
_MAILS = {b"mime-version", b"message-id", b"received", b"content-type", b"return-path"}
_PART = 1024 * 1024


def kind_of_head(head: bytes) -> str:
    """The kind by the first bytes: for archives, the kind of the archive; see `kind_of`."""
    kind = next((kind for sign, kind in _SIGNS.items() if head.startswith(sign)), "")
    if kind and not head.startswith(_WEAK):
        return kind
    if head[257:262] == b"ustar":  # before texts, for which one of texts may be taken
        return TAR
    if b"%PDF-" in head[:1024]:
        return PDF
    if not head or is_text(head):
        return _kind_of_text(head)
    if kind:
        return kind
    try:
        found = str(puremagic.from_string(head, mime=True)).partition("/")[0]
    except (puremagic.PureError, ValueError):
        return OTHER
    return {"image": PICTURE, "audio": SOUND, "video": VIDEO}.get(found, OTHER)


def may_be_office(head: bytes) -> bool:
    """Whether a ZIP with these first bytes may be an Office file."""
    return _OFFICE.match(head) is not None


def kind_of(source: IO[bytes]) -> str:
    """The kind of a whole file; an Office file is a ZIP with certain members.

    Raises BadZipFile and the like for one that is damaged. The position is at the beginning.
    """
    source.seek(0)
    kind = kind_of_head(source.read(HEAD))
    source.seek(0)
    if kind == ZIP:
        with zipfile.ZipFile(source) as archive:
            kind = _kind_of_zip(archive)
    elif kind == OUTLOOK:
        kind = _kind_of_old(source)
    source.seek(0)
    return kind


def _kind_of_zip(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        mime = archive.read("mimetype").decode("ascii", "replace")
        found = re.match(r"application/vnd\.oasis\.opendocument\.([a-z]+)", mime)
        if found:
            return _OPEN.get(found.group(1), DRAWING)
    return next((kind for part, kind in _PARTS.items() if part in names), ZIP)


def _kind_of_old(source: IO[bytes]) -> str:
    """By the names in its directory, wherever that is; nothing of it is parsed."""
    marks = [(name.encode("utf-16-le"), kind) for name, kind in _STREAMS]
    found = {kind for part in _overlapping(source) for mark, kind in marks if mark in part}
    return next((kind for _, kind in _STREAMS if kind in found), OTHER)


def _overlapping(source: IO[bytes]) -> Iterator[bytes]:
    last = b""
    while part := source.read(_PART):
        yield last + part
        last = part[-64:]


def _kind_of_text(head: bytes) -> str:
    if head.startswith(b"From ") and _is_mail(head.partition(b"\n")[2]):
        return MAILBOX
    return MAIL if _is_mail(head) else TEXT


def _is_mail(head: bytes) -> bool:
    """It begins with headers of a mail: a sender, and what only mails have."""
    head, names, at = head.lstrip(b"\xef\xbb\xbf\r\n"), set(), 0
    while found := _HEADER.match(head, at):
        names.add((found.group(1) or b"").lower())
        at = found.end()
    is_whole = head[at : at + 2].startswith((b"\n", b"\r\n")) or at == len(head) or at > HEAD // 2
    told = b"date" in names and bool({b"subject", b"to"} & names)
    return is_whole and b"from" in names and (told or bool(_MAILS & names))
