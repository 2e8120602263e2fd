"""Manage Profile (PORT-3)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import drafts, gates, selectors
from ..actors import Actor
from ..forms import ProfileForm
from ..gates import SignedInRequest
from ..redirects import go_to
from ..services.accounts import change_profile


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def profile(request: SignedInRequest) -> HttpResponse:
    """The person's details, roles by organization, notification choices, and sign-in security."""
    earlier = drafts.texts_for(request, request.path)
    if request.method == "POST":
        form = ProfileForm(request.POST)
        if form.is_valid():
            change_profile(
                person_id=request.user.pk,
                actor=Actor.of(request.user),
                now=timezone.now(),
                **form.cleaned_data,
            )
            drafts.forget(request, request.path)
            messages.success(request, "Your profile has been saved.")
            return go_to(request, request.path)
    elif earlier:
        form = ProfileForm(earlier)
    else:
        form = ProfileForm(initial=ProfileForm.of(request.user))
    memberships = list(request.user.memberships.select_related("organization__plan"))
    return render(
        request,
        "portal/profile.html",
        {
            "form": form,
            "memberships": memberships,
            "is_designated": bool(selectors.designated(memberships)),
            "from_draft": bool(earlier) and request.method != "POST",
        },
    )
