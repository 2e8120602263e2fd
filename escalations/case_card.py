"""What this app adds to the staff's case page: escalations, requests, managers, eligibility."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from cases.extension import Link, StaffCaseParts
from cases.models import Case, Entry, Person, Severity

from . import wording
from .models import Escalation, ManagerEngagement, OwnerReview
from .rules.criteria import Eligibility, evaluate
from .selectors import gather
from .services.feeds import is_movable

#: How many escalations of a case the card shows; the list of escalations has them all.
NEWEST = 5


def links(request: HttpRequest, case: Case) -> list[Link]:
    """MGT-7: the Case Owner engages a manager on an open Critical case. SEV-5: staff record a call
    that asks for another severity or priority."""
    found = []
    critical = case.is_open and case.severity == Severity.CRITICAL
    if critical and request.user.has_perm("escalations.engage_manager"):
        address = reverse("admin:escalations_escalation_engage", args=[case.pk])
        found.append(("Engage a manager", address))
    if case.is_open and request.user.has_perm("cases.change_severity"):
        address = reverse("admin:escalations_escalation_record_call", args=[case.pk])
        found.append(("Record a call", address))
    return found


def show(
    request: HttpRequest, case: Case, entries: Sequence[Entry]
) -> tuple[SafeString, dict[int, Link]]:
    """The card, and where messages can be moved. Four queries; with a contact chosen by
    `?contact=`, those of the criteria as well."""
    rows = Escalation.objects.filter(case=case).select_related("owner", "reason")
    escalations = list(rows[:NEWEST])
    contacts = list(designated_contacts(case))
    typed = request.GET.get("contact", "")
    chosen = next((each for each in contacts if str(each.pk) == typed), None)
    context: dict[str, Any] = {
        "case": case,
        "escalations": escalations,
        "managers": ManagerEngagement.objects.filter(case=case).select_related("manager"),
        "reviews": OwnerReview.objects.open()
        .filter(case=case)
        .select_related("reason", "requested_by"),
        "contacts": contacts,
        "chosen": chosen,
    }
    if chosen:
        is_active = any(each.is_active for each in escalations)  # an active one is the newest
        facts = gather(
            case=case, contact=chosen, now=timezone.now(), has_active_escalation=is_active
        )
        verdict = evaluate(facts)
        context |= {"verdict": verdict, "lines": lines_of(verdict)}
    card = render_to_string("admin/escalations/case_card.html", context, request=request)
    may_move = bool(escalations) and request.user.has_perm("escalations.move_entry")
    return card, _moves(case, entries) if may_move else {}


def designated_contacts(case: Case) -> QuerySet[Person]:
    """The people who may escalate: the Designated Contacts, by name."""
    return Person.objects.filter(
        memberships__organization=case.organization_id,
        memberships__role="designated",
        is_active=True,
    ).order_by("name", "pk")


def _moves(case: Case, entries: Sequence[Entry]) -> dict[int, Link]:
    """FEED-1: messages that may belong in the escalation's feed."""
    address = "admin:escalations_escalation_move_here"
    return {
        entry.pk: ("Move to Escalation Details", reverse(address, args=[case.pk, entry.pk]))
        for entry in entries
        if is_movable(entry)
    }


def lines_of(verdict: Eligibility) -> list[tuple[wording.Line, str]]:
    """Every criterion in words, and whether it is met, not met, or asked for in the form."""
    return [
        (
            wording.line(outcome),
            "met" if outcome.met else "in the form" if outcome.in_form else "not met",
        )
        for outcome in verdict.outcomes
    ]


PARTS = StaffCaseParts(links=links, show=show)
