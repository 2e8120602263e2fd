"""Autocompletion for the fields of forms and filters in the admin that use it, and no others.

Django itself completes any foreign key of any model whose target has a page.
"""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from unfold.contrib.filters.admin.mixins import AutocompleteMixin


class DeskAutocompleteView(AutocompleteJsonView):
    """Rows of the field's target, for people who may see a page with that field (ACC-7).

    Raises PermissionDenied for any other field.
    """

    def process_request(self, request: HttpRequest) -> Any:
        found = super().process_request(request)
        field = found[2]
        site: Any = self.admin_site
        pages = site._registry.values()
        if not any(
            field.model is model and field.name in names
            for page in pages
            if page.has_view_permission(request)
            for model, names in _completed(page)
        ):
            raise PermissionDenied
        return found


def _completed(page: Any) -> list[tuple[Any, set[str]]]:
    """The fields that a model's pages complete: in the form, its inlines and the filters."""
    own = set(page.autocomplete_fields)
    for each in page.list_filter:
        if isinstance(each, tuple) and issubclass(each[1], AutocompleteMixin):
            own.add(each[0])
    rows = [(inline.model, set(inline.autocomplete_fields)) for inline in page.inlines]
    return [(page.model, own), *rows]
