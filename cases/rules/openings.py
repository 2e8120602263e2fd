"""The openings of a calendar in UTC, computed for whole years; `business_time` searches them.

Only this module turns wall time into true time. It knows nothing of weeks or holidays: `hours_of`
gives the hours of a date.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import NamedTuple

TEN_YEARS = dt.timedelta(days=3653)
ZERO = dt.timedelta(0)

#: (opens, closes).
Opening = tuple[dt.datetime, dt.datetime]
#: The hours of a date, as (opens, closes) in minutes of its wall time.
HoursOf = Callable[[dt.date], tuple[tuple[int, int], ...]]

_SECOND = dt.timedelta(seconds=1)
_DAY = dt.timedelta(days=1)
#: More than the offset of any zone from UTC.
_MARGIN = 2 * _DAY


class Table(NamedTuple):
    """The openings of whole years, in UTC.

    `starts` and `ends` are disjoint and in order, across midnight too; `sums[i]` is the open time
    of the table before `starts[i]`. `dates` are the ordinals of the open dates, and `by_date` has
    the openings of each. `gaps` are the closed times of more than ten years.

    A stretch is a time with one offset: stretch `i` begins at `stretches[i]`, and its wall times
    (written as if they were UTC) end at `wall_ends[i]`.
    """

    first_year: int
    last_year: int
    covered_from: dt.datetime
    covered_to: dt.datetime
    starts: list[dt.datetime]
    ends: list[dt.datetime]
    sums: list[dt.timedelta]
    dates: list[int]
    by_date: dict[int, list[Opening]]
    stretches: list[dt.datetime]
    offsets: list[dt.timedelta]
    wall_ends: list[dt.datetime]
    gaps: list[Opening]


def make_table(
    zone: zoneinfo.ZoneInfo, hours_of: HoursOf, first_year: int, last_year: int
) -> Table:
    """The table of all dates of these years."""
    low = dt.datetime(first_year, 1, 1, tzinfo=dt.UTC)
    high = dt.datetime(last_year + 1, 1, 1, tzinfo=dt.UTC)
    stretches, offsets = _stretches(zone, low - _MARGIN, high + _MARGIN)
    stretch_ends = [*stretches[1:], high + _MARGIN]
    by_date: dict[int, list[Opening]] = {}
    for begins, ends, offset in zip(stretches, stretch_ends, offsets, strict=True):
        midnight = max((begins + offset).replace(hour=0, minute=0, second=0), low) - offset
        while midnight < min(ends, high - offset):
            date = (midnight + offset).date()
            for opens, closes in hours_of(date):
                start = max(midnight + dt.timedelta(minutes=opens), begins)
                end = min(midnight + dt.timedelta(minutes=closes), ends)
                if start < end:
                    by_date.setdefault(date.toordinal(), []).append((start, end))
            midnight += _DAY
    starts, closings = _joined(by_date)
    lengths = (end - start for start, end in zip(starts, closings, strict=True))
    return Table(
        first_year=first_year,
        last_year=last_year,
        covered_from=low + _MARGIN,
        covered_to=high - _MARGIN,
        starts=starts,
        ends=closings,
        sums=list(accumulate(lengths, initial=ZERO))[:-1],
        dates=sorted(by_date),
        by_date=by_date,
        stretches=stretches,
        offsets=offsets,
        wall_ends=[end + offset for end, offset in zip(stretch_ends, offsets, strict=True)],
        gaps=[
            (end, start)
            for end, start in zip(closings, starts[1:], strict=False)
            if start - end > TEN_YEARS
        ],
    )


def _joined(by_date: Mapping[int, list[Opening]]) -> tuple[list[dt.datetime], list[dt.datetime]]:
    """All openings in order; an opening that continues past midnight is a single one."""
    starts: list[dt.datetime] = []
    ends: list[dt.datetime] = []
    for start, end in sorted(opening for openings in by_date.values() for opening in openings):
        if ends and start == ends[-1]:
            ends[-1] = end
        else:
            starts.append(start)
            ends.append(end)
    return starts, ends


def _stretches(
    zone: zoneinfo.ZoneInfo, low: dt.datetime, high: dt.datetime
) -> tuple[list[dt.datetime], list[dt.timedelta]]:
    """The instants at which the zone's offset changes, and the offsets from then on.

    One check per day is enough: no zone changes its offset twice within a day.
    """

    def offset(at: dt.datetime) -> dt.timedelta:
        return at.astimezone(zone).utcoffset() or ZERO

    begins, offsets = [low], [offset(low)]
    at = low
    while (at := at + _DAY) < high:
        if (after := offset(at)) != offsets[-1]:
            early, late = at - _DAY, at
            while late - early > _SECOND:
                middle = early + (late - early) // 2
                middle = middle.replace(microsecond=0)
                if offset(middle) == offsets[-1]:
                    early = middle
                else:
                    late = middle
            begins.append(late)
            offsets.append(after)
    return begins, offsets
