"""The telephone page (FED-5, FED-12): the script of the call, the PIN, and only then the cases."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone

from cases.admin.base import ReadOnlyAdmin, actor_of, staff_of
from cases.admin.object_actions import ObjectActionsAdmin, check
from cases.admin.queues import Page, register
from cases.models import Case, Membership
from cases.rules.search import SEARCH_MAX

from ..models import PinCheck
from ..services import pins

PAGE = "admin:fedramp_pincheck_telephone"
MOST = 20


register("Cases", Page("A customer calls", "call", PAGE, pins.PERMISSION))


class PinForm(forms.Form):
    email = forms.EmailField(
        label="The caller's e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    pin = forms.CharField(
        label="The PIN that the caller gives",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


@admin.register(PinCheck)
class PinCheckAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    """The checks that were made; nobody adds or changes one by hand."""

    list_display = ("asked_at", "person", "outcome", "asked_by")
    list_select_related = ("person", "asked_by")
    list_filter = ("outcome",)
    search_fields = ("person__name", "person__email", "asked_by__name")
    search_help_text = "Contact, or who asked"
    sortable_by = ()
    ordering = ("-id",)
    fields = ("asked_at", "person", "outcome", "asked_by")

    def get_urls(self) -> list[URLPattern]:
        page = self.address("telephone/", telephone, "fedramp_pincheck_telephone")
        return [page, *super().get_urls()]


def telephone(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Finds the contact, checks the PIN given on the call, and shows no case before it matches."""
    check(request, pins.PERMISSION)
    now = timezone.now()
    form = PinForm(
        request.POST if request.method == "POST" else None,
        initial={"email": request.GET.get("email", "")},
    )
    if request.method == "POST" and form.is_valid():
        email, digits = form.cleaned_data["email"], form.cleaned_data["pin"]
        if pins.check(email=email, digits=digits, actor=actor_of(request), now=now):
            messages.success(request, "Match.")
            return redirect(PAGE)
        form.add_error(None, "No match. Say nothing about a case; ask for the PIN again.")
    typed = request.GET.get("q", "").strip()[:SEARCH_MAX]
    context = {
        **model_admin.admin_site.each_context(request),
        # It links to the list of checks, which not everybody who checks a PIN may see.
        **({"opts": model_admin.opts} if model_admin.has_view_permission(request) else {}),
        "title": "A FedRAMP customer calls",
        "form": form,
        "typed": typed,
        "found": _contacts(typed) if typed else [],
        **_caller(request, now),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/fedramp/telephone.html", context, status=status)


def _contacts(typed: str) -> list[Membership]:
    """Contacts by name, address, telephone or organization: their details, no cases."""
    found = Membership.objects.filter(person__is_active=True, person__is_staff=False)
    for word in typed.split():
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(person__phone__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(organization__short_name__icontains=word)
        )
    rows = found.select_related("person", "organization")
    return list(rows.order_by("person__name", "organization__name", "pk")[:MOST])


def _caller(request: HttpRequest, now: dt.datetime) -> dict[str, Any]:
    """The caller whose PIN matched, with their open cases; empty without one."""
    person = pins.caller_of(staff_of(request), now=now)
    if person is None:
        return {}
    cases = Case.objects.visible_to(person).open().by_urgency().select_related("organization")
    memberships = person.memberships.select_related("organization")
    return {"caller": person, "memberships": memberships, "cases": cases[:MOST]}
