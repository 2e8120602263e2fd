"""FED-7 for files: texts and logs go through the engine as a stream; of other files it is their
text, and what has none is refused.

Memory use does not depend on a text's size. Packed files are unpacked within limits, scrubbed and
packed again. A small text is scrubbed while its sender waits; everything else goes into quarantine,
where `services/file_scrubs.py` scrubs it. The original is never stored in the clear.
"""

import gzip
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, Any, NamedTuple

from django.core.files import File
from django.db import models
from django.utils.crypto import salted_hmac

from cases.errors import Invalid
from cases.services.files import TEXT, CheckedFile

from ..quarantine.storage import encrypt_file, new_key
from ..readers import kinds
from ..readers.encodings import HEAD, NotText
from ..readers.output import NO_TEXT, Refused
from ..scrubber.engine import Scrubber
from . import packed as packed_files
from .archives import Readable
from .looks import look
from .packed import Packed, damage_is_told
from .refusals import (
    PACKED_TWICE,
    REFUSED_WITH,
    SCRUBS_FOR,
    FileRefused,
    of_kind,
    of_reader,
    too_slow,
)
from .runs import Run, said, with_extension
from .texts import (
    READS_FOR,
    TooSlow,
    add_feedback,
    case_of,
    reading,
    scrub_attachment_name,
    scrubber,
    tell,
)
from .texts_of_files import Text, texts_of

ZIP = "application/zip"
#: A text up to this size is scrubbed at once: within two seconds, including its names.
AT_ONCE_MOST = 512 * 1024
#: In how many characters of a file the model looks for names; rules and people everywhere.
PROSE_MOST = 40_000
_IN_MEMORY = 1024 * 1024
ONLY_TEXT_WILL_BE_KEPT = (
    "Of “{name}” only the text will be kept, scrubbed, and not the file itself. It appears in the "
    "case as soon as that is done."
)


#: Names that end so promise something else than a text.
_NO_TEXTS = (*(".docx", ".xlsx", ".pptx", ".pdf", ".msg", ".zip", ".gz", ".tar"), ".png", ".jpg")


class Kept(NamedTuple):
    """What was made of a file."""

    content_type: str
    extension: str
    note: str
    #: The sentence of the note about the text's encoding.
    encodings: str

    def name(self, sent: str) -> str:
        """The sender's name for it, with the extension of what it is now."""
        is_text = self.content_type == TEXT and sent.lower().endswith(_NO_TEXTS)
        return with_extension(sent, self.extension or ("txt" if is_text else ""))


def scrub_upload(checked: CheckedFile, about: models.Model) -> CheckedFile:
    """The file without personal information in its content and its name.

    Everything but a small text is returned encrypted, with its key. Raises Invalid("files"), with
    nothing stored, for faults that show at once: not readable, or damaged, or packed twice.
    """
    name = scrub_attachment_name(checked.name, about)
    try:
        kind = look(checked.content, lambda path: said(path, scrubber(about)))
        if kind == kinds.TEXT and checked.size <= AT_ONCE_MOST:
            return _scrubbed_now(checked, name, about)
    except FileRefused as error:
        raise Invalid("files", REFUSED_WITH.format(name=name, why=error.why)) from None
    if kind in kinds.READ:
        tell(ONLY_TEXT_WILL_BE_KEPT.format(name=name))
    return encrypted(replace(checked, name=name))


def encrypted(checked: CheckedFile) -> CheckedFile:
    """The file in a form that nobody can read without the returned key."""
    out, key = tempfile.TemporaryFile(), new_key()  # noqa: SIM115 - it lives as long as the upload
    checked.content.seek(0)
    encrypt_file(checked.content, out, key)
    out.seek(0)
    return replace(checked, content=File(out, name=checked.name), key=key)


def digest_of(checked: CheckedFile) -> str:
    """Recognizes the same file, and reveals nothing about it without the realm's key."""
    return salted_hmac("fedramp.file", checked.sha256, algorithm="sha256").hexdigest()


def scrub_file(
    source: IO[bytes],
    out: IO[bytes],
    engine: Scrubber,
    after_each: Callable[[], None] = lambda: None,
    *,
    seconds: float = 0,
) -> Kept:
    """`out` has the content of `source`, scrubbed; packed as before, or its texts.

    `after_each` is called for each block of the text. Raises FileRefused, also if it takes longer
    than the given seconds (by default SCRUBS_FOR).
    """
    seconds = seconds or SCRUBS_FOR
    engine.limit_prose(PROSE_MOST)
    if engine.labelled is not None:
        engine.labelled = reading(seconds, engine.labelled)
    run = Run(engine, after_each, seconds)
    try:
        with damage_is_told():
            return _scrub(source, out, run)
    except TooSlow:
        raise too_slow(SCRUBS_FOR) from None
    except NotText as error:
        raise of_reader(error) from None


def _scrub(source: IO[bytes], out: IO[bytes], run: Run) -> Kept:
    kind = packed_files.kind_of(source)
    was = "text/plain", ""
    if kind == kinds.TEXT:
        run.scrub(run.decoded(source), out.write)
    elif kind == kinds.ZIP:
        _zip(source, out, run)
        was = ZIP, "zip"
    elif kind == kinds.TAR:
        _tar(source, out, run)
        was = "application/x-tar", ""
    elif kind == kinds.GZIP:
        was = _gzip(source, out, run)
    elif kind in kinds.READ:
        was = _read(source, out, run)
    else:
        raise of_kind(kind)
    return Kept(*was, run.note(), run.encodings())


def _scrubbed_now(checked: CheckedFile, name: str, about: models.Model) -> CheckedFile:
    engine = scrubber(about)
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it lives as long as the upload
    kept = scrub_file(checked.content, out, engine, seconds=READS_FOR)
    add_feedback(engine.counts, case_of(about))
    if kept.encodings:
        tell(f"About “{name}”: {kept.encodings}")
    size = out.tell()
    out.seek(0)
    name = kept.name(name)
    content = File(out, name=name)
    return replace(
        checked, content=content, name=name, content_type=TEXT, size=size, note=kept.note
    )


# --- Packed again ---------------------------------------------------------------------------------

Fill = Callable[[Callable[[bytes], Any]], None]
Put = Callable[[str, Fill], None]


def _zip(source: IO[bytes], out: IO[bytes], run: Run) -> None:
    with (
        zipfile.ZipFile(source) as unpacked,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for each in packed_files.of_zip(unpacked):
            _member(each, run, lambda name, fill: _into_zip(packed, name, fill))


def _into_zip(packed: zipfile.ZipFile, name: str, fill: Fill) -> None:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(entry, "w") as to:
        fill(to.write)


def _tar(source: Readable, out: "IO[bytes] | gzip.GzipFile", run: Run) -> None:
    """Only names and contents are carried over: no owner, no time, no link."""
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.GNU_FORMAT) as packed:
        for each in packed_files.of_tar(source, run.passed):
            _member(each, run, lambda name, fill: _into_tar(packed, name, fill))


def _into_tar(packed: tarfile.TarFile, name: str, fill: Fill) -> None:
    entry = tarfile.TarInfo(name)
    # A header states the content's length, which is known after the scrubbing.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as content:
        fill(content.write)
        entry.size = content.tell()
        content.seek(0)
        packed.addfile(entry, content)


def _gzip(source: IO[bytes], out: IO[bytes], run: Run) -> tuple[str, str]:
    with gzip.GzipFile(fileobj=source) as unpacked:
        head = unpacked.read(HEAD)
        kind = kinds.kind_of_head(head)
        unpacked.seek(0)
        if kind in (kinds.TEXT, kinds.TAR):
            with gzip.GzipFile("", "wb", 6, out, 0) as packed:
                if kind == kinds.TAR:
                    _tar(unpacked, packed, run)
                else:
                    run.scrub(run.decoded(unpacked), packed.write)
            return "application/gzip", ""
        if kind in kinds.READ or kinds.may_be_office(head):
            return _read(unpacked, out, run)
        raise FileRefused(PACKED_TWICE) if kind in kinds.PACKED_INSIDE else of_kind(kind)


def _member(each: Packed, run: Run, put: Put) -> None:
    """Put what becomes of one file of an archive. A refusal says its name."""
    try:
        head = each.content.read(HEAD)
        kind = kinds.kind_of_head(head)
        if kind == kinds.TEXT:
            parts = run.decoded(each.content, head)
            put(run.name(each.path), lambda write: run.scrub(parts, write))
        elif kind in kinds.READ or kinds.may_be_office(head):
            _member_read(_Again(head, each.content), each.path, run, put)
        else:
            raise FileRefused(PACKED_TWICE) if kind in kinds.PACKED_INSIDE else of_kind(kind)
    except FileRefused as error:
        raise error.of_member(said(each.path, run.engine)) from None
    except NotText as error:
        raise of_reader(error).of_member(said(each.path, run.engine)) from None


def _member_read(source: Readable, path: tuple[str, ...], run: Run, put: Put) -> None:
    run.only_text(within=True)
    for text in texts_of(source, run):
        put(run.name((*path, *text.path), text.extension), _fill_of(text, run))


def _fill_of(text: Text, run: Run) -> Fill:
    scrub = run.scrub_table if text.extension == "csv" else run.scrub
    return lambda write: scrub(text.parts, write)


class _Again:
    """A content whose head was read already."""

    def __init__(self, head: bytes, rest: Readable) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int, /) -> bytes:
        head, self._head = self._head[:size], self._head[size:]
        return head or self._rest.read(size)


# --- Only the text --------------------------------------------------------------------------------


def _read(source: Readable, out: IO[bytes], run: Run) -> tuple[str, str]:
    """A single text is kept as it is; several are packed as ZIP. The type and the extension."""
    run.only_text(within=False)
    first: tuple[str, str] | None = None
    packed: zipfile.ZipFile | None = None
    with ExitStack() as stack:
        held = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
        for text in texts_of(source, run):
            if first is None:
                first = run.name(text.path or ("text",), text.extension), text.extension or "txt"
                _fill_of(text, run)(held.write)
                continue
            if packed is None:
                packed = stack.enter_context(zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED))
                held.seek(0)
                _into_zip(packed, first[0], lambda write: _copy(held, write))
            _into_zip(packed, run.name(text.path, text.extension), _fill_of(text, run))
        if first is None:
            raise of_reader(Refused(NO_TEXT))
        if packed is not None:
            return ZIP, "zip"
        held.seek(0)
        shutil.copyfileobj(held, out)
    return TEXT, first[1]


def _copy(source: Any, write: Callable[[bytes], Any]) -> None:
    while part := source.read(64 * 1024):
        write(part)
