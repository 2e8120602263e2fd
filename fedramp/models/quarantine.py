"""Files in quarantine: until a job has scrubbed them, or a second person has looked at them."""

from django.db import models
from django.db.models import F, Q

from cases.fields import PersonTextField
from cases.models import Attachment, Case, Person
from cases.models.history import history


class QuarantinedFile(models.Model):
    """The key to the file of an attachment. Without this row nobody can read the file any longer.

    Overwritten while a job works on it, and deleted when the file leaves quarantine: it has no
    history.
    """

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="+")
    #: The file's own key, itself encrypted with the realm's (`crypto.encrypt`).
    key = models.BinaryField()
    #: From when a job may take it; empty while it waits for a person.
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["due_at", "id"], name="quarantinedfile_queue")]

    def __str__(self) -> str:
        return f"Quarantined file {self.pk}"


class FileReview(models.Model):
    """A file that no engine can read, and that two people look at (FED-7)."""

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for a second person"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined and destroyed"

    case = models.ForeignKey(Case, models.PROTECT, related_name="file_reviews")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    reason = PersonTextField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: One per form shown: a second click of the same form is the same file.
    submission = models.UUIDField(unique=True, editable=False)

    history = history()

    class Meta:
        verbose_name = "second-person file review"
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("review_file", "Can submit a file that cannot be scrubbed, and decide on another's")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="filereview_has_a_second_person",
            ),
            # A job that declines a file that nobody looked at is not a person.
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None, decided_by=None)
                | Q(state="accepted", decided_at__isnull=False, decided_by__isnull=False)
                | Q(state="declined", decided_at__isnull=False),
                name="filereview_decided_has_its_facts",
            ),
        ]

    def __str__(self) -> str:
        return f"File {self.attachment_id} of {self.case}"
