"""How long an operation of business time takes, warm and cold, against its floor.

The floor is the plain `start + span` of a datetime: what an answer costs that knows no calendar.
"""

import datetime as dt
import statistics
import timeit
from collections.abc import Callable

import holidays

from cases.documents import paragraph
from cases.rules.business_time import Calendar, add, add_days, between, end_of_day_after

BUDGET = 5.0
START = dt.datetime(2026, 3, 3, 15, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SPLIT_DAY = [((8, 30), (12, 0)), ((13, 0), (17, 30))]
ROUNDS, CALLS = 40, 2_000


def calendar() -> Calendar:
    """Weekdays with a lunch break in Berlin, with Bavaria's holidays of 25 years."""
    return Calendar.from_plain(
        tz="Europe/Berlin",
        week=dict.fromkeys(range(5), SPLIT_DAY),
        holidays=list(holidays.country_holidays("DE", subdiv="BY", years=range(2014, 2039))),
    )


def operations(warm: Calendar) -> dict[str, Callable[[], object]]:
    two, long, back = 2 * HOUR, 20_000 * HOUR, -20_000 * HOUR
    end, later = START + dt.timedelta(days=2), START + dt.timedelta(days=3650)
    return {
        "add, 2 hours": lambda: add(warm, START, two),
        "add, 20,000 hours (ten years)": lambda: add(warm, START, long),
        "add, 20,000 hours back": lambda: add(warm, START, back),
        "between, 2 days": lambda: between(warm, START, end),
        "between, ten years": lambda: between(warm, START, later),
        "add_days, 3": lambda: add_days(warm, START, 3),
        "add_days, 2,500 (ten years)": lambda: add_days(warm, START, 2_500),
        "end_of_day_after, 3": lambda: end_of_day_after(warm, START, 3),
        "end_of_day_after, 2,500": lambda: end_of_day_after(warm, START, 2_500),
    }


def microseconds(operation: Callable[[], object]) -> tuple[float, float]:
    """The best and the median round, a call."""
    operation()
    rounds = timeit.repeat(operation, number=CALLS, repeat=ROUNDS)
    each = [seconds / CALLS * 1e6 for seconds in rounds]
    return min(each), statistics.median(each)


def report() -> tuple[str, list[str]]:
    """The section of docs/benchmarks.md, and the budgets that are broken."""
    span = 2 * HOUR
    floor, _ = microseconds(lambda: START + span)
    lines = [
        "## Business time",
        "",
        *paragraph(
            f"Budget: {BUDGET:.0f} microseconds for each operation, with a warm calendar, whatever "
            "the length. The calendar has weekdays with a lunch break in Berlin, and Bavaria's "
            "holidays. The floor is the plain sum of a datetime and a span: "
            f"{floor:.2f} microseconds."
        ),
        "",
        "| operation | best, µs | median, µs | best / floor |",
        "| --- | ---: | ---: | ---: |",
    ]
    broken = []
    for name, operation in operations(calendar()).items():
        best, median = microseconds(operation)
        lines.append(f"| {name} | {best:.2f} | {median:.2f} | {best / floor:.0f} |")
        if best > BUDGET:
            broken.append(f"{name}: {best:.2f} microseconds")
    fresh = [calendar() for _ in range(5)]
    cold = min(timeit.repeat(lambda: add(fresh.pop(), START, span), number=1, repeat=5))
    lines += [
        "",
        *paragraph(
            f"The first question to a calendar makes its table of three years: {cold * 1e3:.1f} "
            "ms. A process does that once for each calendar and edit."
        ),
    ]
    return "\n".join(lines) + "\n", broken
