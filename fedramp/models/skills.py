"""Staff who may enter this realm (FED-6)."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from cases.fields import PersonTextField
from cases.models import Person
from cases.models.history import history


class SkillQuerySet(models.QuerySet["Skill"]):
    def current(self) -> Self:
        """Not withdrawn; it may have run out."""
        # Written like the unique constraint: SQLite uses its index only if the two are the same.
        return self.filter(withdrawn_at__isnull=True)

    def valid(self, now: dt.datetime) -> Self:
        return self.current().filter(ends_at__gt=now)

    def run_out(self, now: dt.datetime) -> Self:
        return self.current().filter(ends_at__lte=now)

    def due_for_review(self, now: dt.datetime, within: dt.timedelta) -> Self:
        """Valid, and about to run out."""
        return self.valid(now).filter(ends_at__lte=now + within)


class Skill(models.Model):
    """One attestation that a member of staff is in the U.S. and a citizen or green card holder.

    It is never edited: a new attestation replaces the current one.
    """

    class Status(models.TextChoices):
        CITIZEN = "citizen", "U.S. citizen"
        GREEN_CARD = "green_card", "Green card holder"

    person = models.ForeignKey(Person, models.PROTECT, related_name="skills")
    status = models.CharField("status", max_length=10, choices=Status)
    is_in_us = models.BooleanField("located in the United States")
    evidence = PersonTextField(
        help_text="What was seen, by whom it was shown, and where it is filed; no copy, no number."
    )
    attested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    attested_at = models.DateTimeField()
    ends_at = models.DateTimeField("valid until")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_because = PersonTextField("reason of the withdrawal", blank=True)

    objects = SkillQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["ends_at", "pk"]
        verbose_name = "FedRAMP skill"
        default_permissions = ("view",)
        permissions = [("attest_skill", "Can attest and withdraw the FedRAMP skill")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(withdrawn_at__isnull=True),
                name="skill_one_standing_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(attested_by=F("person")), name="skill_is_attested_by_somebody_else"
            ),
            models.CheckConstraint(condition=Q(is_in_us=True), name="skill_is_for_the_us_alone"),
            models.CheckConstraint(
                condition=Q(status__in=["citizen", "green_card"]), name="skill_status_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("attested_at")), name="skill_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="skill_withdrawn_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"FedRAMP skill of {self.person}"
