"""The boundary between the realms, as far as a process can see it (FED-2).

Two things are looked at. What this process was told (database, broker, keys) is compared with the
fingerprints of the other realm in `OTHER_REALM_FINGERPRINTS`, before anything is opened. And each
database carries the mark of its realm: a connection to one of the other realm is never used.
"""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

#: Databases that this process has looked at already.
_ours: set[tuple[str, ...]] = set()


class RealmsMixed(ImproperlyConfigured):
    """This process would share with the other realm what the two must not share."""


class WrongKey(RealmsMixed):
    """This process has not the key of the database."""


def fingerprints() -> dict[str, str]:
    """What no other realm may have, each as a digest that tells nothing of it."""
    values = {
        "database": "\n".join(_identity(settings.DATABASES["default"])),
        "broker": _broker(),
        "files": str(Path(settings.FILES_DIR).resolve()),
        "secret-key": settings.SECRET_KEY,
    }
    return {
        name: hashlib.sha256(f"supportdesk {name} {value}".encode()).hexdigest()[:32]
        for name, value in values.items()
    }


def _identity(database: dict[str, Any]) -> tuple[str, ...]:
    """The same database under another user is the same."""
    if database["ENGINE"].endswith("sqlite3"):
        return (str(Path(str(database["NAME"])).resolve()),)
    host = str(database.get("HOST") or "localhost").lower()
    return (host, str(database.get("PORT") or 5432), str(database["NAME"]))


def _broker() -> str:
    """Server and number, or the folder; the same broker under another user is the same."""
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_in")
    if folder:
        return str(Path(str(folder)).resolve())
    parts = urlsplit(settings.CELERY_BROKER_URL)
    number = parts.path.strip("/") or "0"
    return f"{(parts.hostname or 'localhost').lower()}:{parts.port or 6379}/{number}"


def refuse_shared() -> None:
    """Raises RealmsMixed where this realm has what `OTHER_REALM_FINGERPRINTS` names."""
    others = set(settings.OTHER_REALM_FINGERPRINTS)
    for name, digest in fingerprints().items():
        if f"{name}:{digest}" in others:
            raise RealmsMixed(
                f"the {name} of this process is that of the other realm. Each realm has its own."
            )


def refuse_foreign_database() -> None:
    """Raises RealmsMixed where the database is another realm's. One that is away is none."""
    try:
        connection.ensure_connection()
    except OperationalError:
        return  # whoever connects later is asked then


def _look(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    from fedramp import key_checks  # its models, once they are loaded

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
    """The realm of the database; None where it has no mark yet, since nothing was migrated."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT realm FROM fedramp_realmmark")
            row = cursor.fetchone()
    except (OperationalError, ProgrammingError):
        return None
    return str(row[0]) if row else None


def watch() -> None:
    """Called once, when the applications are ready."""
    refuse_shared()
    connection_created.connect(_look, dispatch_uid="boundary-look")
