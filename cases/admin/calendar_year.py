"""The picture of a year (SLA-8): each day open, closed, a holiday, or with its own hours."""

import calendar as months
import datetime as dt
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from cases.models import BusinessCalendar, CalendarDay, OpeningHours
from cases.models.calendars import clock, public_holidays

from .base import READING

EARLIEST, LATEST = 1970, 2099
#: The year of the preview in the edit form; not one of the form's fields.
YEAR_FIELD = "preview-year"
WEEK = months.Calendar(firstweekday=months.MONDAY)


class DayKind(StrEnum):
    OPEN = "open"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SHUT = "shut"
    SPECIAL = "special"


#: The name of each kind of day, and its letter, shown beside its colour.
WORDS: dict[DayKind, tuple[str, str]] = {
    DayKind.OPEN: ("Open", ""),
    DayKind.WEEKEND: ("Closed every week", "·"),
    DayKind.HOLIDAY: ("Public holiday", "H"),
    DayKind.SHUT: ("Closed on this day", "C"),
    DayKind.SPECIAL: ("Special hours", "S"),
}


@dataclass(frozen=True)
class Day:
    date: dt.date
    kind: DayKind
    #: The holiday's name, or why the day is different; its hours if they are its own.
    note: str = ""

    @property
    def mark(self) -> str:
        return WORDS[self.kind][1]

    @property
    def words(self) -> str:
        """The meaning of the colour and the letter, for readers who cannot see them."""
        return ": ".join(filter(None, [WORDS[self.kind][0], self.note]))

    @property
    def differs(self) -> bool:
        """Whether it is in the list below the picture."""
        return self.kind in {DayKind.HOLIDAY, DayKind.SHUT, DayKind.SPECIAL}


@dataclass(frozen=True)
class Month:
    name: str
    #: Weeks that start on Monday; None if the day belongs to another month.
    weeks: list[list[Day | None]]


@dataclass(frozen=True)
class Drawn:
    """The source of the picture: a calendar with its rows, as stored, or as typed and not yet
    saved."""

    calendar: BusinessCalendar
    hours: Sequence[OpeningHours]
    days: Sequence[CalendarDay]


def as_stored(calendar: BusinessCalendar) -> Drawn:
    """Two queries."""
    return Drawn(calendar, list(calendar.opening_hours.all()), list(calendar.days.all()))


def days_of(drawn: Drawn, year: int) -> dict[dt.date, Day]:
    """Every day of the year by the order of `rules.business_time`: the day's own row comes before a
    holiday, and a holiday before the week.
    """
    calendar = drawn.calendar
    open_weekdays = {row.weekday for row in drawn.hours}
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
    for row in sorted(drawn.days, key=lambda row: (row.date, row.opens or 0)):
        if row.date.year != year:
            continue
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


def drawing(drawn: Drawn, year: int) -> dict[str, Any]:
    """The content of this year's picture, and of the list below it."""
    days = days_of(drawn, year)
    return {
        "calendar": drawn.calendar,
        "year": year,
        "today": timezone.localdate(),
        "weekdays": list(zip(months.day_abbr, months.day_name, strict=True)),
        "months": picture(days, year),
        "kinds": [
            (kind, *words, sum(day.kind is kind for day in days.values()))
            for kind, words in WORDS.items()
        ],
        "hours": sorted(drawn.hours, key=lambda row: (row.weekday, row.opens)),
        "different": [day for day in days.values() if day.differs],
    }


def show(model_admin: Any, request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The year as a picture and as a list, with links to other years."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    calendar = get_object_or_404(BusinessCalendar, pk=pk)
    if not EARLIEST <= year <= LATEST:
        raise Http404
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{calendar}: {year}",
        "heading": f"{calendar}: {year}",
        "back_to": (reverse("admin:cases_businesscalendar_change", args=[pk]), str(calendar)),
        **drawing(as_stored(calendar), year),
        "before": year - 1 if year > EARLIEST else None,
        "after": year + 1 if year < LATEST else None,
        "is_fullwidth": "1",
    }
    return TemplateResponse(request, "admin/cases/businesscalendar/year.html", context)


def preview(
    model_admin: Any, request: HttpRequest, calendar: BusinessCalendar | None
) -> HttpResponse:
    """The year that the edit form would give, drawn from its input; nothing is saved.

    If it cannot be drawn, it shows the errors that saving would show.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    drawn, errors = as_typed(model_admin, request, calendar)
    year = request.POST.get(YEAR_FIELD, "").strip()
    if not (
        year.isascii() and year.isdecimal() and len(year) == 4 and EARLIEST <= int(year) <= LATEST
    ):
        errors.append(f"Preview: enter a year from {EARLIEST} to {LATEST}.")
    context = {"errors": errors} if errors else drawing(drawn, int(year))
    return TemplateResponse(request, "admin/cases/businesscalendar/_live.html", context)


def as_typed(
    model_admin: Any, request: HttpRequest, calendar: BusinessCalendar | None
) -> tuple[Drawn, list[str]]:
    """The calendar and its rows as typed in the edit form, and all errors in them.

    Uses the forms that save them, but without the question about running clocks; a name may still
    be missing.
    """
    fields = ("time_zone", "holiday_country", "holiday_subdivision")
    form = forms.modelform_factory(BusinessCalendar, fields=fields)(
        request.POST, instance=copy(calendar)
    )
    errors = _errors_of(form)
    rows: list[list[Any]] = []
    for formset_class, _ in model_admin.get_formsets_with_inlines(request, calendar):
        prefix = formset_class.get_default_prefix()
        formset = formset_class(request.POST, instance=form.instance, prefix=prefix)
        name = formset.model._meta.verbose_name
        for number, row in enumerate(formset.forms, start=1):
            errors += [capfirst(f"{name}, row {number}: {words}") for words in _errors_of(row)]
        errors += [str(error) for error in formset.non_form_errors()]
        kept = [row for row in formset.forms if row not in formset.deleted_forms]
        rows.append([row.instance for row in kept if row.is_valid() and row.cleaned_data])
    hours, days = rows
    return Drawn(form.instance, hours, days), errors


def _errors_of(form: forms.BaseForm) -> list[str]:
    """Each error after the label of its field."""
    return [
        f"{form[name].label}: {error}" if name in form.fields else str(error)
        for name, found in form.errors.items()
        for error in found
    ]
