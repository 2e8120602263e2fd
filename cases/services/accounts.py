"""What people change in their own profile (PORT-3), and what others do if they cannot sign in."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction

from ..actors import Actor
from ..address_changes import tell_of_change
from ..errors import NotAllowed
from ..extension import sign_in_changed
from ..models import Person
from ..persistence import save
from ..rules.actions import Side
from .texts import checked_line

FIELDS = ["name", "phone", "time_zone", "mail_my_cases", "mail_all_cases"]


def change_profile(
    *,
    person_id: int,
    actor: Actor,
    now: dt.datetime,
    name: str,
    phone: str,
    time_zone: str,
    mail_my_cases: bool,
    mail_all_cases: bool,
) -> Person:
    """The person has these details and notification choices. Raises NotAllowed for another
    person's; Invalid for a name without a visible character."""
    if actor.person is None or actor.person.pk != person_id:
        raise NotAllowed("You can change only your own profile here.")
    name = checked_line("name", name, most=120, needed="Enter your name.")
    phone = checked_line("phone", phone, most=40)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        person.name = name
        person.phone = phone
        person.time_zone = time_zone
        person.mail_my_cases = mail_my_cases
        person.mail_all_cases = mail_all_cases
        save(person, actor=actor, now=now, why="profiles.change_profile", fields=FIELDS)
    return person


OWN = "You cannot reset your own sign-in: ask another access administrator."


def reset_sign_in(*, person_id: int, actor: Actor, now: dt.datetime) -> Person:
    """The person has no second factor and no password any longer, and is signed in nowhere.

    For a lost key or telephone: a finder, or somebody who learned the password, can no longer get
    in, and the person starts again with a link to choose a password, or an invitation. The caller
    has verified who asks. The address is told, and a skill ends (FED-6). It is recorded in the
    person's history, and in the audit log if the realm keeps one. Raises NotAllowed without the
    right to change people, for oneself, and for a superuser unless the actor is one.
    """
    if actor.side is not Side.JOB and not actor.may("cases.change_person"):
        raise NotAllowed("Your role does not allow you to reset a sign-in.")
    if actor.person is not None and actor.person.pk == person_id:
        raise NotAllowed(OWN)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
        if person.is_superuser and actor.person and not actor.person.is_superuser:
            raise NotAllowed("Only a superuser can reset a superuser's sign-in.")
        Authenticator.objects.filter(user=person).delete()
        person.set_unusable_password()  # every session is checked against it: all of them end
        save(person, actor=actor, now=now, why="signing_in.reset_sign_in", fields=["password"])
        tell_of_change(person, email=person.email, what="reset", actor=actor, now=now)
        sign_in_changed.send(Person, person=person, what="reset", actor=actor, now=now)
    return person
