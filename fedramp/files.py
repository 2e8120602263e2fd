"""FED-7 for files: texts and logs go through the engine as a stream; others are refused.

Memory stays flat however large the file is. Compressed files are unpacked within bounds, scrubbed
and packed again. What is stored is the scrubbed content alone; the sent one never reaches a disk
but as the upload's own temporary file.
"""

import codecs
import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import IO, Any

from django.core.files import File
from django.db import models
from django.utils.crypto import salted_hmac

from cases.errors import Invalid
from cases.services.files import HEAD_BYTES, TEXT, CheckedFile, sniff

from .cleaning import case_of, clean, scrubber, tell
from .rules.redaction import Scrubber
from .rules.streams import scrubbed

GZIP, ZIP = "application/gzip", "application/zip"
#: Unpacked, a file is no larger than this.
UNPACKED_MOST = 300 * 1024 * 1024
MEMBERS_MOST = 200
#: Characters of one file in which the model looks for names; rules and the people everywhere.
PROSE_MOST = 40_000
_AT_ONCE = 64 * 1024
_IN_MEMORY = 1024 * 1024
UNREADABLE = (
    "“{name}” was not stored: this realm keeps only files that can be checked for personal "
    "information, which are texts and logs (also as .gz or .zip). Copy the lines that matter into "
    "a text file, export tables as CSV, and describe in words what a picture shows."
)
TOO_LARGE = "“{name}” was not stored: unpacked, it is too large to be checked. Send a part of it."
BROKEN = "“{name}” was not stored: it is damaged and could not be read."


def clean_file(checked: CheckedFile, about: models.Model) -> CheckedFile:
    """The file without what is personal, in its content and in its name.

    Raises Invalid("files"), with nothing stored, for what cannot be read, is damaged or unpacks to
    too much.
    """
    engine = scrubber(case_of(about))
    engine.limit_prose(PROSE_MOST)
    name = clean(checked.name, about)
    work = {TEXT: _text, GZIP: _gzip, ZIP: _zip}.get(checked.content_type)
    if work is None:
        raise Invalid("files", UNREADABLE.format(name=name))
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it lives as long as the upload
    checked.content.seek(0)
    try:
        work(checked.content, out, engine, name)
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError):
        raise Invalid("files", BROKEN.format(name=name)) from None
    tell(engine.removed)
    size = out.tell()
    out.seek(0)
    return replace(checked, content=File(out, name=name), name=name, size=size)


def digest_of(checked: CheckedFile) -> str:
    """Tells the same file again, and nobody without the realm's key anything about it."""
    return salted_hmac("fedramp.file", checked.sha256, algorithm="sha256").hexdigest()


def _text(source: IO[bytes], out: IO[bytes], engine: Scrubber, name: str) -> None:
    _scrub(_bounded(source, name), out.write, engine)


def _gzip(source: IO[bytes], out: IO[bytes], engine: Scrubber, name: str) -> None:
    with gzip.GzipFile(fileobj=source) as unpacked, gzip.GzipFile("", "wb", 6, out, 0) as packed:
        head = unpacked.read(HEAD_BYTES)
        if sniff(head) != TEXT:
            raise Invalid("files", UNREADABLE.format(name=name))
        _scrub(_bounded(unpacked, name, head), packed.write, engine)


def _zip(source: IO[bytes], out: IO[bytes], engine: Scrubber, name: str) -> None:
    left = UNPACKED_MOST
    with (
        zipfile.ZipFile(source) as unpacked,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        members = [each for each in unpacked.infolist() if not each.is_dir()]
        if len(members) > MEMBERS_MOST:
            raise Invalid("files", TOO_LARGE.format(name=name))
        for place, member in enumerate(members, 1):
            if member.flag_bits & 1:
                raise Invalid("files", UNREADABLE.format(name=name))
            with unpacked.open(member) as inside:
                head = inside.read(HEAD_BYTES)
                if head and sniff(head) != TEXT:
                    raise Invalid("files", UNREADABLE.format(name=name))
                title = "".join(scrubbed([member.filename], engine)) or str(place)
                with packed.open(
                    zipfile.ZipInfo(f"{place:03d}-{title.replace('/', '-')}"), "w"
                ) as to:
                    left -= _scrub(_bounded(inside, name, head, left), to.write, engine)


def _bounded(
    source: "IO[bytes] | gzip.GzipFile", name: str, head: bytes = b"", most: int | None = None
) -> Iterator[bytes]:
    part, total = head or source.read(_AT_ONCE), 0
    while part:
        total += len(part)
        if total > (UNPACKED_MOST if most is None else most):
            raise Invalid("files", TOO_LARGE.format(name=name))
        yield part
        part = source.read(_AT_ONCE)


def _scrub(parts: Iterator[bytes], write: Callable[[bytes], Any], engine: Scrubber) -> int:
    """Writes the parts scrubbed, as UTF-8; how many bytes were read."""
    taken = 0

    def decoded() -> Iterator[str]:
        nonlocal taken
        decoder: codecs.IncrementalDecoder | None = None
        for part in parts:
            taken += len(part)
            decoder = decoder or codecs.getincrementaldecoder(_encoding(part))("replace")
            yield decoder.decode(part)
        if decoder:
            yield decoder.decode(b"", final=True)

    for text in scrubbed(decoded(), engine):
        write(text.encode("utf-8", "replace"))
    return taken


def _encoding(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
