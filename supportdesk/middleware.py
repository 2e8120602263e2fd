"""Rules for every request."""

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
#: Parts of a request besides its headers that the server sets and a query may contain.
PLAIN = ("REMOTE_ADDR", "REMOTE_USER", "REQUEST_METHOD", "CONTENT_TYPE", "SERVER_NAME")

GetResponse = Callable[[HttpRequest], HttpResponse]


class NoNulMiddleware:
    """A NUL in an address, a parameter, a header or a cookie is a bad request.

    No browser sends one, and PostgreSQL accepts none: each query with one was a server error. Text
    typed into a form may contain one; that is an error of its field, which keeps the words.
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
    for name, value in request.COOKIES.items():  # quoted, it may be written as a number
        yield from (name, value)
    for name, value in request.META.items():
        if name.startswith("HTTP_") or name in PLAIN:
            yield str(value)


class ReaderTimeZoneMiddleware:
    """Times on a page are in the reader's time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            timezone.deactivate()
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            return self.get_response(request)


class NoStoreMiddleware:
    """No browser or proxy stores a page that was made for a signed-in person.

    On a shared computer, "back" after the sign-out must not show a case again.
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
    """A view that does not declare who may see it is an error, never a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not gates.is_stated(view):
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} declares no access.")
        return None


class StaffGateMiddleware:
    """Staff whom the realm no longer admits are out at their next click (FED-6).

    Runs before anything else handles the request: no page, file or account form of the realm opens.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.is_staff and not staff_gate().admits(user):
            return adapter.not_admitted(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """If the settings require a second factor, nothing opens until one is set up; if it must be
    a security key, nothing opens until this session has proved one (IA-2).

    A contact who signed in through the provider has used the provider's (IA-8), and sets up none
    here: it could only be a weaker way in.
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
