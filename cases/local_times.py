"""A time that a person types, in the reader's zone, even in the hour that occurs twice."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime

_WRITTEN = "%Y-%m-%dT%H:%M"
_WITH_OFFSET = "%Y-%m-%d %H:%M %z"
TWICE = (
    "This hour occurs twice, since the clocks go back. Write {first} for the first, and {second} "
    "for the second."
)
NEVER = "This time does not exist, since the clocks go forward. The next valid time is {then}."


def in_full(at: dt.datetime | None) -> str:
    """A time in a sentence or a mail, such as "Tuesday, 3 March 2026, 14:05 EST"."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local:%A}, {local.day} {local:%B %Y, %H:%M} {local.tzname()}"


def _in_zone(naive: dt.datetime, fold: int) -> dt.datetime:
    return naive.replace(tzinfo=timezone.get_current_timezone(), fold=fold)


def _comes_twice(naive: dt.datetime) -> bool:
    """The second has the smaller offset; for a time that does not exist it is the opposite."""
    first, second = (_in_zone(naive, fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def _exists(naive: dt.datetime) -> bool:
    back = _in_zone(naive, 0).astimezone(dt.UTC).astimezone(timezone.get_current_timezone())
    return back.replace(tzinfo=None, fold=0) == naive.replace(fold=0)


def _parsed(text: str) -> dt.datetime | None:
    try:
        return parse_datetime(text.strip().replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        return None


class MomentInput(forms.DateTimeInput):
    """The browser's own control; in the hour that occurs twice, a line of text with the offset,
    since no browser's control can distinguish the two."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format=_WRITTEN)

    def format_value(self, value: Any) -> Any:
        if isinstance(value, dt.datetime) and value.tzinfo:
            local = value.replace(tzinfo=None, fold=0)
            return value.strftime(_WITH_OFFSET if _comes_twice(local) else _WRITTEN)
        return super().format_value(value)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = _parsed(str(context["widget"]["value"] or ""))
        if shown and (shown.tzinfo or _comes_twice(shown)):
            context["widget"]["type"] = "text"
        return context


class MomentField(forms.DateTimeField):
    """Reads back a filled-in value as the exact minute it was; an ambiguous time is an error."""

    widget = MomentInput

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dt.datetime) and value.tzinfo:
            return timezone.localtime(value)
        return value

    def to_python(self, value: Any) -> dt.datetime | None:
        text = str(value or "").strip()
        naive = _parsed(text)
        if naive is None:
            return super().to_python(value)
        try:
            if naive.tzinfo:
                return naive.astimezone(dt.UTC)
            twice, exists = _comes_twice(naive), _exists(naive)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if twice:
            first, second = (_in_zone(naive, fold).strftime(_WITH_OFFSET) for fold in (0, 1))
            raise forms.ValidationError(TWICE.format(first=first, second=second), code="twice")
        if not exists:
            then = _in_zone(naive, 0).astimezone(dt.UTC)
            raise forms.ValidationError(
                NEVER.format(then=f"{timezone.localtime(then):%H:%M}"), code="never"
            )
        return super().to_python(value)
