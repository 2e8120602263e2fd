"""Records of background jobs: their heartbeats, and the recomputation of clocks."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .calendars import BusinessCalendar
from .clocks import SlaTarget
from .history import history
from .parties import Organization, Person
from .plans import CarePlan


class Heartbeat(models.Model):
    """When a job last ran. Silence for over twice its period is an alarm. No history."""

    job = models.CharField(max_length=40, unique=True)
    #: Since when it is expected to run: a desk that was just set up is not silent.
    expected_at = models.DateTimeField(default=timezone.now)
    ran_at = models.DateTimeField(null=True, blank=True)
    #: When it last found something to do, and how much in that run.
    did_at = models.DateTimeField(null=True, blank=True)
    did = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["job"]
        permissions = [("run_job", "Can run background jobs now")]

    def __str__(self) -> str:
        return self.job


class WorkerPulse(models.Model):
    """When a worker last reported that it is alive (`cases.workers`). No history."""

    name = models.CharField(max_length=120, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Recomputation(models.Model):
    """SLA-6: running clocks are counted again, since a target, a calendar or a plan was changed,
    or an organization has another plan or calendar.

    A sweep does it, one transaction for a batch of cases: `last_case_id` is how far it came, so
    that a killed one continues there. Cases that failed are tried again, until none is left.
    """

    target = models.ForeignKey(
        SlaTarget, models.CASCADE, null=True, blank=True, related_name="recomputations"
    )
    calendar = models.ForeignKey(
        BusinessCalendar, models.CASCADE, null=True, blank=True, related_name="recomputations"
    )
    plan = models.ForeignKey(
        CarePlan, models.CASCADE, null=True, blank=True, related_name="recomputations"
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="recomputations"
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    #: Open cases when it was asked for; cases processed since; cases that failed.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    last_case_id = models.BigIntegerField(default=0)
    #: The cases that failed, by primary key; why the last one did, and when they are tried again.
    failed_cases = models.JSONField(default=list)
    failed_because = models.CharField(max_length=120, blank=True)
    tries_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    history = history()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=False, calendar=None, plan=None, organization=None)
                | Q(target=None, calendar__isnull=False, plan=None, organization=None)
                | Q(target=None, calendar=None, plan__isnull=False, organization=None)
                | Q(target=None, calendar=None, plan=None, organization__isnull=False),
                name="recomputation_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(finished_at=None),
                    name=f"recomputation_one_a_{name}_at_a_time",
                )
                for name in ("target", "calendar", "plan", "organization")
            ),
        ]

    def __str__(self) -> str:
        return f"Clocks of {self.subject}"

    @property
    def subject(self) -> models.Model:
        """The subject that was changed."""
        found = self.target or self.calendar or self.plan or self.organization
        assert found is not None, "the database keeps one of them"
        return found
