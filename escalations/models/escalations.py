"""The escalation and its state machine (MGT-1).

A transition changes fields in memory: no query, no save, no mail. Only services call them, on a
row that was read again under its lock.
"""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from cases.fields import PersonTextField
from cases.models import Case, Person, Severity
from cases.models.history import history

from .reasons import EscalationReason


class EscalationState(models.TextChoices):
    REQUESTED = "requested", "Requested"
    UNDER_REVIEW = "under_review", "Under Review"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    CLOSED = "closed", "Closed"


#: ESC-5: a case has at most one escalation in these states.
ACTIVE_STATES = [EscalationState.REQUESTED, EscalationState.UNDER_REVIEW, EscalationState.ACCEPTED]
_ACTIVE = [state.value for state in ACTIVE_STATES]


class Importance(models.IntegerChoices):
    """MGT-3: what is at stake for the customer."""

    HIGH = 1, "High"
    MEDIUM = 2, "Medium"
    LOW = 3, "Low"


class Urgency(models.IntegerChoices):
    """MGT-3: how soon it must move."""

    HIGH = 1, "High"
    MEDIUM = 2, "Medium"
    LOW = 3, "Low"


class Trend(models.TextChoices):
    """MGT-9: how the customer's view of the matter develops."""

    IMPROVING = "improving", "Improving"
    SAME = "same", "Same"
    DECLINING = "declining", "Declining"


class OfCaseQuerySet(models.QuerySet[Any]):
    """Rows of a case are visible to those who see the case (ACC-4)."""

    def visible_to(self, person: Person) -> Self:
        return self.filter(case__in=Case.objects.visible_to(person))


class EscalationQuerySet(OfCaseQuerySet):
    def active(self) -> Self:
        """ESC-5: Requested, Under Review or Accepted."""
        return self.filter(state__in=["requested", "under_review", "accepted"])

    def to_review(self) -> Self:
        """MGT-1: the Escalation Owners' review queue, oldest due first."""
        return self.filter(state__in=["requested", "under_review"]).order_by("answer_due_at", "id")

    def ranked(self, now: dt.datetime) -> Self:
        """MGT-3, MGT-4: accepted ones, overdue words first, then by importance and urgency."""
        return self.filter(state="accepted").order_by(*self.ranking(now))

    @staticmethod
    def ranking(now: dt.datetime) -> tuple[Any, ...]:
        """The order of `ranked`."""
        overdue = models.Case(
            models.When(next_word_due_at__lt=now, then=0),
            default=1,
            output_field=models.SmallIntegerField(),
        )
        next_word = F("next_word_due_at").asc(nulls_last=True)
        return (overdue.asc(), "importance", "urgency", next_word, "id")


class Escalation(ConcurrentTransitionMixin, models.Model):
    """One request for more attention to a case, from the contact's form to the closing words."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="escalations")
    state = FSMField(
        choices=EscalationState, default=EscalationState.REQUESTED, protected=True, editable=False
    )
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="requested_escalations")
    requested_at = models.DateTimeField()
    reason = models.ForeignKey(EscalationReason, models.PROTECT, related_name="escalations")
    #: The prompts of the reason with their answers, as they were at the request.
    answers = PersonTextField(blank=True)
    details = PersonTextField("details for the owner", blank=True)
    impact = PersonTextField("business impact", blank=True)
    #: The criteria as they were at the request: codes and times only, never a person's words.
    criteria = models.JSONField(default=list, editable=False)
    severity = models.PositiveSmallIntegerField("severity then", choices=Severity)

    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_escalations",
        verbose_name="Escalation Owner",
    )
    #: MGT-9: the time by which the owner must answer.
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    #: Its clock, as in SLA-7: when it warns, when it did, and when it was marked as breached.
    answer_warns_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer_warned_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer_breached_at = models.DateTimeField(null=True, blank=True, editable=False)

    importance = models.PositiveSmallIntegerField(choices=Importance, null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, null=True, blank=True)
    next_steps = PersonTextField(blank=True)
    #: MGT-3, MGT-4: the time by which the contact was promised the next word.
    next_word_due_at = models.DateTimeField(null=True, blank=True)
    trend = models.CharField(max_length=10, choices=Trend, default=Trend.SAME)
    on_watch = models.BooleanField("on the watch list", default=False)

    #: MGT-2: the criteria that were not met, as codes; the words are the owner's.
    decline_codes = models.JSONField(default=list, blank=True)
    decline_words = PersonTextField(blank=True)
    closing_justification = PersonTextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = EscalationQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        permissions = [
            ("manage_escalation", "Can take, accept, decline, manage and close escalations")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=EscalationState.values), name="escalation_state_known"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=_ACTIVE), name="escalation_one_active"
            ),
            models.CheckConstraint(
                # An accepted one may wait for a new owner: see `services.departures`.
                condition=~Q(state__in=["under_review", "declined"]) | Q(owner__isnull=False),
                name="escalation_in_work_has_an_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(
                    importance__in=Importance.values,
                    urgency__in=Urgency.values,
                    next_word_due_at__isnull=False,
                    answered_at__isnull=False,
                )
                & ~Q(next_steps=""),
                name="escalation_accepted_has_a_plan",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined")
                | Q(answered_at__isnull=False) & ~Q(decline_words=""),
                name="escalation_declined_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, next_word_due_at=None)
                & ~Q(closing_justification="")
                | ~Q(state="closed") & Q(closed_at=None),
                name="escalation_closed_is_justified",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_due_at", "id"],
                condition=Q(state__in=["requested", "under_review"]),
                name="escalation_review_queue",
            ),
            models.Index(
                fields=["importance", "urgency", "next_word_due_at", "id"],
                condition=Q(state="accepted"),
                name="escalation_accepted_queue",
            ),
            models.Index(fields=["case", "-requested_at"], name="escalation_of_case"),
        ]

    def __str__(self) -> str:
        return f"Escalation {self.pk} of {self.case}"

    @property
    def is_active(self) -> bool:
        return self.state in _ACTIVE

    def is_word_overdue(self, now: dt.datetime) -> bool:
        """MGT-4: the promised next word did not come in time."""
        return self.next_word_due_at is not None and self.next_word_due_at < now

    def is_answer_overdue(self, now: dt.datetime) -> bool:
        """MGT-9: nobody accepted or declined it in time."""
        return self.answered_at is None and self.is_active and self.answer_due_at < now

    # --- Transitions ----------------------------------------------------------------------------

    @transition(field=state, source=EscalationState.REQUESTED, target=EscalationState.UNDER_REVIEW)
    def take(self, *, owner: Person) -> None:
        """MGT-1: an Escalation Owner reviews it."""
        self.owner = owner

    @transition(field=state, source=EscalationState.UNDER_REVIEW, target=EscalationState.REQUESTED)
    def give_back(self) -> None:
        """MGT-1: its owner can no longer review it; it is in the review queue again."""
        self.owner = None

    @transition(field=state, source=EscalationState.UNDER_REVIEW, target=EscalationState.ACCEPTED)
    def accept(
        self,
        *,
        now: dt.datetime,
        importance: int,
        urgency: int,
        next_steps: str,
        next_word_due_at: dt.datetime,
    ) -> None:
        """MGT-3: valid, with a plan."""
        self.answered_at = now
        self.importance = importance
        self.urgency = urgency
        self.next_steps = next_steps
        self.next_word_due_at = next_word_due_at

    @transition(field=state, source=EscalationState.UNDER_REVIEW, target=EscalationState.DECLINED)
    def decline(self, *, now: dt.datetime, codes: list[str], words: str) -> None:
        """MGT-2: invalid, with the reasons."""
        self.answered_at = now
        self.decline_codes = codes
        self.decline_words = words

    @transition(field=state, source=EscalationState.ACCEPTED, target=EscalationState.CLOSED)
    def close(self, *, now: dt.datetime, justification: str) -> None:
        """MGT-5: closed by its owner, with a justification."""
        self._end(now, justification)

    @transition(field=state, source=ACTIVE_STATES, target=EscalationState.CLOSED)
    def close_with_case(self, *, now: dt.datetime, justification: str) -> None:
        """MGT-5: its case was closed."""
        self._end(now, justification)

    def _end(self, now: dt.datetime, justification: str) -> None:
        self.closed_at = now
        self.closing_justification = justification
        self.next_word_due_at = None
