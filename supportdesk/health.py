"""`/healthz`, for load balancers: whether this process serves and its database answers.

It shares nothing that could hold it up: it comes before all other middleware, has its own
connection with short timeouts, and if `serving` is the web server, its own thread.
"""

from collections.abc import Callable
from copy import deepcopy

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

from cases.gates import public
from supportdesk.settings.database import limit_waits

ADDRESS = "/healthz"
#: Both for connecting and for the one statement.
_SECONDS = 2


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process serves and its database answers; otherwise 503."""
    return _answer()


def _answer() -> HttpResponse:
    words, status = ("ok", 200) if _database_answers() else ("the database does not answer", 503)
    return HttpResponse(
        f"{words}\n",
        status=status,
        content_type="text/plain",
        headers={"Cache-Control": "no-store"},
    )


class HealthMiddleware:
    """Comes before all other middleware: needs no session, redirect or host name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == ADDRESS:
            return _answer()
        return self.get_response(request)


def _database_answers() -> bool:
    own = _connection()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    finally:
        own.close()
    return True


def _connection() -> BaseDatabaseWrapper:
    """A connection that nobody else uses and that does not wait long for anything."""
    shared = connections[DEFAULT_DB_ALIAS]
    values = deepcopy(shared.settings_dict)
    values["CONN_MAX_AGE"] = 0
    options = values.setdefault("OPTIONS", {})
    if shared.vendor == "sqlite":
        options["timeout"] = _SECONDS
        options["init_command"] = ""
    else:
        options["connect_timeout"] = _SECONDS
        limit_waits(options, lock=_SECONDS, statement=_SECONDS)
    return type(shared)(values, DEFAULT_DB_ALIAS)
