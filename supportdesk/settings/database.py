"""Settings of data that servers store: the database, and the cache."""

from typing import Any

from .environment import DATA_DIR, DEVELOPMENT, REALM, env, required
from .limits import DATABASE_CONNECT_SECONDS, DATABASE_LOCK_SECONDS, DATABASE_STATEMENT_SECONDS
from .variables import CACHE_SERVERS


def limit_waits(options: dict[str, Any], *, lock: float, statement: float) -> None:
    """A PostgreSQL connection with these options waits this many seconds for a lock, and for one
    statement; 0 is for ever.

    The server is told when the connection begins, so it costs no statement. The last limit counts.
    """
    limits = f"-c lock_timeout={lock * 1000:.0f} -c statement_timeout={statement * 1000:.0f}"
    options["options"] = f"{options.get('options', '')} {limits}".strip()


if not DEVELOPMENT:
    required("DATABASE_URL")
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "db.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock when it begins: without this, web, worker and beat
        # meet "database is locked" as soon as one of them reads before it writes.
        "transaction_mode": "IMMEDIATE",
        "timeout": DATABASE_LOCK_SECONDS,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.setdefault("connect_timeout", DATABASE_CONNECT_SECONDS)
    limit_waits(_options, lock=DATABASE_LOCK_SECONDS, statement=DATABASE_STATEMENT_SECONDS)

CACHES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "KEY_PREFIX": REALM}
}
if REDIS_CACHE_URL := env.url("CACHE_URL", "", CACHE_SERVERS):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_CACHE_URL,
        "KEY_PREFIX": REALM,
    }
