"""Reports about scrubbing: too much, or too little; never the value (FED-7)."""

from django.db import models
from django.db.models import F, Q

from cases.fields import PersonTextField
from cases.models import Case, Person
from cases.models.history import history


class ScrubReport(models.Model):
    """ "This was not personal" of one placeholder in one text, or "Redact this too" of a passage.

    A removal is never undone, whatever the review decides; a reviewed report shows where
    the engine is wrong.
    """

    class Said(models.TextChoices):
        NOT_PERSONAL = "not_personal", "This was not personal"
        MISSED = "missed", "Redact this too"

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for a review"
        NOT_PERSONAL = "not_personal", "It was not personal"
        PERSONAL = "personal", "It was personal"

    case = models.ForeignKey(Case, models.PROTECT, related_name="scrub_reports")
    said = models.CharField(max_length=12, choices=Said)
    #: The text: "cases.entry:17:body".
    target = models.CharField("text", max_length=100)
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    #: Scrubbed like every text of the case, and without any value removed from the case.
    reason = PersonTextField(blank=True)
    said_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    #: Where a passage was: [{"what": "cases.entry.body", "times": 2, "length": 18}, …]
    removed = models.JSONField(default=list)
    #: Where it is in what others wrote, on which staff decide; places but no words:
    #: [{"text": "cases.entry:17:body", "start": 4, "end": 13}, …]
    elsewhere = models.JSONField(default=list)

    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = PersonTextField(blank=True)

    history = history()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("redact_passage", "Can redact a passage that the scrubbing missed"),
            ("review_scrub_report", "Can review what others say about the scrubbing"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="asked"), name="scrubreport_queue")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "kind", "number"],
                condition=Q(said="not_personal"),
                name="scrubreport_once_per_placeholder",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("said_by")),
                name="scrubreport_has_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | Q(
                    state__in=["personal", "not_personal"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="scrubreport_decided_has_its_facts",
            ),
            models.CheckConstraint(
                condition=Q(said__in=["not_personal", "missed"]), name="scrubreport_said_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Scrub report {self.pk}"

    @property
    def placeholder(self) -> str:
        return f"[{self.kind}-{self.number}]"

    @property
    def is_right(self) -> bool | None:
        """Whether the review agreed with the report; None before the review."""
        if self.state == self.State.ASKED:
            return None
        return (self.said == self.Said.NOT_PERSONAL) == (self.state == self.State.NOT_PERSONAL)
