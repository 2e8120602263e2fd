"""The lookups that an address may ask of a list: its own filters, and nothing else.

Django answers any lookup on any column of the list's model. A reader of the list could then
compare columns that no page shows: a password's hash, a link in a waiting mail, a PIN."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from unfold.views import ChangeList

#: The most values of one filter in an address; the page itself uses one.
MOST_VALUES = 20


class DeskChangeList(ChangeList):
    """A list that answers only the filters it declares (ACC-7).

    A lookup that no filter of the list takes is refused with 400; a value that no row can have
    leads to the plain list. An address can sort only by sortable columns.
    """

    #: Parameters of an address that are not filters, such as the queue.
    own_parameters: tuple[str, ...] = ()

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        return {name: found[name] for name in found if name not in self.own_parameters}

    def get_filters(self, request: HttpRequest) -> Any:
        answer = super().get_filters(request)
        specs, undeclared = answer[0], answer[2]
        if undeclared:  # it may be something a person typed, and is not repeated
            raise DisallowedModelAdminLookup(f"No such filter of {self.opts.label}.")
        for spec in specs:
            check_values(spec)
        return answer

    def get_ordering(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> list[Any]:
        if typed := self.params.get(ORDER_VAR):
            self.params[ORDER_VAR] = ".".join(self._sortable(typed))
        ordering: list[Any] = super().get_ordering(request, queryset)
        return ordering

    def _sortable(self, typed: str) -> list[str]:
        """The named columns that may be sorted by, each once."""
        kept: dict[int, str] = {}
        for each in typed.split("."):
            number = each.removeprefix("-")
            if not (number.isascii() and number.isdigit() and len(number) <= 3):
                continue
            named = self.list_display[int(number) : int(number) + 1]
            if named and named[0] in self.sortable_by:
                kept.setdefault(int(number), each)
        return list(kept.values())


def is_key(model: type[models.Model], typed: str) -> bool:
    """Whether a row of the model can have this key."""
    try:
        _check(model._meta.pk, typed)
    except IncorrectLookupParameters:
        return False
    return True


def check_values(spec: Any) -> None:
    """Each value of a filter must fit its column; otherwise the plain list is shown."""
    field: Any = getattr(spec, "field", None)
    for name, typed in spec.used_parameters.items():
        if name.endswith(("__isnull", "__isempty")):
            continue  # yes or no, whatever the column holds
        values = typed if isinstance(typed, list | tuple) else [typed]
        if len(values) > MOST_VALUES:
            raise IncorrectLookupParameters
        for value in values:
            if field is not None:
                _check(getattr(field, "target_field", field), value)


def _check(field: Any, value: Any) -> None:
    try:
        held = field.to_python(value)
        field.run_validators(held)
        if isinstance(held, dt.datetime):
            held.astimezone(dt.UTC)
    except (ValidationError, ValueError, OverflowError) as error:
        raise IncorrectLookupParameters from error


_SESSION_KEY = "lists"
#: No list makes a longer address.
_LONGEST = 2_000


def list_address(request: HttpRequest, model: type[models.Model]) -> str:
    """The address of the model's list as this browser last left it for a page of the model, or
    empty."""
    meta = model._meta
    own = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    kept: dict[str, str] = request.session.get(_SESSION_KEY, {})
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc == request.get_host() and before.path == own:
        address = f"{own}?{before.query}" if before.query else own
        if len(address) <= _LONGEST and kept.get(meta.label) != address:
            request.session[_SESSION_KEY] = {**kept, meta.label: address}
        return address
    return kept.get(meta.label, "")
