"""The answer while something that the desk depends on is busy, away or full.

The same for every page of portal and admin: a page that was only read tries again by itself; a form
comes back with every word in it, and one button sends it again. None of this needs the database. A
form that carries a secret is not shown again.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.middleware.csrf import CsrfViewMiddleware
from django.template import loader
from django.utils.cache import patch_cache_control

from cases.faults import Fault, fault_of

#: Seconds until a page tries again.
RETRY_SECONDS = 5
STATUS = {Fault.LOCKED: 409, Fault.SLOW: 503, Fault.AWAY: 503, Fault.FULL: 507, Fault.STORAGE: 503}
WHAT_TO_DO = {
    Fault.LOCKED: "This usually takes only a moment.",
    Fault.SLOW: "The desk is very busy. This usually takes less than a minute.",
    Fault.AWAY: "The desk is being restarted. This usually takes less than a minute.",
    Fault.FULL: "There is no storage left on our side, and our operators need to free some. You "
    "may still be able to send text without files.",
    Fault.STORAGE: "We cannot take files at the moment. You may still be able to send text "
    "without files.",
}
READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
_SECRET = re.compile(r"passw|pin\b|code|secret|credential|_key", re.IGNORECASE)
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of the field
#: Fields of a form that nobody typed.
_HIDDEN = {_TOKEN, "kept_for"}


@dataclass(frozen=True)
class Field:
    """One value of the submitted form."""

    name: str
    value: str

    @property
    def is_text(self) -> bool:
        """Whether a person typed these words and may want to see them."""
        return self.name not in _HIDDEN and any(each.isspace() for each in self.value)

    @property
    def label(self) -> str:
        return self.name.replace("-", " ").replace("_", " ").strip().capitalize()


class BusyMiddleware:
    """If a view meets such a fault, answers with the fault's page instead of a server error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        fault = fault_of(exception)
        return answer(request, fault) if fault else None


def answer(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The page, or one line for a script. Logs one line too: the reason and the address."""
    status = STATUS[fault]
    again = request.method in READING
    if "X-Upload" in request.headers or "HX-Request" in request.headers:
        # The page that sent the request is still open, with everything that was typed and chosen.
        response = HttpResponse(f"{fault.value}.\n", content_type="text/plain")
    else:
        fields = [] if again else _sent(request)
        context = {
            "fault": fault.value,
            "what_to_do": WHAT_TO_DO[fault],
            "retry_seconds": RETRY_SECONDS if again else None,
            "address": request.get_full_path(),
            "fields": fields,
            "files": sorted(request.FILES) if fields else [],
        }
        response = HttpResponse(loader.render_to_string("busy.html", context))
    response.status_code, response.reason_phrase = status, fault.value
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _sent(request: HttpRequest) -> list[Field]:
    """The typed fields, to be sent again; none for a secret or for another site's form."""
    try:
        posted = request.POST
    except (OSError, UnreadablePostError, RawPostDataException, SuspiciousOperation):
        return []
    if request.path.startswith("/accounts/") or not _is_our_form(request):
        return []
    if any(_SECRET.search(name) for name in posted):
        return []
    return [Field(name, value) for name, values in posted.lists() for value in values]


class _Checked(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return HttpResponse(status=403)


def _is_our_form(request: HttpRequest) -> bool:
    """Whether the form carries its token: the fault may have come before the CSRF check."""
    check = _Checked(lambda request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, answer, (), {}) is None


def server_error(request: HttpRequest) -> HttpResponse:
    """500; but an error in the middleware, before any view, may be such a fault too."""
    fault = fault_of(sys.exc_info()[1])
    if fault:
        return answer(request, fault)
    return HttpResponse(loader.render_to_string("500.html"), status=500)
