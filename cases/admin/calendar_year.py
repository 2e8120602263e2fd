"""The picture of a year (SLA-8): each day open, closed, a holiday, or with hours of its own."""

import calendar as months
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from cases.models import BusinessCalendar
from cases.models.calendars import clock, public_holidays

from .base import READING

EARLIEST, LATEST = 1970, 2099
WEEK = months.Calendar(firstweekday=months.MONDAY)


class DayKind(StrEnum):
    OPEN = "open"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SHUT = "shut"
    SPECIAL = "special"


#: What each kind of day is called, and the letter that stands on it beside its colour.
WORDS: dict[DayKind, tuple[str, str]] = {
    DayKind.OPEN: ("Open", ""),
    DayKind.WEEKEND: ("Closed every week", "·"),
    DayKind.HOLIDAY: ("Public holiday", "H"),
    DayKind.SHUT: ("Closed on this day", "C"),
    DayKind.SPECIAL: ("Hours of its own", "S"),
}


@dataclass(frozen=True)
class Day:
    date: dt.date
    kind: DayKind
    #: The holiday's name, or why the day differs; hours where they are its own.
    note: str = ""

    @property
    def mark(self) -> str:
        return WORDS[self.kind][1]

    @property
    def words(self) -> str:
        """All that the colour and the letter say, for whoever does not see them."""
        return ": ".join(filter(None, [WORDS[self.kind][0], self.note]))

    @property
    def differs(self) -> bool:
        """Whether it is told of in the list below the picture."""
        return self.kind in {DayKind.HOLIDAY, DayKind.SHUT, DayKind.SPECIAL}


@dataclass(frozen=True)
class Month:
    name: str
    #: Weeks from Monday on; None where the day belongs to another month.
    weeks: list[list[Day | None]]


def days_of(calendar: BusinessCalendar, year: int) -> dict[dt.date, Day]:
    """Every day of the year, as `rules.business_time` takes it: a day of its own goes before a
    holiday, and a holiday before the week. Two queries.
    """
    open_weekdays = set(calendar.opening_hours.values_list("weekday", flat=True))
    holidays = public_holidays(calendar.holiday_country, calendar.holiday_subdivision, [year])
    found: dict[dt.date, Day] = {}
    for number in range(366 if months.isleap(year) else 365):
        date = dt.date(year, 1, 1) + dt.timedelta(days=number)
        if name := holidays.get(date):
            found[date] = Day(date, DayKind.HOLIDAY, name)
        else:
            is_open = date.weekday() in open_weekdays
            found[date] = Day(date, DayKind.OPEN if is_open else DayKind.WEEKEND)
    own: dict[dt.date, list[str]] = {}
    for row in calendar.days.filter(date__year=year):
        hours = f"{clock(row.opens)} to {clock(row.closes)}" if row.opens is not None else ""
        reason = f"({row.reason})" if hours and row.reason else row.reason
        own.setdefault(row.date, []).append(" ".join(filter(None, [hours, reason])))
        kind = DayKind.SPECIAL if hours else DayKind.SHUT
        found[row.date] = Day(row.date, kind, ", ".join(filter(None, own[row.date])))
    return found


def picture(days: dict[dt.date, Day], year: int) -> list[Month]:
    return [
        Month(
            months.month_name[month],
            [
                [days[date] if date.month == month else None for date in week]
                for week in WEEK.monthdatescalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def show(model_admin: Any, request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The year as a picture, and the same as a list; other years are a click away."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    calendar = get_object_or_404(BusinessCalendar, pk=pk)
    if not EARLIEST <= year <= LATEST:
        raise Http404
    days = days_of(calendar, year)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{calendar}: {year}",
        "heading": f"{calendar}: {year}",
        "back_to": (
            reverse("admin:cases_businesscalendar_change", args=[pk]),
            str(calendar),
        ),
        "calendar": calendar,
        "year": year,
        "before": year - 1 if year > EARLIEST else None,
        "after": year + 1 if year < LATEST else None,
        "today": timezone.localdate(),
        "weekdays": list(zip(months.day_abbr, months.day_name, strict=True)),
        "months": picture(days, year),
        "kinds": [(kind, *words) for kind, words in WORDS.items()],
        "hours": calendar.opening_hours.all(),
        "different": [day for day in days.values() if day.differs],
        "is_fullwidth": "1",
    }
    return TemplateResponse(request, "admin/cases/businesscalendar/year.html", context)
