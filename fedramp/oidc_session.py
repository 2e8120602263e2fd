"""What a session knows of a proof at the OpenID provider (IA-8, IA-11)."""

import time

from django.conf import settings
from django.http import HttpRequest

from cases.models import Person

_PROVED_AT = "provider_proved_at"


def note(request: HttpRequest) -> None:
    """Note that this session's person has just proved their identity at the provider."""
    request.session[_PROVED_AT] = time.time()


def last(request: HttpRequest) -> float | None:
    """When this session's person last proved it there; None if never."""
    at: float | None = request.session.get(_PROVED_AT)
    return at


def was_used(request: HttpRequest) -> bool:
    """Whether the session began at the provider, so that its second factor was the provider's."""
    return _PROVED_AT in request.session


def must_prove_again(request: HttpRequest, person: Person) -> bool:
    """IA-11: whether a person without a password last proved their identity too long ago."""
    if person.has_usable_password():
        return False  # a person with a password gives that again
    since = time.time() - float(request.session.get(_PROVED_AT, 0))
    return since > float(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
