"""What every page of the portal knows of its realm, and what it shows if a request fails."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cases import drafts, gates, realm, selectors
from cases.models import Membership
from cases.redirects import go_to
from cases.rules.texts import dialled

from .sign_in import session_timeout


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: the realm, the telephone number, and the links of PORT-2."""
    return {
        "realm": realm.current(),
        "session_limits": SimpleLazyObject(lambda: session_timeout.limits(request)),
        "may_open_cases": SimpleLazyObject(lambda: _may_open_cases(request)),
        "by_telephone": SimpleLazyObject(lambda: _by_telephone(request)),
        "support_phone": settings.SUPPORT_PHONE,
        "support_phone_digits": dialled(settings.SUPPORT_PHONE),
        "file_limits": {
            "number": settings.ATTACHMENTS_PER_ENTRY,
            "megabytes": settings.ATTACHMENT_MAX_BYTES // (1024 * 1024),
        },
        "knowledge_base_url": settings.KNOWLEDGE_BASE_URL,
        "tutorials_url": settings.TUTORIALS_URL,
        "status_page_url": settings.STATUS_PAGE_URL,
    }


def _may_open_cases(request: HttpRequest) -> bool:
    """Whether the menu offers to open a case; the service checks again."""
    return bool(selectors.designated(_memberships(request)))


def _by_telephone(request: HttpRequest) -> bool:
    """PLAN-2: whether a care plan of this contact has telephone support; False before sign-in.

    The number for Critical cases is on every page, for everybody.
    """
    return any(each.organization.has_telephone_support for each in _memberships(request))


def _memberships(request: Any) -> list[Membership]:
    """The contact's roles, read once per request; a page's own if it has read them already."""
    if not hasattr(request, "memberships"):
        user: Any = getattr(request, "user", None)
        known = user is not None and user.is_authenticated
        request.memberships = selectors.memberships(user) if known else []
    found: list[Membership] = request.memberships
    return found


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a tab that is older than the sign-in: its words are kept and shown again.

    The form is not carried out. Only a form that proves who typed it gets this far
    (`cases.drafts`).
    """
    if drafts.keep(request):
        messages.info(
            request,
            "You signed in again while this page was open, so it was not sent. Your text is "
            "kept: check it, and send it again. You need to choose files again."
            if request.user.is_authenticated
            else "You are signed out, so this page was not sent. Your text is kept: sign in, "
            "check it, and send it again. You need to choose files again.",
        )
        return go_to(request, request.path)
    return render(request, "403_csrf.html", status=403)


@gates.public
def not_offered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Pages of allauth that the desk does not offer: they answer as if they did not exist.

    The e-mail address is the identity that an organization vouched for: staff change it.
    """
    raise Http404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 if the request is larger than the desk accepts."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return _refused(request, 413, "")
    return _refused(request, 400, "")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason if the view gave one."""
    return _refused(request, 403, str(exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; it reveals nothing about what was asked for."""
    return _refused(request, 404, "")


#: The texts of an error page for staff in the admin: its title, and what to do.
STAFF_WORDS = {
    400: (
        "The request could not be read",
        "Something in the address or form is not right. Nothing was changed.",
    ),
    403: (
        "You do not have access to this",
        "Your roles do not include it. Nothing was changed. If you need it for your work, ask an "
        "access administrator.",
    ),
    404: ("This page does not exist", "It does not exist, or no longer exists."),
    413: (
        "That was more than can be sent at once",
        "Nothing was stored. Go back: what you wrote "
        "is still in the form. Shorten it, or send fewer files at a time.",
    ),
}


def _refused(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    """The error page: in the admin's design for staff in the admin, otherwise in the portal's."""
    context: dict[str, Any] = {"exception": reason}
    if not _is_in_the_admin(request):
        return render(request, f"{status}.html", context, status=status)
    title, words = STAFF_WORDS[status]
    context |= {**admin.site.each_context(request), "title": title, "words": words}
    context["stays_at"] = reverse("admin:index")  # do not show the requested address
    return render(request, "admin/refused.html", context, status=status)


def _is_in_the_admin(request: HttpRequest) -> bool:
    """Whether a member of staff whom the realm admits requested a page of the admin."""
    inside = request.path.startswith(reverse("admin:index"))
    return inside and hasattr(request, "user") and admin.site.has_permission(request)
