"""Which placeholder stands for which value in a case, and whose names are looked for (FED-7)."""

from django.db import models

from cases.models import Case, Person


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


class VouchedIdentity(models.Model):
    """The name and telephone number that somebody else than the person gave or confirmed.

    What people type about themselves is taken for nobody's name: it could be any words, which then
    went from the texts of others. Derived from the history of the person; it has none of its own.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Vouched for: {self.person_id}"
