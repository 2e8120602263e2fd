"""Scrubbing files after they were sent (FED-7): quarantined uploads in, scrubbed attachments out.

Any number of workers may run this at once, and each may be killed at any instruction: the upload
stays in quarantine, another worker starts over when the lease has run out, and the output of a
dead one is dropped. The key is deleted in the transaction that stores the scrubbed file, so that
nobody can read the original again, whatever becomes of its encrypted bytes.
"""

import datetime as dt
import io
import logging
import tempfile
import time

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from cases import jobs
from cases.actors import Actor
from cases.job_table import wake
from cases.models import Attachment, Entry
from cases.models.attachments import QUARANTINE_FOLDER
from cases.notices import notify
from cases.persistence import save, save_case
from cases.services.entries import write_entry
from cases.services.files import (
    ALLOWED_TYPES,
    CheckedFile,
    FileScrubber,
    files_in_transaction,
    release,
    write_content,
)
from cases.services.locks import lock_case

from ..crypto import decrypt, encrypt
from ..models import QuarantinedFile
from ..quarantine.storage import CannotBeOpened, QuarantineReader
from ..readers import kinds
from ..scrubbing.case_numbers import is_internal
from ..scrubbing.files import Kept, digest_of, scrub_file, scrub_upload
from ..scrubbing.numbers import FileNumbers
from ..scrubbing.refusals import FileRefused, of_kind
from ..scrubbing.texts import scrubber

log = logging.getLogger(__name__)

JOB = "scrub-files"
SCRUBBER = Actor.of_job(JOB)
#: A worker reports each second that it is alive. After this much silence another one starts over.
LEASE = dt.timedelta(minutes=2)
ATTEMPTS_MOST = 5
#: How long a file that does not open waits for its key.
PUT_OFF = dt.timedelta(hours=1)
#: Files in the quarantine folder that belong to nothing are destroyed after this time.
ORPHAN_AGE = dt.timedelta(hours=1)
_TICK = 1.0
_IN_MEMORY = 1024 * 1024
FIELDS = ["file", "size", "note", "progress", "scan_state", "scan_due_at"]
STORED = [*FIELDS, "name", "content_type"]
GIVEN_UP = (
    "could not be checked for personal information, several times over. Send it in smaller "
    "parts, or only the lines that matter."
)


class Lost(Exception):
    """The file now belongs to another worker, or to nobody."""


def quarantine(
    attachment: Attachment, key: bytes, *, now: dt.datetime, due: bool = True
) -> QuarantinedFile:
    """The attachment's stored file opens with `key`, which is encrypted with the realm's own.

    With `due` a job scrubs it; without, it waits for a person. The caller is in a transaction.
    """
    locked = encrypt(key.hex(), bound_to=_binding(attachment))
    quarantined = QuarantinedFile(attachment=attachment, key=locked, due_at=now if due else None)
    quarantined.save(force_insert=True)
    if due:
        wake(JOB)
    return quarantined


class QuarantiningScrubber(FileScrubber):
    """FED-7: texts and logs are scrubbed, packed ones too; of Office files, PDF and mail the text.

    All but a small text goes into quarantine, where a job scrubs it. Other files are refused.
    """

    def refusal(self, head: bytes, content_type: str) -> str:
        kind = kinds.kind_of_head(head)
        is_taken = kind in (kinds.TEXT, *kinds.READ) or content_type in ALLOWED_TYPES
        return "" if is_taken else f"was not kept: {of_kind(kind).why}"

    def digest(self, checked: CheckedFile) -> str:
        return digest_of(checked)

    def scrub(self, checked: CheckedFile, *, about: Entry) -> CheckedFile:
        return scrub_upload(checked, about)

    def quarantine(self, attachment: Attachment, key: bytes, *, now: dt.datetime) -> None:
        quarantine(attachment, key, now=now)


def open_quarantined(quarantined: QuarantinedFile, stored: "File[bytes]") -> QuarantineReader:
    """The original content. Raises CannotBeOpened: a fault of the storage or of the keys."""
    try:
        key = decrypt(bytes(quarantined.key), bound_to=_binding(quarantined.attachment))
    except ValueError:
        raise CannotBeOpened from None
    return QuarantineReader(stored, bytes.fromhex(key))


def _binding(attachment: Attachment) -> str:
    return f"file:{attachment.public_id}"


def scrub_one(now: dt.datetime) -> bool:
    """The next upload in quarantine is scrubbed, refused, or put off; False if there is none."""
    quarantined = _claim(now)
    if quarantined is None:
        return False
    try:
        _scrub(quarantined)
    except Lost:
        pass
    except FileRefused as error:
        _refuse(quarantined, error.why)
    except CannotBeOpened:
        # A fault of the keys or of the storage, not of the sender: the file is kept.
        log.error(
            "attachment %s does not open: the key or the storage changed", quarantined.attachment_id
        )
        _put_off(quarantined)
    except Exception as error:  # noqa: BLE001 - on any failure, the file stays and is tried again
        # Without the exception itself: it may quote the text.
        log.error(
            "attachment %s was not scrubbed: %s", quarantined.attachment_id, type(error).__name__
        )
    return True


def _put_off(quarantined: QuarantinedFile) -> None:
    """It is tried again in an hour, without limit; this attempt does not count."""
    ours = QuarantinedFile.objects.filter(pk=quarantined.pk, attempts=quarantined.attempts)
    ours.update(due_at=timezone.now() + PUT_OFF, attempts=quarantined.attempts - 1)


def _claim(now: dt.datetime) -> QuarantinedFile | None:
    with transaction.atomic():
        quarantined = (
            QuarantinedFile.objects.filter(due_at__lte=now)
            .order_by("due_at", "pk")
            .select_related("attachment__entry__case")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if quarantined is not None:
            quarantined.attempts += 1
            quarantined.due_at = now + LEASE
            quarantined.save(update_fields=["attempts", "due_at"])
    return quarantined


def _scrub(quarantined: QuarantinedFile) -> None:
    attachment = quarantined.attachment
    case = attachment.entry.case
    engine = scrubber(attachment)
    with (
        attachment.file.open("rb") as stored,
        tempfile.SpooledTemporaryFile(_IN_MEMORY) as out,
        FileNumbers(case, internal=is_internal(attachment)) as numbers,
    ):
        sent = open_quarantined(quarantined, stored)
        sent.read(1)
        sent.seek(0)
        if quarantined.attempts > ATTEMPTS_MOST:
            raise FileRefused(GIVEN_UP)
        engine.numbering = numbers
        pulse = _Pulse(quarantined, sent)

        def after_each() -> None:
            numbers.settle()
            pulse.beat()

        kept = scrub_file(io.BufferedReader(sent), out, engine, after_each)
        numbers.settle()
        _store(quarantined, out, kept)


class _Pulse:
    """Reports each second how far the work is and that it goes on, and notices if it is lost."""

    def __init__(self, quarantined: QuarantinedFile, sent: QuarantineReader) -> None:
        self._quarantined, self._sent = quarantined, sent
        self._next = time.monotonic()

    def beat(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _TICK
        ours = QuarantinedFile.objects.filter(
            pk=self._quarantined.pk, attempts=self._quarantined.attempts
        )
        if not ours.update(due_at=timezone.now() + LEASE):
            raise Lost
        percent = min(99, 100 * self._sent.tell() // max(1, self._sent.size))
        Attachment.objects.filter(pk=self._quarantined.attachment_id).update(progress=percent)
        jobs.beat(JOB, 0)


def _store(
    quarantined: QuarantinedFile, out: "tempfile.SpooledTemporaryFile[bytes]", kept: Kept
) -> None:
    now, size = timezone.now(), out.tell()
    out.seek(0)
    with files_in_transaction():
        lock_case(quarantined.attachment.entry.case_id)
        attachment = end_quarantine(quarantined)
        attachment.size, attachment.note, attachment.progress = size, kept.note, 100
        attachment.name = kept.name(attachment.name)
        attachment.content_type = kept.content_type
        release(attachment, now=now)
        write_content(attachment, File(out, name=attachment.name))
        save(attachment, actor=SCRUBBER, now=now, why="", fields=STORED)


def _refuse(quarantined: QuarantinedFile, why: str) -> None:
    now = timezone.now()
    try:
        with transaction.atomic():
            case = lock_case(quarantined.attachment.entry.case_id)
            attachment = end_quarantine(quarantined)
            refuse(attachment, why, actor=SCRUBBER, now=now)
            internal = attachment.entry.is_internal
            save_case(case, actor=SCRUBBER, now=now, why="", public=not internal, fields=[])
            entry = write_entry(
                case,
                actor=SCRUBBER,
                now=now,
                event=Entry.Event.FILE_REFUSED,
                internal=internal,
                body=f"The file was not kept: {why}",
                to_value=attachment.name[:120],
            )
            if not internal:
                notify("entry", case=case, entry=entry, actor=SCRUBBER, now=now)
    except Lost:
        return


def end_quarantine(quarantined: QuarantinedFile) -> Attachment:
    """The attachment, locked; its quarantined file is destroyed with this transaction.

    The caller holds the case's lock. Raises Lost if somebody else was faster.
    """
    row = QuarantinedFile.objects.select_for_update().filter(
        pk=quarantined.pk, attempts=quarantined.attempts
    )
    if not row.delete()[0]:
        raise Lost
    attachment = (
        Attachment.objects.select_for_update(of=("self",))
        .select_related("entry__case")
        .get(pk=quarantined.attachment_id)
    )
    old = str(attachment.file.name)
    transaction.on_commit(lambda: default_storage.delete(old), robust=True)
    return attachment


def refuse(attachment: Attachment, why: str, *, actor: Actor, now: dt.datetime) -> None:
    """The attachment no longer has a file, and says why."""
    attachment.scan_state = Attachment.ScanState.REFUSED
    attachment.file = ""
    attachment.note = why[:1].upper() + why[1:]
    attachment.progress = 0
    save(attachment, actor=actor, now=now, why="files.refuse", fields=FIELDS)


# --- What nobody waits for ------------------------------------------------------------------------


def orphans(now: dt.datetime) -> dict[str, dt.datetime]:
    """Quarantined files without an attachment, left by requests and workers that died; since when.

    One query.
    """
    try:
        _, names = default_storage.listdir(QUARANTINE_FOLDER)
    except FileNotFoundError:
        return {}
    paths = [f"{QUARANTINE_FOLDER}/{each}" for each in names]
    written = {path: default_storage.get_modified_time(path) for path in paths}
    old = {path: at + ORPHAN_AGE for path, at in written.items() if at + ORPHAN_AGE <= now}
    named = set(Attachment.objects.filter(file__in=old).values_list("file", flat=True))
    return {path: since for path, since in old.items() if path not in named}


def destroy_orphans(now: dt.datetime) -> int:
    """Quarantined files that no attachment names are destroyed; how many."""
    found = orphans(now)
    for name in found:
        default_storage.delete(name)
    return len(found)
