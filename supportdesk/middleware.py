"""What holds for every request."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from cases import gates, realm
from cases.models import Person
from supportdesk import accounts

GetResponse = Callable[[HttpRequest], HttpResponse]


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
        if user.is_authenticated and user.is_staff and not realm.current().admits_staff(user):
            return accounts.not_admitted(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Where the settings require it, nobody enters anything before a second factor is set up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_up(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    @staticmethod
    def _is_required(user: Person) -> bool:
        if user.is_staff:
            return bool(settings.STAFF_SECOND_FACTOR_REQUIRED)
        return bool(settings.CONTACT_SECOND_FACTOR_REQUIRED)

    def _must_set_up(self, request: HttpRequest) -> bool:
        user = request.user
        return (
            user.is_authenticated
            and self._is_required(user)
            and not request.path.startswith(("/accounts/", settings.STATIC_URL))
            and not is_mfa_enabled(user)
        )
