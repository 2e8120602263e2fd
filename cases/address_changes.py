"""A changed e-mail address or account, however it is changed (FED-6, ACC-7).

The address is the sign-in: a person who changes somebody else's could sign in as them. So changes
are watched when the person is saved, where every form, service and page of allauth passes.
"""

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .actors import Actor
from .extension import sign_in_changed
from .models import Person
from .notices import notify

FACTS = ("email", "is_active", "is_staff")
ACCOUNTS = Actor.of_job("accounts")


def tell_of_change(person: Person, *, email: str, what: str, actor: Actor, now: Any) -> None:
    """Queue a mail to this address that says what happened to the sign-in, but no new address."""
    occurrence = f"{person.pk}:{what}:{now.timestamp()}"
    notify("sign_in_changed", occurrence, actor=actor, now=now, email=email, what=what)


def _remember(sender: Any, instance: Person, update_fields: Any = None, **kwargs: Any) -> None:
    instance._facts_before = None  # type: ignore[attr-defined]
    if instance.pk is None or (update_fields is not None and not set(FACTS) & set(update_fields)):
        return
    before = Person.objects.filter(pk=instance.pk).values(*FACTS).first()
    instance._facts_before = before  # type: ignore[attr-defined]


def _act(sender: Any, instance: Person, **kwargs: Any) -> None:
    before = getattr(instance, "_facts_before", None)
    if not before:
        return
    changed = {name for name in FACTS if before[name] != getattr(instance, name)}
    if not changed:
        return
    now = getattr(instance, "_history_date", None) or timezone.now()
    actor = _actor(instance)
    if "email" in changed:
        tell_of_change(instance, email=before["email"], what="address", actor=actor, now=now)
    what = "address" if "email" in changed else "account"
    sign_in_changed.send(Person, person=instance, what=what, actor=actor, now=now)


def _actor(person: Person) -> Actor:
    """The person who signed the change for the history, or made the request; else unknown."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(person, "_history_user", None) or getattr(request, "user", None)
    return Actor.of(user) if isinstance(user, Person) else ACCOUNTS


def watch() -> None:
    """Call once, when the apps are ready."""
    pre_save.connect(_remember, sender=Person, dispatch_uid="address-remembered")
    post_save.connect(_act, sender=Person, dispatch_uid="address-changed")
