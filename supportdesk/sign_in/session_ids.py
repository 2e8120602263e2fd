"""A new session id with each proof of identity, also after the sign-in (IA-11).

Somebody who learned a session's id before its owner gave the password again, a code or a key gets
none of the rights that this proof opens. Django handles the sign-in itself.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from fedramp import oidc_session


class NewSessionIdMiddleware:
    """A session with a new proof of identity continues under a new id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        before = _proofs(request) if key else None
        response = self.get_response(request)
        stays = key and request.session.session_key == key
        if stays and request.user.is_authenticated and _proofs(request) != before:
            request.session.cycle_key()
            # Otherwise the person's other sessions could no longer end this one.
            own = UserSession.objects.filter(session_key=key)
            own.update(session_key=request.session.session_key)
        return response


def _proofs(request: HttpRequest) -> tuple[list[Any], float | None]:
    """What this session has proved so far: passwords, codes, keys, and the provider."""
    told = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or ()
    return [each.get("at") for each in told], oidc_session.last(request)
