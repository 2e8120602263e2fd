"""The realm of this database (FED-2), and the key that opens it (`PIN_KEY`)."""

from django.db import models


class RealmMark(models.Model):
    """One row, written by a migration and never changed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    realm = models.CharField(max_length=20)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="realm_mark_is_one_row")
        ]


class KeyCheck(models.Model):
    """The check value of the key in use: a keyed digest that opens nothing.

    Written by the first `migrate` and by `rotate_keys`; a process without that key does not start.
    """

    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "Check value of the key"
