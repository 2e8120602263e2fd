"""Requests by contacts to the Case Owner, and the answers (HELP-3, SEV-5, MGT-6)."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from cases.fields import PersonTextField
from cases.models import Case, Person, Priority, Severity
from cases.models.history import history

from .escalations import OfCaseQuerySet
from .reasons import EscalationReason


class OwnerReviewQuerySet(OfCaseQuerySet):
    def open(self) -> Self:
        return self.filter(state="open")

    def queue_of(self, person: Person) -> Self:
        """MGT-6: requests to this Case Owner, oldest first; those without an owner wait for all."""
        mine = Q(case__owner=person) | Q(case__owner=None)
        return self.open().filter(mine).order_by("requested_at", "id")


class OwnerReview(models.Model):
    """One request in the Case Owner's review queue. It creates no escalation."""

    class Kind(models.TextChoices):
        HELP = "help", "Additional help"
        SEVERITY = "severity", "Change of severity"
        PRIORITY = "priority", "Change of priority"

    class State(models.TextChoices):
        OPEN = "open", "Received"
        DONE = "done", "Done"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        LAPSED = "lapsed", "Ended with the case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="owner_reviews")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.ForeignKey(EscalationReason, models.PROTECT, null=True, blank=True)
    requested_severity = models.PositiveSmallIntegerField(choices=Severity, null=True, blank=True)
    requested_priority = models.PositiveSmallIntegerField(choices=Priority, null=True, blank=True)
    #: SEV-5: the number for calling back. As in the profile: not a text of the case.
    callback_phone = models.CharField("number for calling back", max_length=40, blank=True)
    answers = PersonTextField(blank=True)
    details = PersonTextField(blank=True)
    #: SEV-5: when the contact called, if staff recorded a call.
    called_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)
    answer = PersonTextField(blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = OwnerReviewQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "request to a Case Owner"
        verbose_name_plural = "requests to Case Owners"
        ordering = ["requested_at", "pk"]
        permissions = [("answer_review", "Can answer requests in the Case Owner's review queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="help",
                    reason__isnull=False,
                    requested_severity=None,
                    requested_priority=None,
                )
                | Q(
                    kind="severity",
                    reason=None,
                    requested_severity__in=Severity.values,
                    requested_priority=None,
                )
                | Q(
                    kind="priority",
                    reason=None,
                    requested_severity=None,
                    requested_priority__in=Priority.values,
                ),
                name="review_says_what_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(called_at=None, recorded_by=None)
                | Q(called_at__lte=F("requested_at"), recorded_by__isnull=False) & ~Q(kind="help"),
                name="review_call_is_recorded_by_staff",
            ),
            models.CheckConstraint(
                condition=~Q(requested_severity=Severity.CRITICAL)
                & ~Q(requested_priority=Priority.CRITICAL)
                | Q(called_at__isnull=False),
                name="review_critical_takes_a_call",
            ),
            models.CheckConstraint(
                condition=Q(requested_severity=None)
                | ~Q(requested_severity=Severity.HIGH)
                | Q(called_at__isnull=False)
                | ~Q(callback_phone=""),
                name="review_high_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn", "lapsed"], answered_by=None, answer="")
                | Q(state__in=["done", "declined"], answered_by__isnull=False) & ~Q(answer=""),
                name="review_answered_with_words",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | ~Q(state="open") & Q(answered_at__isnull=False),
                name="review_answered_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["case", "reason"],
                condition=Q(state="open", kind="help"),
                name="review_one_open_a_reason",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="open", kind="severity"),
                name="review_one_open_for_severity",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="open", kind="priority"),
                name="review_one_open_for_priority",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at", "id"], condition=Q(state="open"), name="review_queue"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.what}"

    @property
    def tells_something(self) -> bool:
        """Whether the request says something new, and is an entry like any other (CASE-5).

        A bare request, such as for an update, answers no open question (HELP-3).
        """
        return self.reason is None or self.reason.needs_details

    @property
    def what(self) -> str:
        """What is asked for, in words."""
        if self.kind == self.Kind.SEVERITY:
            return f"Change the severity to {self.get_requested_severity_display()}"
        if self.kind == self.Kind.PRIORITY:
            return f"Change the priority to {self.get_requested_priority_display()}"
        return self.reason.label if self.reason else ""

    @property
    def level(self) -> int | None:
        """The requested severity or priority."""
        return self.requested_severity or self.requested_priority

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
