"""The two kinds of actor: a person on one side of the desk, and a background job."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from . import realm
from .models import Case, Membership, Person
from .rules.actions import Side


class StaffGate:
    """Decides which staff get in: all who are active. A realm may be stricter."""

    def admits(self, person: Person) -> bool:
        """Whether this member of staff may enter the realm at all."""
        return person.is_active and person.is_staff

    def admitted(self, people: QuerySet[Person]) -> QuerySet[Person]:
        """The people whom the gate `admits`, in one query."""
        return people.filter(is_active=True, is_staff=True)

    def note_admitted(self, person: Person) -> None:
        """`person` was just found among the `admitted`: this object need not ask again."""

    def knows_caller(self, caller: Person, *, staff: Person, now: dt.datetime) -> bool:
        """FED-5: whether the caller proved their identity to this member of staff; here, always."""
        return True


def staff_gate() -> StaffGate:
    """The gate of the realm that this process serves."""
    gate: StaffGate = realm.load(realm.current().staff_gate)
    return gate


@dataclass(frozen=True)
class Actor:
    """A person or a job. Staff act as staff, everybody else as a contact."""

    side: Side
    person: Person | None = None
    job: str = ""

    @classmethod
    def of(cls, person: Person) -> "Actor":
        return cls(Side.STAFF if person.is_staff else Side.CONTACT, person)

    @classmethod
    def of_job(cls, name: str) -> "Actor":
        return cls(Side.JOB, job=name)

    def is_designated_for(self, organization_id: int) -> bool:
        """ACC-1, ACC-3: whether the contact is a Designated Contact of this organization."""
        return (
            self.side is Side.CONTACT
            and self.person is not None
            and self.person.is_active
            and Membership.objects.filter(
                person=self.person,
                person__is_active=True,
                organization_id=organization_id,
                role=Membership.Role.DESIGNATED,
            ).exists()
        )

    def may(self, permission: str) -> bool:
        """Whether this member of staff has the permission (ACC-7), and the realm admits them."""
        return (
            self.side is Side.STAFF
            and self.person is not None
            and self.person.is_active
            and self.person.has_perm(permission)
            and staff_gate().admits(self.person)
        )

    def may_see(self, case: Case) -> bool:
        """ACC-4 and the staff's right to view cases."""
        if self.side is Side.JOB:
            return True
        if self.person is None:
            return False
        if self.side is Side.STAFF:
            return self.may("cases.view_case")
        return Case.objects.visible_to(self.person).filter(pk=case.pk).exists()
