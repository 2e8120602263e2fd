"""Which staff may enter this realm (FED-6), and whose calls they take (FED-5)."""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone

from cases.actors import StaffGate
from cases.models import Person

from .models import Skill
from .services.pins import caller_of

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class SkillGate(StaffGate):
    """FED-6: only staff with the skill. Being a superuser changes nothing."""

    def admits(self, person: Person) -> bool:
        return super().admits(person) and skill_ends_at(person) > timezone.now()

    def admitted(self, people: QuerySet[Person]) -> QuerySet[Person]:
        skilled = Skill.objects.valid(timezone.now()).values("person_id")
        return super().admitted(people).filter(pk__in=skilled)

    def note_admitted(self, person: Person) -> None:
        person._skill_ends_at = dt.datetime.max.replace(tzinfo=dt.UTC)  # type: ignore[attr-defined]

    def knows_caller(self, caller: Person, *, staff: Person, now: dt.datetime) -> bool:
        """FED-5: the last PIN that this member of staff checked was the caller's, and matched."""
        return caller_of(staff, now=now) == caller


def skill_ends_at(person: Person) -> dt.datetime:
    """Until when the person's valid skill lasts; NEVER without one.

    Cached on the person object, as Django does with permissions: each request, task or job reads
    the person again.
    """
    found: dt.datetime | None = getattr(person, "_skill_ends_at", None)
    if found is None:
        ends = Skill.objects.current().filter(person_id=person.pk).values_list("ends_at", flat=True)
        found = ends.first() or NEVER
        person._skill_ends_at = found  # type: ignore[attr-defined]
    return found
