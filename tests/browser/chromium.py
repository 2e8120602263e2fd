"""Where the browser of the browser tests is."""

import os
import shutil

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MISSING = (
    "NO CHROMIUM: the browser tests did not run. Install it (Debian: apt-get install chromium), "
    "or name it: CHROMIUM=/path/to/chromium"
)


def path() -> str | None:
    """The Chromium to drive: `CHROMIUM`, or the first one on the path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return shutil.which("chromium") or shutil.which("chromium-browser")
