"""What is promised to the customer, and by when. Reads only."""

import datetime as dt
from collections.abc import Iterable

from ..models import CarePlan, Case, Clock, Deployment, Organization, SlaTarget
from ..rules.targets import Chosen, Facts, Promise, choose

_CLOSINGS = {Clock.Kind.CLOSURE, Clock.Kind.PROPOSAL}


def plan_features(organization: Organization) -> frozenset[str]:
    """The codes of what the plan and its add-on give (PLAN-2). One query."""
    plans = [pk for pk in (organization.plan_id, organization.add_on_id) if pk]
    through = CarePlan.features.through.objects.filter(careplan_id__in=plans)
    return frozenset(through.values_list("carefeature__code", flat=True))


def target_of(case: Case, promise: Promise) -> Chosen | None:
    """The target that holds for this case by severity, plan, hosting and platform flag.

    None where nothing is promised: a plan without targets (SLA-5), a case that is not
    platform-level (SLA-4), a severity for which the promise has no amount.
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
    """Until when Product Support answers this case (SLA-1, SLA-2), answered already or not.

    None where the plan defines no response target (SLA-5). Of a reopened case, since it was
    reopened.
    """
    counted = case.clocks.filter(kind=Clock.Kind.RESPONSE).exclude(state=Clock.State.CANCELLED)
    return counted.order_by("-started_at").values_list("due_at", flat=True).first()


def open_clocks(case: Case) -> list[Clock]:
    """Its clocks that run or were missed, the next one first: one query for all that a page says.

    `closes_at` and `promised_of_platform` read them.
    """
    return list(Clock.objects.open().filter(case=case).order_by("due_at"))


def closes_at(clocks: Iterable[Clock]) -> dt.datetime | None:
    """When a job closes the case of these clocks if no Designated Contact answers (RESP-1, RESP-2).

    None where nothing is waited for. It may become later, never sooner: staff can put it off, and
    the notice must have been sent a business day before.
    """
    running = [each for each in clocks if each.state == Clock.State.RUNNING]
    return next((each.due_at for each in running if each.kind in _CLOSINGS), None)


def closings(cases: Iterable[Case]) -> dict[int, dt.datetime]:
    """As `closes_at`, for each of these cases that waits; by primary key, in one query."""
    closing = Clock.objects.running().filter(case__in=cases, kind__in=_CLOSINGS)
    # The latest first: where there are two, which no service makes, the earlier one counts.
    return dict(closing.order_by("-due_at").values_list("case_id", "due_at"))


def promised_of_platform(clocks: Iterable[Clock]) -> list[Clock]:
    """Restoration and root cause analysis, of the open clocks of a platform-level case."""
    return [each for each in clocks if each.kind in {Clock.Kind.RESTORATION, Clock.Kind.RCA}]
