"""The work queues (SEV-3): what stands in them, and how many."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.core.cache import cache
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse

from cases.models import Case, Person
from cases.querysets import CaseQuerySet

#: Every page of the admin shows the counts; they may be this old.
COUNT_SECONDS = 10
#: A badge says "999+" instead of counting on.
COUNT_CAP = 999


class Queue(StrEnum):
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OPEN = "open"
    ALL = "all"


#: Those with a number beside their name.
COUNTED = (Queue.MINE, Queue.UNASSIGNED, Queue.OPEN)


@dataclass(frozen=True)
class Words:
    title: str
    icon: str
    empty: str


QUEUES: dict[Queue, Words] = {
    Queue.MINE: Words(
        "My cases", "person", "You own no open case. The unassigned ones are next door."
    ),
    Queue.UNASSIGNED: Words("Unassigned", "inbox", "Every case has its owner."),
    Queue.OPEN: Words("All open", "folder_open", "No case is open."),
    Queue.ALL: Words("All cases", "folder", "There is no case yet."),
}


def of_request(request: HttpRequest) -> Queue:
    """The queue that the address names; without one, all cases."""
    try:
        return Queue(request.GET.get("queue", Queue.ALL))
    except ValueError:
        return Queue.ALL


def rows(queue: Queue, person: Person, cases: CaseQuerySet | None = None) -> CaseQuerySet:
    """The cases of the queue for this person, in no order of its own."""
    found = Case.objects.all() if cases is None else cases
    if queue is Queue.MINE:
        return found.owned_by(person)
    if queue is Queue.UNASSIGNED:
        return found.unassigned()
    if queue is Queue.OPEN:
        return found.open()
    return found


def counts(person: Person) -> dict[Queue, str]:
    """How many stand in each open queue, as the side bar shows it; empty for none."""
    key = f"queue-counts-{person.pk}"
    found: dict[Queue, str] | None = cache.get(key)
    if found is None:
        numbers = Person.objects.filter(pk=person.pk).values_list(
            *(_number(rows(queue, person)) for queue in COUNTED)
        )
        found = dict(zip(COUNTED, map(_shown, numbers.get()), strict=True))
        cache.set(key, found, COUNT_SECONDS)
    return found


def forget_counts(person: Person) -> None:
    """After something this person did: the next page counts anew."""
    cache.delete(f"queue-counts-{person.pk}")


@lru_cache
def _base() -> str:
    return reverse("admin:cases_case_changelist")


def address(queue: Queue) -> str:
    base = _base()
    return base if queue is Queue.ALL else f"{base}?queue={queue}"


def address_of(name: str) -> str:
    """The address of the queue that a form names; of all open cases where it names none."""
    return address(Queue(name)) if name in set(Queue) else address(Queue.OPEN)


def _number(cases: QuerySet) -> Subquery:
    """How many, and no more than are shown: all queues are counted in one query."""
    return Subquery(
        cases.order_by().values("pk")[: COUNT_CAP + 1],
        template="(SELECT COUNT(*) FROM (%(subquery)s) counted)",
        output_field=IntegerField(),
    )


def _shown(number: int) -> str:
    if number > COUNT_CAP:
        return f"{COUNT_CAP}+"
    return str(number) if number else ""
