"""What every page of the portal knows of its realm, and what it says when a request fails."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from cases import gates, kept, realm, selectors
from cases.answers import go_to

from . import session_end


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: the realm, the telephone number, and the links of PORT-2."""
    return {
        "realm": realm.current(),
        "session_limits": SimpleLazyObject(lambda: session_end.limits(request)),
        "may_open_cases": SimpleLazyObject(lambda: _may_open_cases(request)),
        "support_phone": settings.SUPPORT_PHONE,
        "support_phone_digits": re.sub(r"[^0-9+]", "", settings.SUPPORT_PHONE),
        "file_limits": {
            "number": settings.ATTACHMENTS_PER_ENTRY,
            "megabytes": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024),
        },
        "knowledge_base_url": settings.KNOWLEDGE_BASE_URL,
        "tutorials_url": settings.TUTORIALS_URL,
        "status_page_url": settings.STATUS_PAGE_URL,
    }


def _may_open_cases(request: HttpRequest) -> bool:
    """Whether the menu offers to open a case; the service decides again."""
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated and selectors.organizations_to_open_for(user))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of a tab that is older than the sign-in: its words are kept, and shown once more.

    The form is not carried out. Only one that proves who was typing gets that far (`cases.kept`).
    """
    if kept.keep(request):
        messages.info(
            request,
            "You signed in again while this page was open, so it was not sent. Your text is kept: "
            "look at it once more, and send it again. Files must be chosen again."
            if request.user.is_authenticated
            else "You are signed out, so this page was not sent. Your text is kept: sign in, look "
            "at it once more, and send it again. Files must be chosen again.",
        )
        return go_to(request, request.path)
    return render(request, "403_csrf.html", status=403)


@gates.public
def not_offered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """What allauth brings and the desk does not offer: it answers as a page that does not exist.

    The e-mail address is the identity that an organization vouched for: staff change it.
    """
    raise Http404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where what was sent is more than the desk takes."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)
