"""Business calendars (SLA-8): the working time of a customer.

The arithmetic is in `cases/rules/business_time.py`; here are only the rows it is built from.
"""

import datetime as dt
import uuid
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import holidays
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from holidays.registry import COUNTRIES

from ..rules.business_time import Calendar, PlainInterval
from .history import history

END_OF_DAY = 24 * 60


def validate_time_zone(name: str) -> None:
    """Refuses a name that is not an IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a known time zone, such as “America/New_York”.")


class BusinessCalendar(models.Model):
    """A time zone, opening hours by weekday, public holidays, and exceptional days."""

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    holiday_country = models.CharField(
        max_length=2, blank=True, help_text="ISO code, such as US. Empty: no public holidays."
    )
    holiday_subdivision = models.CharField(
        max_length=10, blank=True, help_text="Such as CA for California, BY for Bavaria."
    )

    #: It changes with each change of the calendar, its hours or its days: results from an older
    #: revision, in any process, are no longer used. It has no meaning to readers, so it is kept out
    #: of the history, and may be written by update().
    revision = models.UUIDField(default=uuid.uuid4, editable=False)

    history = history(excluded_fields=["revision"])

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(holiday_country="") | Q(holiday_subdivision=""),
                name="calendar_subdivision_needs_country",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if not self.holiday_country:
            return
        known = holidays.list_supported_countries()
        if self.holiday_country not in known:
            raise ValidationError({"holiday_country": "No holidays are known for this country."})
        if self.holiday_subdivision and (
            self.holiday_subdivision not in known[self.holiday_country]
        ):
            raise ValidationError(
                {"holiday_subdivision": "This is not a known subdivision of the country."}
            )

    @property
    def holidays_in_words(self) -> str:
        """Whose public holidays it has, such as "Germany, Berlin"; empty where it has none."""
        return place_in_words(self.holiday_country, self.holiday_subdivision)

    def as_rule(self) -> Calendar:
        """The calendar in the form of `rules.business_time`, with the holidays of nearby years.

        Kept in the process until the calendar's revision changes; then two queries. Raises
        ValueError if the rows never open.
        """
        key = (self.pk, self.revision, timezone.now().year)
        rule = _rules.get(key)
        if rule is None:
            rule = _build(self, key[2])
            while len(_rules) >= _RULES_KEPT:
                _rules.pop(next(iter(_rules)), None)
            _rules[key] = rule
        return rule


class OpeningHours(models.Model):
    """One interval in which the calendar is open, on one weekday, in minutes of the day."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0
        TUESDAY = 1
        WEDNESDAY = 2
        THURSDAY = 3
        FRIDAY = 4
        SATURDAY = 5
        SUNDAY = 6

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.PositiveSmallIntegerField(
        help_text="Minutes after midnight: 540 is 09:00.",
        validators=[MaxValueValidator(END_OF_DAY - 1)],
    )
    closes = models.PositiveSmallIntegerField(
        help_text="Minutes after midnight: 1440 is the end of the day.",
        validators=[MaxValueValidator(END_OF_DAY)],
    )

    history = history()

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = "opening hours"
        verbose_name_plural = "opening hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, opens__lt=F("closes"), closes__lte=END_OF_DAY),
                name="opening_hours_in_order",
            ),
            models.UniqueConstraint(
                fields=["calendar", "weekday", "opens"], name="opening_hours_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock(self.opens)} to {clock(self.closes)}"


class CalendarDay(models.Model):
    """A date that differs from its weekday: closed, or with its own opening hours."""

    calendar = models.ForeignKey(BusinessCalendar, models.CASCADE, related_name="days")
    date = models.DateField()
    opens = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Empty: closed all day."
    )
    closes = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True)

    history = history()

    class Meta:
        ordering = ["date", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens=None, closes=None)
                # Both are named as not null: a comparison with null is unknown, and passes.
                | Q(
                    opens__isnull=False,
                    closes__isnull=False,
                    opens__lt=F("closes"),
                    closes__lte=END_OF_DAY,
                ),
                name="calendar_day_in_order",
            ),
            models.UniqueConstraint(
                fields=["calendar", "date", "opens"], name="calendar_day_interval_once"
            ),
            models.UniqueConstraint(
                fields=["calendar", "date"],
                condition=Q(opens=None),
                name="calendar_day_closed_once",
            ),
        ]

    def __str__(self) -> str:
        hours = "closed" if self.opens is None else f"{clock(self.opens)} to {clock(self.closes)}"
        return f"{self.date:%Y-%m-%d}: {hours}"


def clock(minutes: int | None) -> str:
    """Minutes of the day as people write them; 1440 is 24:00."""
    if minutes is None:
        return ""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def wall_times(minutes: int) -> tuple[int, int]:
    """Minutes of the day as the (hour, minute) pair of `rules.business_time`."""
    return divmod(minutes, 60)


def years_around(year: int) -> range:
    """The years whose holidays a clock of today can reach, with ample margin."""
    return range(year - 12, year + 13)


def place_in_words(country: str, subdivision: str) -> str:
    """The names of the country and its subdivision; its code where `holidays` has no name."""
    if not country:
        return ""
    modules = (module for module, codes in COUNTRIES.items() if codes[1] == country)
    name = next(modules, country).replace("_", " ")
    if not subdivision:
        return name.title()
    aliases = holidays.country_holidays(country).subdivisions_aliases
    names = {code: alias for alias, code in aliases.items()}
    return f"{name.title()}, {names.get(subdivision, subdivision)}"


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> dict[dt.date, str]:
    """The public holidays of these years by date; none without a country."""
    if not country:
        return {}
    return dict(holidays.country_holidays(country, subdiv=subdivision or None, years=years))


def check_opens(
    *,
    time_zone: str,
    hours: Iterable[tuple[int, int, int]],
    days: Iterable[tuple[dt.date, int | None, int | None]] = (),
) -> None:
    """Raises ValidationError if a calendar of these rows never opens, or a row is not an interval.

    `hours` are (weekday, opens, closes), `days` (date, opens, closes) as in the models. For the
    forms that save a calendar with its rows: no constraint of the database can see them all.
    """
    try:
        Calendar.from_plain(tz=time_zone, week=_week(hours), overrides=_overrides(days))
    except ValueError as error:
        raise ValidationError(
            f"This calendar cannot be used: {error} Give it opening hours on one weekday at least."
        ) from error


def _week(rows: Iterable[tuple[int, int, int]]) -> Mapping[int, list[PlainInterval]]:
    week: defaultdict[int, list[PlainInterval]] = defaultdict(list)
    for weekday, opens, closes in rows:
        week[weekday].append((wall_times(opens), wall_times(closes)))
    return week


def _overrides(
    rows: Iterable[tuple[dt.date, int | None, int | None]],
) -> Mapping[dt.date, list[PlainInterval]]:
    overrides: defaultdict[dt.date, list[PlainInterval]] = defaultdict(list)
    for date, opens, closes in rows:
        intervals = overrides[date]
        if opens is not None and closes is not None:
            intervals.append((wall_times(opens), wall_times(closes)))
    return overrides


# --- Rules by revision and year. A revision is never used twice, not even after a rollback, so
# --- an entry here is never wrong, only unused.

_rules: dict[tuple[int, uuid.UUID, int], Calendar] = {}
_RULES_KEPT = 500


def _build(calendar: BusinessCalendar, year: int) -> Calendar:
    return Calendar.from_plain(
        tz=calendar.time_zone,
        week=_week(calendar.opening_hours.values_list("weekday", "opens", "closes")),
        holidays=public_holidays(
            calendar.holiday_country, calendar.holiday_subdivision, years_around(year)
        ).keys(),
        overrides=_overrides(calendar.days.values_list("date", "opens", "closes")),
    )


@receiver([post_save, post_delete], sender=BusinessCalendar)
@receiver([post_save, post_delete], sender=OpeningHours)
@receiver([post_save, post_delete], sender=CalendarDay)
def _new_revision(
    sender: type[models.Model],
    instance: BusinessCalendar | OpeningHours | CalendarDay,
    **kwargs: Any,
) -> None:
    """A changed calendar has another revision, in the row and in this instance."""
    revision = uuid.uuid4()
    loaded: BusinessCalendar | None
    if isinstance(instance, BusinessCalendar):
        pk, loaded = instance.pk, instance
    else:
        pk, loaded = instance.calendar_id, instance._state.fields_cache.get("calendar")
    BusinessCalendar.objects.filter(pk=pk).update(revision=revision)
    if loaded is not None:
        loaded.revision = revision
