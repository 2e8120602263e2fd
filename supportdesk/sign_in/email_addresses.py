"""One e-mail address a person: `Person.email`, which an organization vouched for.

allauth notes addresses in a table of its own, and lets each of them sign in and get mail about the
account. There may be one row there, of the address that counts. That the sessions of the old
address end is in `Person`, by what a session is held against.
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
    """Addresses that the person no longer has neither sign in nor get mail, from this save on."""
    if raw or (update_fields is not None and "email" not in update_fields):
        return
    EmailAddress.objects.filter(user=instance).exclude(email=instance.email.lower()).delete()


def watch() -> None:
    """Called once, when the applications are ready."""
    post_save.connect(forget_old_addresses, sender=Person, dispatch_uid="forget-old-addresses")
