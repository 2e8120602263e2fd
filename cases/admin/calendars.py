"""Business calendars (SLA-8): opening hours by weekday, and days that differ."""

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from cases.models import BusinessCalendar, CalendarDay, OpeningHours
from cases.models.calendars import clock

from . import calendar_year
from .base import DeskTabularInline
from .recomputing import RecomputingAdmin


class ClockField(forms.Field):
    """A time of day as people write it ("09:00", "24:00"), kept as minutes after midnight."""

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
            raise ValidationError("Write the time as 09:00.")
        if (total := int(hours) * 60 + int(minutes)) > 24 * 60:
            raise ValidationError("A day ends at 24:00.")
        return total

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != (data or "").strip())


class HoursForm(forms.ModelForm):
    opens = ClockField()
    closes = ClockField()

    class Meta:
        model = OpeningHours
        fields = ("weekday", "opens", "closes")


class DayForm(forms.ModelForm):
    opens = ClockField(required=False)
    closes = ClockField(required=False)

    class Meta:
        model = CalendarDay
        fields = ("date", "opens", "closes", "reason")


class HoursFormSet(BaseInlineFormSet):
    """A calendar that never opens would make every deadline infinite; overlaps count twice."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data]
        kept = [row for row in rows if not row.get("DELETE")]
        if not kept:
            raise ValidationError("A calendar needs at least one opening: add opening hours.")
        by_time = sorted((row["weekday"], row["opens"], row["closes"]) for row in kept)
        for (day, _, closes), (next_day, opens, _) in pairwise(by_time):
            if day == next_day and opens < closes:
                name = OpeningHours.Weekday(day).label
                raise ValidationError(f"{name}: the opening hours overlap.")


class OpeningHoursInline(DeskTabularInline):
    model = OpeningHours
    form = HoursForm
    formset = HoursFormSet
    verbose_name = "opening"


class CalendarDayInline(DeskTabularInline):
    model = CalendarDay
    form = DayForm
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
    change_form_outer_before_template = "admin/cases/businesscalendar/_preview.html"

    def get_urls(self) -> list[URLPattern]:
        def year_of(request: HttpRequest, pk: int, year: int) -> HttpResponse:
            if not self.has_view_permission(request):
                raise PermissionDenied
            return calendar_year.show(self, request, pk, year)

        view = self.admin_site.admin_view(year_of)
        view.model_admin = self
        route = path("<int:pk>/year/<int:year>/", view, name="cases_businesscalendar_year")
        return [route, *super().get_urls()]

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
        return " ".join([calendar.holiday_country, calendar.holiday_subdivision]).strip() or "none"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
