"""`make bench`: measures, writes docs/benchmarks.md, and fails where a budget is broken."""

import datetime as dt
import os
import platform
import sys
from pathlib import Path

from . import business_time

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GB, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}"
    )


def main() -> None:
    today = dt.datetime.now(dt.UTC).date()
    page = [
        "<!-- Written by `make bench`; do not edit. -->",
        "",
        "# Benchmarks",
        "",
        f"Measured on {today:%Y-%m-%d}: {machine()}.",
        "",
        business_time.report(),
    ]
    PAGE.write_text("\n".join(page).rstrip() + "\n")
    sys.stdout.write(f"{PAGE.relative_to(PAGE.parents[1])} is written.\n")


if __name__ == "__main__":
    main()
