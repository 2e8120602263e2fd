""" "Get started" (ACC-5): asking for access, and a Designated Contact's decision."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from .. import drafts, gates
from ..actors import Actor
from ..errors import NotPossible
from ..form_fields import LineField, TextField
from ..forms import ServiceForm
from ..gates import SignedInRequest
from ..models import Applicant, Membership
from ..services import applicants as service
from ..services.grants import present_role

SHOWN = 100


class GetStartedForm(ServiceForm):
    name = LineField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="E-mail address at work",
        help_text="You will sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label="Telephone",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    organization = LineField(
        label="Organization",
        max_length=150,
        help_text="Its short name or its ID, as in Account Settings.",
    )
    role = forms.ChoiceField(
        label="What do you need?",
        choices=[
            ("read_only", "Read-Only contact: see the cases of the organization"),
            ("designated", "Designated Contact: open, update, close and escalate cases"),
        ],
        initial="read_only",
        widget=forms.RadioSelect,
    )
    note = TextField(
        label="Note",
        required=False,
        max_length=2000,
        help_text="Anything that helps us decide: your job, who knows you.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideForm(ServiceForm):
    """Granted with a role, or declined with words."""

    decision = forms.ChoiceField(
        choices=[
            ("grant", "Grant: the person gets an e-mail on how to sign in"),
            ("decline", "Decline"),
        ],
        widget=forms.RadioSelect,
    )
    role = forms.ChoiceField(choices=Membership.Role)
    words = TextField(
        label="Why it is declined",
        required=False,
        max_length=1000,
        help_text="The person who asked gets it by e-mail.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        del values["submission"]
        granted = values.pop("decision") == "grant"
        return {**values, "granted": granted}


@require_http_methods(["GET", "HEAD", "POST"])
@gates.public
def get_started(request: HttpRequest) -> HttpResponse:
    """The form for people without access. No answer tells whether the organization is known."""
    form = GetStartedForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "fedramp_portal_url": settings.FEDRAMP_PORTAL_URL}
    if request.method == "POST" and form.is_valid():
        if too_many := ratelimit.consume_or_429(request, action="signup"):
            return too_many
        now = timezone.now()
        if form.run(lambda typed: service.ask(now=now, **typed)):
            return redirect("portal:get_started_done")
    status = 422 if form.is_bound else 200
    return render(request, "portal/get_started.html", context, status=status)


@require_safe
@gates.public
def get_started_done(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/get_started_done.html")


@require_safe
@gates.contact
def applicants(request: SignedInRequest) -> HttpResponse:
    """Applicants to the contact's organizations: those who wait first, then the newest."""
    if not request.user.memberships.filter(role=Membership.Role.DESIGNATED).exists():
        raise PermissionDenied("Only a Designated Contact can decide on access.")
    found = service.waiting_for(request.user).select_related("organization", "decided_by")
    waits = Applicant.State.WAITS
    return render(
        request,
        "portal/applicants.html",
        {
            "waiting": found.filter(state=waits)[:SHOWN],
            "decided": found.exclude(state=waits).order_by("-decided_at")[:SHOWN],
            "now": timezone.now(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def applicant(request: SignedInRequest, pk: int) -> HttpResponse:
    """One applicant, with the form of the decision."""
    found = service.waiting_for(request.user).select_related("organization")
    row = get_object_or_404(found, pk=pk)
    if request.method == "POST":
        form = DecideForm(request.POST)
        actor, now = Actor.of(request.user), timezone.now()
        if decided := form.run(
            lambda typed: service.decide(applicant_id=pk, actor=actor, now=now, **typed)
        ):
            drafts.forget(request, request.path)
            granted = decided.state == Applicant.State.GRANTED
            messages.success(request, f"{row.name} {'has access' if granted else 'is declined'}.")
            return redirect("portal:applicants")
        if isinstance(form.refusal, NotPossible):
            messages.warning(request, form.refusal.message)
            return redirect("portal:applicants")
        status = 422
    else:
        form = DecideForm(initial={"role": row.role, **drafts.texts_for(request, request.path)})
        status = 200
    present = present_role(row.email, row.organization)
    context = {
        "form": form,
        "applicant": row,
        "present": present,
        "waits": row.state == Applicant.State.WAITS,
    }
    return render(request, "portal/applicant.html", context, status=status)
