"""One e-mail address per person: `Person.email`, which an organization vouched for.

allauth keeps addresses in a table of its own, and lets each of them sign in and receive mail about
the account. Only the current address may have a row there. `Person` ends the sessions of the old
address, through the hash that sessions are checked against.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models.signals import post_save

from cases.models import Person


def forget_old_addresses(
    sender: type[Person],
    instance: Person,
    update_fields: frozenset[str] | None = None,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """From this save on, a person's former addresses neither sign in nor get mail."""
    if raw or (update_fields is not None and "email" not in update_fields):
        return
    EmailAddress.objects.filter(user=instance).exclude(email=instance.email.lower()).delete()


def watch() -> None:
    """Call once, when the apps are ready."""
    post_save.connect(forget_old_addresses, sender=Person, dispatch_uid="forget-old-addresses")
