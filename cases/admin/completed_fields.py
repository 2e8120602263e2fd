"""Autocomplete fields: a value that no row can have is shown as no value."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest

from .lists import is_key


class KnownChoice(AutocompleteSelect):
    """Django looks up the posted value before it checks that it is a key, and fails."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        model = self.field.remote_field.model
        known = [each for each in value if not each or is_key(model, each)]
        return super().optgroups(name, known, attr)


class CompletedFields:
    """For a ModelAdmin, or the rows on its page: its `autocomplete_fields` are KnownChoices."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        page: Any = self
        if db_field.name in page.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownChoice(db_field, page.admin_site))
        parent: Any = super()
        return parent.formfield_for_foreignkey(db_field, request, **kwargs)
