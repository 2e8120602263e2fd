"""The picture of a calendar's year: the kind of each day by colour, letter and word (SLA-8)."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.admin.calendar_year import DayKind, as_stored, days_of, picture
from cases.models import CalendarDay
from cases.models.calendars import clock
from cases.roles import OPERATIONS_ADMINISTRATOR
from tests import world
from tests.admin.pages import text_of
from tests.stored import everything_stored


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
    days = days_of(as_stored(calendar), 2026)
    assert len(days) == 365
    assert (days[dt.date(2026, 7, 4)].kind, days[dt.date(2026, 7, 4)].note) == (
        DayKind.HOLIDAY,
        "Independence Day",
    )
    assert days[dt.date(2026, 7, 3)].words == "Closed on this day: Company outing"
    assert days[dt.date(2026, 12, 24)].words == "Special hours: 09:00 to 13:00 (Half a day)"
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
    months = picture(days_of(as_stored(calendar), year), year)
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


# --- The preview in the edit form -----------------------------------------------------------------


def preview_url(calendar=None):
    if calendar is None:
        return reverse("admin:cases_businesscalendar_preview_new")
    return reverse("admin:cases_businesscalendar_preview", args=[calendar.pk])


def typed(hours=((0, "09:00", "17:00"),), days=(), *, calendar=None, year="2026", **fields):
    """The edit form as a browser sends it; of a stored calendar with its rows as first ones."""
    stored = {"opening_hours": [], "days": []}
    if calendar is not None:
        stored = {
            "opening_hours": [
                {"id": row.pk, "weekday": row.weekday, "opens": clock(row.opens)}
                | {"closes": clock(row.closes)}
                for row in calendar.opening_hours.all()
            ],
            "days": [
                {"id": row.pk, "date": row.date, "reason": row.reason}
                | {"opens": clock(row.opens), "closes": clock(row.closes)}
                for row in calendar.days.all()
            ],
        }
        hours = ()
    new = {
        "opening_hours": [
            dict(zip(("weekday", "opens", "closes"), row, strict=True)) for row in hours
        ],
        "days": [
            dict(zip(("date", "opens", "closes", "reason"), row, strict=True)) for row in days
        ],
    }
    form = {"time_zone": "Europe/Berlin", "preview-year": year, **fields}
    for prefix, rows in stored.items():
        every = rows + new[prefix]
        form |= {f"{prefix}-TOTAL_FORMS": len(every), f"{prefix}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(every):
            form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return {**form, **fields}


@pytest.mark.rule("SLA-8")
def test_the_preview_draws_what_is_typed_and_saves_nothing(calendar, operations):
    stored = everything_stored()
    new_day = [("2026-06-10", "08:00", "12:00", "Stock-taking")]
    form = typed(
        calendar=calendar,
        days=new_day,
        **{"days-0-DELETE": "on", "holiday_country": "DE", "holiday_subdivision": "BY"},
    )
    answer = operations.post(preview_url(calendar), form)
    words, html = text_of(answer), answer.content.decode()
    for part in ("Special hours: 08:00 to 12:00 (Stock-taking)", "Epiphany", "Europe/Berlin"):
        assert part in words
    for gone in ("Company outing", "Independence Day", "Next year"):
        assert gone not in words
    assert len(re.findall(r'<td class="day ', html)) == 365
    assert re.search(r'<td class="day special[^>]*>\s*10\s*<', html)
    assert "2026: open " in words
    assert everything_stored() == stored
    assert operations.get(preview_url(calendar)).status_code == 405
    change = operations.get(reverse("admin:cases_businesscalendar_change", args=[calendar.pk]))
    assert preview_url(calendar) in change.content.decode()
    assert year_url(calendar, timezone.localdate().year) in change.content.decode()


@pytest.mark.rule("SLA-8")
def test_a_calendar_that_is_not_made_yet_is_drawn_too(calendar, operations):
    answer = operations.post(preview_url(), typed(year="2028", holiday_country="US"))
    assert len(re.findall(r'<td class="day ', answer.content.decode())) == 366
    assert "Independence Day" in text_of(answer)
    assert preview_url() in operations.get("/admin/cases/businesscalendar/add/").content.decode()


@pytest.mark.rule("SLA-8")
@pytest.mark.parametrize(
    ("form", "words"),
    [
        (typed([]), "A calendar needs opening hours"),
        (typed([(0, "09:00", "17:00"), (0, "16:59", "18:00")]), "Monday: the opening hours over"),
        (typed([(0, "9 o'clock", "17:00")]), "row 1: Opens: Write the time like 09:00."),
        (
            typed([(0, "17:00", "09:00")]),
            "row 1: Closes: The closing time must be after the opening time.",
        ),
        (typed([(0, "22:00", "")]), "row 1: Closes: This field is required."),
        (typed(days=[("10 June", "", "", "")]), "row 1: Date: Enter a valid date."),
        (typed(days=[("2026-06-10", "08:00", "", "")]), "Enter both times, or neither"),
        (
            typed(days=[("2026-06-10", "", "", ""), ("2026-06-10", "08:00", "12:00", "")]),
            "2026-06-10: the day is both closed and open.",
        ),
        (
            typed(
                days=[("2026-06-10", "08:00", "12:00", ""), ("2026-06-10", "11:00", "13:00", "")]
            ),
            "2026-06-10: the opening hours overlap.",
        ),
        (typed(time_zone="Mars/Olympus"), "is not a known time zone"),
        (typed(holiday_country="XX"), "No holidays are known for this country."),
        (typed(year="99999"), "enter a year from 1970 to 2099"),
        (typed(year="²⁰²⁶"), "enter a year from 1970 to 2099"),
        ({}, "ManagementForm data is missing"),
    ],
)
def test_what_cannot_be_drawn_is_told_in_words(calendar, operations, form, words):
    stored = everything_stored()
    answer = operations.post(preview_url(calendar), form)
    assert answer.status_code == 200
    assert words.lower() in text_of(answer).lower()
    assert "<td" not in answer.content.decode()
    assert everything_stored() == stored


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
