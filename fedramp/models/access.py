"""The Admin case: contacts ask for access for people, staff decide on each (FED-9)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from cases.fields import PersonTextField
from cases.models import Membership, Organization, Person
from cases.models.history import history


class AccessRequest(models.Model):
    """One Admin case: who in the organization asked, when, and for whom."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="access_requests")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = PersonTextField(blank=True)
    #: One per form shown: a second click of the same form is the same request.
    submission = models.UUIDField(unique=True, editable=False)

    history = history()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Access request {self.pk}"


class RequestedPerson(models.Model):
    """One person of an Admin case, with the decision. Name and address are not case texts."""

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for a decision"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    request = models.ForeignKey(AccessRequest, models.CASCADE, related_name="people")
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=12, choices=Membership.Role)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = PersonTextField("why it was declined", blank=True)
    #: The person who got the access.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    history = history()

    class Meta:
        ordering = ["pk"]
        verbose_name = "person of an Admin case"
        verbose_name_plural = "Admin cases"
        default_permissions = ("view",)
        permissions = [("decide_access", "Can decide on access in an Admin case")]
        constraints = [
            models.UniqueConstraint(
                "request", Lower("email"), name="requestedperson_once_per_request"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["designated", "read_only"]), name="requestedperson_role_known"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | Q(state="granted", decided_at__isnull=False, person__isnull=False)
                | (Q(state="declined", decided_at__isnull=False) & ~Q(words="")),
                name="requestedperson_decided_has_its_facts",
            ),
        ]

    def __str__(self) -> str:
        return self.name
