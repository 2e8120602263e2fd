"""The account at the OpenID provider by which a contact signs in (IA-8)."""

from django.db import models

from cases.models import Person
from cases.models.history import history


class OidcAccount(models.Model):
    """One contact's account there, by what never changes: who issued it, and its subject.

    Made by accepting an invitation, and by nothing else: never by an e-mail address that is alike.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="oidc_account")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()

    history = history()

    class Meta:
        verbose_name = "OIDC account"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="oidcaccount_of_one_person"),
        ]

    def __str__(self) -> str:
        return f"Account of person {self.person_id}"
