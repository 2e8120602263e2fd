"""What the criteria refused, as a count (docs/decisions/0021-refusals-are-counted.md)."""

from django.db import models


class Refusal(models.Model):
    """One criterion that refused a request which was sent: no case, no person, no words.

    Written once and never changed; it has no history.
    """

    #: Of the form: a second click of it counts no second time.
    submission = models.UUIDField()
    criterion = models.CharField(max_length=60)
    refused_at = models.DateTimeField()

    class Meta:
        ordering = ["-refused_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "criterion"], name="refusal_counted_once_a_form"
            ),
        ]
        indexes = [models.Index(fields=["refused_at"], name="refusal_by_time")]

    def __str__(self) -> str:
        return f"{self.criterion}, {self.refused_at:%Y-%m-%d}"
