"""Files that came with an entry. Their visibility is that of the entry."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from .. import realm
from ..fields import PersonCharField
from .entries import Entry
from .history import history
from .parties import Person

#: Quarantined files are in a folder of their own, encrypted.
QUARANTINE_FOLDER = "held"
#: The beginning of the note of a file with scrubbed values.
SCRUBBED_NOTE = "Removed: "


def storage_name(attachment: "Attachment", filename: str) -> str:
    """A random name: nothing of the sender's file name reaches the disk."""
    name = uuid.uuid4().hex
    return f"{QUARANTINE_FOLDER if attachment.is_quarantined else name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def servable(self) -> Self:
        """The files that may leave the desk: scanned and clean, or no scanner is configured."""
        return self.filter(scan_state__in=["clean", "not_scanned"])

    def visible_to(self, person: Person) -> Self:
        """Files of the entries that this contact sees."""
        return self.filter(entry__in=Entry.objects.visible_to(person))


class Attachment(models.Model):
    """A file, held until it may be served: scanned, and scrubbed if the realm scrubs files."""

    class ScanState(models.TextChoices):
        NOT_SCANNED = "not_scanned", "No scanner configured"
        PENDING = "pending", "Being checked for viruses"
        CHECKED = "clean", "Checked"
        INFECTED = "infected", "Refused: the virus scanner found something"
        FAILED = "failed", "Held: could not be checked yet"
        # FED-7, in the realm that scrubs files; the first two are in quarantine.
        SCRUBBING = "cleaning", "Personal data is being scrubbed"
        REVIEW = "review", "Waiting for a second person"
        REFUSED = "refused", "Not kept"

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

    #: Percent of the scrubbing that is done; it has no history.
    progress = models.PositiveSmallIntegerField(default=0, editable=False)
    #: What was removed, by kind and count, and what of the file was kept; or why nothing was: the
    #: desk's own words.
    note = models.CharField(max_length=2000, blank=True)

    objects = AttachmentQuerySet.as_manager()
    history = history(excluded_fields=["progress"])

    class Meta:
        verbose_name = "file"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    scan_state__in=[
                        "not_scanned",
                        "pending",
                        "clean",
                        "infected",
                        "failed",
                        "cleaning",
                        "review",
                        "refused",
                    ]
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
            )
        ]

    def __str__(self) -> str:
        found: str = self.name
        return found

    @property
    def is_servable(self) -> bool:
        return self.scan_state in {self.ScanState.CHECKED, self.ScanState.NOT_SCANNED}

    @property
    def is_being_scrubbed(self) -> bool:
        return self.scan_state == self.ScanState.SCRUBBING

    @property
    def is_quarantined(self) -> bool:
        """The stored content is not the file yet, and opens only for a job or a reviewer."""
        return self.scan_state in {self.ScanState.SCRUBBING, self.ScanState.REVIEW}

    @property
    def progress_address(self) -> str:
        """The address at which a page asks for the progress of the scrubbing, while it goes on."""
        return reverse(realm.current().file_progress_page, args=[self.public_id])

    @property
    def scrubbed_address(self) -> str:
        """The page for its sender to report a wrong removal; empty if nothing was removed."""
        page = realm.current().file_scrubbed_page
        told = page and self.is_servable and self.note.startswith(SCRUBBED_NOTE)
        return reverse(page, args=[self.public_id]) if told else ""
