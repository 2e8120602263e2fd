"""Files that cannot be scrubbed, released after two members of staff have looked (FED-7)."""

import datetime as dt
import shutil
import tempfile
import uuid

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.job_table import wake
from cases.models import Attachment, Entry
from cases.persistence import save, save_case
from cases.services.entries import write_entry
from cases.services.files import (
    CheckedFile,
    files_in_transaction,
    new_attachment,
    release,
    write_content,
)
from cases.services.locks import lock_case
from cases.services.texts import checked as checked_text

from ..audit import Event, record
from ..models import FileReview, QuarantinedFile
from ..readers import kinds
from ..scrubbing.files import digest_of, encrypted
from ..scrubbing.looks import look
from ..scrubbing.refusals import FileRefused
from .file_scrubs import (
    FIELDS,
    destroy_orphans,
    end_quarantine,
    open_quarantined,
    quarantine,
    refuse,
)

PERMISSION = "fedramp.review_file"
DESTROYER = Actor.of_job("destroy-held-files")
#: A file that nobody has looked at for this long is destroyed.
WAITS = dt.timedelta(days=7)
DECIDED = ["state", "decided_by", "decided_at"]
LOOK_FIRST = "Look at the whole file first, and confirm that it contains no personal information."
DECLINED = "declined by the second person who looked at it, and destroyed."
NOT_SCANNED = (
    "The virus scanner has not looked at it yet; until then nobody can open or accept it. "
    "Please try again in a few minutes."
)
NOBODY_LOOKED = "nobody else looked at it within 7 days, so it was destroyed."


def submit(
    *,
    case_id: int,
    file: CheckedFile,
    reason: str,
    looked: bool,
    actor: Actor,
    now: dt.datetime,
    submission: uuid.UUID,
) -> FileReview:
    """The file is in quarantine, with an internal note, until another member of staff has looked.

    The submitter says why it is needed, and that it holds no personal information. A second call
    with the same `submission` does nothing. Raises NotAllowed without the right; Invalid for a file
    that can be scrubbed, and without a reason or the statement.
    """
    if not actor.may(PERMISSION):
        raise NotAllowed("Your role does not allow you to submit files that cannot be scrubbed.")
    reason = checked_text(
        "reason", reason, most=1000, needed="Say why the file is needed as it is."
    )
    if not looked:
        raise Invalid("looked", LOOK_FIRST)
    if _can_be_scrubbed(file):
        raise Invalid("file", "This one can be scrubbed: attach it to a message or note instead.")
    with files_in_transaction():
        case = lock_case(case_id)
        if earlier := FileReview.objects.filter(submission=submission).first():
            return earlier
        save_case(case, actor=actor, now=now, why="accepting.bring", public=False, fields=[])
        entry = write_entry(
            case, actor=actor, now=now, event=Entry.Event.MESSAGE, body=reason, internal=True
        )
        stored = encrypted(file)
        attachment = new_attachment(entry, stored, sha256=digest_of(file), now=now)
        attachment.scan_state = Attachment.ScanState.REVIEW
        write_content(attachment, stored.content)
        save(attachment, actor=actor, now=now, why="accepting.bring")
        quarantine(attachment, stored.key, now=now, due=False)
        if settings.CLAMD_URL:
            wake("scan-held-files")
        review = FileReview(
            case=case,
            attachment=attachment,
            reason=reason,
            asked_by=actor.person,
            asked_at=now,
            submission=submission,
        )
        save(review, actor=actor, now=now, why="accepting.bring")
        _record(review, "brought", actor, now)
    return review


def waits_for_scanner(attachment: Attachment) -> bool:
    """Whether the virus scanner must check this quarantined file before a person may look."""
    return bool(settings.CLAMD_URL) and attachment.scanned_at is None


def _can_be_scrubbed(file: CheckedFile) -> bool:
    """Whether nothing of it would be lost: of an Office file or a PDF only the text remains."""
    try:
        return look(file.content, "/".join) not in kinds.READ
    except FileRefused:
        return False


def decide(
    *, review_id: int, accepted: bool, looked: bool, actor: Actor, now: dt.datetime
) -> FileReview:
    """Accepted by a second person, the file can be opened; declined, it is destroyed.

    Raises NotAllowed without the right and for the submitter; Invalid if it is accepted without
    the statement that the person looked at it; NotPossible if it was decided, or is accepted before
    the virus scanner has checked it.
    """
    if not actor.may(PERMISSION):
        raise NotAllowed("Your role does not allow you to accept files.")
    if accepted and not looked:
        raise Invalid("looked", LOOK_FIRST)
    with files_in_transaction():
        review = lock(review_id)
        if actor.person is None or review.asked_by_id == actor.person.pk:
            raise NotAllowed("A second person must look at it: you submitted it yourself.")
        if review.state != FileReview.State.ASKED:
            raise NotPossible("This has already been decided.")
        quarantined = (
            QuarantinedFile.objects.select_related("attachment")
            .filter(attachment=review.attachment_id)
            .first()
        )
        if quarantined is None:
            raise NotPossible("The file is gone: it was redacted.")
        if accepted and waits_for_scanner(quarantined.attachment):
            raise NotPossible(NOT_SCANNED)
        if accepted:
            _release(quarantined, actor=actor, now=now)
        else:
            refuse(end_quarantine(quarantined), DECLINED, actor=actor, now=now)
        close(review, accepted=accepted, actor=actor, now=now)
    return review


def _release(quarantined: QuarantinedFile, *, actor: Actor, now: dt.datetime) -> None:
    with quarantined.attachment.file.open("rb") as stored, tempfile.TemporaryFile() as plain:
        shutil.copyfileobj(open_quarantined(quarantined, stored), plain, 64 * 1024)
        plain.seek(0)
        attachment = end_quarantine(quarantined)
        attachment.note = "Two members of staff have looked at it."
        release(attachment, now=now)
        write_content(attachment, File(plain, name=attachment.name))
        save(attachment, actor=actor, now=now, why="accepting.decide", fields=FIELDS)


def destroy_some(now: dt.datetime) -> int:
    """One file that waited too long for a second person is declined; else orphans; how many."""
    late = FileReview.objects.filter(state=FileReview.State.ASKED, asked_at__lte=now - WAITS)
    found = late.order_by("pk").values_list("pk", flat=True).first()
    if found is None:
        return destroy_orphans(now)
    with transaction.atomic():
        review = lock(found)
        if review.state == FileReview.State.ASKED:
            quarantined = QuarantinedFile.objects.filter(attachment=review.attachment_id).first()
            if quarantined is not None:
                refuse(
                    end_quarantine(quarantined), NOBODY_LOOKED, actor=DESTROYER, now=timezone.now()
                )
            close(review, accepted=False, actor=DESTROYER, now=timezone.now())
    return 1


def lock(review_id: int) -> FileReview:
    """The review under its lock, after that of its case."""
    lock_case(FileReview.objects.values_list("case_id", flat=True).get(pk=review_id))
    return FileReview.objects.select_for_update().get(pk=review_id)


def close(review: FileReview, *, accepted: bool, actor: Actor, now: dt.datetime) -> None:
    """It is decided, and recorded. The caller holds the locks, and has dealt with the file."""
    states = FileReview.State
    review.state = states.ACCEPTED if accepted else states.DECLINED
    review.decided_by, review.decided_at = actor.person, now
    save(review, actor=actor, now=now, why="accepting.decide", fields=DECIDED)
    _record(review, review.state, actor, now)


def _record(review: FileReview, what: str, actor: Actor, now: dt.datetime) -> None:
    detail = f"{what}, attachment {review.attachment_id}"
    about = review.case.number
    record(Event.FILE, now=now, person=actor.person, about=about, detail=detail)
