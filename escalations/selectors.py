"""Reads the facts of a case for the criteria, and what pages show of escalations.

The page gathers the facts to show them; the service gathers them again under the case's lock
(ESC-14).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from cases import realm
from cases.models import Case, Entry, Person
from cases.rules.business_time import Calendar
from cases.rules.texts import has_words
from cases.selectors import FEED_ROWS
from cases.services.analyses import analysis_since

from . import wording
from .models import (
    Escalation,
    EscalationEntry,
    EscalationReason,
    ManagementAttention,
    OwnerReview,
    ReadMark,
)
from .notices import management_address
from .rules.criteria import CLOSED, Eligibility, Facts, ReasonKind, evaluate

#: MGT-8: requests to management are counted within this time, at whatever hour they were sent.
DAY = dt.timedelta(hours=24)

#: On the case page; older ones are in the feed.
REVIEWS_SHOWN = 3
#: On an escalation's page; more than this is exceptional.
OTHERS_SHOWN = 20


def newest_support_entry(case: Case) -> int | None:
    """The newest public entry by Product Support in the case feed (ESC-3)."""
    newest: int | None = _support_entries(case).values_list("pk", flat=True).first()
    return newest


def newest_update(case: Case, contact: Person) -> tuple[int | None, bool]:
    """That entry, and whether this contact has not been shown it yet (ESC-3). One query."""
    mark = ReadMark.objects.filter(person=contact, case=case)
    found = _support_entries(case).annotate(
        read_at=Subquery(mark.values("entry__created_at")), read=Subquery(mark.values("entry_id"))
    )
    newest = found.values_list("pk", "created_at", "read", "read_at").first()
    if newest is None:
        return None, False
    pk, created_at, read, read_at = newest
    return pk, read is None or (read_at, read) < (created_at, pk)


def has_unread_update(case: Case, contact: Person) -> bool:
    """ESC-3: whether this contact has not been shown something that Product Support wrote."""
    return newest_update(case, contact)[1]


def _support_entries(case: Case) -> Any:
    """The newest first, by time of writing: an entry that was moved here may be old."""
    return _newest_first(Entry.objects.filter(case=case))


def _newest_first(entries: Any) -> Any:
    said = entries.public().filter(author_side=Entry.Side.STAFF, moved_at=None)
    said = said.exclude(event=Entry.Event.CALLED)  # the contact's words, which staff recorded
    return said.order_by("-created_at", "-pk")


def newest_support_entries(cases: Iterable[int]) -> dict[int, tuple[dt.datetime, int]]:
    """That entry's time and primary key for each of these cases that has one. One query."""
    newest = _newest_first(Entry.objects.filter(case=OuterRef("pk")))
    found = Case.objects.filter(pk__in=cases).annotate(newest=Subquery(newest.values("pk")[:1]))
    entries = Entry.objects.filter(pk__in=found.values("newest"))
    return {case: (at, pk) for case, at, pk in entries.values_list("case", "created_at", "pk")}


def gather(
    *,
    case: Case,
    contact: Person | None,
    now: dt.datetime,
    reason: EscalationReason | None = None,
    impact: str | None = None,
    has_active_escalation: bool | None = None,
    unread: bool | None = None,
) -> Facts:
    """The facts that the criteria need. At most eight queries; without a contact, ESC-3 is unknown.

    `has_active_escalation` and `unread` are queried unless the caller knows them. A case in which
    Product Support has never written counts as updated when it was opened (ESC-13).
    """
    rules = realm.current()
    if has_active_escalation is None:
        has_active_escalation = Escalation.objects.filter(case=case).active().exists()
    if unread is None and contact is not None:
        unread = has_unread_update(case, contact)
    return Facts(
        now=now,
        state=case.state,
        severity=case.severity,
        hosting=case.deployment.hosting,
        is_assigned=case.owner_id is not None,
        critical_by_telephone=rules.critical_is_escalated_by_telephone,
        assigned_only=rules.escalates_assigned_cases_only,
        has_unread_update=unread,
        last_update_at=case.staff_updated_at or case.created_at,
        has_active_escalation=has_active_escalation,
        analysis_since=analysis_since(case),
        is_restored=case.incident is not None and case.incident.restored_at is not None,
        takes_calls=case.takes_calls,
        calendar=_calendar(case),
        reason=reason.kind if reason else None,
        impact_stated=None if impact is None else has_words(impact),
    )


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
    """The verdict on these facts as of now. A page that shows it promises nothing."""
    return evaluate(gather(case=case, contact=contact, now=now, reason=reason, impact=impact))


@dataclass(frozen=True)
class Offer:
    """What the form can say about a reason before it is sent (HELP-2)."""

    reason: EscalationReason
    #: The refusals of this reason only, besides those of every escalation.
    refusals: list[wording.Line]
    possible: bool


def offers(facts: Facts, reasons: list[EscalationReason]) -> list[Offer]:
    """The reasons with the refusals of each; what the form itself asks for counts as given."""
    general = {outcome.criterion for outcome in evaluate(facts).hindrances}
    found = []
    for reason in reasons:
        if reason.kind is ReasonKind.OWNER_REVIEW:
            found.append(Offer(reason, [], possible=facts.state != CLOSED))
            continue
        verdict = evaluate(replace(facts, reason=reason.kind, impact_stated=True))
        own = [wording.line(each) for each in verdict.refusals if each.criterion not in general]
        found.append(Offer(reason, own, possible=verdict.eligible))
    return found


@dataclass(frozen=True)
class Panel:
    """The button on the case page: enabled, or disabled with the reasons beside it (HELP-1)."""

    label: str
    verdict: Eligibility
    enabled: bool
    hindrances: list[wording.Line]
    possible_from: dt.datetime | None
    #: HELP-3 needs only an open case, so the form opens for it.
    owner_can_be_asked: bool
    #: The active escalation, or the last one.
    newest: Escalation | None
    newest_update: int | None
    has_unread_update: bool

    @property
    def active(self) -> Escalation | None:
        return self.newest if self.newest and self.newest.is_active else None


def panel(*, case: Case, contact: Person, now: dt.datetime) -> Panel:
    """The button and its reasons for this contact, before they choose a reason in the form."""
    update, unread = newest_update(case, contact)
    newest = newest_escalation(case)
    active = newest is not None and newest.is_active
    verdict = evaluate(
        gather(case=case, contact=contact, now=now, has_active_escalation=active, unread=unread)
    )
    return Panel(
        label=realm.current().help_button_label,
        verdict=verdict,
        enabled=verdict.may_ask,
        hindrances=[wording.line(outcome) for outcome in verdict.told],
        possible_from=verdict.possible_from,
        owner_can_be_asked=case.is_open,
        newest=newest,
        newest_update=update,
        has_unread_update=unread,
    )


def newest_escalation(case: Case) -> Escalation | None:
    """The active one, otherwise the last: none is made while another is active (ESC-5)."""
    return of_case(case).first()


def of_case(case: Case) -> QuerySet[Escalation]:
    """The case's escalations, newest first; the caller may see the case (ACC-4)."""
    return Escalation.objects.filter(case=case).select_related("owner", "reason", "requested_by")


def other_escalations(escalation: Escalation) -> list[Escalation]:
    """The other escalations of the same case, newest first."""
    others = of_case(escalation.case).exclude(pk=escalation.pk)
    return list(others[:OTHERS_SHOWN])


@dataclass(frozen=True)
class EscalationFeed:
    """The newest public entries in the order of the conversation (FEED-1, FEED-3)."""

    entries: list[EscalationEntry]
    has_older: bool


def escalation_feed(escalation: Escalation, contact: Person, *, whole: bool) -> EscalationFeed:
    """The escalation's feed as this contact sees it; `whole` shows all of it, however long."""
    newest_first = (
        EscalationEntry.objects.visible_to(contact)
        .filter(escalation=escalation)
        .select_related("author", "moved_by")
        .order_by("-created_at", "-pk")
    )
    entries = list(newest_first if whole else newest_first[: FEED_ROWS + 1])
    has_older = not whole and len(entries) > FEED_ROWS
    return EscalationFeed(list(reversed(entries[:FEED_ROWS] if has_older else entries)), has_older)


def attention_requests(case: Case, contact: Person) -> list[ManagementAttention]:
    """The requests to management, newest first (MGT-8)."""
    asked = ManagementAttention.objects.visible_to(contact).filter(case=case)
    return list(asked.select_related("requested_by")[:OTHERS_SHOWN])


def recent_reviews(case: Case) -> list[OwnerReview]:
    """The last three requests to the Case Owner, open ones first (HELP-3, SEV-5)."""
    asked = OwnerReview.objects.filter(case=case).select_related("reason", "answered_by")
    open_first = F("answered_at").desc(nulls_first=True)
    found = list(asked.order_by(open_first, "-requested_at", "-pk")[:REVIEWS_SHOWN])
    for review in found:
        review.case = case  # with its owner
    return found


def attention_refusal(case: Case) -> str:
    """Why management's attention cannot be requested in this case; empty if it can (MGT-8)."""
    if not case.is_open:
        return "The case is closed: reopen it first."
    if not Escalation.objects.filter(case=case).exists():
        return "Request an escalation of the case first; this option comes after it."
    if not management_address():
        words = "Requests to management are not set up here"
        if case.takes_calls:
            return f"{words}: call {settings.SUPPORT_PHONE}."
        return f"{words}: write in the case."
    return ""


def attention_wait(case: Case, now: dt.datetime) -> str:
    """Why management cannot be asked again yet; empty if it can (MGT-8).

    A case has at most one open request, and a limited number within 24 hours. One query.
    """
    most = settings.MANAGEMENT_ATTENTION_PER_DAY
    recent = Q(state="waiting") | Q(requested_at__gt=now - DAY)
    asked = ManagementAttention.objects.filter(recent, case=case).select_related("requested_by")
    newest = list(asked[:most])
    for each in newest:
        if each.is_waiting:
            return wording.attention_waits(case, str(each.requested_by), each.requested_at)
    if len(newest) == most:
        return wording.attention_of_today(case, most, newest[-1].requested_at + DAY)
    return ""


def as_codes(verdict: Eligibility) -> list[dict[str, object]]:
    """The outcomes as they are stored with an escalation: codes and times, no words."""
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
