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
    "NO CHROMIUM: the browser tests did not run. Install it (Debian: apt-get install "
    "chromium-headless-shell, or chromium), or name it: CHROMIUM=/path/to/chromium"
)

#: The same browser with and without windows; without, its pages cost two thirds of the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")


def path() -> str | None:
    """The Chromium to drive: `CHROMIUM`, or the first of `NAMES` on the path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    return next((found for each in NAMES if (found := shutil.which(each))), None)
