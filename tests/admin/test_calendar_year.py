"""The picture of a calendar's year: what each day is, in colour, letter and word (SLA-8)."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.admin.calendar_year import DayKind, days_of, picture
from cases.models import CalendarDay
from cases.roles import OPERATIONS_ADMINISTRATOR
from tests import world
from tests.admin.pages import text_of


@pytest.fixture
def calendar(desk):
    found = desk.organization.calendar
    rows = [
        (dt.date(2026, 7, 3), None, None, "Company outing"),
        (dt.date(2026, 12, 24), 540, 780, "Half a day"),
        (dt.date(2026, 12, 25), 600, 720, "On call"),
        (dt.date(2026, 12, 25), 840, 900, ""),
        (dt.date(2027, 1, 4), None, None, "Next year"),
    ]
    for date, opens, closes, reason in rows:
        CalendarDay.objects.create(
            calendar=found, date=date, opens=opens, closes=closes, reason=reason
        )
    return found


@pytest.fixture
def operations(desk, sign_in):
    return sign_in(world.person("oscar@support.example", roles=(OPERATIONS_ADMINISTRATOR,)))


def year_url(calendar, year):
    return reverse("admin:cases_businesscalendar_year", args=[calendar.pk, year])


@pytest.mark.rule("SLA-8")
def test_each_day_is_what_the_arithmetic_takes_it_for(calendar):
    days = days_of(calendar, 2026)
    assert len(days) == 365
    assert (days[dt.date(2026, 7, 4)].kind, days[dt.date(2026, 7, 4)].note) == (
        DayKind.HOLIDAY,
        "Independence Day",
    )
    assert days[dt.date(2026, 7, 3)].words == "Closed on this day: Company outing"
    assert days[dt.date(2026, 12, 24)].words == "Hours of its own: 09:00 to 13:00 (Half a day)"
    assert days[dt.date(2026, 12, 25)].note == "10:00 to 12:00 (On call), 14:00 to 15:00"
    rule = calendar.as_rule()
    zone = dt.UTC
    from cases.rules.business_time import between

    for date, day in days.items():
        start = dt.datetime.combine(date, dt.time(12), zone) - dt.timedelta(hours=7)  # New York
        is_open = bool(between(rule, start, start + dt.timedelta(days=1)))
        assert is_open == (day.kind in {DayKind.OPEN, DayKind.SPECIAL}), date


@pytest.mark.rule("SLA-8")
@pytest.mark.parametrize(("year", "number"), [(2024, 366), (2026, 365)])
def test_the_picture_has_each_day_once(calendar, year, number):
    months = picture(days_of(calendar, year), year)
    shown = [day.date for month in months for week in month.weeks for day in week if day]
    assert len(shown) == len(set(shown)) == number
    assert all(len(week) == 7 for month in months for week in month.weeks)


@pytest.mark.rule("SLA-8")
def test_the_page_shows_holidays_by_name_and_other_years(calendar, operations):
    page = operations.get(year_url(calendar, 2026))
    words = text_of(page)
    for part in ("Independence Day", "Company outing", "09:00 to 13:00", "Monday 09:00 to 17:00"):
        assert part in words
    assert "Next year" not in words
    for year in (2025, 2027):
        assert year_url(calendar, year) in page.content.decode()
    assert len(re.findall(r'<td class="day ', page.content.decode())) == 365
    assert "Next year" in text_of(operations.get(year_url(calendar, 2027)))
    for year in (1969, 2100, 99999):
        assert operations.get(year_url(calendar, year)).status_code == 404
    assert operations.post(year_url(calendar, 2026)).status_code == 405
    change = reverse("admin:cases_businesscalendar_change", args=[calendar.pk])
    assert re.search(r"/year/\d{4}/", operations.get(change).content.decode())


def test_it_costs_the_same_for_few_and_for_many_days(calendar, operations):
    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            operations.get(year_url(calendar, 2026))
        return len(captured)

    few = queries()
    for day in range(1, 29):
        CalendarDay.objects.create(calendar=calendar, date=dt.date(2026, 9, day))
    assert queries() == few <= 15
