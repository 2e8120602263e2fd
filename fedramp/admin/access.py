"""Access to Admin cases: a queue, and a decision on each person (FED-9)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cases.admin.base import ReadOnlyAdmin
from cases.admin.object_actions import ObjectAction, ObjectActionsAdmin, Press
from cases.form_fields import TextField
from cases.forms import ServiceForm
from cases.services.grants import present_role

from ..models import RequestedPerson
from ..services import access

LIST = "admin:fedramp_requestedperson_changelist"


class DecideForm(ServiceForm):
    decision = forms.ChoiceField(
        choices=[("grant", "Grant: the person is invited by e-mail"), ("decline", "Decline")],
        widget=forms.RadioSelect,
    )
    words = TextField(
        label="Why it is declined",
        required=False,
        max_length=1000,
        help_text="The person who asked can read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"granted": values["decision"] == "grant", "words": values["words"]}


def _done(press: Press[RequestedPerson], decided: RequestedPerson) -> str:
    granted = decided.state == RequestedPerson.State.GRANTED
    return f"{press.subject.name} {'has access' if granted else 'is declined'}."


DECIDE = ObjectAction[RequestedPerson](
    name="decide",
    model=RequestedPerson,
    objects=RequestedPerson.objects.select_related("request__organization", "request__asked_by"),
    label="Decide",
    title=lambda row: f"Access for {row.name}",
    facts=lambda row: [
        ("E-mail address", row.email),
        ("Organization", row.request.organization),
        ("Requested role", row.get_role_display()),
        ("Present role", present_role(row.email, row.request.organization)),
        ("Asked by", row.request.asked_by),
        ("Note", row.request.note or "none"),
    ],
    form=DecideForm,
    permissions=(access.PERMISSION,),
    service=lambda it: access.decide(row_id=it.pk, **it.by, **it.typed),
    done=_done,
    to=lambda it, decided: f"{reverse(LIST)}?state__exact=asked",
    ends_once=True,
)


@admin.register(RequestedPerson)
class RequestedPersonAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    object_actions = (DECIDE,)
    list_display = ("name", "email", "organization", "role", "state_shown", "asked_by", "asked_at")
    list_select_related = ("request__organization", "request__asked_by", "person")
    list_filter = ("state", "role")
    search_fields = ("name", "email", "request__organization__name")
    search_help_text = "Name, e-mail address or organization"
    sortable_by = ()
    ordering = ("state", "id")
    change_form_outer_before_template = "admin/fedramp/access_buttons.html"
    fields = (
        ("name", "email"),
        ("organization", "role"),
        ("asked_by", "asked_at"),
        "note",
        ("state_shown", "decided_by", "decided_at"),
        "words",
    )
    readonly_fields = ("organization", "asked_by", "asked_at", "note", "state_shown")

    @admin.display(description="Organization")
    def organization(self, row: RequestedPerson) -> str:
        return str(row.request.organization)

    @admin.display(description="Asked by")
    def asked_by(self, row: RequestedPerson) -> str:
        return str(row.request.asked_by)

    @admin.display(description="Asked at")
    def asked_at(self, row: RequestedPerson) -> Any:
        return row.request.asked_at

    @admin.display(description="Note")
    def note(self, row: RequestedPerson) -> str:
        return row.request.note

    @admin.display(description="State")
    def state_shown(self, row: RequestedPerson) -> str:
        return access.state_of(row, timezone.now())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("person__invitations__notice")
