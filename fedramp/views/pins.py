"""The contact's own PIN, under Manage Profile (FED-4)."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import gates
from cases.actors import Actor
from cases.gates import SignedInRequest

from .. import oidc_session
from ..models import Pin
from ..services import pins


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def pin(request: SignedInRequest) -> HttpResponse:
    """Shown to its owner after a fresh proof of identity, and renewed by the owner's button."""
    if oidc_session.must_prove_again(request, request.user):
        return render(request, "fedramp/prove_again.html")
    answer: HttpResponse = _fresh(request)
    return answer


@reauthentication_required
def _fresh(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        pins.renew(person_id=request.user.pk, actor=Actor.of(request.user), now=timezone.now())
        messages.success(request, "You have a new PIN. The previous one is no longer valid.")
        return redirect("fedramp:pin")
    found = Pin.objects.filter(person=request.user).first()
    digits = pins.digits_of(found) if found and not found.locked_at else ""
    return render(request, "fedramp/pin.html", {"pin": found, "digits": digits})
