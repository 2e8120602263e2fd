"""What a session knows of a proof at the OpenID provider (IA-8, IA-11)."""

import time

from django.conf import settings
from django.http import HttpRequest

from cases.models import Person

_PROVED_AT = "provider_proved_at"


def note(request: HttpRequest) -> None:
    """This session's person proved just now at the provider who he is."""
    request.session[_PROVED_AT] = time.time()


def last(request: HttpRequest) -> float | None:
    """When this session's person last proved it there; None for never."""
    at: float | None = request.session.get(_PROVED_AT)
    return at


def was_used(request: HttpRequest) -> bool:
    """Whether this session was begun by the provider; so the second factor was the provider's."""
    return _PROVED_AT in request.session


def must_prove_again(request: HttpRequest, person: Person) -> bool:
    """IA-11: whether somebody without a password proved too long ago at the provider who he is."""
    if person.has_usable_password():
        return False  # that is asked for again
    since = time.time() - float(request.session.get(_PROVED_AT, 0))
    return since > float(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
