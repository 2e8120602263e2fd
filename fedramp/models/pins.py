"""The PIN by which callers prove their identity (FED-4, FED-5)."""

from django.db import models
from django.db.models import Q

from cases.models import Person
from cases.models.history import history


class Pin(models.Model):
    """The telephone PIN of one contact, encrypted; only its owner ever sees it.

    `digest` is a keyed digest, so that the database itself refuses the same PIN for two people.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="pin")
    sealed = models.BinaryField(editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    issued_at = models.DateTimeField()
    #: Checks since the last match or renewal, each counted before its digits are compared.
    tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True)

    history = history(excluded_fields=["sealed", "digest"])

    class Meta:
        verbose_name = "telephone PIN"
        default_permissions = ()
        verbose_name_plural = "telephone PINs"

    def __str__(self) -> str:
        return f"PIN of {self.person_id}"


class PinCheck(models.Model):
    """One check by telephone: who checked whom, and the result. Never the digits."""

    class Outcome(models.TextChoices):
        COUNTED = "counted", "Counted"
        MATCH = "match", "Match"
        MISS = "miss", "No match"
        LOCKED = "locked", "No match: the PIN is locked"
        NO_PIN = "no_pin", "No match: the contact has no PIN"
        UNKNOWN = "unknown", "No match: no such contact"

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="pin_checks")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome)

    history = history()

    class Meta:
        verbose_name = "check of a PIN"
        verbose_name_plural = "checks of PINs"
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("check_pin", "Can check the PIN of a caller")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["counted", "match", "miss", "locked", "no_pin", "unknown"]
                ),
                name="pincheck_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="unknown", person=None)
                | (~Q(outcome="unknown") & Q(person__isnull=False)),
                name="pincheck_knows_its_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"PIN check {self.pk}"
