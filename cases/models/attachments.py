"""Files that came with an entry. Their visibility is that of the entry."""

import uuid

from django.db import models
from django.db.models import Q

from ..fields import PersonCharField
from ..querysets import AttachmentQuerySet
from .entries import Entry
from .history import history


def storage_name(attachment: "Attachment", filename: str) -> str:
    """A random name: nothing of what the sender called the file reaches the disk."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class Attachment(models.Model):
    """A file, held until it is scanned where a scanner is configured."""

    class ScanState(models.TextChoices):
        NOT_SCANNED = "not_scanned", "No scanner configured"
        PENDING = "pending", "Being checked for viruses"
        CLEAN = "clean", "Checked"
        INFECTED = "infected", "Refused: the virus scanner found something"
        FAILED = "failed", "Held: could not be checked yet"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=storage_name, max_length=120)
    name = PersonCharField("file name", max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("size in bytes")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    scan_state = models.CharField(max_length=12, choices=ScanState)
    scan_due_at = models.DateTimeField(null=True, blank=True)
    scan_attempts = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()
    history = history()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    scan_state__in=["not_scanned", "pending", "clean", "infected", "failed"]
                ),
                name="attachment_scan_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(scan_state__in=["pending", "failed"]) | Q(scan_due_at__isnull=False),
                name="attachment_held_has_a_next_scan",
            ),
        ]
        indexes = [
            models.Index(
                fields=["scan_due_at", "id"],
                condition=Q(scan_state__in=["pending", "failed"]),
                name="attachment_scan_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_servable(self) -> bool:
        return self.scan_state in {self.ScanState.CLEAN, self.ScanState.NOT_SCANNED}
