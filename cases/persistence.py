"""How services save: with who, when and why in the history (CASE-9)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from .actors import Actor
from .fields import scrub_texts
from .models import Case
from .rules.actions import Side


def save(
    instance: models.Model,
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    fields: list[str] | None = None,
) -> None:
    """Store the instance; its history row names the actor, `now` and the reason code `why`.

    With `fields`, only these columns are written; the caller holds the row's lock.
    """
    with _signed(instance, actor, now, why):
        if fields is None:
            instance.save()
        else:
            instance.save(update_fields=fields)


def save_all(
    instances: Sequence[models.Model],
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    fields: list[str] | None = None,
) -> None:
    """Like `save`, for rows of one model, in a few statements however many rows.

    With `fields`, these columns of stored rows are written; without, the rows are new.
    """
    if not instances:
        return
    for each in instances:
        scrub_texts(each)  # so that the row and anything made from the object have the same text
    with transaction.atomic(savepoint=False):
        if fields is None:
            type(instances[0])._base_manager.bulk_create(instances)
        else:
            update_all(instances, fields)
        _copy_to_history(instances, "+" if fields is None else "~", actor=actor, now=now, why=why)


def update_all(instances: Sequence[models.Model], fields: list[str]) -> None:
    """Write these columns of the stored rows; the caller writes the history.

    Values that are the same for all rows are one plain UPDATE: `bulk_update` writes a branch for
    each row and column, which was half of the cost of a closure.
    """
    rows = type(instances[0])._base_manager.filter(pk__in=[each.pk for each in instances])
    values = {name: {getattr(each, name) for each in instances} for name in fields}
    same = {name: found.pop() for name, found in values.items() if len(found) == 1}
    if same:
        rows.update(**same)
    if differing := [name for name in fields if name not in same]:
        rows.bulk_update(instances, differing)


def _copy_to_history(
    instances: Sequence[models.Model], kind: str, *, actor: Actor, now: dt.datetime, why: str
) -> None:
    """Copy the rows of these objects, as they are stored now, to the history.

    The database copies them, in one statement. Reading them as objects and writing them back was a
    third of the cost of a closure.
    """
    model: Any = type(instances[0])
    history = model.history.model
    signed = {
        "history_date": now,
        "history_type": kind,
        "history_change_reason": _reason(actor, why),
        "history_user": actor.person and actor.person.pk,
    }
    fields = {name: history._meta.get_field(name) for name in signed}
    values = [fields[name].get_db_prep_save(each, connection) for name, each in signed.items()]
    quoted = connection.ops.quote_name
    copied = ", ".join(quoted(field.column) for field in history.tracked_fields)
    added = ", ".join(quoted(field.column) for field in fields.values())
    keys = [each.pk for each in instances]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(history._meta.db_table)} ({copied}, {added}) "  # noqa: S608 - names of columns
            f"SELECT {copied}{', %s' * len(values)} FROM {quoted(model._meta.db_table)} "
            f"WHERE {quoted(model._meta.pk.column)} IN ({', '.join(['%s'] * len(keys))})",
            [*values, *keys],
        )


@contextmanager
def _signed(carrier: Any, actor: Actor, now: dt.datetime, why: str) -> Iterator[None]:
    """Within it, the history of this object is written with who, when and why."""
    scrub_texts(carrier)  # so that the row and its history have the same text
    carrier._history_user = actor.person
    carrier._history_date = now
    carrier._change_reason = _reason(actor, why)
    try:
        yield
    finally:
        # The next change of the same object has its own who, when and why.
        del carrier._history_user, carrier._history_date, carrier._change_reason


def _reason(actor: Actor, why: str) -> str:
    return f"job: {actor.job}" if actor.side is Side.JOB else why


def save_case(
    case: Case,
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    public: bool,
    fields: list[str],
    is_update: bool = True,
) -> None:
    """Store the named fields and increase the versions; `public` if contacts see the change.

    `is_update` is false for what staff record on a contact's behalf: that is not an update by
    Product Support (ESC-13).
    """
    touched = _touch(case, actor=actor, now=now, public=public, is_update=is_update)
    save(case, actor=actor, now=now, why=why, fields=[*fields, *touched])


def save_cases(
    cases: Sequence[Case],
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    public: bool,
    fields: list[str],
) -> None:
    """Like `save_case`, for many at once."""
    touched: list[str] = []
    for case in cases:
        touched = _touch(case, actor=actor, now=now, public=public)
    save_all(cases, actor=actor, now=now, why=why, fields=[*fields, *touched])


def _touch(
    case: Case, *, actor: Actor, now: dt.datetime, public: bool, is_update: bool = True
) -> list[str]:
    """Increase the versions; returns the names of the fields that changed."""
    case.version += 1
    if not public:
        return ["version"]
    case.public_version += 1
    case.updated_at = now
    if actor.side is not Side.STAFF or not is_update:
        return ["version", "public_version", "updated_at"]
    case.staff_updated_at = now
    return ["version", "public_version", "updated_at", "staff_updated_at"]
