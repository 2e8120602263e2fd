"""Clocks, and the targets by which they run (SLA-1 to SLA-7, RESP-1, RESP-2).

A clock is a row of a narrow table, so that a sweep costs what is due and not what exists.
"""

import datetime as dt
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from ..rules.targets import Promise, Target, Unit
from .cases import Case, Severity
from .history import history


class SlaTarget(models.Model):
    """What is promised for one severity. The rows are data: see migration 0003."""

    class PromiseChoice(models.TextChoices):
        RESPONSE = Promise.RESPONSE.value, "Initial response"
        RESTORATION = Promise.RESTORATION.value, "Restoration (platform-level)"
        RCA = Promise.RCA.value, "Root cause analysis"

    class UnitChoice(models.TextChoices):
        ELAPSED_MINUTES = Unit.ELAPSED_MINUTES.value, "minutes around the clock"
        BUSINESS_MINUTES = Unit.BUSINESS_MINUTES.value, "business minutes"
        BUSINESS_DAYS = Unit.BUSINESS_DAYS.value, "business days"

    promise = models.CharField(max_length=12, choices=PromiseChoice)
    severity = models.PositiveSmallIntegerField(choices=Severity)
    unit = models.CharField(max_length=20, choices=UnitChoice)
    amount = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Empty: no promise."
    )
    enhanced = models.PositiveIntegerField(
        "with enhanced response targets",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty: the same.",
    )
    on_premises = models.PositiveIntegerField(
        "on premises",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty: the same.",
    )
    warn_percent = models.PositiveSmallIntegerField(
        "warns after percent of the span",
        default=75,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
    )

    history = history()

    class Meta:
        ordering = ["promise", "severity"]
        verbose_name = "service level target"
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "severity"], name="sla_target_once_per_severity"
            ),
            models.CheckConstraint(
                condition=Q(
                    promise__in=[each.value for each in Promise],
                    unit__in=[each.value for each in Unit],
                    severity__in=Severity.values,
                    warn_percent__gte=1,
                    warn_percent__lte=99,
                ),
                name="sla_target_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_promise_display()}, {self.get_severity_display()}"

    def as_rule(self) -> Target:
        return Target(
            promise=Promise(self.promise),
            severity=self.severity,
            unit=Unit(self.unit),
            amount=self.amount,
            enhanced=self.enhanced,
            on_premises=self.on_premises,
            warn_percent=self.warn_percent,
        )


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> Self:
        # Written like the partial index: SQLite uses it only if the two are the same.
        return self.filter(state="running")

    def open(self) -> Self:
        """The clocks that still count: running, or breached and the promise is not yet kept."""
        return self.filter(Q(state="running") | Q(state="breached", ended_at=None))

    def to_act(self, now: dt.datetime, *kinds: str) -> Self:
        """Running clocks of these kinds that a sweep must check now, the longest waiting first."""
        due = self.running().filter(acts_at__lte=now).order_by("acts_at", "id")
        return due.filter(kind=kinds[0]) if len(kinds) == 1 else due.filter(kind__in=kinds)


class Clock(models.Model):
    """One countdown of one case. Only `services.clocks` and the sweeps write it, under the case's
    lock.
    """

    class Kind(models.TextChoices):
        RESPONSE = "response", "Initial response"
        RESTORATION = "restoration", "Restoration"
        RCA = "rca", "Root cause analysis"
        REMINDER = "reminder", "Notice before closing"
        CLOSURE = "closure", "Closing without an answer"
        PROPOSAL = "proposal", "Closing after the proposal"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        MET = "met", "Met"
        BREACHED = "breached", "Breached"
        CANCELLED = "cancelled", "Cancelled"

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    warns_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True)
    #: When it was met or cancelled. A breached clock stays open until the promise is kept.
    ended_at = models.DateTimeField(null=True, blank=True)
    #: RESP-3: when staff put the closing off; once.
    extended_at = models.DateTimeField(null=True, blank=True)
    #: When a sweep checks it next: its warning, its due time, or later if it was put off.
    acts_at = models.DateTimeField(null=True, blank=True)
    put_off_because = models.CharField(max_length=120, blank=True)

    objects = ClockQuerySet.as_manager()
    history = history(excluded_fields=["acts_at", "put_off_because"])

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state="running"),
                name="clock_one_runs_per_case_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["response", "restoration", "rca", "reminder", "closure", "proposal"]
                ),
                name="clock_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None, acts_at__isnull=False)
                | Q(state="breached", acts_at=None)
                | Q(state__in=["met", "cancelled"], acts_at=None, ended_at__isnull=False),
                name="clock_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(warns_at=None) | Q(warns_at__lte=F("due_at")),
                name="clock_warns_before_it_is_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "acts_at", "id"],
                condition=Q(state="running"),
                name="clock_next_to_act",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.case_id}"

    @property
    def is_open(self) -> bool:
        """Whether it still counts: running, or breached and the promise is not yet kept."""
        return self.state == self.State.RUNNING or (
            self.state == self.State.BREACHED and self.ended_at is None
        )
