"""The queues of staff (ACC-7): a row for each, with its content, order, readers and count.

A queue is the list of a model with `?queue=` in its address. Each app registers its rows, in the
order of the side bar, which `supportdesk.navigation` shows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache as cached
from typing import Any

from django.core.cache import cache
from django.db.models import IntegerField, Model, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from cases.models import Person

from .base import ReadOnlyAdmin, staff_of
from .lists import DeskChangeList

#: Every page of the admin shows the counts; they may be this old.
COUNT_SECONDS = 10
#: A badge says "999+" instead of counting further.
COUNT_CAP = 999
#: The name of the queue with all rows; an address without a queue means it.
ALL = "all"

Order = tuple[Any, ...]
Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One queue: a line of the side bar, if it has an icon, and a list of rows."""

    model: type[Model]
    name: str = ALL
    label: str
    icon: str = ""
    #: Above the list, if it says more than the label.
    title: str = ""
    #: The text of an empty list.
    empty: str = ""
    #: The rows for this person, without an order; by default, all.
    rows: Callable[[Person], QuerySet[Any]] | None = None
    order: Order | Callable[[], Order] = ()
    #: The columns, if they are not those of the model's list.
    columns: tuple[str, ...] = ()
    #: Who sees the line, among those who may see the model.
    sees: Callable[[Person], bool] = lambda person: True
    #: The permission to see how many wait, in the line; empty if it shows no number.
    counted_for: str = ""
    #: What is counted, if not every row.
    counted: Callable[[Person], QuerySet[Any]] | None = None
    #: The late rows among them, counted beside them.
    late: Callable[[], QuerySet[Any]] | None = None

    @property
    def heading(self) -> str:
        return self.title or self.label

    @property
    def address(self) -> str:
        base = list_address(self.model)
        return base if self.name == ALL else f"{base}?queue={self.name}"

    def rows_for(self, person: Person) -> QuerySet[Any]:
        return self.rows(person) if self.rows else self.model._default_manager.all()

    def ordering(self) -> Order:
        return self.order() if callable(self.order) else self.order

    def is_seen_by(self, person: Person) -> bool:
        meta = self.model._meta
        may_view = person.has_perm(f"{meta.app_label}.view_{meta.model_name}")
        return bool(self.icon and list_address(self.model)) and may_view and self.sees(person)

    def to_count(self, person: Person) -> list[QuerySet[Any]]:
        """The counts of this person's badge: the waiting rows, and the late ones."""
        if not (self.counted_for and person.has_perm(self.counted_for)):
            return []
        waits = (self.counted or self.rows_for)(person)
        return [waits, self.late()] if self.late else [waits]

    def line(self, request: HttpRequest) -> Line:
        return {
            "title": self.label,
            "icon": self.icon,
            "link": self.address,
            "active": self._is_open(request),
            "badge": _badge(self, staff_of(request)),
            "badge_variant": "primary",
        }

    def _is_open(self, request: HttpRequest) -> bool:
        """Whether the page is this queue, or one of its model that has no line of its own."""
        base = list_address(self.model)
        if request.path != base:
            return len(_of(self.model)) == 1 and request.path.startswith(base)
        shown = of_request(request, self.model)
        return shown is self or not shown.is_seen_by(staff_of(request))


@dataclass(frozen=True)
class Page:
    """A line of the side bar that is not a queue."""

    label: str
    icon: str
    #: The name of its address; a realm without that address shows no line.
    name: str
    permission: str

    def is_seen_by(self, person: Person) -> bool:
        return bool(_address(self.name)) and person.has_perm(self.permission)

    def line(self, request: HttpRequest) -> Line:
        link = _address(self.name)
        active = request.path.startswith(link)
        return {"title": self.label, "icon": self.icon, "link": link, "active": active}


def label_of(model: type[Model]) -> str:
    """The text of the line for a model's whole list."""
    return capfirst(str(model._meta.verbose_name_plural))


def list_page(model: type[Model], icon: str) -> Page:
    """The whole list of a model, for those who may see it."""
    permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
    return Page(label_of(model), icon, f"admin:{list_name(model)}", permission)


_GROUPS: dict[str, list[Queue | Page]] = {}


def register(group: str, *rows: Queue | Page) -> None:
    """Adds these rows to a group of the side bar, in this order."""
    _GROUPS.setdefault(group, []).extend(rows)


def every_queue() -> list[Queue]:
    return [row for rows in _GROUPS.values() for row in rows if isinstance(row, Queue)]


@cached
def _address(name: str) -> str:
    """Empty if the realm, or environment, has no address of this name."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def list_address(model: type[Model]) -> str:
    return _address(f"admin:{list_name(model)}")


def list_name(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_changelist"


def _of(model: type[Model]) -> dict[str, Queue]:
    return {row.name: row for row in every_queue() if row.model is model}


def named(model: type[Model], name: str) -> Queue:
    """The queue of the model with this name, or else the one with all rows."""
    found = _of(model)
    return found.get(name) or found[ALL]


def of_request(request: HttpRequest, model: type[Model]) -> Queue:
    """The queue that the address names, or else all rows."""
    return named(model, request.GET.get("queue", ALL))


# --- The side bar -------------------------------------------------------------------------------


def lines(request: HttpRequest, group: str) -> list[Line]:
    """The lines of this group that this person sees, with how many wait in each queue."""
    person = staff_of(request)
    return [row.line(request) for row in _GROUPS.get(group, ()) if row.is_seen_by(person)]


def forget_counts(person: Person) -> None:
    """After an action of this person: the next page counts again."""
    cache.delete(_key(person))


def _key(person: Person) -> str:
    return f"queue-counts-{person.pk}"


def _badge(queue: Queue, person: Person) -> str:
    """The number of waiting rows; empty for none."""
    found: dict[str, list[int]] | None = cache.get(_key(person))
    if found is None:
        found = _count(person)
        cache.set(_key(person), found, COUNT_SECONDS)
    number, *late = found.get(queue.address) or [0]
    return f"{_shown(number)}, {late[0]} late" if late and late[0] else _shown(number)


def _count(person: Person) -> dict[str, list[int]]:
    """How many wait in each queue that this person sees, by its address. One query for all."""
    seen = [queue for queue in every_queue() if queue.is_seen_by(person)]
    counted = {queue.address: queue.to_count(person) for queue in seen}
    asked = [_number(rows) for each in counted.values() for rows in each]
    if not asked:
        return {}
    numbers = iter(Person.objects.filter(pk=person.pk).values_list(*asked).get())
    return {address: [next(numbers) for _ in each] for address, each in counted.items()}


def _number(rows: QuerySet[Any]) -> Subquery:
    """The count, up to the most that is shown."""
    return Subquery(
        rows.order_by().values("pk")[: COUNT_CAP + 1],
        template="(SELECT COUNT(*) FROM (%(subquery)s) counted)",
        output_field=IntegerField(),
    )


def _shown(number: int) -> str:
    if number > COUNT_CAP:
        return f"{COUNT_CAP}+"
    return str(number) if number else ""


# --- The list -----------------------------------------------------------------------------------


class QueueChangeList(DeskChangeList):
    """The queue is part of the address, not a filter: it survives paging and sorting."""

    own_parameters = ("queue",)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        queue = of_request(request, self.model)
        self.empty_words = queue.empty
        self.whole_list = queue.address


class QueueAdmin(ReadOnlyAdmin):
    """The queues of a model, as one list. Nothing here saves a row."""

    list_display_links = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        heading = of_request(request, self.model).heading
        context = {"heading": heading, "title": heading}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_list_display(self, request: HttpRequest) -> Any:
        return of_request(request, self.model).columns or self.list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queue, match = of_request(request, self.model), request.resolver_match
        if match and match.url_name == list_name(self.model):
            return queue.rows_for(staff_of(request))
        return self.model._default_manager.all()

    def get_ordering(self, request: HttpRequest) -> Order:
        return of_request(request, self.model).ordering()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return QueueChangeList
