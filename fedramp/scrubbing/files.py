"""FED-7 for files: texts and logs go through the engine as a stream; others are refused.

Memory use does not depend on the file's size. Compressed files are unpacked within limits, scrubbed
and packed again. A small text is scrubbed while its sender waits; everything else goes into
quarantine, where `services/file_scrubs.py` scrubs it. The original is never stored in the clear.
"""

import codecs
import errno
import gzip
import struct
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Any

from django.core.files import File
from django.db import models
from django.utils.crypto import salted_hmac

from cases.errors import Invalid
from cases.models.attachments import SCRUBBED_NOTE
from cases.services.files import (
    HEAD_BYTES,
    NO_UTF_8,
    TAR,
    TEXT,
    CheckedFile,
    is_text_of_a_kind,
    sniff,
)

from ..quarantine.storage import encrypt_file, new_key
from ..scrubber.engine import Scrubber
from ..scrubber.file_names import scrub_name
from ..scrubber.streams import scrubbed
from .archives import Member, Readable, members
from .texts import (
    READS_FOR,
    TooSlow,
    add_feedback,
    case_of,
    in_words,
    reading,
    scrub_attachment_name,
    scrubber,
)

GZIP, ZIP = "application/gzip", "application/zip"
#: A text up to this size is scrubbed at once: within two seconds, including its names.
AT_ONCE_MOST = 512 * 1024
#: The greatest size of an unpacked file.
UNPACKED_MOST = 300 * 1024 * 1024
MEMBERS_MOST = 200
#: Folders, links and devices are left out of a tar; it has at most this many of them.
NAMED_MOST = 5 * MEMBERS_MOST
#: How much of a tar is checked while its sender waits; the job reads the rest.
_LOOK_MOST = 8 * 1024 * 1024
#: The list of an archive's members is read as a whole: it is no larger than this.
_LIST_MOST = 256 * 1024
#: In how many characters of a file the model looks for names; rules and people everywhere.
PROSE_MOST = 40_000
#: How long one file may take, in seconds of wall time: ten times what 300 MB take.
SCRUBS_FOR = 600
_PART = 64 * 1024
_IN_MEMORY = 1024 * 1024

REFUSED_WITH = "“{name}” was not kept: {why}"
UNREADABLE = (
    "this realm keeps only files that can be checked for personal information: texts and logs "
    "(also as .gz, .zip or .tar.gz). Copy the lines that matter into a text file, export tables "
    "as CSV, and describe in words what a picture shows. If only the picture itself will do, say "
    "so in the case."
)
PACKED_TWICE = (
    "it contains a packed file within a packed file. Unpack the inner one, and pack the texts once."
)
LOCKED = "it is packed with a password, or in a way that cannot be read. Pack it as plain .zip."
SPARSE = "it contains a sparse file. Pack it again without the option for sparse files."
TOO_LARGE = (
    "unpacked, it is more than can be checked: at most {most} MB, and {members} files in an "
    "archive. Send the part that matters, or several smaller files."
)
NO_TEXT = (
    "it begins as text, but then contains bytes that are not text. Save it as plain text in "
    "UTF-8, without the binary part, and send it again."
)
TOO_SLOW = (
    "it could not be checked for personal information within {minutes} minutes. Send the part that "
    "matters, or several smaller files."
)
BROKEN = "it is damaged and could not be read to its end. Please create and send it again."


class FileRefused(Exception):
    """The file cannot be kept; `why` gives the reason, and how to send what is needed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def scrub_upload(checked: CheckedFile, about: models.Model) -> CheckedFile:
    """The file without personal information in its content and its name.

    A large or packed one is returned encrypted, with its key. Raises Invalid("files"), with nothing
    stored, for faults that show at once: not readable, or damaged, or packed twice.
    """
    name = scrub_attachment_name(checked.name, about)
    try:
        look(checked)
        if checked.content_type == TEXT and checked.size <= AT_ONCE_MOST:
            return _scrubbed_now(checked, name, about)
    except FileRefused as error:
        raise Invalid("files", REFUSED_WITH.format(name=name, why=error.why)) from None
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
    content_type: str,
    engine: Scrubber,
    after_each: Callable[[], None] = lambda: None,
    *,
    seconds: float = 0,
) -> None:
    """`out` has the content of `source`, scrubbed; packed as before.

    `after_each` is called for each block of the text. Raises FileRefused, also if it takes longer
    than the given seconds (by default SCRUBS_FOR).
    """
    seconds = seconds or SCRUBS_FOR
    engine.limit_prose(PROSE_MOST)
    if engine.labelled is not None:
        engine.labelled = reading(seconds, engine.labelled)
    run = _Run(engine, after_each, until=time.monotonic() + seconds)
    with _damage_is_told():
        {TEXT: _text, GZIP: _gzip, ZIP: _zip, TAR: _tar}[content_type](source, out, run)


def note_of(engine: Scrubber) -> str:
    """What was scrubbed, for readers of the case; empty for nothing."""
    words = in_words(engine.counts)
    return f"{SCRUBBED_NOTE}{words}."[:400] if words else ""


def _scrubbed_now(checked: CheckedFile, name: str, about: models.Model) -> CheckedFile:
    engine = scrubber(about)
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it lives as long as the upload
    scrub_file(checked.content, out, TEXT, engine, seconds=READS_FOR)
    add_feedback(engine.counts, case_of(about))
    size = out.tell()
    out.seek(0)
    content = File(out, name=name)
    return replace(checked, content=content, name=name, size=size, note=note_of(engine))


@contextmanager
def _damage_is_told() -> Iterator[None]:
    """Errors of the libraries for files that are not what they seem become a FileRefused."""
    try:
        yield
    except TooSlow:
        raise FileRefused(TOO_SLOW.format(minutes=SCRUBS_FOR // 60)) from None
    except (
        EOFError,
        ValueError,
        NotImplementedError,
        gzip.BadGzipFile,
        struct.error,
        tarfile.TarError,
        zlib.error,
        zipfile.BadZipFile,
    ):
        raise FileRefused(BROKEN) from None
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the beginning, from a false archive header
            raise
        raise FileRefused(BROKEN) from None


# --- What shows at once ---------------------------------------------------------------------------


def look(checked: CheckedFile) -> None:
    """Raises FileRefused if the heads of the file, or of its packed files, are not texts."""
    checked.content.seek(0)
    with _damage_is_told():
        _look(checked)
    checked.content.seek(0)


def _look(checked: CheckedFile) -> None:
    if checked.content_type == GZIP:
        with gzip.GzipFile(fileobj=checked.content) as unpacked:
            head = unpacked.read(HEAD_BYTES)
            if sniff(head) != TAR:
                _check_head(head)
            else:
                unpacked.seek(0)
                _look_into_tar(unpacked)
    elif checked.content_type == TAR:
        _look_into_tar(checked.content)
    elif checked.content_type == ZIP:
        _check_list(checked.content)
        with zipfile.ZipFile(checked.content) as archive:
            for member in _members(archive):
                with archive.open(member) as inside:
                    _check_head(inside.read(HEAD_BYTES))
    elif checked.content_type != TEXT:
        raise FileRefused(UNREADABLE)


def _check_head(head: bytes) -> None:
    kind = sniff(head) if head else TEXT
    if kind != TEXT:
        if not kind and is_text_of_a_kind(head):
            raise FileRefused(f"a file in it {NO_UTF_8}")
        raise FileRefused(PACKED_TWICE if kind in (GZIP, ZIP, TAR) else UNREADABLE)


class _LookedEnough(Exception):
    """The job reads the rest."""


def _look_into_tar(source: Readable) -> None:
    read = 0

    def passed(size: int) -> None:
        nonlocal read
        read += size
        if read > _LOOK_MOST:
            raise _LookedEnough

    try:
        for _, member in _files_of(source, passed):
            _check_head(member.content.read(HEAD_BYTES))
    except _LookedEnough:
        return


def _files_of(source: Readable, passed: Callable[[int], None]) -> Iterator[tuple[int, Member]]:
    """The files of a tar, counted; links, devices and folders are left out."""
    place = 0
    for named, member in enumerate(members(source, passed), 1):
        place += member.is_file
        if place > MEMBERS_MOST or named > NAMED_MOST:
            raise FileRefused(_too_large())
        if member.is_sparse:
            raise FileRefused(SPARSE)
        if member.is_file:
            yield place, member


def _check_list(source: IO[bytes]) -> None:
    """The library reads an archive's list into memory, however long the archive says it is."""
    source.seek(0, 2)
    source.seek(max(0, source.tell() - 0xFFFF - 22))
    tail = source.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise FileRefused(BROKEN)
    count, length = struct.unpack_from("<HL", tail, at + 10)
    if count > MEMBERS_MOST or length > _LIST_MOST or b"PK\x06\x07" in tail[max(0, at - 20) : at]:
        raise FileRefused(_too_large())
    source.seek(0)


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [each for each in archive.infolist() if not each.is_dir()]
    if len(members) > MEMBERS_MOST:
        raise FileRefused(_too_large())
    for each in members:
        if each.flag_bits & 1 or each.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise FileRefused(LOCKED)
    return members


def _too_large() -> str:
    return TOO_LARGE.format(most=UNPACKED_MOST // (1024 * 1024), members=MEMBERS_MOST)


# --- The stream -----------------------------------------------------------------------------------


class _Run:
    """One file on its way through the engine; counts how much more may be unpacked."""

    def __init__(self, engine: Scrubber, after_each: Callable[[], None], until: float) -> None:
        self.engine, self._after_each, self._until = engine, after_each, until
        self._left = UNPACKED_MOST

    def passed(self, size: int) -> None:
        """This much was unpacked. Raises FileRefused above the limit."""
        self._left -= size
        if self._left < 0:
            raise FileRefused(_too_large())

    def title(self, place: int, name: str) -> str:
        """A member's new name: its scrubbed name, with its position, and no path."""
        parts = [scrub_name(each, self.engine) if each else "" for each in name.split("/")]
        return f"{place:03d}-{'-'.join(parts) or place}"

    def scrub(self, source: Readable, write: Callable[[bytes], Any]) -> None:
        """Write the scrubbed source, as UTF-8."""
        for text in scrubbed(self._decoded(source), self.engine):
            write(text.encode("utf-8", "replace"))
            self._after_each()
            if time.monotonic() > self._until:
                raise TooSlow

    def _decoded(self, source: Readable) -> Iterator[str]:
        part = source.read(HEAD_BYTES)
        _check_head(part)
        decoder = codecs.getincrementaldecoder(_encoding(part))(_OR_WESTERN)
        while part:
            self.passed(len(part))
            text = decoder.decode(part)
            if "\0" in text:  # binary, or a text of two bytes a character: nothing could be found
                raise FileRefused(NO_TEXT)
            yield text
            part = source.read(_PART)
        yield decoder.decode(b"", final=True)


def _text(source: IO[bytes], out: IO[bytes], run: _Run) -> None:
    run.scrub(source, out.write)


def _gzip(source: IO[bytes], out: IO[bytes], run: _Run) -> None:
    with gzip.GzipFile(fileobj=source) as unpacked, gzip.GzipFile("", "wb", 6, out, 0) as packed:
        is_tar = sniff(unpacked.read(HEAD_BYTES)) == TAR
        unpacked.seek(0)
        if is_tar:
            _tar(unpacked, packed, run)
        else:
            run.scrub(unpacked, packed.write)


def _tar(source: Readable, out: "IO[bytes] | gzip.GzipFile", run: _Run) -> None:
    """Only names and contents are carried over: no owner, no time, no path, no link."""
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.GNU_FORMAT) as packed:
        for place, member in _files_of(source, run.passed):
            entry = tarfile.TarInfo(run.title(place, member.name))
            # A header states the content's length, which is known after the scrubbing.
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as scrubbed_content:
                run.scrub(member.content, scrubbed_content.write)
                entry.size = scrubbed_content.tell()
                scrubbed_content.seek(0)
                packed.addfile(entry, scrubbed_content)


def _zip(source: IO[bytes], out: IO[bytes], run: _Run) -> None:
    with (
        zipfile.ZipFile(source) as unpacked,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for place, member in enumerate(_members(unpacked), 1):
            entry = zipfile.ZipInfo(run.title(place, member.filename))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with unpacked.open(member) as inside, packed.open(entry, "w") as to:
                run.scrub(inside, to.write)


def _encoding(head: bytes) -> str:
    return "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _western(error: UnicodeError) -> tuple[str, int]:
    """Text that is not UTF-8 is read as the Western code page of Windows, from there on."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


_OR_WESTERN = "or-western"
codecs.register_error(_OR_WESTERN, _western)
