"""The people of a case, as the engine looks for them; and who vouches for a name (FED-7).

Texts are searched for the names that others gave a person, not for those that they gave themselves.
Others are staff, those who granted the access, a command or a job; sending an invitation confirms
the name. A change of one's own profile has no effect here: the name that others gave stays known,
since earlier texts contain it.
"""

from typing import Any

from django.db.models import Q

from cases.models import Case, Person

from ..models import VouchedIdentity
from ..scrubber.identities import Identities

#: How many people of one organization are looked for in a text.
PEOPLE = 500


def people_of(case: Case) -> Identities:
    """Contacts of the organization, the opener and the owner; read once for each loaded case.

    With the names and numbers that somebody else vouched for (`vouch`), and their addresses.
    """
    found = case.__dict__.get("_identities")
    if found is None:
        people = Person.objects.filter(
            Q(memberships__organization=case.organization_id)
            | Q(pk__in=[pk for pk in (case.contact_id, case.owner_id) if pk])
        )
        rows = people.distinct().order_by("pk").values("pk", "email")[:PEOPLE]
        vouched = {
            each.person_id: {"name": each.name, "phone": each.phone}
            for each in VouchedIdentity.objects.filter(person__in=[row["pk"] for row in rows])
        }
        known = [{"email": row["email"], **vouched.get(row["pk"], {})} for row in rows]
        found = case.__dict__["_identities"] = Identities(known)
    return found


FIELDS = ("name", "phone")


def vouch(person: Person) -> None:
    """The actor confirms the person's present name and number."""
    values = {field: getattr(person, field) for field in FIELDS}
    VouchedIdentity.objects.update_or_create(person=person, defaults=values)


def note_history(
    sender: Any, instance: Any, history_instance: Any, history_user: Any = None, **kwargs: Any
) -> None:
    """Somebody else created the person, or changed the name or number: it is vouched for."""
    if not isinstance(instance, Person) or history_instance.history_type == "-":
        return
    if history_user is not None and history_user.pk == instance.pk:
        return
    rows = type(history_instance).objects.filter(
        id=history_instance.id, history_id__lt=history_instance.history_id
    )
    before = rows.order_by("-history_id").values(*FIELDS).first() or {}
    changed = {
        field: getattr(history_instance, field)
        for field in FIELDS
        if before.get(field) != getattr(history_instance, field)
    }
    if changed:
        VouchedIdentity.objects.update_or_create(person=instance, defaults=changed)
