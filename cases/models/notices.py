"""The outbox: a mail is a row, written in the transaction that caused it."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from ..fields import PersonCharField, PersonTextField
from .cases import Case
from .history import history
from .parties import Person


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, now: dt.datetime) -> Self:
        return self.filter(state="queued", due_at__lte=now).order_by("due_at", "id")


class Notice(models.Model):
    """One mail to one person for one occurrence. `key` ensures that it is decided exactly once."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENT = "sent", "Sent"
        FAILED = "failed", "Given up"

    key = models.CharField(max_length=150, unique=True, editable=False)
    event = models.CharField(max_length=40)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="notices")
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="notices"
    )
    email = models.EmailField("to")
    subject = PersonCharField(max_length=250)
    text = PersonTextField()
    message_id = models.CharField(max_length=120, unique=True, editable=False)
    #: Sign-in mails carry a token: nobody reads them in the admin, and sending blanks them.
    is_secret = models.BooleanField(default=False, editable=False)

    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True, help_text="When delivery is tried next; a worker that takes it moves this on."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()
    history = history(excluded_fields=["text"])

    class Meta:
        ordering = ["-pk"]
        permissions = [("resend_notice", "Can send a notice again that was given up")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (Q(state__in=["queued", "failed"]) & Q(sent_at=None)),
                name="notice_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="queued") | Q(due_at__isnull=False),
                name="notice_queued_has_a_next_try",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="queued"), name="notice_queue")
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.email})"
