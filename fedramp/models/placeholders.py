"""Which placeholder stands for which value in a case, without the value (FED-7)."""

from django.db import models

from cases.models import Case


class Placeholder(models.Model):
    """`[EMAIL-2]` of one case: a keyed digest of the value, which tells the same value again.

    Derived from texts that are not kept: no history. Nothing leads back to the value without the
    realm's secret key.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    #: Of what contacts cannot read: drawn apart, so that no number of theirs tells of it (FEED-3).
    is_internal = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "is_internal", "digest"], name="placeholder_once_per_value"
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "number"], name="placeholder_number_once_per_case"
            ),
        ]

    def __str__(self) -> str:
        return f"[{self.kind}-{self.number}]"
