"""The Jobs page's report on each job: what is overdue, what was put off and why. Reads only."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse

from ..job_table import JOBS, Progress, PutOff
from ..models import Attachment, Clock, Notice, Recomputation
from ..rules.clocks import PROMISES, Kind
from ..services import recalculations

#: Nobody reads more of them on one page, and counting all would cost more than the page.
COUNT_CAP = 1_000
SHOWN = 10
#: The subjects of a recomputation.
SUBJECTS = ("target", "calendar", "plan", "organization")


@dataclass(frozen=True)
class Report:
    """For one job: how much is due and since when, the first few rows that were put off, and the
    progress of a long piece of work.

    `due` is None for a job whose work is not counted.
    """

    due: int | None = None
    is_capped: bool = False
    oldest_at: dt.datetime | None = None
    put_off: list[PutOff] = field(default_factory=list)
    at_work: list[Progress] = field(default_factory=list)


def report(job: str, now: dt.datetime) -> Report:
    """The work that waits for the job. At most four queries."""
    source = JOBS[job].source
    if source is None:
        return Report()
    rows = source.due(now).order_by()
    number = rows[: COUNT_CAP + 1].count()
    since = source.elsewhere(now)
    if number:
        since.append(rows.aggregate(at=Min(source.since))["at"])
    number += len(since) - bool(number)
    oldest = min(since, default=None)
    return Report(
        min(number, COUNT_CAP), number > COUNT_CAP, oldest, source.put_off(now), source.at_work(now)
    )


def clocks(*kinds: Kind, **only: Any) -> Callable[[dt.datetime], QuerySet[Clock]]:
    return lambda now: Clock.objects.to_act(now, *kinds).filter(**only)


def warnings(now: dt.datetime) -> QuerySet[Clock]:
    return Clock.objects.to_act(now, *PROMISES).filter(warned_at=None, due_at__gte=now)


def breaches(now: dt.datetime) -> QuerySet[Clock]:
    return Clock.objects.to_act(now, *PROMISES).filter(due_at__lt=now)


def clocks_put_off(*kinds: Kind, **only: Any) -> Callable[[dt.datetime], list[PutOff]]:
    def found(now: dt.datetime) -> list[PutOff]:
        waiting = Clock.objects.running().filter(kind__in=kinds, acts_at__gt=now, **only)
        rows = waiting.exclude(put_off_because="").select_related("case").order_by("acts_at", "pk")
        return [
            PutOff(
                f"{clock.case.number}: {clock.get_kind_display()}",
                reverse("admin:cases_case_change", args=[clock.case_id]),
                clock.put_off_because,
                clock.acts_at,
            )
            for clock in rows[:SHOWN]
        ]

    return found


def files_put_off(now: dt.datetime) -> list[PutOff]:
    failed = Attachment.objects.filter(scan_state=Attachment.ScanState.FAILED)
    return [
        PutOff(
            f"{file.entry.case.number}: {file.name}",
            reverse("admin:cases_case_change", args=[file.entry.case_id]),
            f"The virus scanner did not answer {file.scan_attempts} times.",
            file.scan_due_at,
        )
        for file in failed.select_related("entry__case").order_by("scan_due_at", "pk")[:SHOWN]
    ]


def notices_put_off(now: dt.datetime) -> list[PutOff]:
    """Those given up come first: only people can deal with them."""
    given_up = Notice.objects.filter(state=Notice.State.FAILED).order_by("-pk")
    waiting = Notice.objects.filter(state=Notice.State.QUEUED).exclude(last_error="")
    rows = [*given_up.defer("text")[:SHOWN]]
    rows += waiting.order_by("due_at", "pk").defer("text")[: SHOWN - len(rows)]
    return [
        PutOff(
            f"“{notice.subject}” to {notice.email}",
            reverse("admin:cases_notice_change", args=[notice.pk]),
            notice.last_error,
            notice.due_at,
        )
        for notice in rows
    ]


def recomputing_put_off(now: dt.datetime) -> list[PutOff]:
    """The failures of each subject's newest recomputation: a repeated one replaces the earlier."""
    same = Q()
    for name in SUBJECTS:
        same |= Q(**{name: OuterRef(name)})
    later = Recomputation.objects.filter(same, pk__gt=OuterRef("pk"))
    rows = Recomputation.objects.filter(~Exists(later), failed__gt=0).select_related(*SUBJECTS)
    return [
        PutOff(
            str(row),
            _address_of(row),
            f"{row.failed} of {row.done} cases failed (see the log): "
            f"{row.failed_because or 'the reason was not recorded'}.",
            row.tries_at,
        )
        for row in rows[:SHOWN]
    ]


def recomputing(now: dt.datetime) -> list[Progress]:
    rows = recalculations.due(now).order_by("asked_at", "pk").select_related(*SUBJECTS)
    return [Progress(str(row), _address_of(row), row.done, row.total) for row in rows[:SHOWN]]


def _address_of(row: Recomputation) -> str:
    name = row.subject._meta.label_lower.replace(".", "_")
    return reverse(f"admin:{name}_change", args=[row.subject.pk])
