"""Settings of a test run: the product's, and those that only tests need.

A process that a test starts as a user would has the product's own settings: see
`tests.environment.of_product`.
"""

from supportdesk.settings import *

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # No disk has to survive a power cut, and setting up is twice as fast without. On a busy machine
    # SQLite's one lock may be taken for a long time.
    DATABASES["default"]["OPTIONS"].update(
        timeout=20, init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
    # A file, not memory: threads and processes of a test must share the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    limit_waits(DATABASES["default"]["OPTIONS"], lock=20, statement=300)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
#: Tests that are not about the notice have none.
SYSTEM_USE_NOTICE = ""
#: Each client of a test loads the middleware again: it must not list all static files each time.
WHITENOISE_AUTOREFRESH = True
