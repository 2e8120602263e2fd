"""Settings of what is stored in servers: the database, and the cache."""

from .environment import DATA_DIR, DEVELOPMENT, REALM, env, required
from .timeouts import (
    DATABASE_CONNECT_SECONDS,
    DATABASE_LOCK_SECONDS,
    DATABASE_STATEMENT_SECONDS,
)
from .variables import CACHE_SERVERS

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
    DATABASES["default"]["ENGINE"] = "supportdesk.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["LOCK_SECONDS"] = DATABASE_LOCK_SECONDS
    DATABASES["default"]["STATEMENT_SECONDS"] = DATABASE_STATEMENT_SECONDS
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "connect_timeout", DATABASE_CONNECT_SECONDS
    )

CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_PREFIX": REALM,
    }
}
if REDIS_CACHE_URL := env.url("CACHE_URL", "", CACHE_SERVERS):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_CACHE_URL,
        "KEY_PREFIX": REALM,
    }
