"""The virus scanner checks a quarantined file before the second person does (FED-7).

The file stays encrypted: the scanner reads it decrypted from memory, and nothing is stored. A
clean file can be downloaded by those who decide; an infected one is destroyed at once; one that
was not checked yet waits.
"""

import datetime as dt
import io
import logging

from clamav_client.clamd import ClamdError
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.actors import Actor
from cases.jobs import sweeps
from cases.models import Attachment
from cases.persistence import save

from ..models import FileReview, QuarantinedFile
from ..quarantine.storage import CannotBeOpened
from . import file_reviews
from .file_scrubs import end_quarantine, open_quarantined, refuse

log = logging.getLogger(__name__)

SCANNER = Actor.of_job("scan-held-files")
INFECTED = "the virus scanner found something in it, so it was destroyed."


def unscanned(now: dt.datetime) -> QuerySet[Attachment]:
    """The quarantined files that the scanner must check now; none without a scanner."""
    if not settings.CLAMD_URL:
        return Attachment.objects.none()
    waiting = FileReview.objects.filter(state=FileReview.State.ASKED).values("attachment")
    return Attachment.objects.filter(
        Q(scan_due_at=None) | Q(scan_due_at__lte=now),
        pk__in=waiting,
        scan_state=Attachment.ScanState.REVIEW,
        scanned_at=None,
    )


def scan_one(now: dt.datetime) -> bool:
    """The next quarantined file is scanned, or put off; it stays there until nothing is found."""
    file = _claim(now)
    if file is None:
        return False
    quarantined = (
        QuarantinedFile.objects.select_related("attachment").filter(attachment=file).first()
    )
    if quarantined is None:
        return True  # decided or redacted a moment ago
    try:
        with file.file.open("rb") as stored:
            content = io.BufferedReader(open_quarantined(quarantined, stored))
            is_harmless = sweeps.is_virus_free(content)
    except (ClamdError, OSError, ValueError, CannotBeOpened) as error:
        log.warning("attachment %s was not scanned: %s", file.pk, type(error).__name__)
        later = timezone.now() + sweeps.wait(file.scan_attempts)
        _mark(file, scan_due_at=later)
    else:
        if is_harmless:
            _mark(file, scan_due_at=None, scanned_at=timezone.now())
        else:
            _destroy(quarantined)
    return True


def _claim(now: dt.datetime) -> Attachment | None:
    with transaction.atomic():
        rows = unscanned(now).order_by("pk").select_for_update(skip_locked=True, of=("self",))
        file = rows.first()
        if file is not None:
            file.scan_attempts += 1
            file.scan_due_at = now + sweeps.LEASE
            save(file, actor=SCANNER, now=now, why="", fields=["scan_attempts", "scan_due_at"])
    return file


def _mark(file: Attachment, **values: dt.datetime | None) -> None:
    with transaction.atomic():
        row = Attachment.objects.select_for_update().get(pk=file.pk)
        if row.scan_state != Attachment.ScanState.REVIEW or row.scanned_at:
            return  # decided meanwhile, or another worker was faster
        for name, value in values.items():
            setattr(row, name, value)
        save(row, actor=SCANNER, now=timezone.now(), why="", fields=list(values))


def _destroy(quarantined: QuarantinedFile) -> None:
    now = timezone.now()
    asked = FileReview.objects.get(attachment=quarantined.attachment_id)
    with transaction.atomic():
        review = file_reviews.lock(asked.pk)
        if review.state == FileReview.State.ASKED:
            refuse(end_quarantine(quarantined), INFECTED, actor=SCANNER, now=now)
            file_reviews.close(review, accepted=False, actor=SCANNER, now=now)
