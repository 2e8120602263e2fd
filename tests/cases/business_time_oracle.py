"""Business time counted minute by minute, slow and plain, to check the fast version.

It shares no code with `cases.rules.business_time`. It walks a window of real minutes; whether a
minute is open is read from the wall clock of the zone.
"""

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Hours = Sequence[tuple[tuple[int, int], tuple[int, int]]]


class OutOfWindow(Exception):
    """The answer lies outside of the minutes that were looked at."""


@lru_cache(maxsize=64)
def _walls(zone: str, begins: dt.datetime, minutes: int) -> list[tuple[dt.date, int]]:
    tz = zoneinfo.ZoneInfo(zone)
    walls = []
    for i in range(minutes):
        local = (begins + dt.timedelta(minutes=i)).astimezone(tz)
        walls.append((local.date(), local.hour * 60 + local.minute))
    return walls


@dataclass
class Oracle:
    """The minutes from `begins` (UTC, a whole minute) on, each of them open or closed."""

    zone: str
    begins: dt.datetime
    minutes: int
    week: Mapping[int, Hours]
    holidays: frozenset[dt.date]
    overrides: Mapping[dt.date, Hours]
    walls: list[tuple[dt.date, int]] = field(init=False)
    opened: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        self.walls = _walls(self.zone, self.begins, self.minutes)
        self.opened = [self._is_open(date, minute) for date, minute in self.walls]

    def _is_open(self, date: dt.date, minute: int) -> bool:
        if date in self.overrides:
            hours = self.overrides[date]
        elif date in self.holidays:
            hours = ()
        else:
            hours = self.week.get(date.weekday(), ())
        return any(
            opens[0] * 60 + opens[1] <= minute < closes[0] * 60 + closes[1]
            for opens, closes in hours
        )

    def instant(self, i: int) -> dt.datetime:
        return self.begins + dt.timedelta(minutes=i)

    def between(self, start: int, end: int) -> int:
        if end < start:
            return -self.between(end, start)
        return sum(self.opened[start:end])

    def add(self, start: int, minutes: int) -> int:
        """Near: as soon as the last of the minutes has passed."""
        i = start
        while minutes > 0:
            if i >= self.minutes:
                raise OutOfWindow
            minutes -= self.opened[i]
            i += 1
        while minutes < 0:
            i -= 1
            if i < 0:
                raise OutOfWindow
            minutes += self.opened[i]
        return i

    def next_open(self, start: int) -> int:
        for i in range(start, self.minutes):
            if self.opened[i]:
                return i
        raise OutOfWindow

    def add_days(self, start: int, days: int) -> int:
        counts_as, origin, dates = self._origin(start)
        if not 0 <= origin + days < len(dates):
            raise OutOfWindow
        if days == 0:
            return self._open_on(dates[origin], counts_as)
        reached = dates[origin + days]
        wanted = self.walls[counts_as][1]
        at = next(
            i
            for i, (date, minute) in enumerate(self.walls)
            if (date == reached and minute >= wanted) or date > reached
        )
        return self._open_on(reached, at)

    def end_of_day(self, start: int, days: int) -> int:
        _, origin, dates = self._origin(start)
        if not 0 <= origin + days < len(dates):
            raise OutOfWindow
        return max(self._open_minutes(dates[origin + days])) + 1

    def _open_minutes(self, date: dt.date) -> list[int]:
        return [i for i, (day, _) in enumerate(self.walls) if day == date and self.opened[i]]

    def _origin(self, start: int) -> tuple[int, int, list[dt.date]]:
        # The dates at the edges are seen in part only: they are no dates of the window.
        edges = {self.walls[0][0], self.walls[-1][0]}
        seen = {self.walls[i][0] for i in range(self.minutes) if self.opened[i]}
        dates = sorted(seen - edges)
        date = self.walls[start][0]
        if date in edges:
            raise OutOfWindow
        if date in dates and start <= max(self._open_minutes(date)):
            return max(start, min(self._open_minutes(date))), dates.index(date), dates
        later = [day for day in dates if day > date]
        if not later:
            raise OutOfWindow
        return min(self._open_minutes(later[0])), dates.index(later[0]), dates

    def _open_on(self, date: dt.date, at: int) -> int:
        minutes = self._open_minutes(date)
        if at in minutes or at - 1 in minutes:
            return at
        return min((i for i in minutes if i > at), default=max(minutes) + 1)
