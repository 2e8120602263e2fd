"""Who asked for access by "Get started": a queue by what is due, and a decision on each (ACC-5)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from cases import realm
from cases.errors import NotPossible
from cases.models import Applicant, Organization
from cases.services import applicants
from cases.services.grants import present_role
from cases.templatetags.staff import until
from cases.views.applicants import DecideForm

from . import queues
from .base import ReadOnlyAdmin, actor_of
from .pages import address, check, finish, form_page, posted

LIST = "admin:cases_applicant_changelist"
WAITING = "state__exact=waits"


class DecideForAnyForm(DecideForm):
    """Staff also say which organization is meant, where what was typed is none."""

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


class ApplicantAdmin(ReadOnlyAdmin):
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

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("organization")

    @admin.display(description="Organization")
    def asked_for(self, applicant: Applicant) -> str:
        return str(applicant.organization or f"unknown: {applicant.typed}")

    @admin.display(description="Due")
    def due(self, applicant: Applicant) -> SafeString | str:
        return until(applicant.due_at) if applicant.state == Applicant.State.WAITS else ""

    def get_urls(self) -> list[URLPattern]:
        return [
            address(self, "<int:pk>/decide/", decide, "cases_applicant_decide"),
            *super().get_urls(),
        ]


def decide(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """Grant or decline."""
    check(request, applicants.PERMISSION)
    row = get_object_or_404(Applicant.objects.select_related("organization"), pk=pk)
    form = DecideForAnyForm(posted(request), applicant=row, initial={"role": row.role})
    if request.method == "POST":
        arguments = {"applicant_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(applicants.decide, **arguments):
            granted = form.result.state == Applicant.State.GRANTED
            done = f"{row.name} {'has access' if granted else 'is declined'}, and is mailed."
            return finish(request, done, f"{reverse(LIST)}?{WAITING}")
        if isinstance(form.refusal, NotPossible):
            messages.warning(request, form.refusal.message)
            return redirect(LIST)
    return form_page(
        model_admin,
        request,
        form,
        title=f"Access for {row.name}",
        help="Anybody can type any name. Grant access only to whom the organization knows.",
        button="Decide",
        back=reverse(LIST),
        facts=[
            ("E-mail address", row.email),
            ("Telephone", row.phone or "not given"),
            ("Organization", row.organization or f"unknown: {row.typed}"),
            ("Asked for", row.get_role_display()),
            ("Present role", present_role(row.email, row.organization)),
            ("Due", row.due_at),
            ("Note", row.note or "none"),
        ],
    )


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
