"""Reasons to ask for help (HELP-2), and how often the criteria refused it (decision 21)."""

from django.db import models
from django.db.models import Q

from cases.models.history import history

from ..rules.criteria import ReasonKind


class EscalationReason(models.Model):
    """One choice of the form, its recipient, and what it asks for."""

    class Routing(models.TextChoices):
        ESCALATION = "escalation", "Makes an escalation"
        OWNER_REVIEW = "owner_review", "Goes to the Case Owner for review"

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=100)
    help_text = models.CharField(max_length=300, blank=True)
    routing = models.CharField(max_length=12, choices=Routing)
    concerns_analysis = models.BooleanField(
        "concerns the root cause analysis",
        default=False,
        help_text="Possible only once the time for the analysis is over (ESC-7).",
    )
    needs_details = models.BooleanField(default=False, help_text="The details may not be empty.")
    needs_impact = models.BooleanField(
        default=False, help_text="Asks for the business impact, also where the case is not High."
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True, help_text="Offered in the form.")

    history = history()

    class Meta:
        verbose_name = "reason for help"
        verbose_name_plural = "reasons for help"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(routing__in=["escalation", "owner_review"]), name="reason_routing_known"
            ),
            models.CheckConstraint(
                condition=Q(concerns_analysis=False) | Q(routing="escalation"),
                name="reason_analysis_makes_an_escalation",
                violation_error_message="A reason about the analysis makes an escalation.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def kind(self) -> ReasonKind:
        """How the criteria treat this reason (ESC-6, ESC-7)."""
        if self.routing == self.Routing.OWNER_REVIEW:
            return ReasonKind.OWNER_REVIEW
        return ReasonKind.ANALYSIS if self.concerns_analysis else ReasonKind.GENERAL


class ReasonPrompt(models.Model):
    """A further question that the form asks once its reason is chosen."""

    reason = models.ForeignKey(EscalationReason, models.CASCADE, related_name="prompts")
    question = models.CharField(max_length=200)
    help_text = models.CharField(max_length=300, blank=True)
    is_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    history = history()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.question


class Refusal(models.Model):
    """One criterion that refused a request: no case, no person, no words.

    Written once and never changed; it has no history.
    """

    #: Of the form: a second click of it is not counted again.
    submission = models.UUIDField()
    criterion = models.CharField(max_length=60)
    refused_at = models.DateTimeField()

    class Meta:
        ordering = ["-refused_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "criterion"], name="refusal_counted_once_a_form"
            )
        ]
        indexes = [models.Index(fields=["refused_at"], name="refusal_by_time")]

    def __str__(self) -> str:
        return f"{self.criterion}, {self.refused_at:%Y-%m-%d}"
