"""What the audit log is told of sign-ins (AU-2): by the signals of Django and of axes."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from cases.models import Person
from fedramp.audit import Event, record

from . import accounts, notice


def address_of(request: HttpRequest | None) -> str | None:
    """Where the request comes from; None where there is none, as for a test's own sign-in."""
    if request is None or "REMOTE_ADDR" not in request.META:
        return None
    return accounts.client_ip(request)


def _signed_in(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    now, address = timezone.now(), address_of(request)
    if read := notice.acknowledged(request):
        detail = f"text {read['text']} at {read['at']}"
        record(Event.NOTICE, now=now, person=user, address=address, detail=detail)
    record(Event.SIGNED_IN, now=now, person=user, address=address)


def _signed_out(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    if user is not None and not getattr(request, "ended_by_itself", False):
        record(Event.SIGNED_OUT, now=timezone.now(), person=user, address=address_of(request))


def _failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """What was typed stays out: it may be a password in the wrong field."""
    failed(Event.FAILED, _person(accounts.axes_username(request, credentials)), request, "password")


def _locked(sender: Any, request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    failed(Event.LOCKED, _person(username or ""), request, "password")


def failed(event: Event, person: Person | None, request: HttpRequest | None, what: str) -> None:
    """A sign-in that failed, or is locked now; nobody where the address is unknown."""
    detail = what if person else f"{what}, unknown address"
    record(event, now=timezone.now(), person=person, address=address_of(request), detail=detail)


def _person(email: str) -> Person | None:
    return Person.objects.filter(email=email).first()


def watch() -> None:
    """Called once, when the applications are ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="audit-failed")
    user_locked_out.connect(_locked, dispatch_uid="audit-locked")
