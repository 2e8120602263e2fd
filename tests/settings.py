"""Settings of a test run: the product's, and what only tests need.

A process that a test starts as a user would start it has the product's own: see
`tests.environment.of_product`.
"""

from supportdesk.settings import *

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # No disk has to survive a power cut, and setting up is twice as fast without. On a busy machine
    # it takes long until SQLite's one lock is free.
    DATABASES["default"]["OPTIONS"].update(
        timeout=20, init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
    # A file and not memory: threads and processes of a test must meet on the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    limit_waits(DATABASES["default"]["OPTIONS"], lock=20, statement=300)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
#: Tests that are not about the notice have none.
SYSTEM_USE_NOTICE = ""
#: Each client of a test loads the middleware again: it does not list all static files each time.
WHITENOISE_AUTOREFRESH = True
