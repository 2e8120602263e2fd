"""Business time: arithmetic on the hours at which a desk is open (SLA-8).

Pure: takes plain values and returns aware UTC datetimes; refuses naive datetimes. Guarantees:

- An instant is open when its wall time in the calendar's zone falls in an interval of its date,
  `[opens, closes)`. Open time is true elapsed time: when the clocks change, a repeated hour
  counts twice and a skipped hour not at all.
- `add` returns the **nearest** instant: two hours that end exactly at closing time are due at
  closing time, not the next morning; counting back, they begin at the opening.
- No call loops over days. A calendar keeps a table of its opening instants in UTC for a range of
  years, and each operation searches it. A table is never changed, only replaced by a wider one,
  so threads share a calendar without locking.
- If the next opening is more than ten years away, the search raises `NoOpening`.
"""

import datetime as dt
import threading
import zoneinfo
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from .openings import TEN_YEARS, ZERO, Table, make_table

#: (hour, minute); (24, 0) is the end of the day.
WallTime = tuple[int, int]
#: Opening and closing, as `Calendar.from_plain` takes them.
PlainInterval = tuple[WallTime, WallTime]
#: Minutes of the day: [opens, closes).
Interval = tuple[int, int]
Intervals = tuple[Interval, ...]

FIRST_YEAR, LAST_YEAR = 1900, 2399
END_OF_DAY = 24 * 60


_extending = threading.Lock()


class NoOpening(LookupError):
    """The calendar does not open within ten years of the point where the search was."""

    def __init__(self) -> None:
        super().__init__("The calendar does not open within ten years.")


@dataclass(frozen=True)
class Calendar:
    """When a desk is open. Equal values make equal calendars; `from_plain` checks the values."""

    tz: str
    week: tuple[Intervals, ...]
    holidays: frozenset[dt.date]
    overrides: tuple[tuple[dt.date, Intervals], ...]
    zone: zoneinfo.ZoneInfo = field(init=False, repr=False, compare=False)
    _own_hours: dict[dt.date, Intervals] = field(init=False, repr=False, compare=False)
    _table: Table | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", zoneinfo.ZoneInfo(self.tz))
        object.__setattr__(self, "_own_hours", dict(self.overrides))

    @classmethod
    def from_plain(
        cls,
        *,
        tz: str,
        week: Mapping[int, Iterable[PlainInterval]],
        holidays: Collection[dt.date] = (),
        overrides: Mapping[dt.date, Iterable[PlainInterval]] | None = None,
    ) -> "Calendar":
        """A calendar from weekdays (0 is Monday) and dates to pairs of (hour, minute) pairs.

        A date in `holidays` is closed. A date in `overrides` has the hours given there (none means
        closed), whatever weekday or holiday it is. Intervals that touch or overlap are merged.
        Raises ValueError for an unknown zone or weekday, for an interval that ends before it
        begins, and for a calendar that never opens.
        """
        if unknown := set(week) - set(range(7)):
            raise ValueError(f"Weekdays are 0 (Monday) to 6 (Sunday), not {sorted(unknown)}.")
        own = {day: _intervals(hours) for day, hours in (overrides or {}).items()}
        try:
            made = cls(
                tz=tz,
                week=tuple(_intervals(week.get(weekday, ())) for weekday in range(7)),
                holidays=frozenset(holidays),
                overrides=tuple(sorted(own.items())),
            )
        except (zoneinfo.ZoneInfoNotFoundError, OSError) as error:
            raise ValueError(f"“{tz}” is not a known time zone.") from error
        if not any(made.week) and not any(own.values()):
            raise ValueError("The calendar never opens.")
        return made

    def hours_of(self, day: dt.date) -> Intervals:
        """The opening intervals of this date, in minutes of its wall time; empty if closed."""
        own = self._own_hours.get(day)
        if own is not None:
            return own
        return () if day in self.holidays else self.week[day.weekday()]


def add(calendar: Calendar, start: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """The nearest instant at which `span` of open time has passed since `start`.

    A negative span counts back. A span of zero gives `start` itself if it is open or exactly a
    closing time, otherwise the next opening. Raises NoOpening.
    """
    at = _utc(start)
    table = _covering(calendar, at, at)
    while (found := _walk(table, at, span)) is None:
        table = _wider(calendar, table, at, forward=span >= ZERO)
    if table.gaps:
        _refuse_long_gaps(table, at, found)
    return found


def between(calendar: Calendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """The open time from `start` to `end`; negative if `end` is earlier."""
    first, last = _utc(start), _utc(end)
    table = _covering(calendar, first, last)
    return _open_before(table, last) - _open_before(table, first)


def add_days(calendar: Calendar, start: dt.datetime, days: int) -> dt.datetime:
    """The instant `days` business days after `start`, at the same wall time.

    A start on a closed date, or at or after the last closing of its date, counts as the next
    opening; a start before the opening counts as the opening. The date reached may have other
    hours: a time at which it is closed moves to the next opening of that date, or else to its last
    closing. A skipped wall time becomes the instant of the clock change; a repeated one, its first
    occurrence. Negative days count back from the same start. Raises NoOpening.
    """
    table, at, local, reached = _days_on(calendar, _utc(start), days)
    if days:
        wall = local + dt.timedelta(reached - local.toordinal())
        stretch = bisect_right(table.wall_ends, wall)
        at = max(wall - table.offsets[stretch], table.stretches[stretch])
    for opens, closes in table.by_date[reached]:
        if at <= closes:
            return max(at, opens)
    return closes


def end_of_day_after(calendar: Calendar, start: dt.datetime, days: int) -> dt.datetime:
    """The last closing of the date that `add_days` reaches. Raises NoOpening."""
    table, _, _, reached = _days_on(calendar, _utc(start), days)
    return table.by_date[reached][-1][1]


# --- Searching a table --------------------------------------------------------------------------


def _open_before(table: Table, at: dt.datetime) -> dt.timedelta:
    """The open time of the table before this instant."""
    i = bisect_right(table.starts, at) - 1
    if i < 0:
        return ZERO
    return table.sums[i] + (min(at, table.ends[i]) - table.starts[i])


def _walk(table: Table, at: dt.datetime, span: dt.timedelta) -> dt.datetime | None:
    """Where `span` of open time from `at` ends; None if the table does not reach that far."""
    starts, ends, sums = table.starts, table.ends, table.sums
    i = bisect_right(starts, at) - 1
    if not span:
        if i >= 0 and at <= ends[i]:
            return at
        return starts[i + 1] if i + 1 < len(starts) else None
    goal = span if i < 0 else span + sums[i] + (min(at, ends[i]) - starts[i])
    if span > ZERO:
        i = bisect_left(sums, goal) - 1
        if i < 0:
            return None
        found = starts[i] + (goal - sums[i])
        return found if found <= ends[i] else None
    if goal < ZERO or not starts:
        return None
    i = bisect_right(sums, goal) - 1
    return starts[i] + (goal - sums[i])


def _days_on(
    calendar: Calendar, at: dt.datetime, days: int
) -> tuple[Table, dt.datetime, dt.datetime, int]:
    """A table, the effective start for business days, its wall time, and the date reached."""
    table = _covering(calendar, at, at)
    while True:
        dates, by_date = table.dates, table.by_date
        local = at + table.offsets[bisect_right(table.stretches, at) - 1]
        date = local.toordinal()
        origin, counts_as = bisect_left(dates, date), at
        openings = by_date.get(date)
        if openings is None or at >= openings[-1][1]:
            origin += openings is not None
            if origin < len(dates):
                counts_as = by_date[dates[origin]][0][0]
        elif at < openings[0][0]:
            counts_as = openings[0][0]
        goal = origin + days
        if origin < len(dates) and 0 <= goal < len(dates):
            if counts_as is not at:
                local = counts_as + table.offsets[bisect_right(table.stretches, counts_as) - 1]
            if table.gaps:
                _refuse_long_gaps(table, at, counts_as)
                _refuse_long_gaps(table, counts_as, by_date[dates[goal]][0][0])
            return table, counts_as, local, dates[goal]
        table = _wider(calendar, table, at, forward=max(origin, goal) >= len(dates))


def _refuse_long_gaps(table: Table, start: dt.datetime, end: dt.datetime) -> None:
    """Raise NoOpening if there are more than ten closed years in a row between the two instants.

    A wide table that knows an opening beyond them must answer like a narrow one that does not.
    """
    for closed, opens in table.gaps:
        if start < opens <= end:
            waited = opens - max(start, closed)
        elif end <= closed < start:
            waited = min(start, opens) - closed
        else:
            continue
        if waited > TEN_YEARS:
            raise NoOpening


# --- Making tables ------------------------------------------------------------------------------


def _covering(calendar: Calendar, one: dt.datetime, other: dt.datetime) -> Table:
    """A table that includes both instants. Raises ValueError outside the supported years."""
    table = calendar._table
    if (
        table is not None
        and table.covered_from <= one < table.covered_to
        and table.covered_from <= other < table.covered_to
    ):
        return table
    first, last = min(one, other).year - 1, max(one, other).year + 1
    if first < FIRST_YEAR or last > LAST_YEAR:
        raise ValueError(f"Business time is known from {FIRST_YEAR + 1} to {LAST_YEAR - 1}.")
    return _extend(calendar, first, last)


def _wider(calendar: Calendar, table: Table, at: dt.datetime, *, forward: bool) -> Table:
    """A table with more years in this direction. Raises NoOpening if ten years had no opening."""
    if forward:
        stood = max([at, *table.ends[-1:]])
        if table.last_year == LAST_YEAR or table.covered_to > stood + TEN_YEARS:
            raise NoOpening
    else:
        stood = min([at, *table.starts[:1]])
        if table.first_year == FIRST_YEAR or table.covered_from < stood - TEN_YEARS:
            raise NoOpening
    more = table.last_year - table.first_year + 2
    if forward:
        return _extend(calendar, table.first_year, min(table.last_year + more, LAST_YEAR))
    return _extend(calendar, max(table.first_year - more, FIRST_YEAR), table.last_year)


def _extend(calendar: Calendar, first_year: int, last_year: int) -> Table:
    """The calendar's table, extended to these years; threads that read the old one keep it."""
    with _extending:
        known = calendar._table
        if known is not None:
            first_year = min(first_year, known.first_year)
            last_year = max(last_year, known.last_year)
            if (first_year, last_year) == (known.first_year, known.last_year):
                return known
        table = make_table(calendar.zone, calendar.hours_of, first_year, last_year)
        object.__setattr__(calendar, "_table", table)
    return table


# --- Values -------------------------------------------------------------------------------------


def _utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("Business time takes aware datetimes only.")
    return moment.astimezone(dt.UTC)


def _intervals(hours: Iterable[PlainInterval]) -> Intervals:
    """The intervals in order, in minutes; those that touch or overlap are merged."""
    joined: list[Interval] = []
    for opens, closes in sorted((_minutes(opens), _minutes(closes)) for opens, closes in hours):
        if opens >= closes:
            raise ValueError("An interval opens before it closes, on the same date.")
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _minutes(wall_time: WallTime) -> int:
    hour, minute = wall_time
    minutes = hour * 60 + minute
    if not (0 <= hour <= 24 and 0 <= minute <= 59 and minutes <= END_OF_DAY):
        raise ValueError(f"{hour}:{minute} is not a time of day; (24, 0) is its end.")
    return minutes
