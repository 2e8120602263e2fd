"""The Admin case in the portal (FED-9)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases import drafts, gates
from cases.actors import Actor
from cases.form_fields import TextField
from cases.forms import ServiceForm
from cases.gates import SignedInRequest
from cases.models import Membership, Organization, Person

from ..models import AccessRequest
from ..services import access

SHOWN = 50
FILE_MAX = 200_000
PLACEHOLDER = (
    "Alma Reyes, alma@agency.example, Designated\nGwen Park, gwen@agency.example, Read-Only"
)


class AskForm(ServiceForm):
    """People typed, or in a CSV file; each wrong line is named."""

    organization = forms.ModelChoiceField(Organization.objects.none(), empty_label=None)
    people = TextField(
        label="People",
        required=False,
        max_length=FILE_MAX,
        help_text="One person a line: name, e-mail address, and Designated or Read-Only.",
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": PLACEHOLDER}),
    )
    file = forms.FileField(
        label="Or a CSV file with the same columns",
        required=False,
        help_text="Instead of the list above. It is read and not kept.",
    )
    note = TextField(
        label="Note",
        required=False,
        max_length=2000,
        help_text="Anything Product Support should know.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, contact: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = designated_for(contact)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file = values.pop("file", None)
        text = values.get("people", "")
        where = "people"
        if file is not None:
            where = "file"
            if text:
                self.add_error("file", "Use the list or the file, not both.")
                return values
            text = self._text_of(file)
        if "file" in self.errors:
            return values
        people, wrong = access.read_list(text)
        if wrong:
            self.add_error(where, wrong[:20])
        return {**values, "people": people}

    def _text_of(self, file: Any) -> str:
        if file.size > FILE_MAX:
            self.add_error("file", "This is larger than 200 KB.")
            return ""
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", "This is not UTF-8 text.")
            return ""


def designated_for(contact: Person) -> Any:
    """The organizations for which this contact may ask."""
    mine = contact.memberships.filter(role=Membership.Role.DESIGNATED)
    return Organization.objects.filter(pk__in=mine.values("organization_id"))


@require_safe
@gates.contact
def access_requests(request: SignedInRequest) -> HttpResponse:
    """The Admin cases of the contact's organizations, with the state of each person."""
    _designated_alone(request)
    now = timezone.now()
    found = (
        AccessRequest.objects.filter(organization__in=designated_for(request.user))
        .select_related("organization", "asked_by")
        .prefetch_related("people__person__invitations__notice")
    )
    rows = [
        (each, [(row, access.state_of(row, now)) for row in each.people.all()])
        for each in found[:SHOWN]
    ]
    return render(request, "fedramp/access.html", {"requests": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def ask_for_access(request: SignedInRequest) -> HttpResponse:
    """The form of an Admin case."""
    _designated_alone(request)
    if request.method == "POST":
        form = AskForm(request.POST, request.FILES, contact=request.user)
        actor, now = Actor.of(request.user), timezone.now()
        if form.run(lambda typed: access.ask(actor=actor, now=now, **typed)):
            drafts.forget(request, request.path)
            messages.success(
                request,
                "Product Support will decide on each person. You will see the decisions here.",
            )
            return redirect("fedramp:access")
        status = 422
    else:
        earlier = drafts.texts_for(request, request.path)
        form = AskForm(initial=earlier, contact=request.user)
        status = 200
    return render(request, "fedramp/access_ask.html", {"form": form}, status=status)


def _designated_alone(request: SignedInRequest) -> None:
    if not designated_for(request.user).exists():
        raise PermissionDenied("Only a Designated Contact of an organization can request access.")
