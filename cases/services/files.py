"""Files: checked by content, stored under random names, held until scanned."""

import datetime as dt
import hashlib
import logging
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from .. import realm
from ..actors import Actor
from ..errors import Invalid, StorageFailed
from ..faults import Fault, of_storage
from ..job_table import wake
from ..models import Attachment, Entry
from ..persistence import save
from ..rules.texts import is_visible

log = logging.getLogger(__name__)

HEAD_BYTES = 8192
#: Unicode categories of invisible characters.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
#: Control characters that occur in logs: tab, line ends, backspace, form feed, escape.
IN_LOGS = set("\t\n\r\x08\x0b\x0c\x1b")
#: Also those that a terminal, a DOS editor or a truncated log leaves behind.
IN_TERMINALS = IN_LOGS | set("\x07\x0e\x0f\x1a")
#: Encodings that programs still write. What decodes in one of them counts as text.
OTHER_ENCODINGS = ("cp932", "gb18030", "euc_jp", "euc_kr", "big5", "cp1251")
TEXT = "text/plain"
TAR = "application/x-tar"
#: What may be stored, by content. Text covers logs, CSV, JSON, XML and mail.
ALLOWED_TYPES = {
    "image/png": "PNG image",
    "image/jpeg": "JPEG image",
    "image/gif": "GIF image",
    "image/webp": "WebP image",
    "application/pdf": "PDF",
    "application/zip": "ZIP archive",
    "application/gzip": "gzip file",
    TAR: "tar archive",
    "application/vnd.tcpdump.pcap": "packet capture",
    TEXT: "text or log",
}
ALLOWED_WORDS = "PNG, JPEG, GIF, WebP, PDF, ZIP (also Office), gzip, tar, packet captures, text"
PACK_IT = "Pack the file as ZIP and attach that."
SMALLER = "Pack it as ZIP, cut out the part that matters, or split it into several files."
EMPTY = "Check that it is the right file and is complete, then choose it again."
#: What to do with a file of another type, by the beginning of its media type.
NEXT_STEPS = {
    "image/": "Save the picture as PNG or JPEG and attach that.",
    "audio/": PACK_IT,
    "video/": f"{PACK_IT} If it is too large, pictures of the moments that matter help as well.",
    "application/msword": "Save it as .docx or PDF and attach that.",
    "application/vnd.ms-excel": "Save it as .xlsx or CSV and attach that.",
    "application/vnd.ms-powerpoint": "Save it as .pptx or PDF and attach that.",
    "text/": "Save it as plain text in UTF-8 and attach that.",
}
SIGNATURES = {
    b"\xd4\xc3\xb2\xa1": "application/vnd.tcpdump.pcap",
    b"\xa1\xb2\xc3\xd4": "application/vnd.tcpdump.pcap",
    b"\x4d\x3c\xb2\xa1": "application/vnd.tcpdump.pcap",
    b"\xa1\xb2\x3c\x4d": "application/vnd.tcpdump.pcap",
    b"\x0a\x0d\x0d\x0a": "application/vnd.tcpdump.pcap",
    b"PK\x03\x04": "application/zip",
    b"\x1f\x8b": "application/gzip",
}
#: The offset of a tar's magic: after the name, the owner and the time of its first member.
_TAR_AT = 257


@dataclass(frozen=True)
class CheckedFile:
    """An upload that passed `check_files`."""

    content: "File[bytes]"
    name: str
    content_type: str
    size: int
    sha256: str
    #: What was removed from it, for readers of the case.
    note: str = ""
    #: The key of the content while it is in quarantine, before a job has scrubbed it.
    key: bytes = b""


class FileScrubber:
    """What the realm does to a file before it is stored: nothing. A realm may replace this."""

    def refusal(self, head: bytes, content_type: str) -> str:
        """Why a file with this beginning is not taken, and what to do; empty if it is."""
        if content_type in ALLOWED_TYPES:
            return ""
        return (
            f"is of a type that is not accepted. Accepted: {ALLOWED_WORDS}. "
            f"{next_step(content_type)}"
        )

    def digest(self, checked: CheckedFile) -> str:
        """What is stored to recognize the same file when it is sent again."""
        return checked.sha256

    def scrub(self, checked: CheckedFile, *, about: Entry) -> CheckedFile:
        """The file as this realm may store it with the entry `about`.

        With a `key` it is encrypted, and scrubbed later: see `quarantine`. Raises
        Invalid("files") for a file that the realm may not store.
        """
        return checked

    def quarantine(self, attachment: Attachment, key: bytes, *, now: dt.datetime) -> None:
        """The stored file opens only with `key`: a job scrubs it, and then releases it."""
        raise NotImplementedError


def file_scrubber() -> FileScrubber:
    """The scrubber of the realm that this process serves."""
    scrubber: FileScrubber = realm.load(realm.current().file_scrubber)
    return scrubber


def check_files(uploads: Iterable["UploadedFile[bytes]"]) -> list[CheckedFile]:
    """The uploads, each with an allowed size and content.

    Raises Invalid("files") with the name of the first one that is not allowed; nothing is stored.
    """
    uploads = list(uploads)
    if len(uploads) > settings.ATTACHMENTS_PER_ENTRY:
        raise Invalid(
            "files",
            f"At most {settings.ATTACHMENTS_PER_ENTRY} files at a time. Pack them into one ZIP "
            "file, or send the others with a further update.",
        )
    return [_check(upload) for upload in uploads]


def _check(upload: "UploadedFile[bytes]") -> CheckedFile:
    name = safe_file_name(upload.name or "")
    size = upload.size or 0
    if size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
        raise Invalid("files", f"“{name}” is larger than {limit} MB. {SMALLER}")
    if not size:
        raise Invalid("files", f"“{name}” is empty. {EMPTY}")
    upload.seek(0)
    head = upload.read(HEAD_BYTES)
    content_type = sniff(head)
    if not content_type and is_text_of_a_kind(head):
        content_type = TEXT
    if why := file_scrubber().refusal(head, content_type):
        raise Invalid("files", f"“{name}” {why}")
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return CheckedFile(upload, name, content_type, size, digest.hexdigest())


def safe_file_name(name: str) -> str:
    """The last part of the name without invisible characters, at most 150 characters long.

    Control characters, and those that reverse the direction of writing, would show a false name:
    "exe.gpj" for "jpg.exe".
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    # A character that this Python does not know may be a new emoji.
    seen = "".join(
        each
        for each in last
        if unicodedata.category(each) not in UNSEEN
        and (unicodedata.category(each) != "Cn" or is_visible(each))
    )
    printable = seen.strip()
    return (printable if printable.strip(".") else "file")[-150:]


def sniff(head: bytes) -> str:
    """The media type by content, not by name; empty if unknown.

    Plain text decodes as UTF-8, as UTF-16 with its mark, or as the Western code page of Windows,
    and has no control characters except those of logs.
    """
    for magic, media_type in SIGNATURES.items():
        if head.startswith(magic):
            return media_type
    if _is_text(head):
        return TEXT
    if head[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return TAR
    try:
        found = str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        return ""
    return "" if found == TEXT else found  # it goes by the mark only; we checked for text above


def is_text_of_a_kind(head: bytes) -> bool:
    """Whether this is most probably a text, though no part of it is reliable: in an encoding
    that `sniff` does not know, with a wrong byte, or with control characters of a terminal.
    """
    body = head.lstrip(b"\0")
    if not body or body.startswith((b"%PDF-", b"\xff\xfe", b"\xfe\xff")):
        return False
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if body[at::2].count(0) * 2 > len(body) // 2 and len(head) >= 4:
            text = _decoded(head[: len(head) // 2 * 2], encoding)
            return text is not None and all(each >= " " or each in IN_TERMINALS for each in text)
    odd = sum(byte < 32 and chr(byte) not in IN_TERMINALS for byte in body)
    if odd * 200 > len(body):
        return False
    wrong = body.decode("utf-8", "replace").count("\ufffd")
    few_beyond_ascii = sum(byte > 127 for byte in body) <= len(body) // 4
    return (
        few_beyond_ascii
        or wrong * 100 <= len(body)
        or any(_decoded(body, each) is not None for each in OTHER_ENCODINGS)
    )


def next_step(media_type: str) -> str:
    """What a person with a file of this type can do."""
    for start, step in NEXT_STEPS.items():
        if media_type.startswith(start):
            return step
    return PACK_IT


def _is_text(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _decoded(head, "utf-16")
    else:
        text = _decoded(head, "utf-8")
        if text is None and sum(byte > 127 for byte in head) <= len(head) // 4:
            text = _decoded(head, "cp1252")
    if text is None or text.startswith("%PDF-"):
        return False
    return all(each >= " " or each in IN_LOGS for each in text)


def _decoded(head: bytes, encoding: str) -> str | None:
    try:
        return head.decode(encoding)
    except UnicodeDecodeError as error:
        # The head may end in the middle of a character.
        if len(head) < HEAD_BYTES or error.start < len(head) - 4:
            return None
        return head[: error.start].decode(encoding)


#: The names that were written in the transaction of `files_in_transaction`.
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


@contextmanager
def files_in_transaction() -> Iterator[None]:
    """A transaction that takes its files along: if it is rolled back, they are removed.

    Within another such transaction it is a savepoint, and the outer one removes its files.
    """
    outer = _written.get()
    names: list[str] = []
    token = _written.set(names)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for name in names:
            _remove(name)
        raise
    finally:
        _written.reset(token)
    if outer is not None:
        outer += names


def _remove(name: str) -> None:
    """The file is gone, or left to the job that removes files without a row (`stray_files`)."""
    try:
        default_storage.delete(name)
    except OSError as error:  # the caller must hear why the transaction was undone
        log.error("a file of an undone transaction stays: %s", type(error).__name__)


def store_files(
    entry: Entry, files: Sequence[CheckedFile], *, actor: Actor, now: dt.datetime
) -> list[Attachment]:
    """The files belong to the entry. The caller is in a `files_in_transaction`.

    If a scanner is configured, they are held until it found them clean; if the realm's scrubbing
    takes long, until that is done. Raises Invalid("files") for a file that the realm does not
    store.
    """
    stored: list[Attachment] = []
    for sent in files:
        scrubber = file_scrubber()
        digest, checked = scrubber.digest(sent), scrubber.scrub(sent, about=entry)
        attachment = new_attachment(entry, checked, sha256=digest, now=now)
        if checked.key:
            attachment.scan_state = Attachment.ScanState.SCRUBBING
        else:
            release(attachment, now=now)
        write_content(attachment, checked.content)
        save(attachment, actor=actor, now=now, why="files.store_files")
        if checked.key:
            scrubber.quarantine(attachment, checked.key, now=now)
        stored.append(attachment)
    return stored


def new_attachment(
    entry: Entry, checked: CheckedFile, *, sha256: str, now: dt.datetime
) -> Attachment:
    """A file of the entry; the caller sets its state and content."""
    return Attachment(
        entry=entry,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=sha256,
        note=checked.note,
        created_at=now,
    )


def write_content(attachment: Attachment, content: "File[bytes]") -> None:
    """The content is in the storage, and is removed if the `files_in_transaction` is undone.

    Raises StorageFailed if it could not be written.
    """
    written = _written.get()
    assert written is not None, "files are stored only within files_in_transaction"
    try:
        attachment.file.save(attachment.name, content, save=False)
    except OSError as error:
        raise StorageFailed(is_full=of_storage(error) is Fault.FULL) from error
    written.append(str(attachment.file.name))


def release(attachment: Attachment, *, now: dt.datetime) -> None:
    """The file, not saved yet, may be served; if a scanner is configured, once that allows it."""
    states = Attachment.ScanState
    attachment.scan_state = states.PENDING if settings.CLAMD_URL else states.NOT_SCANNED
    attachment.scan_due_at = now if settings.CLAMD_URL else None
    if settings.CLAMD_URL:
        wake("scan-attachments")
