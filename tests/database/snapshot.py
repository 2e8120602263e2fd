"""Rows that most tests begin with: written once a process by the services, then laid again.

What is laid is what the services wrote, row for row of every table. Nothing is invented here; it
only spares each test the work of making the same anew.
"""

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

Made = TypeVar("Made")
#: A statement that inserts, and its rows.
_Rows = tuple[str, list[tuple[Any, ...]]]

#: By what makes them and the day, since rows carry the time at which they were made.
_kept: dict[tuple[Callable[[], Any], object], tuple[bytes, list[_Rows]]] = {}


def once(make: Callable[[], Made]) -> Made:
    """What `make()` returns, with its rows in the database.

    Where the keys of the rows are taken already, `make` makes others.
    """
    key = (make, timezone.now().date())
    if key not in _kept:
        before = {model: _last(model) for model in _numbered()}
        made = make()
        rows = [_rows(model, last) for model, last in before.items() if _last(model) != last]
        _kept[key] = pickle.dumps(made), rows
        return made
    made_once, statements = _kept[key]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement, rows in statements:
                cursor.executemany(statement, rows)
    except IntegrityError:
        return make()
    again: Made = pickle.loads(made_once)  # noqa: S301 - of this process
    return again


def _numbered() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if isinstance(model._meta.pk, models.AutoField) and not model._meta.proxy
    ]


def _last(model: type[models.Model]) -> int:
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0


def _rows(model: type[models.Model], after: int) -> _Rows:
    """The table's rows behind this one, as the database holds them."""
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    table, columns = quote(model._meta.db_table), ", ".join(quote(f.column) for f in fields)
    with connection.cursor() as cursor:
        found = f"SELECT {columns} FROM {table} WHERE {quote(model._meta.pk.column)} > %s"  # noqa: S608
        cursor.execute(found, [after])
        rows = cursor.fetchall()
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})", rows  # noqa: S608
