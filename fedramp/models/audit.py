"""Sign-ins, reads, refusals and changes of rights (AU-2, AU-3), sealed in a chain (AU-9, AU-10).

Changes of cases are in the history of each model (CASE-9). The log holds no content: who, when,
from where, which page, and the key of the page's subject. It only grows.
"""

from typing import Any, NoReturn

from django.db import models

from cases.models import Person


class NeverChanged(TypeError):
    """AU-9: entries of the audit log are never changed."""

    def __init__(self) -> None:
        super().__init__("The audit log is added to, and never changed.")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise NeverChanged

    def delete(self) -> NoReturn:
        raise NeverChanged


class AuditEntry(models.Model):
    """One event. PostgreSQL refuses to change or delete the row, by triggers; on SQLite, which is
    for trials, this class does."""

    class Event(models.TextChoices):
        NOTICE = "notice", "Acknowledged the system-use notice"
        SIGNED_IN = "signed_in", "Signed in"
        SIGNED_OUT = "signed_out", "Signed out"
        ENDED = "ended", "Session ended by itself"
        FAILED = "failed", "Failed to sign in"
        LOCKED = "locked", "Sign-in locked"
        READ = "read", "Read"
        DENIED = "denied", "Was refused"
        RIGHTS = "rights", "Rights changed"
        FILE = "file", "Decided on a file"

    at = models.DateTimeField("when")
    event = models.CharField("what happened", max_length=12, choices=Event)
    #: Who did it; nobody for a job, or before a sign-in with an unknown address.
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="who"
    )
    address = models.GenericIPAddressField("from", null=True, blank=True)
    page = models.CharField(max_length=80, blank=True, help_text="The name of the address.")
    #: The key of the page's subject: a case number, the number of a row.
    about = models.CharField(max_length=64, blank=True)
    detail = models.CharField(max_length=200, blank=True, help_text="Codes, never content.")

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit log"
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["person", "-at", "-id"], name="audit_of_person"),
            models.Index(fields=["about", "-at", "-id"], name="audit_about"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}, {self.at:%Y-%m-%d %H:%M:%S} UTC"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverChanged


class SealQuerySet(models.QuerySet["AuditSeal"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise NeverChanged

    def delete(self) -> NoReturn:
        raise NeverChanged


class AuditSeal(models.Model):
    """An entry of the audit log, and the digest of it and of the previous seal.

    No foreign key: if an entry is gone, its seal must stay and reveal it. PostgreSQL refuses to
    change a row, as in the log itself.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    #: Whether no entry was without a seal then: an older entry that appears later was inserted.
    caught_up = models.BooleanField()
    digest = models.CharField(max_length=64)

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Seal {self.position} of entry {self.entry_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverChanged
