"""`make bench`: measures, writes docs/benchmarks.md, and fails where a budget is broken.

The environment can make it small: SIZES (numbers of cases) and DUE (of due cases). PARTS names some
of its parts (desk, business_time, removal, files), or `processor`, which is none of the page. They
are printed; all but the desk are written to the page too, each with its date.
"""

import datetime as dt
import logging
import os
import platform
import sys
from pathlib import Path

import tests.environment

DOCS = Path(tests.environment.__file__).resolve().parents[1] / "docs"
SIZES = [int(each) for each in os.environ.get("SIZES", "10000 100000 1000000").split()]
DUE = [int(each) for each in os.environ.get("DUE", "1000 5000 50000").split()]


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GB, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}"
    )


def load() -> str:
    return f"{os.getloadavg()[1]:.1f}"


def replaced(page: str, section: str, measured: list[str]) -> str:
    """The page with this section instead of the one of the same title, and when it was measured."""
    title, rest = section.split("\n", 1)
    start = page.index(f"{title}\n")
    end = page.find("\n## ", start + 1)
    words = "\n".join(measured)
    new = f"{title}\n\n{words}\n\n{rest.strip()}\n"
    return page[:start] + new + (page[end:] if end >= 0 else "")


def main() -> None:
    import django

    django.setup()
    logging.disable(logging.INFO)
    from cases.documents import paragraph

    from . import business_time, desk, files, processor, redaction

    begun = dt.datetime.now(dt.UTC)
    before = load()
    sections, broken = [], []
    reports = {
        "desk": lambda: desk.report(SIZES, DUE, DOCS / "benchmarks.svg"),
        "business_time": business_time.report,
        "removal": redaction.report,
        "files": files.report,
    }
    pages = list(reports)
    reports["processor"] = lambda: processor.report(SIZES[0], DUE[0])
    parts = os.environ.get("PARTS", "").split() or pages
    if unknown := set(parts) - set(reports):
        sys.exit(f"PARTS names {', '.join(unknown)}; there are {', '.join(reports)}.")
    for part in parts:
        section, over = reports[part]()
        sections.append(section)
        broken += over
    verdict = "Every budget is kept." if not broken else f"Over budget: {'; '.join(broken)}."
    measured = f"Measured on {begun:%Y-%m-%d}: {machine()}. {verdict}"
    target = DOCS / "benchmarks.md"
    if parts != pages:
        sys.stdout.write(
            "\n".join([*sections, verdict, f"Load: {before} before, {load()} after.\n"])
        )
        if set(parts) <= set(pages) - {"desk"}:  # the rows of that one are made for a whole run
            page = target.read_text()
            for section in sections:
                page = replaced(page, section, paragraph(f"{measured} Load: {before}, {load()}."))
            target.write_text(page)
            sys.stdout.write(f"Written to docs/{target.name}.\n")
        sys.exit(bool(broken))
    if desk.AT_SIZE not in SIZES or desk.SWEPT not in DUE:
        verdict += " A small run: not every budget was tried."
    page = [
        "<!-- Written by `make bench`; do not edit. -->",
        "",
        "# Benchmarks",
        "",
        *paragraph(measured),
        "",
        *paragraph(
            f"The load of the machine (average of five minutes) was {before} before and {load()} "
            "after. Where it is above the number of processors, other work took its share, and "
            "the figures are too high."
        ),
        "",
        *sections,
    ]
    target.write_text("\n".join(page).rstrip() + "\n")
    sys.stdout.write(f"docs/{target.name} is written. {verdict}\n")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
