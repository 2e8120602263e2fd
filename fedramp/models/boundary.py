"""To which realm this database belongs (FED-2)."""

from django.db import models


class RealmMark(models.Model):
    """The one row that a migration writes, and that nothing changes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    realm = models.CharField(max_length=20)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="realm_mark_is_one_row"),
        ]
