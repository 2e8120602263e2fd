"""Sessions that end by themselves: some minutes after the last click, some hours after sign-in.

Opening a page or sending a form counts as a click. Requests that a script makes by itself (badges,
results, this module's own) do not. If the settings name no minutes, none of this happens and its
address does not exist.
"""

import datetime as dt
import math
import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases import gates
from cases.actors import staff_gate
from cases.models import Person
from fedramp.audit import Event, record
from fedramp.models import SessionMark

from . import adapter, audit

_KEY, _SINCE = "session_mark", "signed_in_at"


def idle_span(person: Person) -> dt.timedelta | None:
    """How long the person may be idle; None if there is no limit."""
    minutes = settings.STAFF_IDLE_MINUTES if person.is_staff else settings.CONTACT_IDLE_MINUTES
    return dt.timedelta(minutes=minutes) if minutes else None


class SessionEndMiddleware:
    """Nobody goes on in a session whose time is up. A form sent then is kept as after the end of
    any session (`cases.drafts`), and the request continues as one of an anonymous user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and (span := idle_span(user)):
            now = timezone.now()
            if why := _why_over(request, user, span, now):
                _end(request, user, why, now)
        return self.get_response(request)


def _why_over(request: HttpRequest, person: Person, span: dt.timedelta, now: dt.datetime) -> str:
    """Why the session is over: "idle" or "age"; "" if it continues, marked if the request counts.

    One statement checks and marks: of two simultaneous requests, none can revive an ended session.
    """
    if _age(request, now) >= dt.timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return "age"
    alive = SessionMark.objects.filter(
        key=request.session.get(_KEY, ""), person=person, active_at__gt=now - span
    )
    if person.is_staff and _go_on(alive.filter(_admitted(person)), request, now):
        # The staff gate asks the same question, and need not ask it again.
        staff_gate().note_admitted(person)
        return ""
    return "" if _go_on(alive, request, now) else "idle"


def _admitted(person: Person) -> Q:
    return Q(person__in=staff_gate().admitted(Person.objects.filter(pk=person.pk)))


def _go_on(alive: QuerySet[SessionMark], request: HttpRequest, now: dt.datetime) -> bool:
    return bool(alive.update(active_at=now)) if counts(request) else alive.exists()


def _age(request: HttpRequest, now: dt.datetime) -> dt.timedelta:
    since = float(request.session.get(_SINCE, 0))
    return now - dt.datetime.fromtimestamp(since, dt.UTC)


def counts(request: HttpRequest) -> bool:
    """Whether a person did something, as opposed to a script."""
    if request.method == "POST":
        return True
    by_script = (
        "HX-Request" in request.headers
        or request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or request.headers.get("Sec-Fetch-Dest", "document") != "document"
    )
    return not by_script and request.path != reverse("session")


def _end(request: HttpRequest, person: Person, why: str, now: dt.datetime) -> None:
    request.ended_by_itself = True  # type: ignore[attr-defined]
    logout(request)
    record(Event.ENDED, now=now, person=person, address=audit.address_of(request), detail=why)
    if request.method == "GET" and counts(request):
        messages.info(
            request,
            "You were signed out because of inactivity."
            if why == "idle"
            else "You were signed out: every session ends after a while, even an active one.",
        )


def limits(request: HttpRequest) -> dict[str, Any] | None:
    """What a page needs to warn its reader; None if this session does not end by itself."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not (span := idle_span(user)):
        return None
    now = timezone.now()
    rest = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) - _age(request, now)
    return {
        "seconds": round(min(span, rest).total_seconds()),
        "warning": settings.SESSION_WARNING_SECONDS,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gates.public
def session(request: HttpRequest) -> HttpResponse:
    """GET returns how many seconds are left and changes nothing. POST keeps the session alive.

    0 means signed out, and nothing else. `renewable`: staying makes it longer.
    """
    user = request.user
    if request.method == "POST" and request.headers.get("Accept") != "application/json":
        then = request.POST.get("next", "")
        return HttpResponseRedirect(then if adapter.is_ours(then) else "/")
    left, renewable = 0, False
    if user.is_authenticated and (span := idle_span(user)):
        now = timezone.now()
        mark = SessionMark.objects.get(key=request.session[_KEY])
        idle = mark.active_at + span - now
        rest = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) - _age(request, now)
        left, renewable = math.ceil(min(idle, rest).total_seconds()), idle < rest
    return JsonResponse({"seconds": left, "renewable": renewable})


def _begin(sender: Any, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    if idle_span(user) is None:
        return
    now, key = timezone.now(), secrets.token_urlsafe(32)
    # Sessions of browsers that never came back.
    over = now - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    SessionMark.objects.filter(person=user, active_at__lt=over).delete()
    SessionMark.objects.create(key=key, person=user, active_at=now)
    request.session[_KEY], request.session[_SINCE] = key, now.timestamp()


def _forget(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """A session that was ended stays ended, even if its row came back."""
    if key := getattr(request, "session", {}).get(_KEY):
        SessionMark.objects.filter(key=key).delete()


def watch() -> None:
    """Call once, when the apps are ready."""
    user_logged_in.connect(_begin, dispatch_uid="session-end-begin")
    user_logged_out.connect(_forget, dispatch_uid="session-end-forget")
