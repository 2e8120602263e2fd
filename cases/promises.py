"""The promises to the customer, and their times. Reads only."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from .extension import vetoes_of
from .models import CarePlan, Case, Clock, Deployment, Organization, SlaTarget
from .rules import closures
from .rules.targets import TELEPHONE_SUPPORT, Chosen, Facts, Promise, choose

_CLOSINGS = {Clock.Kind.CLOSURE, Clock.Kind.PROPOSAL}


def plan_features(organization: Organization) -> frozenset[str]:
    """The codes of the features that the plan and its add-on give (PLAN-2). One query."""
    plans = [pk for pk in (organization.plan_id, organization.add_on_id) if pk]
    through = CarePlan.features.through.objects.filter(careplan_id__in=plans)
    return frozenset(through.values_list("carefeature__code", flat=True))


def note_telephone_support(organizations: Iterable[Organization]) -> None:
    """PLAN-2: note on each of them whether it has telephone support. One query."""
    unknown = [each for each in organizations if "has_telephone_support" not in each.__dict__]
    through = CarePlan.features.through.objects.filter(
        careplan__in={pk for each in unknown for pk in (each.plan_id, each.add_on_id) if pk},
        carefeature__code__in=TELEPHONE_SUPPORT,
    )
    having = set(through.values_list("careplan_id", flat=True)) if unknown else set()
    for each in unknown:
        each.__dict__["has_telephone_support"] = bool(having & {each.plan_id, each.add_on_id})


def target_of(case: Case, promise: Promise) -> Chosen | None:
    """The target that applies to this case by severity, plan, hosting and platform flag.

    None if nothing is promised: a plan without targets (SLA-5), a case that is not platform-level
    (SLA-4), a severity for which the promise has no amount.
    """
    if promise is not Promise.RESPONSE and not case.is_platform:
        return None
    targets = SlaTarget.objects.filter(promise=promise.value, severity=case.severity)
    of_plan = promise is Promise.RESPONSE
    facts = Facts(
        severity=case.severity,
        features=plan_features(case.organization) if of_plan else frozenset(),
        on_premises=case.deployment.hosting == Deployment.Hosting.PREMISES,
        is_platform=case.is_platform,
    )
    return choose([target.as_rule() for target in targets], promise, facts)


def promised_response_at(case: Case) -> dt.datetime | None:
    """Until when Product Support must answer this case (SLA-1, SLA-2), whether answered or not.

    None if the plan defines no response target (SLA-5). A reopened case counts from its reopening.
    """
    counted = case.clocks.filter(kind=Clock.Kind.RESPONSE).exclude(state=Clock.State.CANCELLED)
    return counted.order_by("-started_at").values_list("due_at", flat=True).first()


def open_clocks(case: Case) -> list[Clock]:
    """Its clocks that run or were missed, the next one first: one query for the whole page.

    `closes_at` and `promised_of_platform` read them.
    """
    return list(Clock.objects.open().filter(case=case).order_by("due_at"))


def closes_at(clocks: Iterable[Clock]) -> dt.datetime | None:
    """When a job closes the case of these clocks if no Designated Contact answers (RESP-1, RESP-2).

    None if nothing is awaited. It may become later: staff can postpone it, and the notice must have
    been sent a business day before. Pages use `announced_closing`.
    """
    running = [each for each in clocks if each.state == Clock.State.RUNNING]
    return next((each.due_at for each in running if each.kind in _CLOSINGS), None)


def announced_closing(case: Case, clocks: Iterable[Clock], now: dt.datetime) -> dt.datetime | None:
    """The closing that a page of the case may announce: one that is ahead and will happen.

    None if something holds the case open (RESP-6), nobody can be notified (RESP-1), or the time has
    come and a job is about to close it. If the notice is late, the full day after it is included.
    """
    clocks = list(clocks)
    at = closes_at(clocks)
    if at is None or vetoes_of([case]):
        return None
    running = [each for each in clocks if each.state == Clock.State.RUNNING]
    notice = next((each for each in running if each.kind == Clock.Kind.REMINDER), None)
    if notice is not None:
        if notice.put_off_because:
            return None
        at = after_notice(case, at, max(now, notice.due_at))
    return at if at > now else None


def after_notice(case: Case, planned: dt.datetime, told: dt.datetime) -> dt.datetime:
    """The planned closing, or a full day after its notice (RESP-1)."""
    calendar = case.organization.calendar.as_rule()
    return closures.after_notice(calendar, planned, told, closing_policy())


def closing_policy() -> closures.Policy:
    """RESP-1, RESP-2: after how many business days a case without an answer is closed."""
    return closures.Policy(
        notice_days=settings.CLOSING_NOTICE_AFTER_DAYS,
        closing_days=settings.CLOSING_AFTER_DAYS,
        days_after_notice=settings.CLOSING_DAYS_AFTER_NOTICE,
    )


def closings(cases: Iterable[Case], now: dt.datetime) -> dict[int, dt.datetime]:
    """When each of these waiting cases is closed, by primary key: ahead, and not held open."""
    cases = list(cases)
    ahead = Clock.objects.running().filter(case__in=cases, kind__in=_CLOSINGS, due_at__gt=now)
    # The latest first: if there are two, which no service makes, the earlier one counts.
    found = dict(ahead.order_by("-due_at").values_list("case_id", "due_at"))
    held = vetoes_of([case for case in cases if case.pk in found]) if found else {}
    return {pk: at for pk, at in found.items() if pk not in held}


def promised_of_platform(clocks: Iterable[Clock]) -> list[Clock]:
    """Restoration and root cause analysis among the open clocks of a platform-level case."""
    return [each for each in clocks if each.kind in {Clock.Kind.RESTORATION, Clock.Kind.RCA}]
