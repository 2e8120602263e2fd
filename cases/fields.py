"""Fields for what people write.

Every text of a person is stored through these, so that the realm's scrubber sees it however it is
saved: save(), bulk_create(), update() with a string, fixtures, and history rows. Expressions are
refused, since the scrubber cannot see a text that the database composes. Writes that bypass Django
(raw SQL, COPY) meet the triggers of `fedramp/scrubbing/triggers.py`.
"""

from typing import Any

from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Cast

from . import realm
from .rules.search import folded


class ScrubbedText(str):
    """A text that passed the realm's scrubber or was read from the database: not scrubbed again.

    Anything made from it (`+`, a slice, `replace`) is a plain str, and is scrubbed.
    """

    __slots__ = ()


class NoExpression(TypeError):
    """A text was to be stored as an expression, which no scrubber can read. Store the text."""


class _ScrubbedField(models.Field):
    """Passes text through `realm.current().scrub` before it reaches the database."""

    def scrubbed(self, value: str, about: models.Model | None = None) -> ScrubbedText:
        """The text as this field stores it; `about` is the object whose text it is."""
        if isinstance(value, ScrubbedText):
            return value
        return ScrubbedText(fitting(realm.current().scrub(value, about=about), self.max_length))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return ScrubbedText(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if hasattr(value, "resolve_expression"):
            raise NoExpression(f"{self.name} stores a text, not an expression.")
        if isinstance(value, str):
            # Write it back, so that signals, mails and pages see what was stored.
            value = self.scrubbed(value, model_instance)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, str):
            value = str(self.scrubbed(value))
        return super().get_db_prep_save(value, connection)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Called for each value of an UPDATE: the place where an expression can be detected."""
        if hasattr(value, "resolve_expression") and not _is_of_bulk_update(value):
            raise NoExpression(f"{self.name} stores a text, not an expression.")
        return "%s"


def _is_of_bulk_update(expression: Any) -> bool:
    """Whether every text in it is a plain value of a field like these, which scrubs it."""
    if isinstance(expression, Value):
        return expression.value is None or isinstance(
            getattr(expression, "_output_field_or_none", None), _ScrubbedField
        )
    if isinstance(expression, Cast | When | Case):
        parts = expression.get_source_expressions()
        texts = parts[1:] if isinstance(expression, When) else parts
        return all(_is_of_bulk_update(part) for part in texts if part is not None)
    return False


def fitting(text: str, most: int | None) -> str:
    """The text, cut to the column's length if placeholders made it longer; keeps them whole."""
    if most is None or len(text) <= most:
        return text
    cut = text[:most]
    return cut[: cut.rfind("[")] if cut.rfind("[") > cut.rfind("]") else cut


def is_scrubbed(field: Any) -> bool:
    """Whether this field passes what it stores through the realm's scrubber."""
    return isinstance(field, _ScrubbedField)


def scrub_texts(instance: models.Model) -> None:
    """Give every text of the object its stored form, before anything is made from it."""
    for field in instance._meta.concrete_fields:
        value = instance.__dict__.get(field.attname)
        if isinstance(field, _ScrubbedField) and isinstance(value, str):
            setattr(instance, field.attname, field.scrubbed(value, instance))


class PersonTextField(_ScrubbedField, models.TextField):
    """A text that a person wrote, of any length."""


class PersonCharField(_ScrubbedField, models.CharField):
    """A line that a person wrote."""


class FoldedTextField(PersonTextField):
    """A text of a person, stored folded. Fold the search text of `contains` too."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return folded(value) if isinstance(value, str) else value
