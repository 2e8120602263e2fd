"""The people of a case, as the engine looks for them in its texts (FED-7)."""

from django.db.models import Q

from cases.models import Case, Person

from ..models import VouchedIdentity
from ..scrubber.identities import Identities

#: People of one organization that are looked for in a text.
PEOPLE = 500


def people_of(case: Case) -> Identities:
    """Contacts of the organization, the opener and the owner; read once for each loaded case.

    Their names and numbers as somebody else vouched for them (`vouching`), and their addresses.
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
