"""What the audit log records of sign-ins, reads and refusals (AU-2).

Sign-ins are recorded through the signals of Django and axes; reads and refusals after the request,
so that a refusal that is rolled back still leaves its record. If the record cannot be written, the
request is not answered.
"""

from collections.abc import Callable
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cases import realm
from cases.models import Case, Person
from fedramp.audit import Event, record

from . import adapter, mfa, use_notification


def address_of(request: HttpRequest | None) -> str | None:
    """Where the request comes from; None without a request, as when a test signs in."""
    if request is None or "REMOTE_ADDR" not in request.META:
        return None
    return adapter.client_ip(request)


#: Namespaces with customers' data: each page there that is about one object is recorded.
_READ = {"portal", "escalations", "fedramp", "admin"}
#: These lists are recorded too. (The others only repeat those pages, and would fill the log.)
_LISTS = {"admin:fedramp_auditentry_changelist", "admin:fedramp_pincheck_telephone", "fedramp:pin"}
#: A script fetches these every two seconds for a page whose read is already recorded.
_ASKED_AGAIN = {"fedramp:file_progress"}


class AuditMiddleware:
    """Records who read which page, and who was refused. The history records changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not realm.current().keeps_audit_log:
            return self.get_response(request)
        # The user before the view: a refusal may sign the person out.
        user = request.user
        person = user if isinstance(user, Person) and user.is_authenticated else None
        response = self.get_response(request)
        if event := _event(request, response, person):
            match = request.resolver_match
            record(
                event,
                now=timezone.now(),
                person=person,
                address=address_of(request),
                page=match.view_name if match else "",
                about=_about(request, response),
                detail=f"{request.method} {response.status_code}",
            )
        return response


def _event(request: HttpRequest, response: HttpResponse, person: Person | None) -> Event | None:
    match = request.resolver_match
    # 404 at a valid address: the object does not exist, or is not for this person.
    missed = response.status_code == 404 and bool(match and match.kwargs)
    if response.status_code == 403 or (person and missed):
        return Event.DENIED
    was_read = request.method == "GET" and response.status_code == 200
    if person and was_read and match and match.namespace in _READ:
        if match.view_name in _ASKED_AGAIN:
            return None
        return Event.READ if match.kwargs or match.view_name in _LISTS else None
    return None


def _about(request: HttpRequest, response: HttpResponse) -> str:
    """The key of the object in the address, if there is one; for a case, always its number."""
    match = request.resolver_match
    key = str(next(iter(match.kwargs.values()), "")) if match else ""
    if match and match.view_name.startswith("admin:cases_case_") and key.isdigit():
        shown = (getattr(response, "context_data", None) or {}).get("case")
        if isinstance(shown, Case) and str(shown.pk) == key:
            return shown.number  # the page read it
        return str(Case.objects.filter(pk=key).values_list("number", flat=True).first() or key)
    shown = (getattr(response, "context_data", None) or {}).get("caller")
    if isinstance(shown, Person):
        return f"person {shown.pk}"  # FED-5: whose cases were on the telephone page
    # Invented values may be anything; a real key is short and plain.
    return key if len(key) <= 40 and key.replace("-", "").replace("_", "").isalnum() else ""


def _signed_in(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    now, address = timezone.now(), address_of(request)
    if read := use_notification.acknowledged(request):
        detail = f"text {read['text']} at {read['at']}"
        record(Event.NOTICE, now=now, person=user, address=address, detail=detail)
    by = ", ".join(mfa.proved(request, user))
    record(Event.SIGNED_IN, now=now, person=user, address=address, detail=by)


def _signed_out(sender: Any, request: HttpRequest, user: Person | None, **kwargs: Any) -> None:
    if user is not None and not getattr(request, "ended_by_itself", False):
        record(Event.SIGNED_OUT, now=timezone.now(), person=user, address=address_of(request))


def _failed(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Leaves out what was typed: it may be a password in the wrong field."""
    failed(Event.FAILED, _person(adapter.typed_name(request, credentials)), request, "password")


def _locked(sender: Any, request: Any, **kwargs: Any) -> None:
    name = adapter.typed_name(request, request.axes_credentials)
    failed(Event.LOCKED, _person(name), request, "password")


def failed(event: Event, person: Person | None, request: HttpRequest | None, what: str) -> None:
    """Records a sign-in that failed or is now locked; `person` is None for an unknown address."""
    detail = what if person else f"{what}, unknown address"
    record(event, now=timezone.now(), person=person, address=address_of(request), detail=detail)


def _person(email: str) -> Person | None:
    return Person.objects.filter(email=email).first()


def watch() -> None:
    """Call once, when the apps are ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="audit-failed")
    user_locked_out.connect(_locked, dispatch_uid="audit-locked")
