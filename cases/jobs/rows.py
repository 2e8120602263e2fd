"""This app's rows in the table of jobs (`cases.job_table`), in the order of a sweep."""

from django.contrib.sessions.models import Session
from django.db.models import F

from .. import drafts
from ..job_table import MAIL, Job, Source
from ..models import Attachment, Case, Notice
from ..rules.clocks import PROMISES, Kind
from ..services import departures, recalculations, stray_files
from . import clocks, reports, sweeps

ROWS = (
    Job(
        name="recompute-clocks",
        title="Clock recalculation",
        what="Recalculates running clocks after a target, calendar or plan has changed",
        some=recalculations.recompute_some,
        every=30.0,
        thing="case",
        source=Source(
            recalculations.due, "asked_at", reports.recomputing_put_off, reports.recomputing
        ),
    ),
    Job(
        name="warn-of-clocks",
        title="Deadline warnings",
        what="Warns Case Owners before a deadline passes",
        some=clocks.warn_due,
        every=30.0,
        thing="clock",
        source=Source(
            reports.warnings,
            "acts_at",
            reports.clocks_put_off(*PROMISES, warned_at=None, due_at__gte=F("acts_at")),
        ),
    ),
    Job(
        name="breach-clocks",
        title="Missed deadlines",
        what="Marks missed deadlines and tells Case Owners",
        some=clocks.breach_due,
        every=30.0,
        thing="clock",
        source=Source(
            reports.breaches, "acts_at", reports.clocks_put_off(*PROMISES, due_at__lt=F("acts_at"))
        ),
    ),
    Job(
        name="send-closing-notices",
        title="Closing notices",
        what="Tells customers who have not answered that their case will be closed",
        some=clocks.remind_due,
        every=60.0,
        thing="case",
        source=Source(
            reports.clocks(Kind.REMINDER), "acts_at", reports.clocks_put_off(Kind.REMINDER)
        ),
    ),
    Job(
        name="close-silent-cases",
        title="Automatic closing",
        what="Closes cases whose customer has not answered in time",
        some=clocks.close_due,
        every=60.0,
        thing="case",
        source=Source(
            reports.clocks(Kind.CLOSURE, Kind.PROPOSAL),
            "acts_at",
            reports.clocks_put_off(Kind.CLOSURE, Kind.PROPOSAL),
        ),
    ),
    Job(
        name="release-cases",
        title="Departed owners",
        what="Returns the work of people who can no longer do it to its queue",
        some=departures.release_one,
        every=60.0,
        thing="case",
        source=Source(
            lambda now: Case.objects.open().filter(owner__in=departures.owners_gone()),
            "state_since_at",
        ),
    ),
    Job(
        name="scan-attachments",
        title="Virus scan",
        what="Scans attached files for viruses",
        some=sweeps.scan_one,
        every=30.0,
        thing="file",
        source=Source(
            lambda now: Attachment.objects.filter(scan_state__in=sweeps.HELD, scan_due_at__lte=now),
            "scan_due_at",
            reports.files_put_off,
        ),
    ),
    Job(
        name="clear-sessions",
        title="Expired sessions",
        what="Removes sessions that have expired",
        some=drafts.clear_sessions,
        every=3600.0,
        thing="session",
        source=Source(lambda now: Session.objects.filter(expire_date__lt=now), "expire_date"),
    ),
    Job(
        name="remove-stray-files",
        title="Stray files",
        what="Removes stored files that belong to no case",
        some=stray_files.remove_some,
        every=3600.0,
        thing="file",
    ),
    Job(
        name=MAIL,
        title="Mail delivery",
        what="Sends queued mail",
        some=sweeps.deliver_one,
        every=15.0,
        thing="mail",
        queue="mail",  # a mail server that hangs holds up nothing else
        source=Source(Notice.objects.due, "due_at", reports.notices_put_off),
    ),
)
