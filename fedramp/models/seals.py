"""The chain of the audit log (AU-9, AU-10): one seal an entry, in the order of the sealing."""

from typing import Any, NoReturn

from django.db import models

from .audit import NeverChanged


class SealQuerySet(models.QuerySet["AuditSeal"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise NeverChanged

    def delete(self) -> NoReturn:
        raise NeverChanged


class AuditSeal(models.Model):
    """An entry of the audit log, and the digest of it and of the seal before.

    No foreign key: an entry that is gone is to be found out, and not taken along. PostgreSQL
    refuses to change a row, as it does in the log itself.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    #: Whether no entry was left without a seal then: one of before that comes later was inserted.
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
