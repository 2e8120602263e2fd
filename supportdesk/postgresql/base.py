"""The connection: parses times by one call into C instead of a regular expression in Python.

Nothing on it waits for ever, neither for a lock nor for a statement's result
(supportdesk/settings/timeouts.py).
"""

import datetime as dt
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader


class UtcLoader(TimestamptzLoader):
    """A time in the form that PostgreSQL writes on a connection in UTC."""

    #: Django reads this; a connection in another zone gets Django's own loader.
    timezone = dt.UTC

    def load(self, data: Any) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # a year of five digits, infinity: psycopg raises the right error
            return super().load(data)


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "supportdesk.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params["context"] = context = AdaptersMap(params["context"])
        context.register_loader("timestamptz", UtcLoader)
        # Sent with the connection itself, so that it costs no statement.
        own = params.get("options") or ""
        params["options"] = " ".join([own, *_limits(self.settings_dict)]).strip()
        return params


def _limits(settings: dict[str, Any]) -> list[str]:
    """How long a statement waits for a lock, and how long it may take; 0 is no limit."""
    times = {"lock_timeout": "LOCK_SECONDS", "statement_timeout": "STATEMENT_SECONDS"}
    return [f"-c {name}={round(1000 * settings.get(key, 0))}" for name, key in times.items()]
