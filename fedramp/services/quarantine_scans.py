"""The virus scanner looks at a held file before the second person does (FED-7).

The file stays sealed: the scanner reads what opens for it, and nothing is laid anywhere. Clean, it
can be downloaded by who decides; infected, it is destroyed at once; not looked at yet, it waits.
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
from cases.tasks import ring

from ..models import Acceptance, SealedFile
from ..quarantine.storage import CannotBeOpened
from . import file_reviews
from .file_scrubs import open_sealed, refuse, take_out

log = logging.getLogger(__name__)

SCANNER = Actor.of_job("scan-held-files")
INFECTED = "the virus scanner found something in it, so it was destroyed."


def ring_scanner() -> None:
    """Wakes the job."""
    from ..tasks import scan_held_files

    ring(scan_held_files)


def unscanned(now: dt.datetime) -> QuerySet[Attachment]:
    """The held files at which the scanner has to look now; none where there is no scanner."""
    if not settings.CLAMD_URL:
        return Attachment.objects.none()
    waiting = Acceptance.objects.filter(state=Acceptance.State.ASKED).values("attachment")
    return Attachment.objects.filter(
        Q(scan_due_at=None) | Q(scan_due_at__lte=now),
        pk__in=waiting,
        scan_state=Attachment.ScanState.REVIEW,
        scanned_at=None,
    )


def scan_one(now: dt.datetime) -> bool:
    """The next held file is looked at, or put off; it stays held until it is found clean."""
    file = _claim(now)
    if file is None:
        return False
    held = SealedFile.objects.select_related("attachment").filter(attachment=file).first()
    if held is None:
        return True  # decided or redacted a moment ago
    try:
        with file.file.open("rb") as stored:
            content = io.BufferedReader(open_sealed(held, stored))
            clean = sweeps.is_clean(content)
    except (ClamdError, OSError, ValueError, CannotBeOpened) as error:
        log.warning("attachment %s was not scanned: %s", file.pk, type(error).__name__)
        later = timezone.now() + sweeps.wait(file.scan_attempts)
        _mark(file, scan_due_at=later)
    else:
        if clean:
            _mark(file, scan_due_at=None, scanned_at=timezone.now())
        else:
            _destroy(held)
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


def _destroy(held: SealedFile) -> None:
    now = timezone.now()
    asked = Acceptance.objects.get(attachment=held.attachment_id)
    with transaction.atomic():
        acceptance = file_reviews.lock(asked.pk)
        if acceptance.state == Acceptance.State.ASKED:
            refuse(take_out(held), INFECTED, actor=SCANNER, now=now)
            file_reviews.close(acceptance, accepted=False, actor=SCANNER, now=now)
