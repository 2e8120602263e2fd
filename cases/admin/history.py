"""From history rows to readable lines (CASE-9): who, when, from what to what, and why."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest

from cases.change_reasons import in_words
from cases.templatetags.staff import moment
from cases.wording import job_in_words

#: Columns that count or repeat other columns; readers do not need them.
SILENT = {
    "id",
    "version",
    "public_version",
    "updated_at",
    "staff_updated_at",
    "submission",
    "state_since_at",
    "last_login",
    "password",
}
#: The newest rows of one kind that are read, and the number on a page.
LIMIT = 10_000
ON_A_PAGE = 100
LONG = 300


@dataclass
class Change:
    """One saved change of one row."""

    when: dt.datetime
    who: str
    why: str
    what: str
    kind: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    words: str = ""

    @property
    def says_something(self) -> bool:
        """Older rows of sign-ins say nothing: no field to read, and no reason."""
        return bool(self.fields or self.why or self.kind != "changed")


def changes_of(sources: Sequence[tuple[type[models.Model], dict[str, Any]]]) -> list[Change]:
    """The changes of all rows of each (model, filter), newest first.

    A constant number of queries: one for each model, and one for each model that it points to.
    """
    changes: list[Change] = []
    for model, where in sources:
        changes += _changes_of_model(model, where)
    changes.sort(key=lambda change: change.when, reverse=True)
    return [change for change in changes if change.says_something]


def page_of(request: HttpRequest, changes: list[Change]) -> Any:
    """The page of the changes named by the address, or the nearest one."""
    return Paginator(changes, ON_A_PAGE).get_page(request.GET.get("page"))


def _changes_of_model(model: Any, where: dict[str, Any]) -> list[Change]:
    manager = model.history
    # One more than shown: the oldest row shown is compared with it.
    rows = list(
        manager.filter(**where)
        .select_related("history_user")
        .order_by("-history_date", "-history_id")[: LIMIT + 1]
    )
    tracked = [each for each in manager.model.tracked_fields if each.name not in SILENT]
    names = _names_of_related(rows, tracked)
    many = _many_values(manager.model, rows)
    earlier: dict[Any, Any] = {}
    changes = []
    for row in reversed(rows):
        before = earlier.get(row.id)
        earlier[row.id] = row
        changes.append(_change(model, row, before, tracked, names, many))
    return changes[-LIMIT:]


def _change(
    model: Any,
    row: Any,
    before: Any,
    tracked: Iterable[models.Field],
    names: dict[Any, dict[Any, str]],
    many: dict[str, dict[int, str]],
) -> Change:
    kind = {"+": "added", "-": "removed"}.get(row.history_type, "changed")
    reason = row.history_change_reason or ""
    change = Change(
        when=row.history_date,
        who=str(row.history_user or "") or _job(reason) or "the system",
        why=in_words(reason) if reason and not reason.startswith("job:") else "",
        what=str(model._meta.verbose_name),
        kind=kind,
    )
    for each in tracked:
        old = _shown(each, before, names) if before is not None else ""
        new = _shown(each, row, names)
        if kind == "removed":
            old, new = new, ""
        if old != new and (kind != "added" or new):
            change.fields.append((str(each.verbose_name), old, new))
    for name, values in many.items():
        old = values.get(before.history_id, "") if before is not None else ""
        new = values.get(row.history_id, "")
        if old != new:
            change.fields.append((name, old, new))
    return change


def _job(reason: str) -> str:
    """The title of the job that made the change; its name if the job no longer exists."""
    if not reason.startswith("job:"):
        return ""
    return f"the job “{job_in_words(reason.removeprefix('job:').strip())}”"


def _shown(each: Any, row: Any, names: dict[Any, dict[Any, str]]) -> str:
    value = getattr(row, each.attname)
    if value is None or value == "":
        return ""
    if each.name in names:
        return names[each.name].get(value, f"#{value}")
    if each.flatchoices:
        return str(dict(each.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return moment(value)  # in the reader's zone, as every time on the page
    text = str(value)
    return text if len(text) <= LONG else text[:LONG] + " …"


def _names_of_related(
    rows: Sequence[Any], tracked: Iterable[models.Field]
) -> dict[Any, dict[Any, str]]:
    """The names for the values of each foreign key, with one query for each related model."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for each in tracked:
        if isinstance(each, models.ForeignKey):
            wanted[each.related_model] |= {getattr(row, each.attname) for row in rows} - {None}
    found = {
        model: {pk: str(each) for pk, each in model._base_manager.in_bulk(ids).items()}
        for model, ids in wanted.items()
        if ids
    }
    return {
        each.name: found.get(each.related_model, {})
        for each in tracked
        if isinstance(each, models.ForeignKey)
    }


def _many_values(history_model: Any, rows: Sequence[Any]) -> dict[str, dict[int, str]]:
    """For each tracked many-to-many field: the names of its rows, by history row."""
    values: dict[str, dict[int, str]] = {}
    for each in getattr(history_model, "_history_m2m_fields", ()) if rows else ():
        through = getattr(rows[0], each.name).model
        target = each.m2m_reverse_field_name()
        found: dict[int, list[str]] = defaultdict(list)
        entries = through.objects.filter(history__in=[row.history_id for row in rows])
        for entry in entries.select_related(target):
            found[entry.history_id].append(str(getattr(entry, target)))
        values[str(each.verbose_name)] = {
            key: ", ".join(sorted(names)) for key, names in found.items()
        }
    return values
