"""The queues of this app, in the order of the side bar."""

from django.db.models import F
from django.utils import timezone

from cases.admin.queues import Page, Queue, list_page, register
from cases.models import Person

from ..models import Escalation, EscalationReason, ManagerEngagement, OwnerReview


def _answers(person: Person) -> bool:
    return person.has_perm("escalations.answer_review")


def _ranking() -> tuple[object, ...]:
    """MGT-3, MGT-4: overdue updates, then importance and urgency."""
    return Escalation.objects.ranking(timezone.now())


RANKED = ("case_shown", "rank", "trend_shown", "next_word", "customer", "owner_shown")
#: MGT-7: the most severe case first.
BY_SEVERITY = ("case__severity", F("case__next_due_at").asc(nulls_last=True), "id")

register(
    "Escalations",
    # MGT-6: requests come first for the staff who answer them, and last for all others.
    Queue(
        model=OwnerReview,
        name="mine",
        label="Requests to you",
        icon="contact_support",
        empty="Nothing is waiting for your answer.",
        rows=OwnerReview.objects.queue_of,
        order=("requested_at", "id"),
        sees=_answers,
        counted_for="escalations.answer_review",
    ),
    Queue(
        model=ManagerEngagement,
        name="mine",
        label="Your engagements",
        icon="supervisor_account",
        empty="You are not engaged on any open case.",
        rows=ManagerEngagement.objects.queue_of,
        order=BY_SEVERITY,
        sees=lambda person: person.has_perm("escalations.be_engaged"),
        counted_for="escalations.be_engaged",
    ),
    Queue(
        model=ManagerEngagement,
        name="open",
        label="Managers engaged",
        empty="No manager is engaged on an open case.",
        rows=lambda person: ManagerEngagement.objects.open(),
        order=BY_SEVERITY,
    ),
    Queue(
        model=ManagerEngagement,
        label="All engagements",
        empty="No manager has been engaged yet.",
        order=("-engaged_at", "-id"),
    ),
    Queue(
        model=Escalation,
        name="review",
        label="Review queue",
        icon="rule",
        empty="No escalation is waiting for an answer. Have a look at the accepted ones.",
        rows=lambda person: Escalation.objects.to_review().order_by(),
        # MGT-1: by due time, the oldest first.
        order=("answer_due_at", "id"),
        columns=("case_shown", "severity_shown", "customer", "why", "criteria_shown", "answer_due"),
        counted_for="escalations.view_escalation",
    ),
    Queue(
        model=Escalation,
        name="accepted",
        label="Accepted",
        icon="trending_up",
        empty="No accepted escalation is open.",
        rows=lambda person: Escalation.objects.filter(state="accepted"),
        order=_ranking,
        columns=RANKED,
        counted_for="escalations.view_escalation",
        late=lambda: Escalation.objects.filter(
            state="accepted", next_word_due_at__lt=timezone.now()
        ),
    ),
    Queue(
        model=Escalation,
        name="watch",
        label="Watch list",
        icon="visibility",
        empty="No escalation is on the watch list.",
        rows=lambda person: Escalation.objects.filter(state="accepted", on_watch=True),
        order=_ranking,
        columns=RANKED,
        counted_for="escalations.view_escalation",
    ),
    Queue(
        model=Escalation,
        label="All escalations",
        icon="history",
        empty="No escalation has been requested yet.",
        order=("-requested_at", "-id"),
    ),
    Page(
        "Operations",
        "bar_chart",
        "admin:escalations_escalation_operations",
        "escalations.view_escalation",
    ),
    Queue(
        model=OwnerReview,
        name="open",
        label="Requests to Case Owners",
        title="Open requests",
        icon="contact_support",
        empty="No request is waiting for an answer.",
        rows=lambda person: OwnerReview.objects.open(),
        order=("requested_at", "id"),
        sees=lambda person: not _answers(person),
    ),
    Queue(
        model=OwnerReview,
        label="Requests",
        empty="There are no requests yet.",
        order=("-requested_at", "-id"),
    ),
)
register("Operations", list_page(EscalationReason, "live_help"))
