"""Business time by example: its conventions, its refusals, and its results on odd days (SLA-8)."""

import datetime as dt
import pickle
import threading
import zoneinfo

import pytest

from cases.rules.business_time import (
    Calendar,
    NoOpening,
    add,
    add_days,
    between,
    end_of_day_after,
)

pytestmark = pytest.mark.rule("SLA-8")

NINE_TO_FIVE = [((9, 0), (17, 0))]
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
HOUR, SECOND, ZERO = dt.timedelta(hours=1), dt.timedelta(seconds=1), dt.timedelta(0)


def office(tz="America/New_York", **fields) -> Calendar:
    """Open on weekdays from nine to five."""
    week = fields.pop("week", dict.fromkeys(range(5), NINE_TO_FIVE))
    return Calendar.from_plain(tz=tz, week=week, **fields)


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


# --- add: near ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        ("2026-03-03T15:00", 2 * HOUR - SECOND, "2026-03-03T16:59:59"),
        ("2026-03-03T15:00", 2 * HOUR, "2026-03-03T17:00"),
        ("2026-03-03T15:00", 2 * HOUR + SECOND, "2026-03-04T09:00:01"),
        ("2026-03-03T17:00", ZERO, "2026-03-03T17:00"),
        ("2026-03-03T17:00:01", ZERO, "2026-03-04T09:00"),
        ("2026-03-03T20:00", HOUR, "2026-03-04T10:00"),
        ("2026-03-06T16:30", HOUR, "2026-03-09T09:30"),  # over a weekend and the change to summer
        ("2026-03-03T11:00", -2 * HOUR, "2026-03-03T09:00"),
        ("2026-03-03T11:00", -2 * HOUR - SECOND, "2026-03-02T16:59:59"),
        ("2026-03-03T20:00", -8 * HOUR, "2026-03-03T09:00"),
    ],
)
def test_a_span_ends_near_its_start(start, span, expected):
    assert add(office(), local(start), span) == local(expected)


def test_the_answer_is_in_utc_whatever_zone_was_asked_in():
    tokyo = dt.datetime(2026, 3, 4, 0, 0, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))  # 10:00 here
    found = add(office(), tokyo, HOUR)
    assert found.tzinfo is dt.UTC
    assert found == local("2026-03-03T11:00")


def test_a_microsecond_is_not_rounded_away():
    tick = dt.timedelta(microseconds=1)
    start = local("2026-03-03T16:59:59")
    assert add(office(), start, SECOND + tick) == local("2026-03-04T09:00") + tick
    assert between(office(), start, start + tick) == tick


# --- The calendar ---------------------------------------------------------------------------------


def test_a_holiday_makes_a_deadline_later_and_never_sooner():
    plain = office()
    with_holiday = office(holidays=[dt.date(2026, 7, 3)])
    start = local("2026-07-02T16:00")
    assert add(plain, start, 2 * HOUR) == local("2026-07-03T10:00")
    assert add(with_holiday, start, 2 * HOUR) == local("2026-07-06T10:00")
    assert add_days(with_holiday, start, 1) == local("2026-07-06T16:00")


def test_an_override_beats_the_week_and_the_holiday():
    sunday, holiday, closed = dt.date(2026, 3, 1), dt.date(2026, 3, 3), dt.date(2026, 3, 4)
    calendar = office(
        holidays=[holiday],
        overrides={sunday: [((10, 0), (12, 0))], holiday: [((13, 0), (14, 0))], closed: []},
    )
    begin, end = local("2026-03-01T00:00"), local("2026-03-05T00:00")
    assert between(calendar, begin, end) == 2 * HOUR + 8 * HOUR + 1 * HOUR


def test_a_day_that_ends_at_24_00_has_its_last_minute():
    calendar = office(week={0: [((22, 0), (24, 0))], 1: [((0, 0), (2, 0))]})
    assert between(calendar, local("2026-03-02T00:00"), local("2026-03-04T00:00")) == 4 * HOUR
    # The shift goes on past midnight: its middle is no closing.
    assert add(calendar, local("2026-03-02T22:00"), 3 * HOUR) == local("2026-03-03T01:00")
    assert end_of_day_after(calendar, local("2026-03-02T22:30"), 0) == local("2026-03-03T00:00")


def test_intervals_that_touch_or_overlap_are_one():
    pieces = [((13, 0), (17, 0)), ((9, 0), (12, 0)), ((12, 0), (13, 30))]
    assert office(week={0: pieces}) == office(week={0: NINE_TO_FIVE})


def test_a_calendar_is_a_value():
    one, other = office(), office()
    add(one, local("2026-03-03T15:00"), HOUR)
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "fields",
    [
        {"week": {}},
        {"week": {0: []}, "overrides": {dt.date(2026, 3, 3): []}},
        {"week": {7: NINE_TO_FIVE}},
        {"week": {0: [((17, 0), (9, 0))]}},
        {"week": {0: [((9, 0), (9, 0))]}},
        {"week": {0: [((9, 0), (24, 1))]}},
        {"week": {0: [((9, 0), (12, 60))]}},
        {"week": {0: NINE_TO_FIVE}, "tz": "America/Nowhere"},
    ],
)
def test_what_is_no_calendar_is_refused_when_it_is_built(fields):
    with pytest.raises(ValueError, match=r".+"):
        office(**fields)


def test_naive_datetimes_are_refused():
    naive, aware = dt.datetime(2026, 3, 3, 15), local("2026-03-03T15:00")  # noqa: DTZ001
    for ask in (
        lambda: add(office(), naive, HOUR),
        lambda: between(office(), naive, aware),
        lambda: between(office(), aware, naive),
        lambda: add_days(office(), naive, 1),
        lambda: end_of_day_after(office(), naive, 1),
    ):
        with pytest.raises(ValueError, match="aware"):
            ask()


# --- Searches that find nothing -------------------------------------------------------------------


def only_on(*dates: dt.date) -> Calendar:
    return office(week={}, overrides=dict.fromkeys(dates, NINE_TO_FIVE))


@pytest.mark.parametrize("span", [HOUR, ZERO, -HOUR])
def test_a_search_without_end_raises(span):
    start = local("2040-01-01T12:00") if span >= ZERO else local("2010-01-01T12:00")
    with pytest.raises(NoOpening):
        add(only_on(dt.date(2026, 3, 3)), start, span)


def test_days_without_end_raise():
    calendar = only_on(dt.date(2026, 3, 3))
    assert add_days(calendar, local("2026-03-01T12:00"), 0) == local("2026-03-03T09:00")
    for start, days in [("2026-03-01T12:00", 1), ("2026-03-03T17:00", 0), ("2026-03-03T12:00", -1)]:
        with pytest.raises(NoOpening):
            add_days(calendar, local(start), days)
        with pytest.raises(NoOpening):
            end_of_day_after(calendar, local(start), days)


def test_ten_years_are_ten_years_whatever_was_asked_before():
    """An opening eleven years on is not found, also by a table that happens to know it."""
    far = dt.date(2037, 3, 3)
    calendar = only_on(dt.date(2026, 3, 3), far)
    assert add(calendar, local("2036-01-01T00:00"), HOUR) == local("2037-03-03T10:00")
    assert between(calendar, local("2026-01-01T00:00"), local("2038-01-01T00:00")) == 16 * HOUR
    for ask in (
        lambda: add(calendar, local("2026-03-03T12:00"), 6 * HOUR),
        lambda: add(calendar, local("2026-03-04T12:00"), ZERO),
        lambda: add(calendar, local("2037-03-03T12:00"), -6 * HOUR),
        lambda: add_days(calendar, local("2026-03-03T12:00"), 1),
    ):
        with pytest.raises(NoOpening):
            ask()


def test_nine_years_are_bridged():
    calendar = only_on(dt.date(2026, 3, 3), dt.date(2035, 3, 5))
    assert add(calendar, local("2026-03-03T16:00"), 2 * HOUR) == local("2035-03-05T10:00")
    assert add_days(calendar, local("2026-03-03T16:00"), 1) == local("2035-03-05T16:00")
    assert add(calendar, local("2035-03-05T10:00"), -2 * HOUR) == local("2026-03-03T16:00")


def test_years_beyond_the_kept_ones_are_refused():
    with pytest.raises(ValueError, match="known from"):
        add(office(), dt.datetime(2400, 1, 1, tzinfo=dt.UTC), HOUR)


# --- Business days --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-03-03T08:59:59", 1, "2026-03-04T09:00"),  # before the opening is the opening
        ("2026-03-03T09:00:01", 1, "2026-03-04T09:00:01"),
        ("2026-03-03T16:59:59", 1, "2026-03-04T16:59:59"),
        ("2026-03-03T17:00", 1, "2026-03-05T09:00"),  # at the last closing is the next opening
        ("2026-03-07T12:00", 0, "2026-03-09T09:00"),
        ("2026-03-07T12:00", 1, "2026-03-10T09:00"),
        ("2026-03-10T10:00", -3, "2026-03-05T10:00"),
    ],
)
def test_business_days_keep_the_wall_time(start, days, expected):
    assert add_days(office(), local(start), days) == local(expected)


def test_a_shorter_day_ends_what_it_cannot_hold():
    calendar = office(overrides={dt.date(2026, 3, 4): [((11, 0), (12, 0)), ((14, 0), (15, 0))]})
    for start, expected in [
        ("2026-03-03T10:00", "2026-03-04T11:00"),
        ("2026-03-03T11:30", "2026-03-04T11:30"),
        ("2026-03-03T12:00", "2026-03-04T12:00"),
        ("2026-03-03T13:00", "2026-03-04T14:00"),
        ("2026-03-03T16:00", "2026-03-04T15:00"),
    ]:
        assert add_days(calendar, local(start), 1) == local(expected)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_end_of_the_third_business_day(seconds):
    """Proposed until closing time on Friday counts from Friday, after it from Monday."""
    start = local("2026-06-12T17:00") + seconds * SECOND
    expected = "2026-06-17T17:00" if seconds < 0 else "2026-06-18T17:00"
    assert end_of_day_after(office(), start, 3) == local(expected)


# --- Odd days -------------------------------------------------------------------------------------

ALL_DAY = [((0, 0), (24, 0))]
ALWAYS = dict.fromkeys(range(7), ALL_DAY)


@pytest.mark.parametrize(
    ("tz", "date", "hours"),
    [
        ("America/New_York", dt.date(2026, 3, 8), 23),
        ("America/New_York", dt.date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), 24.5),
        ("Africa/Cairo", dt.date(2026, 4, 24), 23),
        ("Africa/Cairo", dt.date(2026, 10, 29), 25),
        ("Antarctica/Troll", dt.date(2026, 3, 29), 22),
        ("Asia/Kathmandu", dt.date(2026, 3, 3), 24),
        ("Pacific/Apia", dt.date(2011, 12, 30), 0),
    ],
)
def test_a_day_is_as_long_as_it_is(tz, date, hours):
    only_that_day = Calendar.from_plain(
        tz=tz, week={}, overrides={date: ALL_DAY, date + dt.timedelta(days=9): ALL_DAY}
    )
    begin = dt.datetime.combine(date, dt.time(), dt.UTC) - 24 * HOUR
    assert between(only_that_day, begin, begin + 60 * HOUR) == hours * HOUR


def test_a_date_that_never_was_is_no_business_day():
    """Samoa went from Thursday 29 December 2011 to Saturday."""
    apia = zoneinfo.ZoneInfo("Pacific/Apia")
    thursday = dt.datetime(2011, 12, 29, 10, tzinfo=apia)
    assert add_days(office("Pacific/Apia"), thursday, 1) == dt.datetime(2012, 1, 2, 10, tzinfo=apia)
    assert add(office("Pacific/Apia"), thursday, 8 * HOUR) == dt.datetime(
        2012, 1, 2, 10, tzinfo=apia
    )


def test_a_skipped_wall_time_is_the_instant_of_the_change():
    calendar = office(week=ALWAYS)
    saturday = local("2026-03-07T02:30")
    assert add_days(calendar, saturday, 1) == local("2026-03-08T03:00")
    assert add_days(calendar, saturday, 2) == local("2026-03-09T02:30")


def test_a_repeated_wall_time_is_the_first_of_the_two_and_counts_twice():
    one_to_two = [((1, 0), (2, 0))]
    calendar = office(week=dict.fromkeys(range(7), one_to_two))
    first = local("2026-11-01T01:30").astimezone(dt.UTC)
    assert add_days(calendar, local("2026-10-31T01:30"), 1) == first
    second = first + HOUR
    assert add_days(calendar, second, 0) == second
    assert between(calendar, local("2026-11-01T00:00"), local("2026-11-02T00:00")) == 2 * HOUR
    assert add(calendar, local("2026-11-01T00:00"), 2 * HOUR) == second + HOUR / 2


# --- Threads --------------------------------------------------------------------------------------


def test_threads_share_a_calendar_that_grows_under_them():
    calendar, wrong = office(), []
    expected = {
        year: add(office(), dt.datetime(year, 6, 1, tzinfo=dt.UTC), 100 * HOUR)
        for year in range(1950, 2080, 5)
    }
    barrier = threading.Barrier(8)

    def ask(offset: int) -> None:
        years = list(expected)
        barrier.wait()
        for year in years[offset:] + years[:offset]:
            found = add(calendar, dt.datetime(year, 6, 1, tzinfo=dt.UTC), 100 * HOUR)
            if found != expected[year]:
                wrong.append((year, found))

    threads = [threading.Thread(target=ask, args=(3 * n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
