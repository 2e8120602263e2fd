"""Loaded before the settings: gives a test run its own environment and data folder."""

import atexit
import gc
import os
import shutil
import tempfile

os.environ["ENVIRONMENT"] = "development"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs an event loop
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="supportdesk-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

# Each admin page makes this many objects; collecting garbage after every few hundred takes a
# twentieth of a run.
gc.set_threshold(100_000, 50, 50)


def of_product(**variables: str) -> dict[str, str]:
    """The environment of a process that runs as in development, not with the tests' settings."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "supportdesk.settings", **variables}
