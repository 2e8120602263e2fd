"""MGT-9: the clock of the answer to an escalation: warning, breach, recomputation (SLA-6, 7).

It is stored on the escalation's row; the sweeps of the clocks call it through `cases.extension`.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from cases.actors import Actor
from cases.errors import NotPossible
from cases.extension import FurtherClocks
from cases.jobs.clocks import WATCH
from cases.models import Case
from cases.notices import notify
from cases.persistence import save
from cases.rules import business_time

from ..models import Escalation
from .persistence import lock_escalation

log = logging.getLogger(__name__)

#: The sweep takes this many at once, each in its own transaction.
BATCH = 50


def answer_clock(case: Case, start: dt.datetime) -> dict[str, dt.datetime]:
    """When an Escalation Owner must have answered, and the warning before: the customer's business
    time.

    By the names of the escalation's fields. Raises NotPossible if the organization's calendar
    never opens.
    """
    span = dt.timedelta(hours=settings.ESCALATION_ANSWER_HOURS)
    try:
        calendar = case.organization.calendar.as_rule()
        warns_at = business_time.add(calendar, start, span * settings.ESCALATION_WARN_PERCENT / 100)
        return {
            "answer_due_at": business_time.add(calendar, start, span),
            "answer_warns_at": warns_at,
        }
    except (ValueError, LookupError) as error:
        instead = f"call {settings.SUPPORT_PHONE}" if case.takes_calls else "write in the case"
        raise NotPossible(
            "Your organization's business calendar is not set up, so no answer can be promised: "
            f"{instead}."
        ) from error


def unanswered() -> QuerySet[Escalation]:
    """The escalations whose clock runs: active, answered by nobody, and not marked as breached."""
    waiting = Escalation.objects.filter(state__in=["requested", "under_review"])
    found: QuerySet[Escalation] = waiting.filter(answered_at=None, answer_breached_at=None)
    return found


def to_warn(now: dt.datetime) -> QuerySet[Escalation]:
    """The escalations whose owner is warned now."""
    return unanswered().filter(
        answer_warned_at=None, answer_warns_at__lte=now, answer_due_at__gte=now
    )


def to_breach(now: dt.datetime) -> QuerySet[Escalation]:
    """The escalations whose answer is overdue, and not marked so yet."""
    return unanswered().filter(answer_due_at__lt=now)


def warn(now: dt.datetime) -> int:
    """The owners of the next escalations are warned; all owners, if nobody took one yet."""
    return _mark(to_warn, "answer_warned_at", "escalation_answer_due", now)


def breach(now: dt.datetime) -> int:
    """The next overdue ones are marked as breached, and the owners are told."""
    return _mark(to_breach, "answer_breached_at", "escalation_answer_late", now)


def _mark(
    due: Callable[[dt.datetime], QuerySet[Escalation]], field: str, event: str, now: dt.datetime
) -> int:
    done = 0
    for pk in due(now).order_by("answer_due_at", "pk").values_list("pk", flat=True)[:BATCH]:
        try:
            done += _mark_one(pk, due, field, event, now)
        except Exception as error:
            # One bad row must not stop the others; it is tried again with the next beat.
            log.exception("escalation %s was not marked: %s", pk, type(error).__name__)
    return done


def _mark_one(
    pk: int,
    due: Callable[[dt.datetime], QuerySet[Escalation]],
    field: str,
    event: str,
    now: dt.datetime,
) -> int:
    with transaction.atomic():
        case, escalation = lock_escalation(pk, wherever_it_belongs=True)
        if not due(now).filter(pk=pk).exists():  # another worker was faster, or it was answered
            return 0
        setattr(escalation, field, now)
        # No new version: a form that the owner has open stays valid.
        save(escalation, actor=WATCH, now=now, why="", fields=[field])
        notify(
            event, f"{pk}:{now.isoformat()}", case=case, actor=WATCH, now=now, escalation=escalation
        )
    return 1


def count_anew(case: Case, actor: Actor, now: dt.datetime) -> None:
    """SLA-6: counted again from the request, by the present calendar; a breach stays a breach.

    A warning is withdrawn if the new span has not come that far. The case is locked.
    """
    rows = unanswered().filter(case=case).select_for_update(of=("self",))
    for escalation in rows:
        escalation.case = case
        before = (escalation.answer_due_at, escalation.answer_warns_at)
        clock = answer_clock(case, escalation.requested_at)
        for name, at in clock.items():
            setattr(escalation, name, at)
        if before == (escalation.answer_due_at, escalation.answer_warns_at):
            continue
        fields = ["answer_due_at", "answer_warns_at"]
        if escalation.answer_warned_at and clock["answer_warns_at"] > now:
            escalation.answer_warned_at = None
            fields.append("answer_warned_at")
        save(escalation, actor=actor, now=now, why="answering.recomputed", fields=fields)


def running(cases: QuerySet[Case]) -> int:
    """How many of these clocks run in these cases."""
    return unanswered().filter(case__in=cases).count()


CLOCKS = FurtherClocks(warn=warn, breach=breach, count_anew=count_anew, running=running)
