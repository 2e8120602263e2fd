"""What the jobs page shows for the jobs about files. Reads only."""

import datetime as dt

from django.urls import reverse

from cases.jobs.reports import SHOWN, PutOff, Source, nothing, register

from .models import FileReview, QuarantinedFile
from .services import file_reviews, file_scrubs, quarantine_scans


def count_jobs() -> None:
    """Call once, when the app is ready."""
    register(
        file_scrubs.JOB,
        Source(
            lambda now: QuarantinedFile.objects.filter(due_at__lte=now),
            "due_at",
            _scrubbing_put_off,
        ),
    )
    register("scan-held-files", Source(quarantine_scans.unscanned, "created_at", nothing))
    register(
        "destroy-held-files",
        Source(
            lambda now: FileReview.objects.filter(
                state=FileReview.State.ASKED, asked_at__lte=now - file_reviews.WAITS
            ),
            "asked_at",
            nothing,
            elsewhere=lambda now: list(file_scrubs.orphans(now).values()),
        ),
    )


def _scrubbing_put_off(now: dt.datetime) -> list[PutOff]:
    """Files that were tried in vain, and are tried again when the worker's lease has expired."""
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
