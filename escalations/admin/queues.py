"""The Escalation Owners' queues: what stands in them, in which order, and how many."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cases.admin.base import staff_of
from cases.models import Person

from ..models import Escalation, ManagerEngagement, OwnerReview
from ..querysets import EscalationQuerySet

#: Every page of the admin shows the counts; they may be this old.
COUNT_SECONDS = 10
LIST = "admin:escalations_escalation_changelist"
OPERATIONS = "admin:escalations_escalation_operations"
REVIEWS = "admin:escalations_ownerreview_changelist"
ENGAGEMENTS = "admin:escalations_managerengagement_changelist"


class Queue(StrEnum):
    REVIEW = "review"
    ACCEPTED = "accepted"
    WATCH = "watch"
    ALL = "all"


@dataclass(frozen=True)
class Words:
    title: str
    icon: str
    empty: str


QUEUES: dict[Queue, Words] = {
    Queue.REVIEW: Words(
        "Review queue",
        "rule",
        "No escalation waits for an answer. Accepted ones are next door.",
    ),
    Queue.ACCEPTED: Words("Accepted", "trending_up", "No escalation is accepted and open."),
    Queue.WATCH: Words("Watch list", "visibility", "No escalation is on the watch list."),
    Queue.ALL: Words("All escalations", "history", "No escalation was asked for yet."),
}


def of_request(request: HttpRequest) -> Queue:
    """The queue that the address names; without one, all escalations."""
    try:
        return Queue(request.GET.get("queue", Queue.ALL))
    except ValueError:
        return Queue.ALL


def rows(queue: Queue) -> EscalationQuerySet:
    """The escalations of the queue, in no order of its own."""
    found: Any = Escalation.objects.all()
    if queue is Queue.REVIEW:
        return found.to_review().order_by()
    if queue is Queue.ACCEPTED:
        return found.filter(state="accepted")
    if queue is Queue.WATCH:
        return found.filter(state="accepted", on_watch=True)
    return found


def ordering(queue: Queue, now: dt.datetime) -> tuple[Any, ...]:
    """MGT-1: the oldest due first. MGT-3, MGT-4: overdue words, then importance and urgency."""
    if queue is Queue.REVIEW:
        return ("answer_due_at", "id")
    if queue in {Queue.ACCEPTED, Queue.WATCH}:
        return Escalation.objects.ranking(now)
    return ("-requested_at", "-id")


def address(queue: Queue) -> str:
    base = reverse(LIST)
    return base if queue is Queue.ALL else f"{base}?queue={queue}"


# --- How many -----------------------------------------------------------------------------------


def counts() -> dict[Queue, str]:
    """How many stand in each queue, as the side bar shows it; empty for none."""
    found: dict[Queue, str] | None = cache.get("escalation-counts")
    if found is None:
        late = Q(state="accepted", next_word_due_at__lt=timezone.now())
        numbers = Escalation.objects.active().aggregate(
            review=Count("pk", filter=~Q(state="accepted")),
            accepted=Count("pk", filter=Q(state="accepted")),
            late=Count("pk", filter=late),
            watch=Count("pk", filter=Q(state="accepted", on_watch=True)),
        )
        accepted = str(numbers["accepted"] or "")
        if numbers["late"]:
            accepted += f", {numbers['late']} late"
        found = {
            Queue.REVIEW: str(numbers["review"] or ""),
            Queue.ACCEPTED: accepted,
            Queue.WATCH: str(numbers["watch"] or ""),
        }
        cache.set("escalation-counts", found, COUNT_SECONDS)
    return found


def review_count(person: Person) -> str:
    """How many requests wait for this Case Owner (MGT-6); empty for none."""
    return _count(f"review-count-{person.pk}", OwnerReview.objects.queue_of(person))


def engagement_count(person: Person) -> str:
    """On how many open cases this manager stands (MGT-7); empty for none."""
    return _count(f"engagement-count-{person.pk}", ManagerEngagement.objects.queue_of(person))


def _count(key: str, rows: QuerySet) -> str:
    found: str | None = cache.get(key)
    if found is None:
        found = str(rows.count() or "")
        cache.set(key, found, COUNT_SECONDS)
    return found


def forget_counts(person: Person) -> None:
    """After something this person did: the next page counts anew."""
    cache.delete_many(["escalation-counts", f"review-count-{person.pk}"])


# --- The side bar -------------------------------------------------------------------------------


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar's lines for this person."""
    user = staff_of(request)
    if not user.has_perm("escalations.view_escalation"):
        return []
    numbers = counts()
    match = request.resolver_match
    here = match is not None and match.url_name == "escalations_escalation_changelist"
    answers = user.has_perm("escalations.answer_review")
    reviews = {
        "title": "Requests to you" if answers else "Requests to Case Owners",
        "icon": "contact_support",
        "link": f"{reverse(REVIEWS)}?queue={'mine' if answers else 'open'}",
        "badge": review_count(user) if answers else "",
        "badge_variant": "primary",
        "active": match is not None and match.url_name == "escalations_ownerreview_changelist",
    }
    escalations = [
        {
            "title": words.title,
            "icon": words.icon,
            "link": address(queue),
            "badge": numbers.get(queue, ""),
            "badge_variant": "primary",
            "active": here and of_request(request) is queue,
        }
        for queue, words in QUEUES.items()
    ]
    operations = {
        "title": "Operations",
        "icon": "bar_chart",
        "link": reverse(OPERATIONS),
        "active": match is not None and match.url_name == "escalations_escalation_operations",
    }
    rest = [*escalations, operations]
    if user.has_perm("escalations.be_engaged"):
        engagements = {
            "title": "Your engagements",
            "icon": "supervisor_account",
            "link": f"{reverse(ENGAGEMENTS)}?queue=mine",
            "badge": engagement_count(user),
            "badge_variant": "primary",
            "active": match is not None
            and match.url_name == "escalations_managerengagement_changelist",
        }
        rest = [engagements, *rest]
    return [reviews, *rest] if answers else [*rest, reviews]
