"""What holds for every request."""

import zoneinfo
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.cache import patch_cache_control

from cases import gates
from cases.actors import staff_gate
from fedramp import oidc_session
from supportdesk.sign_in import adapter, mfa

NUL = "\x00"
#: What a server tells of a request besides its headers, and a query may hold.
PLAIN = ("REMOTE_ADDR", "REMOTE_USER", "REQUEST_METHOD", "CONTENT_TYPE", "SERVER_NAME")

GetResponse = Callable[[HttpRequest], HttpResponse]


class NoNulMiddleware:
    """A NUL in an address, a parameter, a header or a cookie is a bad request.

    No browser sends one, and PostgreSQL takes none: each query that met it was a server error.
    What is typed into a form may hold one; that is an error of its field, and keeps the words.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(NUL in each for each in _all_but_the_body(request)):
            raise BadRequest("A NUL in the request.")
        return self.get_response(request)


def _all_but_the_body(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    for name, values in request.GET.lists():
        yield from (name, *values)
    for name, value in request.COOKIES.items():  # a quoted one may name it by its number
        yield from (name, value)
    for name, value in request.META.items():
        if name.startswith("HTTP_") or name in PLAIN:
            yield str(value)


class ReaderTimeZoneMiddleware:
    """Times on a page are in the reader's zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            timezone.deactivate()
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            return self.get_response(request)


class KeptByNobodyMiddleware:
    """No browser and no proxy keeps what a person who is signed in was answered.

    On a shared computer "back" after the sign-out must not show a case again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = request.user.is_authenticated
        response = self.get_response(request)
        if before or request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response


class DenyByDefaultMiddleware:
    """A view that does not state who may see it is an error, never a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not gates.is_stated(view):
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} states no access.")
        return None


class StaffGateMiddleware:
    """Staff whom the realm does not admit any more are out at the next click (FED-6).

    Before anything else looks at the request: no page, file or account form of the realm opens.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.is_staff and not staff_gate().admits(user):
            return adapter.not_admitted(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Where the settings require it, nobody enters anything before a second factor is set up; and
    where that must be a security key, not before this session has proved one (IA-2).

    A contact who signed in by the provider has the provider's (IA-8), and sets up none here: it
    could only be a weaker way in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if not user.is_staff and oidc_session.was_used(request):
            if request.path.startswith("/accounts/2fa/"):
                raise Http404
            return self.get_response(request)
        if page := mfa.page_first(request, user):
            return HttpResponseRedirect(page)
        return self.get_response(request)
