"""The boundary between the realms, as far as a process can see it (FED-2).

Two checks. Before anything is opened, this process's own resources (database, broker, cache, files,
keys) are compared with the fingerprints of the other realm in `OTHER_REALM_FINGERPRINTS`. And each
database carries the mark of its realm: a connection to the other realm's database is never used.
"""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from .settings.strength import is_this_machine

#: Databases that this process has already checked.
_ours: set[tuple[str, ...]] = set()


class RealmsMixed(ImproperlyConfigured):
    """This process would share with the other realm something that the two must not share."""


class WrongKey(RealmsMixed):
    """This process does not have the key of the database."""


#: Kinds of resource: those that are places in the file system, and those that are servers.
PLACES, SERVERS = ("files", "broker", "database"), ("broker", "cache")


def fingerprints() -> dict[str, str]:
    """What no other realm may have, each as a digest that reveals nothing about it."""
    values = {
        "database": "\n".join(_identity(settings.DATABASES["default"])),
        "broker": _broker(),
        "files": str(Path(settings.FILES_DIR).resolve()),
        "secret-key": settings.SECRET_KEY,
    }
    if settings.REDIS_CACHE_URL:
        values["cache"] = _server(settings.REDIS_CACHE_URL)
    return {name: _digest(name, value) for name, value in values.items()}


def _digest(name: str, value: str) -> str:
    return hashlib.sha256(f"supportdesk {name} {value}".encode()).hexdigest()[:32]


def _identity(database: dict[str, Any]) -> tuple[str, ...]:
    """The same for another user of the same database, and for any name of this machine."""
    if database["ENGINE"].endswith("sqlite3"):
        return (str(Path(str(database["NAME"])).resolve()),)
    host = str(database.get("HOST") or database.get("OPTIONS", {}).get("host") or "localhost")
    names = ",".join(sorted(_host(each) for each in host.split(",")))
    return (names, str(database.get("PORT") or 5432), str(database["NAME"]))


def _host(name: str) -> str:
    """One name for this machine, however it was written; a PostgreSQL socket is on it too."""
    name = name.strip("[]").rstrip(".").lower()
    if not name or name.startswith("/") or is_this_machine(name):
        return "localhost"
    return name


def _broker() -> str:
    """Server and number, or the folder; the same for another user of the same broker."""
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_in")
    if folder:
        return str(Path(str(folder)).resolve())
    return _server(settings.CELERY_BROKER_URL)


def _server(url: str) -> str:
    """Server and number of a Redis database."""
    parts = urlsplit(url)
    if parts.scheme in ("unix", "redis+socket"):
        number = parse_qs(parts.query).get("virtual_host", parse_qs(parts.query).get("db", ["0"]))
        return f"{Path(parts.path).resolve()}/{number[0].strip('/')}"
    number = [parts.path.strip("/") or parse_qs(parts.query).get("db", ["0"])[0]]
    return f"{_host(parts.hostname or '')}:{parts.port or 6379}/{number[0]}"


def _places() -> dict[str, list[Path]]:
    """The real places of this process: links are resolved."""
    places = {"files": [Path(settings.FILES_DIR)], "data folder": [Path(settings.DATA_DIR)]}
    if folder := settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_in"):
        places["broker"] = [Path(str(folder))]
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        places["database"] = [Path(str(settings.DATABASES["default"]["NAME"]))]
    return {name: [each.resolve() for each in paths] for name, paths in places.items()}


def _theirs() -> dict[str, str]:
    """Every digest that would show that we use something of the other realm, with its name.

    A folder inside one of theirs is theirs. The other realm, which knows our fingerprints, finds
    a folder of theirs inside ours. A Redis that is their broker cannot be our cache either.
    """
    found = {f"{name}:{digest}": name for name, digest in fingerprints().items()}
    servers = {"cache": settings.REDIS_CACHE_URL, "broker": settings.CELERY_BROKER_URL}
    for name, url in servers.items():
        if url and not url.startswith("filesystem:"):
            for kind in SERVERS:
                found.setdefault(f"{kind}:{_digest(kind, _server(url))}", name)
    for name, paths in _places().items():
        for path in paths:
            for place in (path, *path.parents):
                for kind in PLACES:
                    found.setdefault(f"{kind}:{_digest(kind, str(place))}", name)
    return found


def refuse_shared() -> None:
    """Raise RealmsMixed if this realm has something named in `OTHER_REALM_FINGERPRINTS`."""
    others = set(settings.OTHER_REALM_FINGERPRINTS)
    if not others:
        return
    for digest, name in _theirs().items():
        if digest in others:
            raise RealmsMixed(
                f"the {name} of this process is that of the other realm. Each realm has its own."
            )


def refuse_foreign_database() -> None:
    """Raise RealmsMixed if the database is another realm's. Skips a database that is away."""
    try:
        connection.ensure_connection()
    except OperationalError:
        return  # a later connection is checked then


def _look(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    from fedramp import key_checks  # its models exist only after the apps are loaded

    identity = _identity(connection.settings_dict)
    if identity in _ours:
        return
    realm = _mark(connection)
    if realm == settings.REALM:
        if settings.REALM == "fedramp" and key_checks.is_wrong(connection):
            connection.close()
            raise WrongKey(key_checks.WRONG)
        _ours.add(identity)
    elif realm is not None:
        connection.close()
        raise RealmsMixed(
            f"this database belongs to the {realm} realm, and this process to {settings.REALM}."
        )


def _mark(connection: BaseDatabaseWrapper) -> str | None:
    """The realm of the database; None if it has no mark yet because nothing was migrated."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT realm FROM fedramp_realmmark")
            row = cursor.fetchone()
    except (OperationalError, ProgrammingError):
        return None
    return str(row[0]) if row else None


def watch() -> None:
    """Call once, when the apps are ready."""
    refuse_shared()
    connection_created.connect(_look, dispatch_uid="boundary-look")
