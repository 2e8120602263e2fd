"""Requests for access by "Get started": a queue by due time, and a decision on each (ACC-5)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from cases import realm
from cases.models import Applicant, Organization
from cases.services import applicants
from cases.services.grants import present_role
from cases.templatetags.staff import until
from cases.views.applicants import DecideForm

from . import queues
from .base import ReadOnlyAdmin
from .object_actions import ObjectAction, ObjectActionsAdmin, Press

LIST = "admin:cases_applicant_changelist"
WAITING = "state__exact=waits"


class DecideForAnyForm(DecideForm):
    """Staff also choose the organization if the typed one is unknown."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), required=False, empty_label="Choose the organization"
    )

    field_order = ("decision", "organization", "role", "words")

    def __init__(self, *args: Any, applicant: Applicant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if applicant.organization_id:
            del self.fields["organization"]
        else:
            field: Any = self.fields["organization"]
            field.queryset = Organization.objects.order_by("name")


def _done(press: Press[Applicant], decided: Applicant) -> str:
    granted = decided.state == Applicant.State.GRANTED
    return f"{press.subject.name} {'has access' if granted else 'is declined'}, and is mailed."


DECIDE = ObjectAction[Applicant](
    name="decide",
    model=Applicant,
    objects=Applicant.objects.select_related("organization"),
    label="Decide",
    title=lambda row: f"Access for {row.name}",
    help="Anyone can type any name. Grant access only to people the organization knows.",
    facts=lambda row: [
        ("E-mail address", row.email),
        ("Telephone", row.phone or "not given"),
        ("Organization", row.organization or f"unknown: {row.typed}"),
        ("Requested role", row.get_role_display()),
        ("Current role", present_role(row.email, row.organization)),
        ("Due", row.due_at),
        ("Note", row.note or "none"),
    ],
    form=DecideForAnyForm,
    begins=lambda request, row: {"role": row.role},
    options=lambda request, row: {"applicant": row},
    permissions=(applicants.PERMISSION,),
    service=lambda it: applicants.decide(applicant_id=it.pk, **it.by, **it.typed),
    done=_done,
    to=lambda it, decided: f"{reverse(LIST)}?{WAITING}",
    ends_once=True,
)


class ApplicantAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    object_actions = (DECIDE,)
    list_display = ("name", "email", "asked_for", "role", "due", "state")
    list_select_related = ("organization",)
    list_filter = ("state",)
    search_fields = ("name", "email", "typed", "organization__name")
    search_help_text = "Name, e-mail address or organization"
    sortable_by = ()
    change_form_outer_before_template = "admin/cases/applicant_buttons.html"
    fields = (
        ("name", "email", "phone"),
        ("typed", "organization", "role"),
        "note",
        ("asked_at", "due_at"),
        ("state", "decided_by", "decided_at"),
        "words",
    )

    def get_ordering(self, request: HttpRequest) -> Any:
        return (F("decided_at").desc(nulls_first=True), "due_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organization")

    @admin.display(description="Organization")
    def asked_for(self, applicant: Applicant) -> str:
        return str(applicant.organization or f"unknown: {applicant.typed}")

    @admin.display(description="Due")
    def due(self, applicant: Applicant) -> SafeString | str:
        return until(applicant.due_at) if applicant.state == Applicant.State.WAITS else ""


if realm.current().takes_applicants:
    admin.site.register(Applicant, ApplicantAdmin)
    queues.register(
        "Access",
        queues.Queue(
            model=Applicant,
            label=queues.label_of(Applicant),
            icon="person_add",
            counted=lambda person: Applicant.objects.filter(state=Applicant.State.WAITS),
            counted_for=applicants.PERMISSION,
        ),
    )
