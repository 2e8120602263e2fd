"""A new FedRAMP realm's first access administrators, when nobody can attest anybody yet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotPossible
from cases.models import Person
from cases.persistence import save
from cases.roles import ACCESS_ADMINISTRATOR, sync_roles
from cases.rules.texts import one_line

from ..models import Skill
from .skills import record

BOOTSTRAP = Actor.of_job("first-administrators")


@dataclass(frozen=True)
class FirstAdministrator:
    email: str
    name: str
    status: str


def first_administrators(
    *, people: Sequence[FirstAdministrator], evidence: str, now: dt.datetime
) -> list[Person]:
    """Two named persons are access administrators, each attested by the other, nobody by oneself.

    Raises NotPossible outside the FedRAMP realm, for any other number of people, and once
    somebody holds the skill; Invalid for an invalid address or status.
    """
    if realm.current().name != "fedramp":
        raise NotPossible("This is not the FedRAMP realm.")
    if len({each.email.strip().lower() for each in people}) != 2 or len(people) != 2:
        raise NotPossible("Name two different people: each attests the other.")
    with transaction.atomic():
        sync_roles()
        role = Group.objects.select_for_update().get(name=ACCESS_ADMINISTRATOR)
        if Skill.objects.valid(now).exists():
            raise NotPossible("Somebody holds the skill already: attest others in the admin.")
        made = [_administrator(each, role, now) for each in people]
        for each, person, other in zip(people, made, reversed(made), strict=True):
            record(
                person_id=person.pk,
                attested_by=other,
                status=each.status,
                is_in_us=True,
                evidence=evidence,
                ends_at=now + dt.timedelta(days=settings.FEDRAMP_SKILL_DAYS),
                actor=BOOTSTRAP,
                now=now,
            )
    return made


def _administrator(each: FirstAdministrator, role: Group, now: dt.datetime) -> Person:
    email = each.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid("email", f"{each.email!r} is no e-mail address.") from error
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person(email=email, name=one_line(each.name) or email, is_staff=True)
        person.set_unusable_password()
        save(person, actor=BOOTSTRAP, now=now, why="bootstrap")
    if not (person.is_staff and person.is_active):
        raise Invalid("email", f"{email} is no active member of staff.")
    person.groups.add(role)
    return person
