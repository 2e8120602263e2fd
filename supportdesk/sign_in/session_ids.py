"""A new session id with each proof of identity, also the ones that come after the sign-in (IA-11).

Whoever learned the id of a session before its person typed the password once more, gave a code, or
showed a key, has nothing of the rights that this proof opens. The sign-in itself is Django's.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

from fedramp import oidc_session


class NewSessionIdMiddleware:
    """A session that was told of another proof than before goes on under an id of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        before = _proofs(request) if key else None
        response = self.get_response(request)
        stays = key and request.session.session_key == key
        if stays and request.user.is_authenticated and _proofs(request) != before:
            request.session.cycle_key()
            # Or the person's other sessions could not end this one any more.
            own = UserSession.objects.filter(session_key=key)
            own.update(session_key=request.session.session_key)
        return response


def _proofs(request: HttpRequest) -> tuple[list[Any], float | None]:
    """What this session was told so far of passwords, codes, keys, and of the provider."""
    told = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or ()
    return [each.get("at") for each in told], oidc_session.last(request)
