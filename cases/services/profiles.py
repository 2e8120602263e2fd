"""What a person says about himself (PORT-3)."""

import datetime as dt

from django.db import transaction

from ..actors import Actor
from ..errors import NotAllowed
from ..models import Person
from .saving import save

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
    """The person has these details and notification choices. Raises NotAllowed for others'."""
    if actor.person is None or actor.person.pk != person_id:
        raise NotAllowed("Everybody changes only the own profile here.")
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        person.name = name.strip()
        person.phone = phone.strip()
        person.time_zone = time_zone
        person.mail_my_cases = mail_my_cases
        person.mail_all_cases = mail_all_cases
        save(person, actor=actor, now=now, why="profiles.change_profile", fields=FIELDS)
    return person
