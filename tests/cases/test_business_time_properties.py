"""Business time against an independent count of minutes, and its laws (SLA-8)."""

import datetime as dt
import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cases.rules.business_time import Calendar, add, add_days, between, end_of_day_after

from .business_time_oracle import Oracle, OutOfWindow

pytestmark = pytest.mark.rule("SLA-8")

#: Enough to find each fault that was planted; more in a quiet hour: EXAMPLES=5000.
EXAMPLES = int(os.environ.get("EXAMPLES", "60"))
DAY = 24 * 60
WINDOW = 9 * DAY
#: A zone, and a date on which its clocks do something.
CHANGES = [
    ("UTC", dt.date(2024, 2, 29)),
    ("America/New_York", dt.date(2026, 3, 8)),
    ("America/New_York", dt.date(2026, 11, 1)),
    ("Europe/Berlin", dt.date(2026, 10, 25)),
    ("Australia/Lord_Howe", dt.date(2026, 4, 5)),  # half an hour back
    ("Australia/Lord_Howe", dt.date(2026, 10, 4)),  # half an hour on
    ("Pacific/Apia", dt.date(2011, 12, 30)),  # a date that never was
    ("Pacific/Kwajalein", dt.date(1993, 8, 21)),  # another
    ("Africa/Cairo", dt.date(2026, 4, 24)),  # midnight is skipped
    ("Africa/Cairo", dt.date(2026, 10, 29)),  # the hour before midnight is repeated
    ("America/Sao_Paulo", dt.date(2018, 11, 4)),  # midnight is skipped
    ("America/Sao_Paulo", dt.date(2018, 2, 18)),  # midnight comes twice
    ("America/St_Johns", dt.date(2006, 10, 29)),  # back from 00:01, into the day before
    ("America/Scoresbysund", dt.date(2024, 3, 31)),  # another zone and another season at once
    ("Antarctica/Troll", dt.date(2026, 3, 29)),  # two hours at once
    ("Africa/Casablanca", dt.date(2026, 2, 15)),
    ("Asia/Kathmandu", dt.date(1986, 1, 1)),  # a quarter of an hour on, at midnight
    ("Asia/Tehran", dt.date(2022, 9, 22)),
    ("Europe/Moscow", dt.date(2014, 10, 26)),
]


@dataclass
class World:
    calendar: Calendar
    begins: dt.datetime
    plain: dict[str, Any]

    @cached_property
    def oracle(self) -> Oracle:
        return Oracle(self.calendar.tz, self.begins, WINDOW, **self.plain)


def hours(minutes: list[int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of the sorted minutes are intervals."""
    ordered = sorted(minutes)
    pairs = zip(ordered[::2], ordered[1::2], strict=True)
    return [(divmod(opens, 60), divmod(closes, 60)) for opens, closes in pairs]


#: Up to three intervals a day; hours of change and the end of the day are drawn often.
some_minutes = st.one_of(
    st.sampled_from([0, 60, 90, 120, 150, 180, 9 * 60, 12 * 60, 17 * 60, 23 * 60, DAY]),
    st.integers(0, DAY),
)
day_hours = st.one_of(
    st.just([((0, 0), (24, 0))]),
    st.sampled_from([0, 2, 4, 6])
    .flatmap(lambda n: st.lists(some_minutes, min_size=n, max_size=n, unique=True))
    .map(hours),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    zone, change = draw(st.sampled_from(CHANGES))
    near = [change + dt.timedelta(days=n) for n in range(-4, 5)]
    week = draw(st.dictionaries(st.integers(0, 6), day_hours, min_size=3))
    holidays = frozenset(draw(st.lists(st.sampled_from(near), max_size=2)))
    overrides = draw(st.dictionaries(st.sampled_from(near), day_hours, max_size=3))
    assume(any(week.values()) or any(overrides.values()))
    begins = dt.datetime.combine(near[0], dt.time(), dt.UTC)
    plain = {"week": week, "holidays": holidays, "overrides": overrides}
    return World(Calendar.from_plain(tz=zone, **plain), begins, plain)


#: Not the first: what closes at its beginning is not seen.
minute_of_window = st.integers(1, WINDOW - 1)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), st.lists(st.tuples(minute_of_window, minute_of_window), min_size=5, max_size=5))
def test_between_is_the_count_of_open_minutes(world, pairs):
    instant = world.oracle.instant
    for start, end in pairs:
        expected = dt.timedelta(minutes=world.oracle.between(start, end))
        assert between(world.calendar, instant(start), instant(end)) == expected


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    worlds(),
    st.lists(st.tuples(minute_of_window, st.integers(-3000, 3000)), min_size=5, max_size=5),
)
def test_add_is_the_walk_over_open_minutes(world, walks):
    oracle = world.oracle
    for start, minutes in walks:
        try:
            if minutes == 0:
                passed = start and oracle.opened[start - 1]
                expected = start if passed else oracle.next_open(start)
            else:
                expected = oracle.add(start, minutes)
        except OutOfWindow:
            continue
        found = add(world.calendar, oracle.instant(start), dt.timedelta(minutes=minutes))
        assert found == oracle.instant(expected)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), st.lists(st.tuples(minute_of_window, st.integers(-4, 6)), min_size=5, max_size=5))
def test_days_are_counted_on_the_wall(world, walks):
    oracle = world.oracle
    for start, days in walks:
        try:
            expected, end = oracle.add_days(start, days), oracle.end_of_day(start, days)
        except OutOfWindow:
            continue
        at = oracle.instant(start)
        assert add_days(world.calendar, at, days) == oracle.instant(expected)
        assert end_of_day_after(world.calendar, at, days) == oracle.instant(end)


# --- Laws, at any microsecond and any length -----------------------------------------------------

moments = st.timedeltas(dt.timedelta(0), dt.timedelta(days=22 * 365)).map(
    lambda passed: dt.datetime(2009, 1, 1, tzinfo=dt.UTC) + passed
)
spans = st.timedeltas(dt.timedelta(days=-200), dt.timedelta(days=200))
forward = st.timedeltas(dt.timedelta(microseconds=1), dt.timedelta(days=200))
ZERO, TICK = dt.timedelta(0), dt.timedelta(microseconds=1)


def is_open(calendar: Calendar, at: dt.datetime) -> bool:
    return between(calendar, at, at + TICK) == TICK


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), moments, moments, moments)
def test_between_is_additive_and_never_more_than_true_time(world, one, two, three):
    calendar = world.calendar
    one, two, three = sorted([one, two, three])
    first, second = between(calendar, one, two), between(calendar, two, three)
    assert first + second == between(calendar, one, three)
    assert between(calendar, two, one) == -first
    assert ZERO <= first <= two - one


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), moments, spans)
def test_between_undoes_add(world, start, span):
    assume(any(world.calendar.week))
    found = add(world.calendar, start, span)
    assert between(world.calendar, start, found) == span
    assert found.tzinfo is dt.UTC


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), moments, moments)
def test_add_undoes_between(world, start, end):
    """But for closed time at the far end, which `between` cannot tell from its near border."""
    calendar = world.calendar
    assume(any(calendar.week))
    span = between(calendar, start, end)
    found = add(calendar, start, span)
    if span:
        assert between(calendar, found, end) == ZERO
        assert found <= end if span > ZERO else found >= end
        if is_open(calendar, end) and is_open(calendar, end - TICK):
            assert found == end


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), moments, forward, forward)
def test_add_is_additive_and_monotonic(world, start, one, two):
    calendar = world.calendar
    assume(any(calendar.week))
    both = add(calendar, start, one + two)
    assert add(calendar, add(calendar, start, one), two) == both
    assert add(calendar, start, one) < both
    assert add(calendar, start, one) <= add(calendar, start + two, one)
    back = add(calendar, start, -one - two)
    assert add(calendar, add(calendar, start, -one), -two) == back
    assert back < add(calendar, start, -one)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), moments, spans, st.integers(-30, 60))
def test_no_answer_lies_in_closed_time_but_the_closing_instant(world, start, span, days):
    calendar = world.calendar
    assume(any(calendar.week))
    end = end_of_day_after(calendar, start, days)
    assert is_open(calendar, end - TICK)
    for found in (add(calendar, start, span), add_days(calendar, start, days)):
        assert is_open(calendar, found) or is_open(calendar, found - TICK)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), moments, st.integers(-30, 60))
def test_more_days_are_later_and_stay_on_open_dates(world, start, days):
    calendar = world.calendar
    assume(any(calendar.week))
    found = add_days(calendar, start, days)
    assert found < add_days(calendar, start, days + 1)
    assert found <= end_of_day_after(calendar, start, days)
