"""What staff do at a case that is this app's: engage a manager, move a message between the feeds.

A GET shows the form, a POST does it.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases import drafts
from cases.admin import case_page
from cases.admin.base import actor_of
from cases.errors import CaseChanged, Refused
from cases.forms import ServiceForm, renew, text_field
from cases.models import Entry, Person

from ..models import Escalation, EscalationEntry
from ..notices import managers
from ..services import feeds
from ..services.owner_reviews import engage_manager
from . import page

REFUSED = 422


class EngageForm(ServiceForm):
    manager = forms.ModelChoiceField(
        Person.objects.none(),
        label="Product Support Manager",
        error_messages={"required": "Choose a Product Support Manager."},
    )
    note = text_field("Note to the manager (internal)", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = managers()  # type: ignore[attr-defined]
        self.fields["note"].required = False


class MoveForm(forms.Form):
    """A button; it carries the version of the escalation whose feed the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def engage(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """MGT-7: a Product Support Manager stands on the Critical case, and is told."""
    _require(request, "escalations.engage_manager")
    case = case_page.get_case(case_id)
    earlier = drafts.texts_for(request, request.path)
    form = EngageForm(request.POST or None, initial=earlier)
    if request.method == "POST":
        arguments = {"case_id": case.pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(engage_manager, **arguments):
            drafts.forget(request, request.path)
            messages.success(request, f"{case.number}: {form.result.manager} is engaged, and told.")
            return redirect("admin:cases_case_change", case.pk)
        if form.refusal:
            renew(form)
    context = {
        **case_page.head(model_admin, request, case),
        "form": form,
        "form_title": "Engage a Product Support Manager",
        "form_help": "The manager is told by mail and stands on the case; the customer reads who.",
        "button": "Engage",
        "was_kept": bool(earlier) and not form.is_bound,
        "newest": case_page.newest_entries(case, 5),
    }
    status = REFUSED if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/case/form.html", context, status=status)


def move_here(
    model_admin: Any, request: HttpRequest, *, case_id: int, entry_id: int
) -> HttpResponse:
    """A message of the case feed goes to the feed of the case's newest escalation (FEED-1)."""
    _require(request, "escalations.move_entry")
    case = case_page.get_case(case_id)
    entry = get_object_or_404(Entry.objects.select_related("author"), pk=entry_id, case=case)
    escalation = Escalation.objects.filter(case=case).first()
    if escalation is None:
        raise Http404
    back = redirect("admin:cases_case_change", case.pk)
    if request.method == "POST":
        return _move(
            request,
            back,
            lambda **who: feeds.move_to_escalation(
                entry_id=entry.pk, escalation_id=escalation.pk, **who
            ),
        )
    if not feeds.is_movable(entry):
        return _gone(request, back)
    context = {
        **case_page.head(model_admin, request, case),
        "entry": entry,
        "form": MoveForm(initial={"version": escalation.version}),
    }
    return TemplateResponse(request, "admin/escalations/move_here.html", context)


def move_away(model_admin: Any, request: HttpRequest, *, pk: int, entry_id: int) -> HttpResponse:
    """A message of the escalation's feed goes to the case feed (FEED-1)."""
    _require(request, "escalations.move_entry")
    escalation = page.get_escalation(pk)
    rows = EscalationEntry.objects.select_related("author")
    entry = get_object_or_404(rows, pk=entry_id, escalation=escalation)
    back = redirect("admin:escalations_escalation_change", pk)
    if request.method == "POST":
        return _move(request, back, lambda **who: feeds.move_to_case(entry_id=entry.pk, **who))
    if not feeds.is_movable(entry):
        return _gone(request, back)
    context = {
        **page.head(model_admin, request, escalation),
        "entry": entry,
        "form": MoveForm(initial={"version": escalation.version}),
    }
    return TemplateResponse(request, "admin/escalations/move_away.html", context)


def _move(request: HttpRequest, back: HttpResponse, service: Any) -> HttpResponse:
    """A second click finds the message moved, and is told so: nothing is written twice.

    Where the escalation changed since the page was shown, the page is shown again.
    """
    form = MoveForm(request.POST)
    try:
        if not form.is_valid():
            raise CaseChanged
        seen = form.cleaned_data["version"]
        service(actor=actor_of(request), now=timezone.now(), seen_version=seen)
    except CaseChanged:
        messages.warning(request, "The escalation changed meanwhile. Look again, then move it.")
        return redirect(request.path)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "The message is moved. Its row stays here, as a trace.")
    return back


def _gone(request: HttpRequest, back: HttpResponse) -> HttpResponse:
    messages.warning(request, "This cannot be moved.")
    return back


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
