"""Checks of this realm's database, and of a deployment (`manage.py check --deploy`).

The start itself refuses weak settings on any machine (supportdesk/settings/strength.py). The checks
of a deployment cover the rest: what a trial may lack, but not a realm that serves customers.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.core.mail.backends import smtp
from django.db import DatabaseError, connection, connections
from django.utils.module_loading import import_string

from .scrubbing import triggers


@register(Tags.database)
def every_scrubbed_column_has_its_trigger(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """FED-7: the fields that scrub and the triggers that refuse are the same set.

    A warning, since `migrate` runs this check before it can install what is missing.
    """
    found: list[CheckMessage] = []
    for using in databases or ():
        if connections[using].vendor != "postgresql":
            continue
        there = triggers.installed(using)
        for table, columns in triggers.scrubbed_columns().items():
            if there.get(table) != columns:
                found.append(
                    Warning(
                        f"The trigger on {table} does not watch {', '.join(columns)}.",
                        hint="Run manage.py migrate, which installs the triggers.",
                        id="fedramp.W001",
                    )
                )
    return found


ENCRYPTED = {"require", "verify-ca", "verify-full"}
#: Tables whose rows nobody may change (AU-9): the desk's database user must not own them.
KEPT = ("fedramp_auditentry", "fedramp_auditseal")


@register(Tags.security, deploy=True)
def a_deployment_is_no_trial(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """SC-8, SI-3: everything that leaves the machine is encrypted, and files are scanned."""
    return list(_settings())


def _settings() -> Iterator[CheckMessage]:
    if settings.ENVIRONMENT != "production":
        yield Error(
            f"ENVIRONMENT is {settings.ENVIRONMENT}: a deployment is production.", id="fedramp.E001"
        )
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        yield Error(
            "The database is SQLite, which cannot protect the audit log from changes (AU-9).",
            hint="Use PostgreSQL: DATABASE_URL=postgres://…?sslmode=verify-full",
            id="fedramp.E002",
        )
    elif not _by_socket(database) and _sslmode(database) not in ENCRYPTED:
        yield Error(
            "The connection to the database may be without TLS (SC-8).",
            hint="End DATABASE_URL with ?sslmode=verify-full",
            id="fedramp.E003",
        )
    for name, url in _redis().items():
        if not is_encrypted(url):
            yield Error(
                f"{name} is a Redis without TLS (SC-8).",
                hint="Use rediss://…?ssl_cert_reqs=required",
                id="fedramp.E004",
            )
    mails = issubclass(import_string(settings.EMAIL_BACKEND), smtp.EmailBackend)
    if not mails or not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield Error(
            "Mail is not sent by SMTP with TLS (SC-8).",
            hint="Begin EMAIL_URL with smtp+tls:// or smtp+ssl://",
            id="fedramp.E005",
        )
    if not settings.CLAMD_URL:
        yield Error(
            "No virus scanner checks the files (SI-3).",
            hint="Set CLAMD_URL: tcp://127.0.0.1:3310 or unix:///run/clamd.ctl",
            id="fedramp.E006",
        )


def _redis() -> dict[str, str]:
    named = {"BROKER_URL": settings.CELERY_BROKER_URL, "CACHE_URL": settings.REDIS_CACHE_URL}
    return {name: url for name, url in named.items() if url}


def is_encrypted(url: str) -> bool:
    """Whether data for this Redis is encrypted, or does not leave the machine's own files."""
    parts = urlsplit(url)
    if parts.scheme in {"unix", "redis+socket", "filesystem"}:
        return True
    asked = parse_qs(parts.query).get("ssl_cert_reqs", ["required"])[0].lower()
    return parts.scheme == "rediss" and not asked.endswith("none")


def _by_socket(database: dict[str, Any]) -> bool:
    host = str(database.get("HOST") or database.get("OPTIONS", {}).get("host") or "/")
    return host.startswith("/")


def _sslmode(database: dict[str, Any]) -> str:
    return str(database.get("OPTIONS", {}).get("sslmode", "prefer"))


@register(Tags.security, deploy=True)
def who_runs_the_desk_owns_no_audit_log(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """AU-9: the owner of a table can disable what protects its rows. If no database answers, the
    check reports that it cannot tell."""
    if connection.vendor != "postgresql":
        return []  # fedramp.E002 reports it
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace "
                "AND relname = ANY(%s)",
                [list(KEPT)],
            )
            found = dict(cursor.fetchall())
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            is_superuser = bool(cursor.fetchone()[0])
    except DatabaseError as error:
        return [_unseen(type(error).__name__)]
    if missing := set(KEPT) - set(found):
        return [_unseen(f"no table {', '.join(sorted(missing))}")]
    if is_superuser or any(found.values()):
        return [
            Error(
                "The desk runs as a database user that owns the audit log, or may become its "
                "owner (AU-9).",
                hint="Migrate as the owner, and run as another user: docs/deployment.md.",
                id="fedramp.E007",
            )
        ]
    return []


def _unseen(why: str) -> CheckMessage:
    return Info(
        f"Could not check whether this user owns the audit log ({why}).",
        hint="Run the check when the database is migrated and answers.",
        id="fedramp.I001",
    )
