"""Platform incidents (SLA-3), and the root cause analysis that their cases are owed (RCA-1 to 4).

A case is platform-level while it belongs to an incident; a case without one affects a single
customer (SLA-4). The promises are in `rules.targets` and `rules.analysis`.
"""

import secrets

from django.db import models
from django.db.models import F, Q

from .. import realm
from ..fields import PersonCharField, PersonTextField
from .history import history
from .parties import Person

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_incident_number() -> str:
    """A number such as CI-7Q4M2: customers read it, and learn nothing from it."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(5))
    return f"{realm.current().case_number_prefix}I-{body}"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def going_on(self) -> "IncidentQuerySet":
        """The incidents whose service is not restored yet."""
        return self.filter(restored_at=None)


class Incident(models.Model):
    """A failure of the platform, with the cases of all affected customers.

    The title is for staff; the summary is read by every customer of the incident (RCA-1).
    """

    number = models.CharField(
        max_length=10, unique=True, default=new_incident_number, editable=False
    )
    title = PersonCharField(max_length=150)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    #: SLA-9: when it began to affect customers, if known.
    impact_began_at = models.DateTimeField(null=True, blank=True)
    #: When the platform worked again, as staff stated it.
    restored_at = models.DateTimeField(null=True, blank=True)
    #: SLA-9: when its root cause was resolved, as staff stated it.
    resolved_at = models.DateTimeField(null=True, blank=True)
    summary = PersonTextField("preliminary incident summary", blank=True)
    #: For an incident that goes on although service was said to be restored; its customers read it.
    correction = PersonTextField("why the restoration was taken back", blank=True)

    objects = IncidentQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "platform incident"
        permissions = [
            ("manage_incident", "Can group cases in platform incidents and restore service")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(restored_at__isnull=False) | Q(summary=""),
                name="incident_is_summed_up_when_restored",
            ),
            models.CheckConstraint(
                condition=Q(restored_at=None) | Q(correction=""),
                name="incident_is_corrected_while_it_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(impact_began_at=None)
                | Q(restored_at=None)
                | Q(impact_began_at__lte=F("restored_at")),
                name="incident_began_before_it_was_restored",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None)
                | Q(restored_at__isnull=False, resolved_at__gte=F("restored_at")),
                name="incident_resolved_once_restored",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


class Analysis(models.Model):
    """A customer's requests about the root cause, and the deliveries (RCA-2, RCA-4).

    One row a case, from the first request or delivery on.
    """

    case = models.OneToOneField("Case", models.CASCADE, related_name="analysis")
    asked_at = models.DateTimeField(null=True, blank=True)
    #: The newest delivery. Without a later request for documentation it is the final document.
    delivered_at = models.DateTimeField(null=True, blank=True)
    documents_asked_at = models.DateTimeField(null=True, blank=True)
    discussion_asked_at = models.DateTimeField(null=True, blank=True)
    #: When the follow-up meeting was held.
    met_at = models.DateTimeField(null=True, blank=True)

    history = history()

    class Meta:
        ordering = ["pk"]
        verbose_name = "root cause analysis"
        verbose_name_plural = "root cause analyses"
        constraints = [
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(delivered_at__isnull=False),
                name="analysis_meeting_after_the_document",
            )
        ]

    def __str__(self) -> str:
        return f"Root cause analysis of {self.case_id}"
