"""Who of an Admin case gets access: a queue, and a decision on each person (FED-9)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from cases.admin.base import ReadOnlyAdmin, actor_of
from cases.errors import NotPossible
from cases.form_fields import TextField
from cases.forms import ServiceForm
from cases.services.grants import present_role

from ..models import RequestedPerson
from ..services import access
from .pages import address, check, finish, form_page, posted

LIST = "admin:fedramp_requestedperson_changelist"


class DecideForm(ServiceForm):
    decision = forms.ChoiceField(
        choices=[("grant", "Grant: the person is invited by mail"), ("decline", "Decline")],
        widget=forms.RadioSelect,
    )
    words = TextField(
        label="Why it is declined",
        required=False,
        max_length=1000,
        help_text="Who asked reads it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"granted": values["decision"] == "grant", "words": values["words"]}


@admin.register(RequestedPerson)
class RequestedPersonAdmin(ReadOnlyAdmin):
    list_display = ("name", "email", "organization", "role", "standing", "asked_by", "asked_at")
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
        ("standing", "decided_by", "decided_at"),
        "words",
    )
    readonly_fields = ("organization", "asked_by", "asked_at", "note", "standing")

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
    def standing(self, row: RequestedPerson) -> str:
        return access.state_of(row, timezone.now())

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("person__invitations__notice")

    def get_urls(self) -> list[URLPattern]:
        return [
            address(self, "<int:pk>/decide/", decide, "fedramp_requestedperson_decide"),
            *super().get_urls(),
        ]


def decide(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """Grant or decline, for one person."""
    check(request, access.PERMISSION)
    rows = RequestedPerson.objects.select_related("request__organization", "request__asked_by")
    row = get_object_or_404(rows, pk=pk)
    form = DecideForm(posted(request))
    if request.method == "POST":
        arguments = {"row_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(access.decide, **arguments):
            granted = form.result.state == RequestedPerson.State.GRANTED
            done = f"{row.name} has access." if granted else f"{row.name} is declined."
            return finish(request, done, f"{reverse(LIST)}?state__exact=asked")
        if isinstance(form.refusal, NotPossible):
            messages.warning(request, form.refusal.message)
            return redirect(LIST)
    return form_page(
        model_admin,
        request,
        form,
        title=f"Access for {row.name}",
        button="Decide",
        back=reverse(LIST),
        facts=[
            ("E-mail address", row.email),
            ("Organization", row.request.organization),
            ("Role asked for", row.get_role_display()),
            ("Present role", present_role(row.email, row.request.organization)),
            ("Asked by", row.request.asked_by),
            ("Note", row.request.note or "none"),
        ],
    )
