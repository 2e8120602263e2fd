"""What tells whether this process has the key of the database (`PIN_KEY`)."""

from django.db import models


class KeyCheck(models.Model):
    """The check value of the key in use: a keyed digest that opens nothing.

    Written by the first `migrate` and by `rotate_keys`; a process without that key does not start.
    """

    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "Check value of the key"
