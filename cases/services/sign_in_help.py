"""What another person does where somebody cannot sign in any more."""

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

OWN = "Nobody resets the own sign-in: ask another access administrator."


def reset_sign_in(*, person_id: int, actor: Actor, now: dt.datetime) -> Person:
    """The person has no second factor and no password any more, and is signed in nowhere.

    For a key or telephone that is lost: who found it, or learned the password, gets in no more,
    and the person begins anew with a link to choose a password, or an invitation. The caller has
    made sure who asks. The address is told, and a skill ends (FED-6). It stands in the person's
    history, and in the audit log where the realm keeps one. Raises NotAllowed without the right to
    change people, for oneself, and for a superuser unless the actor is one.
    """
    if actor.side is not Side.JOB and not actor.may("cases.change_person"):
        raise NotAllowed("Your role does not reset anybody's sign-in.")
    if actor.person is not None and actor.person.pk == person_id:
        raise NotAllowed(OWN)
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
        if person.is_superuser and actor.person and not actor.person.is_superuser:
            raise NotAllowed("Only a superuser resets the sign-in of one.")
        Authenticator.objects.filter(user=person).delete()
        person.set_unusable_password()  # a session is held against it: all of them end
        save(person, actor=actor, now=now, why="signing_in.reset_sign_in", fields=["password"])
        tell_of_change(person, email=person.email, what="reset", actor=actor, now=now)
        sign_in_changed.send(Person, person=person, what="reset", actor=actor, now=now)
    return person
