"""Running clocks are counted again after a change of what is promised (SLA-6).

A person who changes a target, a calendar or a plan chooses whether; if an organization gets
another plan or calendar, or a deployment another hosting, it always happens. A sweep then does it
in the background.
"""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q, QuerySet

from ..actors import Actor
from ..extension import further_clocks
from ..job_table import wake
from ..models import BusinessCalendar, CarePlan, Case, Clock, Organization, Recomputation, SlaTarget
from ..persistence import save
from ..rules.clocks import PROMISES, Event
from ..rules.targets import Promise
from . import clocks
from .locks import lock_case

log = logging.getLogger(__name__)

#: How many cases are locked at once.
BATCH = 50
AFTER_A_FAILURE = dt.timedelta(hours=1)
#: The fields of a recomputation that a batch changes.
PROGRESS = [
    "total",
    "done",
    "failed",
    "failed_cases",
    "failed_because",
    "last_case_id",
    "tries_at",
    "finished_at",
]
RECOMPUTER = Actor.of_job("recompute-clocks")

Subject = SlaTarget | BusinessCalendar | CarePlan | Organization
#: The field of a recomputation that names a subject of this kind.
_NAMES: dict[type[Subject], str] = {
    SlaTarget: "target",
    BusinessCalendar: "calendar",
    CarePlan: "plan",
    Organization: "organization",
}
#: What an organization's clocks depend on.
TERMS = frozenset({"plan", "add_on", "calendar"})
#: What they depend on in its deployments (RCA-3).
HOSTED_TERMS = frozenset({"hosting"})


def cases_of(subject: Subject) -> QuerySet[Case]:
    """The open cases whose promises depend on this target, calendar, plan or organization."""
    found: QuerySet[Case] = Case.objects.open()
    if isinstance(subject, Organization):
        return found.filter(organization=subject)
    if isinstance(subject, BusinessCalendar):
        return found.filter(organization__calendar=subject)
    if isinstance(subject, CarePlan):
        return found.filter(Q(organization__plan=subject) | Q(organization__add_on=subject))
    found = found.filter(severity=subject.severity)
    return found if subject.promise == Promise.RESPONSE else found.filter(incident__isnull=False)


def running_clocks(subject: Subject) -> QuerySet[Clock]:
    """The running clocks that a change of the subject affects: a plan and a target move only
    promises, a calendar moves every kind (SLA-6)."""
    running = Clock.objects.running().filter(case__in=cases_of(subject))
    if isinstance(subject, SlaTarget):
        return running.filter(kind=subject.promise)
    return running.filter(kind__in=PROMISES) if isinstance(subject, CarePlan) else running


def number_running(subject: Subject) -> int:
    """How many clocks a change of the subject affects, including those of the apps above."""
    number = running_clocks(subject).count()
    if isinstance(subject, BusinessCalendar | Organization):
        number += sum(further.running(cases_of(subject)) for further in further_clocks)
    return number


def ask_to_recompute(subject: Subject, *, actor: Actor, now: dt.datetime) -> Recomputation:
    """A job counts the clocks of these cases again. One that is under way starts over.

    The caller has the right to change the subject, and is in the transaction that changes it.
    """
    name = _NAMES[type(subject)]
    assert actor.person is not None, "a person changed the subject"
    with transaction.atomic():
        rows = Recomputation.objects.select_for_update(of=("self",))
        row = rows.filter(**{name: subject}, finished_at=None).first()
        if row is None:
            row = Recomputation(**{name: subject})
        row.asked_at, row.asked_by = now, actor.person
        row.total, row.done, row.last_case_id = cases_of(subject).count(), 0, 0
        row.failed, row.failed_cases, row.failed_because, row.tries_at = 0, [], "", None
        save(row, actor=actor, now=now, why="recomputing.ask")
        wake("recompute-clocks")
    return row


def recompute_some(now: dt.datetime) -> int:
    """The next batch of the oldest recomputation; returns how many cases were processed.

    One transaction: a worker that is killed leaves the batch undone, and another does it. A case
    that fails is reported, does not delay the others, and is tried again an hour after the last.
    0: nothing is left to do now.
    """
    with transaction.atomic():
        waiting = due(now).order_by("asked_at", "pk")
        row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return 0
        subject: Subject = row.subject  # type: ignore[assignment]
        cases = cases_of(subject)
        if row.tries_at is not None:
            cases = cases.filter(pk__in=row.failed_cases)
        left = cases.filter(pk__gt=row.last_case_id).order_by("pk")
        batch = list(left.values_list("pk", flat=True)[:BATCH])
        failures = {pk: why for pk in batch if (why := _recompute(pk, now=now))}
        if row.tries_at is None:
            row.done += len(batch)
            row.total = max(row.total, row.done)  # cases that were opened meanwhile are done too
        if batch:
            row.last_case_id = batch[-1]
        row.failed_cases = sorted({*row.failed_cases} - {*batch} | {*failures})
        row.failed_because = next(iter(failures.values()), row.failed_because)
        if len(batch) < BATCH:
            _end_round(row, cases_of(subject), now=now)
        row.failed = len(row.failed_cases)
        save(row, actor=RECOMPUTER, now=now, why="", fields=PROGRESS)
    return max(len(batch), 1)


def _end_round(row: Recomputation, cases: QuerySet[Case], *, now: dt.datetime) -> None:
    """It is finished, or failed cases are tried again later, unless they were closed since."""
    failed = cases.filter(pk__in=row.failed_cases).order_by("pk")
    row.failed_cases = list(failed.values_list("pk", flat=True))
    if row.failed_cases:
        row.tries_at, row.last_case_id = now + AFTER_A_FAILURE, 0
    else:
        row.tries_at, row.failed_because, row.finished_at = None, "", now


def due(now: dt.datetime) -> QuerySet[Recomputation]:
    """The recomputations that are under way, or are tried again now."""
    at_work = Q(tries_at=None) | Q(tries_at__lte=now)
    return Recomputation.objects.filter(at_work, finished_at=None)


def _recompute(case_id: int, *, now: dt.datetime) -> str:
    """Why the case could not be done; empty if it was done."""
    try:
        with transaction.atomic():
            case = lock_case(case_id, wherever_it_belongs=True)
            if case.is_open:
                clocks.note(case, Event.TERMS_CHANGED, actor=RECOMPUTER, now=now)
    except Exception as error:
        because = type(error).__name__
        log.exception("clocks of case %s were not recomputed: %s", case_id, because)
        return because
    return ""
