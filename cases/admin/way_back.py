"""From which list somebody came to a page, so that its way back leads there, filters and all."""

from urllib.parse import urlsplit

from django.db import models
from django.http import HttpRequest
from django.urls import reverse

_SESSION_KEY = "lists"
#: A longer address is not one that a list makes.
_LONGEST = 2_000


def list_address(request: HttpRequest, model: type[models.Model]) -> str:
    """The address of the model's list as this browser last left it for a page of the model; empty
    where it came from no list."""
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
