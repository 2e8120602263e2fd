"""Form fields for what people write: as services take it, with lengths as browsers count them."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models

from .fields import PersonCharField, PersonTextField
from .rules.texts import length, one_line, tidied


class AsLongAsInTheBrowser(MaxLengthValidator):
    """Counts like the `maxlength` of the field."""

    def clean(self, x: Any) -> int:
        return length(x)


class _Written(forms.CharField):
    """Empty if it has no visible character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "strip": False})
        self.validators = [
            AsLongAsInTheBrowser(each.limit_value) if type(each) is MaxLengthValidator else each
            for each in self.validators
        ]

    def to_python(self, value: Any) -> str | None:
        return self.as_stored(super().to_python(value) or "") or self.empty_value

    def as_stored(self, text: str) -> str:
        raise NotImplementedError


class TextField(_Written):
    """A text of any number of lines, as typed."""

    widget = forms.Textarea

    def as_stored(self, text: str) -> str:
        return tidied(text)


class LineField(_Written):
    """A name or another text of one line."""

    def as_stored(self, text: str) -> str:
        return one_line(text)


#: Which of them the admin uses for a model's field.
_OF_MODELS: dict[type[models.Field], type[_Written]] = {
    models.CharField: LineField,
    PersonCharField: LineField,
    models.TextField: TextField,
    PersonTextField: TextField,
}


def options_of(field: models.Field) -> dict[str, Any]:
    """The options of the admin's form field for this one, besides Django's own."""
    form_class = None if field.choices else _OF_MODELS.get(type(field))
    return {"form_class": form_class} if form_class else {}
