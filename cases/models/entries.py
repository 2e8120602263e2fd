"""The case feed: what was said and what happened, in order (FEED-1). Nothing is edited later."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from ..fields import PersonTextField
from .cases import Case
from .history import history
from .parties import Person


class FeedEntryQuerySet(models.QuerySet[Any]):
    def public(self) -> Self:
        return self.filter(visibility="public")


class FeedEntry(models.Model):
    """The fields of every feed's entries: who said what, when, and who may read it (FEED-3)."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Public"
        INTERNAL = "internal", "Internal"

    class Side(models.TextChoices):
        CONTACT = "contact", "Customer"
        STAFF = "staff", "Product Support"
        JOB = "job", "Support desk"

    visibility = models.CharField(max_length=8, choices=Visibility)
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    author_side = models.CharField(max_length=8, choices=Side)
    body = PersonTextField(blank=True)
    from_value = models.CharField(max_length=120, blank=True)
    to_value = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    #: One per form shown: a second click of the same form is the same entry.
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]

    @property
    def is_internal(self) -> bool:
        return self.visibility == self.Visibility.INTERNAL


class EntryQuerySet(FeedEntryQuerySet):
    def visible_to(self, person: Person) -> Self:
        """Public entries of the cases that this contact sees (FEED-3)."""
        return self.public().filter(case__in=Case.objects.visible_to(person))


class Entry(FeedEntry):
    """A message by a person, or an event of the case with its words."""

    class Event(models.TextChoices):
        MESSAGE = "message", "Message"
        OPENED = "opened", "Case opened"
        ASSIGNED = "assigned", "Case Owner assigned"
        QUESTION = "question", "Question"
        THIRD_PARTY = "third_party", "Waiting for a third party"
        RESUMED = "resumed", "Work resumed"
        RESOLUTION = "resolution", "Resolution proposed"
        ACCEPTED = "accepted", "Resolution accepted"
        PERSISTS = "persists", "Issue persists"
        CLOSED = "closed", "Case closed"
        REOPENED = "reopened", "Case reopened"
        SEVERITY = "severity", "Severity changed"
        LINKED = "linked", "Linked with another case"
        UNLINKED = "unlinked", "Link removed"
        FILE_REFUSED = "file_refused", "File refused"
        NOTICE = "notice", "Notice before closing"
        EXTENDED = "extended", "Closing postponed"
        ESCALATED = "escalated", "Escalation requested"
        HELP_ASKED = "help_asked", "Request to the Case Owner"
        HELP_ANSWERED = "help_answer", "Answer from the Case Owner"
        HELP_WITHDRAWN = "withdrawn", "Request withdrawn"
        MANAGER = "manager", "Product Support Manager engaged"
        ATTENTION = "attention", "Management attention requested"
        MOVED = "moved", "Moved from Escalation Details"
        RELEASED = "released", "Waiting for a new Case Owner"
        CALLED = "called", "Telephone call"
        PLATFORM = "platform", "Platform-level"
        SINGLE = "single", "Not platform-level"
        RESTORED = "restored", "Service restored"
        NOT_RESTORED = "not_restored", "Restoration withdrawn"
        RCA_ASKED = "rca_asked", "Root cause analysis asked for"
        RCA_GIVEN = "rca_given", "Root cause analysis"
        DOCS_ASKED = "docs_asked", "Further documentation asked for"
        TALK_ASKED = "talk_asked", "Follow-up discussion asked for"
        TALK_HELD = "talk_held", "Follow-up meeting"

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    event = models.CharField(max_length=12, choices=Event, default=Event.MESSAGE)
    job = models.CharField(max_length=40, blank=True, help_text="The job that wrote it.")
    #: If staff moved a message to the escalation's feed, this row stays as its trace: pages show
    #: who moved it and when, but not its words.
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    moved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = EntryQuerySet.as_manager()
    history = history()

    class Meta(FeedEntry.Meta):
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["case", "created_at", "id"], name="entry_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility__in=["public", "internal"]), name="entry_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(author_side="job", author=None)
                | Q(author_side__in=["contact", "staff"], author__isnull=False, job=""),
                name="entry_has_a_person_or_a_job",
            ),
            models.CheckConstraint(
                condition=~Q(author_side="contact") | Q(visibility="public"),
                name="entry_of_a_contact_is_public",
            ),
            models.CheckConstraint(
                condition=~Q(event="message") | ~Q(body=""), name="entry_message_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.get_event_display()}"
