"""The placeholders of a case and their values, and whose names are looked for (FED-7)."""

from django.db import models

from cases.models import Case, Person


class Placeholder(models.Model):
    """`[EMAIL-2]` of one case: a keyed digest of the value, which recognizes the same value.

    Derived from texts that are not kept: no history. Nothing leads back to the value without the
    realm's secret key.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    #: Of texts that contacts cannot read: numbered apart, so that theirs reveal nothing (FEED-3).
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
    """The name and telephone number of a person that somebody else gave or confirmed.

    What people type about themselves does not count as a name: it could be any words, which would
    then be removed from the texts of others. Derived from the person's history; it has none itself.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Vouched for: {self.person_id}"
