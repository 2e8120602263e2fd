"""Accepting an invitation (FED-3)."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cases import gates, realm
from cases.errors import Invalid, NotPossible

from ..services import invitations


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@gates.public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The form for the password; if contacts sign in by a provider, the way there.

    Opening it changes nothing; every invalid invitation looks the same.
    """
    now = timezone.now()
    found = invitations.find(token, now=now)
    if found is None:
        return dead(request)
    if realm.current().sign_in_provider:
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = {"person": found.person, "token": token}
        return private(render(request, "fedramp/invitation_by_provider.html", context))
    form = SetPasswordForm(found.person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.accept(token=token, password=form.cleaned_data["new_password1"], now=now)
        except NotPossible:
            return dead(request)
        except Invalid as error:
            form.add_error("new_password1", error.message)
        else:
            logout(request)  # in case somebody else was signed in here
            messages.success(
                request, "Your access has been set up. Sign in with your new password."
            )
            return redirect("account_login")
    context = {"form": form, "person": found.person}
    return private(render(request, "fedramp/invitation.html", context))


def dead(request: HttpRequest) -> HttpResponse:
    """The page for every invitation that cannot be accepted."""
    return private(render(request, "fedramp/invitation_dead.html", status=410))


def private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: pages opened from here do not learn it, and nothing caches it."""
    response["Referrer-Policy"] = "origin"
    response["Cache-Control"] = "private, no-store"
    return response
