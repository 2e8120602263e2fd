"""This app's rows in the table of jobs (`cases.job_table`), only for the FedRAMP realm."""

import datetime as dt

from django.urls import reverse

from cases.job_table import Job, PutOff, Source
from cases.jobs.reports import SHOWN

from .models import FileReview, QuarantinedFile
from .services import audit_seals, file_reviews, file_scrubs, quarantine_scans
from .services.dormancy import disable_dormant


def _scrubs_put_off(now: dt.datetime) -> list[PutOff]:
    """Files whose scrubbing failed; they are tried again when the worker's lease has expired."""
    rows = QuarantinedFile.objects.filter(attempts__gt=1, due_at__gt=now)
    rows = rows.select_related("attachment__entry__case").order_by("due_at", "pk")
    return [
        PutOff(
            f"{held.attachment.entry.case.number}: {held.attachment.name}",
            reverse("admin:cases_case_change", args=[held.attachment.entry.case_id]),
            f"Tried {held.attempts} times; the log says why.",
            held.due_at,
        )
        for held in rows[:SHOWN]
    ]


ROWS = (
    Job(
        name="disable-dormant-accounts",
        title="Dormant accounts",
        what="Disables accounts that nobody uses",
        some=disable_dormant,
        every=3600.0,
        thing="account",
    ),
    Job(
        name=file_scrubs.JOB,
        title="File scrubbing",
        what="Scrubs personal information from large and packed files",
        some=file_scrubs.scrub_one,
        every=30.0,
        thing="file",
        time_limit=840,  # one file may take minutes
        source=Source(
            lambda now: QuarantinedFile.objects.filter(due_at__lte=now), "due_at", _scrubs_put_off
        ),
    ),
    Job(
        name="scan-held-files",
        title="Virus scan before review",
        what="Scans files that await a second person's review for viruses",
        some=quarantine_scans.scan_one,
        every=30.0,
        thing="file",
        source=Source(quarantine_scans.unscanned, "created_at"),
    ),
    Job(
        name="destroy-held-files",
        title="Unreviewed files",
        what="Destroys files that nobody reviewed in time",
        some=file_reviews.destroy_some,
        every=3600.0,
        thing="file",
        source=Source(
            lambda now: FileReview.objects.filter(
                state=FileReview.State.ASKED, asked_at__lte=now - file_reviews.WAITS
            ),
            "asked_at",
            elsewhere=lambda now: list(file_scrubs.orphans(now).values()),
        ),
    ),
    Job(
        name="seal-audit-log",
        title="Audit log seals",
        what="Seals new entries of the audit log",
        some=audit_seals.seal_some,
        every=60.0,
        thing="entry",
        source=Source(lambda now: audit_seals.unsealed(), "at"),
    ),
    Job(
        name="anchor-audit-log",
        title="Audit log anchor",
        what="Writes the day's anchor of the audit log",
        some=audit_seals.anchor_due,
        every=3600.0,
        thing="anchor",
    ),
)
