"""The system-use notice (AC-8): read and acknowledged before sign-in, in this realm only.

The acknowledgement is in the browser's session, and goes into the audit log with the sign-in. A
changed text must be acknowledged again; when a session ends, so does its acknowledgement.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases import gates, realm

_KEY = "system_use_notice"


def is_due(request: HttpRequest) -> bool:
    """Whether this browser must acknowledge the notice before a sign-in."""
    if not (realm.current().shows_system_use_notice and settings.SYSTEM_USE_NOTICE):
        return False
    return bool(acknowledged(request).get("text") != digest())


def acknowledged(request: HttpRequest) -> dict[str, str]:
    """Which text this browser acknowledged (`text`, a digest) and when (`at`); {} for none."""
    found: dict[str, str] = request.session.get(_KEY, {})
    return found


def digest() -> str:
    """Identifies the current text."""
    return hashlib.sha256(settings.SYSTEM_USE_NOTICE.encode()).hexdigest()[:16]


def ask(request: HttpRequest, then: str = "") -> HttpResponse:
    """Redirect to the notice; from it to the sign-in, and then to `then`."""
    query = f"?{urlencode({'next': then})}" if then else ""
    return HttpResponseRedirect(reverse("system_use_notice") + query)


def first(sign_in: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The sign-in, hidden until the browser has acknowledged the notice; a POST does nothing."""

    @wraps(sign_in)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated and is_due(request):
            return ask(request, _then(request))
        return sign_in(request, *args, **kwargs)

    return view


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@gates.public
def notice(request: HttpRequest) -> HttpResponse:
    """GET shows it; POST acknowledges it and goes on to the sign-in."""
    then = _then(request)
    if request.method == "POST":
        request.session[_KEY] = {"text": digest(), "at": timezone.now().isoformat()}
        # The sign-in itself checks whether `next` is an address of this desk.
        query = f"?{urlencode({'next': then})}" if then else ""
        return HttpResponseRedirect(reverse("account_login") + query)
    paragraphs = settings.SYSTEM_USE_NOTICE.split("\n\n")
    context = {"paragraphs": paragraphs, "next": then}
    return render(request, "account/notice.html", context)


def _then(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next", "")
