"""Business calendars (SLA-8): opening hours by weekday, and exceptional days."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from cases.models import BusinessCalendar, CalendarDay, OpeningHours
from cases.models.calendars import clock

from . import calendar_year
from .base import DeskTabularInline
from .recalculations import RecomputingAdmin


class ClockField(forms.Field):
    """A time of day as people write it ("09:00", "24:00"), stored as minutes after midnight."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextInputWidget({"placeholder": "09:00", "maxlength": "5"})
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        hours, colon, minutes = text.partition(":")
        if not (colon and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
            raise ValidationError("Write the time like 09:00.")
        if (total := int(hours) * 60 + int(minutes)) > 24 * 60:
            raise ValidationError("A day ends at 24:00.")
        return total

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != (data or "").strip())


class HoursForm(forms.ModelForm):
    opens = ClockField()
    closes = ClockField()

    def clean(self) -> dict[str, Any]:
        super().clean()
        opens, closes = self.cleaned_data.get("opens"), self.cleaned_data.get("closes")
        if opens is not None and closes is not None and closes <= opens:
            self.add_error(
                "closes",
                "The closing time must be after the opening time. For hours past midnight, use "
                "two rows: one until 24:00, and one for the next day from 00:00.",
            )
        return self.cleaned_data

    class Meta:
        model = OpeningHours
        fields = ("weekday", "opens", "closes")


class DayForm(HoursForm):
    opens = ClockField(required=False)
    closes = ClockField(required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        opens, closes = (self.cleaned_data.get(name) for name in ("opens", "closes"))
        if (opens is None) != (closes is None) and not self.errors:
            missing = "opens" if opens is None else "closes"
            self.add_error(missing, "Enter both times, or neither for a day that is closed.")
        return self.cleaned_data

    class Meta:
        model = CalendarDay
        fields = ("date", "opens", "closes", "reason")


class HoursFormSet(BaseInlineFormSet):
    """Refuses a calendar that never opens (every deadline would be infinite), and overlaps."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = _kept(self)
        if not kept:
            raise ValidationError("A calendar needs opening hours: add at least one row.")
        by_time = sorted((row["weekday"], row["opens"], row["closes"]) for row in kept)
        if (day := _overlapping(by_time)) is not None:
            name = OpeningHours.Weekday(day).label
            raise ValidationError(f"{name}: the opening hours overlap.")


class DaysFormSet(BaseInlineFormSet):
    """A date is either closed or open, and no hour of it is counted twice."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = _kept(self)
        closed = {row["date"] for row in kept if row["opens"] is None}
        opened = sorted(
            (row["date"], row["opens"], row["closes"]) for row in kept if row["opens"] is not None
        )
        if both := sorted(closed & {date for date, _, _ in opened}):
            raise ValidationError(f"{both[0]:%Y-%m-%d}: the day is both closed and open.")
        if (day := _overlapping(opened)) is not None:
            raise ValidationError(f"{day:%Y-%m-%d}: the opening hours overlap.")


def _kept(formset: BaseInlineFormSet) -> list[dict[str, Any]]:
    """The values of the rows that are not deleted."""
    rows = [form.cleaned_data for form in formset.forms if form.cleaned_data]
    return [row for row in rows if not row.get("DELETE")]


def _overlapping(intervals: list[tuple[Any, int, int]]) -> Any:
    """The first day with two overlapping intervals, or None. The intervals are in order."""
    for (day, _, closes), (next_day, opens, _) in pairwise(intervals):
        if day == next_day and opens < closes:
            return day
    return None


class OpeningHoursInline(DeskTabularInline):
    model = OpeningHours
    form = HoursForm
    formset = HoursFormSet
    verbose_name = "opening"


class CalendarDayInline(DeskTabularInline):
    model = CalendarDay
    form = DayForm
    formset = DaysFormSet
    verbose_name = "day that differs"
    verbose_name_plural = "days that differ: closed, or open at hours of their own"


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(RecomputingAdmin):
    list_display = ("name", "time_zone", "holidays")
    search_fields = ("name",)
    ordering = ("name", "id")
    inlines = (OpeningHoursInline, CalendarDayInline)
    history_with = ((OpeningHours, "calendar"), (CalendarDay, "calendar"))
    fields = ("name", "time_zone", ("holiday_country", "holiday_subdivision"))

    def get_urls(self) -> list[URLPattern]:
        def year_of(request: HttpRequest, pk: int, year: int) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return calendar_year.show(self, request, pk, year)

        def preview(request: HttpRequest, pk: int | None = None) -> HttpResponse:
            calendar = get_object_or_404(BusinessCalendar, pk=pk) if pk else None
            if calendar and not self.has_change_permission(request, calendar):
                raise PermissionDenied
            if calendar is None and not self.has_add_permission(request):
                raise PermissionDenied
            return calendar_year.preview(self, request, calendar)

        def route(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            guarded = self.admin_site.admin_view(view)
            guarded.model_admin = self
            return path(address, guarded, name=f"cases_businesscalendar_{name}")

        return [
            route("<int:pk>/year/<int:year>/", year_of, "year"),
            route("<int:pk>/preview/", preview, "preview"),
            route("add/preview/", preview, "preview_new"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"this_year": timezone.localdate().year, **(extra_context or {})}
        return super().add_view(request, form_url, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"this_year": timezone.localdate().year, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description="Public holidays")
    def holidays(self, calendar: BusinessCalendar) -> str:
        return calendar.holidays_in_words or "none"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
