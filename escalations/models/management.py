"""Managers and a case: engaged by the Case Owner, or asked for by the contact."""

from typing import Self

from django.db import models
from django.db.models import Q

from cases.fields import PersonCharField, PersonTextField
from cases.models import Case, Person
from cases.models.history import history

from .escalations import OfCaseQuerySet


class EngagementQuerySet(OfCaseQuerySet):
    def open(self) -> Self:
        """The engagements in cases that are not closed."""
        return self.exclude(case__state="closed")

    def queue_of(self, person: Person) -> Self:
        """MGT-7: the open cases in which this manager is engaged."""
        return self.open().filter(manager=person)


class ManagerEngagement(models.Model):
    """MGT-7: a Product Support Manager is engaged in a Critical case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="manager_engagements")
    manager = models.ForeignKey(Person, models.PROTECT, related_name="manager_engagements")
    engaged_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    engaged_at = models.DateTimeField()
    note = PersonTextField("note to the manager (internal)", blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = EngagementQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["engaged_at", "pk"]
        permissions = [
            ("engage_manager", "Can engage a Product Support Manager on Critical cases"),
            ("be_engaged", "Can be engaged on Critical cases as Product Support Manager"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "manager"], name="manager_engaged_once_on_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.manager} on {self.case}"


class AttentionQuerySet(OfCaseQuerySet):
    def waiting(self) -> Self:
        """MGT-8: not answered yet, in a case that is open."""
        return self.filter(state="waiting")


class ManagementAttention(models.Model):
    """MGT-8: the urgency request of a contact whom the escalation did not satisfy.

    It waits until staff write publicly, or the case is closed. At most one of a case waits.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for an answer"
        ANSWERED = "answered", "Answered"
        LAPSED = "lapsed", "Ended with the case"

    case = models.ForeignKey(Case, models.CASCADE, related_name="attention_requests")
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    customer_name = PersonCharField("customer name", max_length=150)
    problem = PersonCharField("brief problem statement", max_length=200)
    region = PersonCharField("customer region or country", max_length=100)
    description = PersonTextField("detailed problem description")
    impact = PersonTextField("business impact, or why it is urgent")
    product = PersonCharField(max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    #: When staff wrote publicly, or the case was closed.
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = AttentionQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(problem="") & ~Q(description="") & ~Q(impact=""),
                name="attention_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | Q(state__in=["answered", "lapsed"], settled_at__isnull=False),
                name="attention_settled_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="waiting"), name="attention_one_waits_on_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"Management attention for {self.case}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING
