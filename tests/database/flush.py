"""After a test with real transactions the database is again as the migrations left it.

Django's own way empties all tables (on PostgreSQL by TRUNCATE, two seconds, and the audit log
refuses it), and then saves what migrations had put there, object by object. Here the dozen of
tables that have rows are emptied, without what watches over them, and rows come back as they were.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction


def keep() -> None:
    """The rows of now are those that each test with real transactions will find."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    kept = {table: _rows_of(table) for table in _with_rows(tables)}

    def empty(operations, style, tables, **options) -> list[str]:
        alone = ["SET LOCAL session_replication_role = replica"] * (connection.vendor != "sqlite")
        return [*alone, *(f"DELETE FROM {_quoted(table)}" for table in _with_rows(tables))]  # noqa: S608

    def run(operations, statements) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            for table, rows in kept.items():
                values = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {_quoted(table)} VALUES ({values})", rows)  # noqa: S608

    operations: Any = type(connection.ops)
    operations.sql_flush, operations.execute_sql_flush = empty, run
    creation: Any = type(connection.creation)
    creation.deserialize_db_from_string = lambda creation, contents: None


def _with_rows(tables: Iterable[str]) -> list[str]:
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quoted(table)})" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def _rows_of(table: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608
        return cursor.fetchall()


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
