"""Removals after storage, by kind and length, never by value (FED-1, IR-9)."""

from django.db import models
from django.db.models import F, Q

from cases.fields import PersonTextField
from cases.models import Case, Person
from cases.models.history import history


class Redaction(models.Model):
    """One text or file that two people agree to remove, or a whole case that was redirected."""

    class What(models.TextChoices):
        TEXT = "text", "One text"
        FILE = "file", "One file"
        CASE = "case", "Whole case, redirected"

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for a second person"
        DONE = "done", "Redacted"
        DECLINED = "declined", "Declined"

    case = models.ForeignKey(Case, models.PROTECT, related_name="redactions")
    what = models.CharField(max_length=4, choices=What)
    #: "cases.entry:17:body"; empty for a whole case.
    target = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    reason = PersonTextField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: [{"what": "cases.entry.body", "length": 120}, …]
    removed = models.JSONField(default=list)

    history = history()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("redact", "Can ask for a redaction, and confirm what somebody else asked for"),
            ("redirect_case", "Can redirect a case to the FedRAMP realm"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(what="case") | Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="redaction_has_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="redaction_decided_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(what="case", target="") | (~Q(what="case") & ~Q(target="")),
                name="redaction_names_its_target",
            ),
            models.UniqueConstraint(
                fields=["target"], condition=Q(state="asked"), name="redaction_one_waits_per_target"
            ),
        ]

    def __str__(self) -> str:
        return f"Redaction {self.pk}"
