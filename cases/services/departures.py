"""What becomes of the work of staff who left, or lost the right to do it (CASE-8, ACC-7, FED-6).

The only service for it: code that takes a right away calls `give_back`, and a job finds people
whose right ended in another way, such as a skill that ran out.
"""

import datetime as dt
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from ..actors import Actor
from ..extension import holders_gone, rights_changed
from ..models import Case, Entry, Person
from ..notices import notify
from ..persistence import save_case
from ..recipients import holders, works_cases
from .entries import write_entry
from .lifecycle import STATE_FIELDS
from .locks import lock_case

RELEASER = Actor.of_job("release-cases")


def give_back(*, person_id: int, now: dt.datetime) -> int:
    """Work that this person can no longer do waits for somebody who can; returns how much it was.

    Each open case of theirs is New and in the queue of unassigned cases: its feed says so, and the
    leads of that queue and the contacts are told. A question or resolution that was open no longer
    closes the case. Apps above give back theirs (`rights_changed`). Nothing is taken from a person
    who can work cases; a second call does nothing.
    """
    with transaction.atomic():
        person = Person.objects.get(pk=person_id)
        released = 0
        if not works_cases(person):
            owned = Case.objects.open().filter(owner=person).order_by("pk")
            for case_id in list(owned.values_list("pk", flat=True)):
                released += _release(case_id, person, now=now)
        answers: Any = rights_changed.send(Person, person_id=person_id, actor=RELEASER, now=now)
    return released + sum(number or 0 for _, number in answers)


def _release(case_id: int, person: Person, *, now: dt.datetime) -> bool:
    case = lock_case(case_id, wherever_it_belongs=True)  # it adds no words of theirs
    if case.owner_id != person.pk or not case.is_open:
        return False  # somebody took it over, or closed it, while we waited for its lock
    before = case.get_state_display()
    case.release(now=now)
    save_case(
        case, actor=RELEASER, now=now, why="leaving.release", public=True, fields=STATE_FIELDS
    )
    entry = write_entry(
        case,
        actor=RELEASER,
        now=now,
        event=Entry.Event.RELEASED,
        body=(
            f"{person} is no longer working on this case. It is waiting for a new Case Owner, who "
            "will read everything written here. Nothing is lost, and nothing needs to be repeated."
        ),
        from_value=before,
        to_value=case.get_state_display(),
    )
    notify("released", case=case, entry=entry, actor=RELEASER, now=now)
    return True


def release_one(now: dt.datetime) -> int:
    """The work of the next person who can no longer do it is given back. 0 if there is none.

    A person who has nothing to give back is not found again.
    """
    for person_id in chain(owners_gone(), *(gone() for gone in holders_gone)):
        if done := give_back(person_id=person_id, now=now):
            return done
    return 0


def owners_gone() -> list[int]:
    """The people who own an open case and cannot work it, by primary key."""
    owned = Case.objects.open().filter(owner=OuterRef("pk"))
    able = holders("cases", "work_case").values("pk")
    suspects = Person.objects.filter(Exists(owned)).exclude(pk__in=able).order_by("pk")
    # A superuser holds every permission, and needs no role.
    return [person.pk for person in suspects if not works_cases(person)]
