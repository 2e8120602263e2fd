"""A person's own details (PORT-3)."""

import datetime as dt

from django.db import transaction

from ..actors import Actor
from ..errors import NotAllowed
from ..models import Person
from ..persistence import save
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
        raise NotAllowed("Everybody changes only the own profile here.")
    name = checked_line("name", name, most=120, needed="Write your name.")
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
