"""Fields for what people write.

Every text of a person is stored through these, so that the realm's cleaner sees it whichever way
it is saved: save(), bulk_create(), update() with a string, fixtures, and history rows.
"""

import unicodedata
from typing import Any

from django.db import models

from . import realm


class _Cleaned(models.Field):
    """Passes text through `realm.current().clean` before it reaches the database."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            # Write back, so that signals, mails and pages see what was stored.
            value = realm.current().clean(value)
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, str):
            value = realm.current().clean(value)
        return super().get_db_prep_save(value, connection)


class PersonTextField(_Cleaned, models.TextField):
    """A text that a person wrote, of any length."""


class PersonCharField(_Cleaned, models.CharField):
    """A line that a person wrote."""


def folded(text: str) -> str:
    """The text as the search compares it: without differences of case or of writing.

    Folded here and not by the database: SQLite knows the capitals of ASCII alone.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


class FoldedTextField(PersonTextField):
    """A text of a person, stored folded. Fold what `contains` looks for too."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return folded(value) if isinstance(value, str) else value
