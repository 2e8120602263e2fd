"""Giving a person a role in an organization, however it was requested (ACC-5, FED-9)."""

import datetime as dt

from django.db import IntegrityError, transaction

from ..actors import Actor
from ..errors import NotPossible
from ..models import Membership, Organization, Person
from ..persistence import save

#: Which roles include another: a Designated Contact may do all that a Read-Only contact may.
RANK = {Membership.Role.READ_ONLY.value: 1, Membership.Role.DESIGNATED.value: 2}


def give_role(
    *,
    email: str,
    name: str,
    phone: str = "",
    role: str,
    organization: Organization,
    actor: Actor,
    now: dt.datetime,
    why: str,
) -> Membership:
    """The person with this address has this role in the organization, or a greater one from before.

    A grant never lowers a role: anybody can ask in somebody else's name. The person is created if
    there is none, and locked: two grants at once end in the greater role. Raises NotPossible if
    the address belongs to staff or to an inactive person. The caller is in a transaction.
    """
    person = _locked(email)
    if person is None:
        person = Person(email=email.strip().lower(), name=name, phone=phone)
        person.set_unusable_password()
        try:
            with transaction.atomic():
                save(person, actor=actor, now=now, why=why)
        except IntegrityError:  # another grant created the same person at the same time
            person = _locked(email)
            if person is None:
                raise
    if person.is_staff or not person.is_active:
        raise NotPossible(f"{email} belongs to staff or to somebody who is not active.")
    rows = Membership.objects.select_for_update(of=("self",))
    membership = rows.filter(person=person, organization=organization).first()
    if membership is None:
        membership = Membership(person=person, organization=organization, role=role)
        save(membership, actor=actor, now=now, why=why)
    elif RANK[role] > RANK[membership.role]:
        membership.role = role
        save(membership, actor=actor, now=now, why=why, fields=["role"])
    return membership


def present_role(email: str, organization: Organization | None) -> str:
    """The role of the person with this address there now, in words; for those who decide on it."""
    if organization is None:
        return "none"
    rows = Membership.objects.filter(organization=organization, person__email__iexact=email)
    found = rows.first()
    return f"{found.get_role_display()}; a grant never lowers it" if found else "none"


def _locked(email: str) -> Person | None:
    return Person.objects.filter(email__iexact=email).select_for_update().first()
