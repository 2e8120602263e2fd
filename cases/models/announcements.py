"""News for the portal (PORT-2)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .history import history


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def current(self, now: object) -> "AnnouncementQuerySet":
        """The announcements that contacts see at this instant, newest first."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now), published_at__lte=now
        ).order_by("-is_pinned", "-published_at", "-pk")


class Announcement(models.Model):
    """Product Support news, written by operations administrators."""

    title = models.CharField(max_length=150)
    body = models.TextField()
    is_pinned = models.BooleanField("keep on top", default=False)
    published_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["-published_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("published_at")),
                name="announcement_expires_after_publication",
                violation_error_message="It would expire before it is published.",
            )
        ]

    def __str__(self) -> str:
        return self.title
