"""Background work, one `*_one(now)` for each job.

Each takes the next due row, checks it again, acts, moves its marker, and commits. Any number of
workers may run it at once, and each may be killed at any instruction. (The sweeps of the clocks
take a batch of rows at once: `cases.jobs.clocks`.)
"""

import datetime as dt
import logging
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..actors import Actor
from ..late_notices import OVERTAKEN, bring_up_to_date
from ..mail_messages import failure, failure_for_log, message_of
from ..models import Attachment, Entry, Notice
from ..notices import notify_of_failure
from ..persistence import save, save_case
from ..services.entries import write_entry
from ..services.locks import lock_case

log = logging.getLogger(__name__)

#: The time that a worker has for a mail or a file before another may take it.
LEASE = dt.timedelta(minutes=2)
MAX_ATTEMPTS = 12
MAX_WAIT = dt.timedelta(hours=6)


def wait(attempts: int) -> dt.timedelta:
    """How long after a failure the next attempt comes: 1, 2, 4 … minutes, at most six hours."""
    return min(dt.timedelta(minutes=2 ** max(attempts - 1, 0)), MAX_WAIT)


# --- Mail ---------------------------------------------------------------------------------------

MAILER = Actor.of_job("deliver-notices")


def deliver_one(now: dt.datetime) -> bool:
    """Sends the next due mail, or puts it off with its error. False if none is due.

    Taking it is one transaction, sending is outside of any, and marking it as sent is another: if a
    worker is killed in between, its lease runs out, and the same Message-ID is sent again.
    """
    notice = _claim_notice(now)
    if notice is None:
        return False
    if notice.state != Notice.State.QUEUED:
        return True  # given up on
    try:
        _send(notice)
    except Exception as error:  # noqa: BLE001 - any failure of a mail server is a reason to wait
        log.warning("notice %s was not sent: %s", notice.pk, failure_for_log(error))
        _put_off(notice, failure(error))
    else:
        _mark_sent(notice)
    return True


def _claim_notice(now: dt.datetime) -> Notice | None:
    with transaction.atomic():
        notice = Notice.objects.due(now).select_for_update(skip_locked=True).first()
        if notice is None:
            return None
        if notice.attempts >= MAX_ATTEMPTS:
            # Its workers never came back, again and again: it may be what kills them.
            _give_up(notice, "no worker came back", now=now)
            notify_of_failure(notice, actor=MAILER, now=now)
        elif not _still_concerns(notice):
            _give_up(notice, "no longer concerned", now=now)
            if notice.person and not notice.person.is_staff and notice.case and notice.case.is_open:
                # It was for a person who left meanwhile, and perhaps for nobody else.
                notify_of_failure(notice, actor=MAILER, now=now)
        elif not bring_up_to_date(notice, actor=MAILER, now=now):
            _give_up(notice, OVERTAKEN, now=now)
        else:
            notice.attempts += 1
            notice.due_at = now + LEASE
            save(notice, actor=MAILER, now=now, why="", fields=["attempts", "due_at"])
    return notice


def _still_concerns(notice: Notice) -> bool:
    """Whether the addressee may still read about this case, as when the mail was queued."""
    if notice.case is None or notice.person is None:
        return True
    return Actor.of(notice.person).may_see(notice.case)


def _give_up(notice: Notice, error: str, *, now: dt.datetime) -> None:
    notice.state = Notice.State.FAILED
    notice.due_at = None
    notice.last_error = error
    fields = ["state", "due_at", "last_error", *_blank(notice)]
    save(notice, actor=MAILER, now=now, why="", fields=fields)


def _blank(notice: Notice) -> list[str]:
    """A secret is only for its addressee: it is erased when the mail is sent or given up."""
    if not notice.is_secret:
        return []
    notice.text = "(removed)"
    return ["text"]


def _ours(notice: Notice) -> Notice | None:
    """The locked row, if it is still ours: a lease may have run out meanwhile."""
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    is_ours = row.state == Notice.State.QUEUED and row.attempts == notice.attempts
    return row if is_ours else None


def _send(notice: Notice) -> None:
    message_of(notice).send()


def _mark_sent(notice: Notice) -> None:
    now = timezone.now()
    with transaction.atomic():
        row = Notice.objects.select_for_update().get(pk=notice.pk)
        if row.state == Notice.State.SENT:
            return  # another worker took it when our lease ran out, and was faster
        row.state = Notice.State.SENT
        row.sent_at = now
        row.due_at = None
        row.last_error = ""
        fields = ["state", "sent_at", "due_at", "last_error", *_blank(row)]
        save(row, actor=MAILER, now=now, why="", fields=fields)


def _put_off(notice: Notice, error: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        row = _ours(notice)
        if row is None:
            return
        if row.attempts >= MAX_ATTEMPTS:
            _give_up(row, error[:200], now=now)
            notify_of_failure(row, actor=MAILER, now=now)
            return
        row.last_error = error[:200]
        row.due_at = now + wait(row.attempts)
        save(row, actor=MAILER, now=now, why="", fields=["last_error", "due_at"])


# --- Virus scan ---------------------------------------------------------------------------------

SCANNER = Actor.of_job("scan-attachments")
HELD = [Attachment.ScanState.PENDING, Attachment.ScanState.FAILED]


def scan_one(now: dt.datetime) -> bool:
    """Checks the next held file, or puts it off; it stays held until it is found clean."""
    attachment = _claim_attachment(now)
    if attachment is None:
        return False
    try:
        with attachment.file.open("rb") as content:
            is_harmless = is_virus_free(cast(BinaryIO, content.file))
    except (ClamdError, OSError, ValueError) as error:  # ValueError: the answer is not text
        log.warning("attachment %s was not scanned: %s", attachment.pk, type(error).__name__)
        _finish_scan(attachment, Attachment.ScanState.FAILED)
    else:
        state = Attachment.ScanState.CHECKED if is_harmless else Attachment.ScanState.INFECTED
        _finish_scan(attachment, state)
    return True


def _claim_attachment(now: dt.datetime) -> Attachment | None:
    with transaction.atomic():
        attachment = (
            Attachment.objects.filter(scan_state__in=HELD, scan_due_at__lte=now)
            .order_by("scan_due_at", "pk")
            .select_for_update(skip_locked=True)
            .first()
        )
        if attachment is None:
            return None
        attachment.scan_attempts += 1
        attachment.scan_due_at = now + LEASE
        fields = ["scan_attempts", "scan_due_at"]
        save(attachment, actor=SCANNER, now=now, why="", fields=fields)
    return attachment


def is_virus_free(content: BinaryIO) -> bool:
    """clamd's verdict on a file's content. Raises ClamdError or OSError without an answer."""
    address = urlsplit(settings.CLAMD_URL)
    client = (
        ClamdUnixSocket(path=address.path, timeout=60)
        if address.scheme == "unix"
        else ClamdNetworkSocket(
            host=address.hostname or "localhost", port=address.port or 3310, timeout=60
        )
    )
    verdict, _ = client.instream(content).get("stream", ("nothing", None))
    if verdict not in {"OK", "FOUND"}:
        raise ClamdError(f"unexpected verdict {verdict}")
    return bool(verdict == "OK")


def _finish_scan(attachment: Attachment, state: Attachment.ScanState) -> None:
    now = timezone.now()
    with transaction.atomic():
        case = lock_case(attachment.entry.case_id, wherever_it_belongs=True)
        row = Attachment.objects.select_for_update().get(pk=attachment.pk)
        if row.scan_state not in HELD:
            return  # another worker took it when our lease ran out, and was faster
        row.scan_state = state
        if state == Attachment.ScanState.FAILED:
            row.scan_due_at = now + wait(row.scan_attempts)
        else:
            row.scan_due_at = None
            row.scanned_at = now
        fields = ["scan_state", "scan_due_at", "scanned_at"]
        save(row, actor=SCANNER, now=now, why="", fields=fields)
        if state == Attachment.ScanState.INFECTED:
            internal = attachment.entry.is_internal
            save_case(case, actor=SCANNER, now=now, why="", public=not internal, fields=[])
            write_entry(
                case,
                actor=SCANNER,
                now=now,
                event=Entry.Event.FILE_REFUSED,
                internal=internal,
                body="The virus scanner found something in this file. Nobody can open it.",
                to_value=row.name[:120],
            )
