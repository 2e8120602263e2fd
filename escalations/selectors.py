"""Reading: the facts of a case for the criteria, and what pages show of escalations.

The page gathers to show; the service gathers again under the case's lock (ESC-14).
"""

import datetime as dt
from dataclasses import dataclass, replace

from cases import realm
from cases.models import Case, Entry, Person
from cases.rules.business_time import Calendar

from . import words
from .models import Escalation, EscalationReason, ReadMark
from .rules.criteria import Eligibility, Facts, evaluate


def newest_support_entry(case: Case) -> int | None:
    """The newest public entry by Product Support that stands in the case feed (ESC-3)."""
    newest: int | None = (
        Entry.objects.public()
        .filter(case=case, author_side=Entry.Side.STAFF, moved_at=None)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    return newest


def has_unread_update(case: Case, contact: Person) -> bool:
    """ESC-3: whether Product Support wrote something that this contact was not shown yet."""
    return _is_unread(newest_support_entry(case), case, contact)


def _is_unread(newest: int | None, case: Case, contact: Person) -> bool:
    if newest is None:
        return False
    read = ReadMark.objects.filter(person=contact, case=case).values_list("entry_id", flat=True)
    return (read.first() or 0) < newest


def gather(
    *,
    case: Case,
    contact: Person | None,
    now: dt.datetime,
    reason: EscalationReason | None = None,
    impact: str | None = None,
    has_active_escalation: bool | None = None,
) -> Facts:
    """What the criteria need to know. At most six queries; without a contact ESC-3 is not known.

    `has_active_escalation` is asked of the database unless the caller knows it. A case in which
    Product Support never wrote counts as updated when it was opened (ESC-13).
    """
    rules = realm.current()
    if has_active_escalation is None:
        has_active_escalation = Escalation.objects.filter(case=case).active().exists()
    return Facts(
        now=now,
        state=case.state,
        severity=case.severity,
        hosting=case.deployment.hosting,
        is_assigned=case.owner_id is not None,
        critical_by_telephone=rules.critical_is_escalated_by_telephone,
        assigned_only=rules.escalates_assigned_cases_only,
        has_unread_update=has_unread_update(case, contact) if contact else None,
        last_update_at=case.staff_updated_at or case.created_at,
        has_active_escalation=has_active_escalation,
        analysis_since=analysis_since(case),
        calendar=_calendar(case),
        reason=reason.kind if reason else None,
        impact_stated=None if impact is None else bool(impact.strip()),
    )


def analysis_since(case: Case) -> dt.datetime | None:
    """Since when Product Support has had to analyse the root cause (ESC-7): the restoration.

    The desk does not record restorations yet; until it does, the fact is missing and ESC-7 is not
    met.
    """
    return None


def _calendar(case: Case) -> Calendar | None:
    try:
        return case.organization.calendar.as_rule()
    except ValueError:  # a calendar that never opens promises nothing
        return None


def eligibility(
    *,
    case: Case,
    contact: Person | None,
    now: dt.datetime,
    reason: EscalationReason | None = None,
    impact: str | None = None,
) -> Eligibility:
    """The verdict on these facts as they are now. What a page shows of it is no promise."""
    return evaluate(gather(case=case, contact=contact, now=now, reason=reason, impact=impact))


@dataclass(frozen=True)
class Panel:
    """What the button on the case page shows: enabled or not, and beside it why not (HELP-1)."""

    label: str
    verdict: Eligibility
    enabled: bool
    hindrances: list[words.Line]
    possible_from: dt.datetime | None
    #: HELP-3 needs an open case and nothing else, so the form opens for it.
    owner_can_be_asked: bool
    active: Escalation | None
    newest_update: int | None
    has_unread_update: bool


def panel(*, case: Case, contact: Person, now: dt.datetime) -> Panel:
    """The button and its reasons for this contact, before a reason is chosen in the form."""
    newest = newest_support_entry(case)
    active = active_escalation(case)
    facts = gather(case=case, contact=None, now=now, has_active_escalation=active is not None)
    unread = _is_unread(newest, case, contact)
    verdict = evaluate(replace(facts, has_unread_update=unread))
    return Panel(
        label=realm.current().help_button_label,
        verdict=verdict,
        enabled=verdict.may_ask,
        hindrances=[words.line(outcome) for outcome in verdict.hindrances],
        possible_from=verdict.possible_from,
        owner_can_be_asked=case.is_open,
        active=active,
        newest_update=newest,
        has_unread_update=unread,
    )


def active_escalation(case: Case) -> Escalation | None:
    """ESC-5: the one that is active, with its owner."""
    return Escalation.objects.filter(case=case).active().select_related("owner", "reason").first()


def as_codes(verdict: Eligibility) -> list[dict[str, object]]:
    """The outcomes as they are kept with an escalation: codes and times, no words."""
    return [
        {
            "criterion": outcome.criterion,
            "rule": outcome.rule,
            "met": outcome.met,
            "reason": outcome.reason,
            "remedy": outcome.remedy,
            "met_from": outcome.met_from.isoformat() if outcome.met_from else None,
        }
        for outcome in verdict.outcomes
    ]
