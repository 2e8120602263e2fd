"""Who may call a view, declared at the view. Deny by default: see `checks.py`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from . import drafts
from .models import Membership, Person
from .redirects import go_to


class SignedInRequest(HttpRequest):
    """The request that a view behind a gate gets."""

    user: Person
    #: The contact's roles, once a view has read them.
    memberships: list[Membership]


View = Callable[..., HttpResponseBase]

#: Views that are not ours and bring their own gate.
TRUSTED_MODULES = ("allauth.", "django.contrib.admin", "unfold.", "supportdesk.admin_site")


def public(view: View) -> View:
    """Everybody may call the view, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def contact(view: View) -> View:
    """Contacts only: others sign in first; staff are sent to the admin.

    A form that arrives after the session ended is not carried out, but its texts are kept for the
    person who typed them (`cases.drafts`).
    """

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        if request.user.is_staff:
            return go_to(request, reverse("admin:index"))
        return view(request, *args, **kwargs)

    gate.access = "contact"  # type: ignore[attr-defined]
    return gate


def signed_in(view: View) -> View:
    """Contacts and staff; the view itself checks `visible_to` or a permission."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        return view(request, *args, **kwargs)

    gate.access = "signed_in"  # type: ignore[attr-defined]
    return gate


def keep_draft(request: HttpRequest) -> None:
    """Keep what a signed-out browser posts if it proves who typed it, and say so."""
    if request.method == "POST" and drafts.keep(request):
        messages.info(
            request,
            "Your session expired while you were writing. Your text is kept: sign in, check it, "
            "and send it again. You need to choose files again.",
        )


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    keep_draft(request)
    return go_to(request, redirect_to_login(request.get_full_path()).url)


def is_stated(view: Any) -> bool:
    """Whether the view declares who may call it, or belongs to a package with its own gate."""
    if hasattr(view, "access"):
        return True
    if getattr(view, "admin_site", None) is not None or hasattr(view, "model_admin"):
        return True  # wrapped by AdminSite.admin_view
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    return module.startswith(TRUSTED_MODULES)
