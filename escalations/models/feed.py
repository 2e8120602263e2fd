"""The escalation's own feed (FEED-1, FEED-2), and what a contact has read (ESC-3)."""

from typing import Self

from django.db import models
from django.db.models import Q

from cases.models import Case, Entry, Person
from cases.models.entries import FeedEntry, FeedEntryQuerySet
from cases.models.history import history

from .escalations import Escalation


class EscalationEntryQuerySet(FeedEntryQuerySet):
    def visible_to(self, person: Person) -> Self:
        """Public entries of the escalations of cases that this contact sees (FEED-3)."""
        return self.public().filter(escalation__case__in=Case.objects.visible_to(person))


class EscalationEntry(FeedEntry):
    """A message, or an event of the escalation with its words."""

    class Event(models.TextChoices):
        MESSAGE = "message", "Message"
        REQUESTED = "requested", "Escalation requested"
        TAKEN = "taken", "Under review"
        ACCEPTED = "accepted", "Escalation accepted"
        DECLINED = "declined", "Escalation declined"
        WORD = "word", "Update"
        HANDED_OVER = "handed_over", "New Escalation Owner"
        ASSESSED = "assessed", "Reassessed"
        CLOSED = "closed", "Escalation closed"
        MOVED = "moved", "Moved from Case Details"
        RELEASED = "released", "Waiting for a new Escalation Owner"

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="entries")
    event = models.CharField(max_length=12, choices=Event, default=Event.MESSAGE)
    job = models.CharField(max_length=40, blank=True)
    #: If staff moved a message to the case feed, this row stays as its trace, without words.
    moved_at = models.DateTimeField(null=True, blank=True)
    moved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = EscalationEntryQuerySet.as_manager()
    history = history()

    class Meta(FeedEntry.Meta):
        verbose_name_plural = "escalation entries"
        permissions = [("move_entry", "Can move messages between the two feeds")]
        indexes = [
            models.Index(fields=["escalation", "created_at", "id"], name="entry_of_escalation")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "internal"]),
                name="escalation_entry_visibility_known",
            ),
            models.CheckConstraint(
                condition=Q(author_side="job", author=None)
                | Q(author_side__in=["contact", "staff"], author__isnull=False, job=""),
                name="escalation_entry_has_a_person_or_a_job",
            ),
            models.CheckConstraint(
                condition=~Q(author_side="contact") | Q(visibility="public"),
                name="escalation_entry_of_a_contact_is_public",
            ),
            models.CheckConstraint(
                condition=Q(moved_at=None, moved_by=None)
                | Q(moved_at__isnull=False, moved_by__isnull=False),
                name="escalation_entry_moved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id}: {self.get_event_display()}"


class ReadMark(models.Model):
    """The newest public entry by Product Support that this contact was shown in this case."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    history = history()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "case"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.person} read {self.entry_id}"
