"""By which name and number a person is looked for in texts (FED-7)."""

from django.db import models

from cases.models import Person


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
