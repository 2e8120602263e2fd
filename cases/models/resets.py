"""Somebody asked for a link to choose a new password."""

from django.db import models
from django.utils import timezone

from .parties import Person


class ResetRequest(models.Model):
    """Waits for the worker that mails the link, and is gone then. No history: it tells none.

    A row is written whether or not the address belongs to anybody, so that the answer takes the
    same time; what was typed is not kept.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="+", verbose_name="for whom"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    #: Later than it was asked for where it failed.
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["due_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"A new password, asked for at {self.asked_at:%Y-%m-%d %H:%M} UTC"
