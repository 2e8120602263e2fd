"""Requests to get in: for access by "Get started" (ACC-5), and for a new password."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..fields import PersonTextField
from .history import history
from .parties import Membership, Organization, Person


class Applicant(models.Model):
    """An employee of a customer or partner who asked for access, and the decision."""

    class State(models.TextChoices):
        WAITS = "waits", "Waiting for a decision"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address")
    phone = models.CharField("telephone", max_length=40, blank=True)
    #: As typed. Applicants are strangers, and are not told which organizations there are.
    typed = models.CharField("organization as typed", max_length=150)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="applicants"
    )
    role = models.CharField(max_length=12, choices=Membership.Role)
    note = PersonTextField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField("due")
    state = models.CharField(max_length=8, choices=State, default=State.WAITS)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = PersonTextField("why it was declined", blank=True)
    #: The person who got the access.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    #: One per form shown: a second click of the same form is the same request.
    submission = models.UUIDField(unique=True, editable=False)

    history = history()

    class Meta:
        verbose_name = "request for access"
        verbose_name_plural = "requests for access"
        ordering = ["due_at", "pk"]
        default_permissions = ("view",)
        permissions = [("decide_applicant", "Can decide on requests for access")]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["designated", "read_only"]), name="applicant_role_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waits", decided_at=None)
                | Q(
                    state="granted",
                    decided_at__isnull=False,
                    person__isnull=False,
                    organization__isnull=False,
                )
                | (Q(state="declined", decided_at__isnull=False) & ~Q(words="")),
                name="applicant_decided_has_its_facts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="waits"), name="applicant_queue"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ResetRequest(models.Model):
    """A row that waits for the worker that mails the link, and is then deleted. No history.

    A row is written whether or not the address belongs to anybody, so that the answer takes the
    same time; what was typed is not kept.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="+", verbose_name="for whom"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    #: Later than the request if the mail failed.
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["due_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"A new password, asked for at {self.asked_at:%Y-%m-%d %H:%M} UTC"
