"""The rows of a business calendar, and the rule built from them (SLA-8)."""

import datetime as dt
import zoneinfo

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import BusinessCalendar, CalendarDay, OpeningHours
from cases.models.calendars import check_opens, public_holidays
from cases.rules.business_time import between
from tests.world import organization

pytestmark = [pytest.mark.django_db, pytest.mark.rule("SLA-8")]

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def calendar() -> BusinessCalendar:
    """Weekdays from 9 to 17 in New York, with the holidays of the US."""
    return organization("acme").calendar


def open_hours(calendar: BusinessCalendar, day: dt.date) -> float:
    midnight = dt.datetime.combine(day, dt.time(), NEW_YORK)
    return between(calendar.as_rule(), midnight, midnight + dt.timedelta(hours=24)) / HOUR


def as_others_see_it(calendar: BusinessCalendar) -> BusinessCalendar:
    return BusinessCalendar.objects.get(pk=calendar.pk)


def test_the_rule_has_the_weeks_hours_and_the_public_holidays(calendar):
    assert open_hours(calendar, dt.date(2026, 7, 2)) == 8
    assert open_hours(calendar, dt.date(2026, 7, 3)) == 0  # Independence Day, observed
    assert open_hours(calendar, dt.date(2026, 7, 4)) == 0


def test_a_region_has_holidays_of_its_own():
    bavaria = public_holidays("DE", "BY", [2026])
    assert dt.date(2026, 1, 6) in bavaria
    assert dt.date(2026, 1, 6) not in public_holidays("DE", "BE", [2026])
    assert public_holidays("", "", [2026]) == {}


def test_a_day_of_its_own_beats_the_holiday(calendar):
    CalendarDay.objects.create(calendar=calendar, date=dt.date(2026, 7, 3), opens=600, closes=720)
    CalendarDay.objects.create(calendar=calendar, date=dt.date(2026, 7, 7))
    assert open_hours(calendar, dt.date(2026, 7, 3)) == 2
    assert open_hours(calendar, dt.date(2026, 7, 7)) == 0


def test_a_rule_is_kept_and_costs_no_query(calendar, django_assert_num_queries):
    with django_assert_num_queries(2):
        rule = calendar.as_rule()
    again = as_others_see_it(calendar)
    with django_assert_num_queries(0):
        assert again.as_rule() is rule


TUESDAY = dt.date(2026, 3, 3)


def edit_hours(calendar):
    OpeningHours.objects.filter(calendar=calendar, weekday=1).get().delete()


def edit_one_interval(calendar):
    hours = OpeningHours.objects.get(calendar=calendar, weekday=1)
    hours.closes = 9 * 60 + 30
    hours.save(update_fields=["closes"])


def add_a_day(calendar):
    CalendarDay.objects.create(calendar=calendar, date=TUESDAY)


def move_the_zone(calendar):
    row = as_others_see_it(calendar)
    row.time_zone = "Asia/Tokyo"
    row.save(update_fields=["time_zone"])


def delete_in_bulk(calendar):
    OpeningHours.objects.filter(calendar=calendar, weekday=1).delete()


@pytest.mark.parametrize(
    "edit", [edit_hours, edit_one_interval, add_a_day, move_the_zone, delete_in_bulk]
)
def test_an_edit_is_noticed_by_who_loads_the_calendar_next(calendar, edit):
    before = calendar.as_rule()
    assert open_hours(calendar, TUESDAY) == 8
    edit(calendar)
    later = as_others_see_it(calendar)
    assert later.as_rule() is not before
    assert later.as_rule() != before


def test_the_instance_at_hand_knows_its_own_edit(calendar):
    calendar.as_rule()
    OpeningHours.objects.create(calendar=calendar, weekday=5, opens=600, closes=660)
    assert open_hours(calendar, dt.date(2026, 3, 7)) == 1


def test_what_was_rolled_back_is_not_remembered(calendar):
    with transaction.atomic():
        CalendarDay.objects.create(calendar=calendar, date=TUESDAY)
        assert open_hours(calendar, TUESDAY) == 0
        transaction.set_rollback(True)
    assert open_hours(as_others_see_it(calendar), TUESDAY) == 8


def test_a_revision_is_no_history(calendar):
    before = calendar.history.count()
    CalendarDay.objects.create(calendar=calendar, date=TUESDAY)
    assert calendar.history.count() == before


def test_two_calendars_are_never_mixed_up(calendar):
    """Rows that were there before the column came share one revision."""
    other = BusinessCalendar.objects.create(name="Tokyo", time_zone="Asia/Tokyo")
    OpeningHours.objects.create(calendar=other, weekday=0, opens=540, closes=600)
    other.revision = calendar.revision
    assert calendar.as_rule().tz == "America/New_York"
    assert other.as_rule().tz == "Asia/Tokyo"


def test_a_calendar_that_never_opens_is_refused():
    closed = [(dt.date(2026, 7, 3), None, None)]
    check_opens(time_zone="UTC", hours=[(0, 540, 1020)], days=closed)
    check_opens(time_zone="UTC", hours=[(0, 0, 1440)])
    for hours, days in [([], []), ([], closed), ([(0, 1020, 540)], [])]:
        with pytest.raises(ValidationError, match="opening hours"):
            check_opens(time_zone="UTC", hours=hours, days=days)
    with pytest.raises(ValidationError):
        check_opens(time_zone="Nowhere", hours=[(0, 540, 1020)])


def test_a_calendar_without_rows_gives_no_rule():
    empty = BusinessCalendar.objects.create(name="Empty", time_zone="UTC")
    with pytest.raises(ValueError, match="never opens"):
        empty.as_rule()
