"""Doing one deed: a GET shows its form, a POST does it.

A refusal shows the form again with every word that was typed.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases import drafts
from cases.actors import Actor
from cases.admin.base import actor_of, staff_of
from cases.admin.queues import forget_counts
from cases.errors import CaseChanged

from ..models import Escalation
from ..notices import preview_decline
from . import page
from .action_forms import DeclineForm, EscalationForm
from .actions import DEEDS, Deed

REFUSED = 422


def do(model_admin: Any, request: HttpRequest, *, pk: int, name: str) -> HttpResponse:
    """One deed of the table: its form, or the deed itself."""
    deed = DEEDS.get(name)
    if deed is None:
        raise Http404
    actor = actor_of(request)
    if not actor.may(deed.permission):
        raise PermissionDenied
    escalation = page.get_escalation(pk)
    if request.method == "POST":
        return _post(model_admin, request, escalation, deed, actor)
    if deed.is_composer:  # back from the sign-in: the form stands on the page
        return redirect("admin:escalations_escalation_change", pk)
    if not deed.is_possible(escalation, actor):
        messages.warning(request, _why_not(deed, escalation))
        return redirect("admin:escalations_escalation_change", pk)
    form = deed.blank(escalation, drafts.texts_for(request, request.path))
    return _form_page(model_admin, request, escalation, deed, form)


def _post(
    model_admin: Any, request: HttpRequest, escalation: Escalation, deed: Deed, actor: Actor
) -> HttpResponse:
    form = deed.form(request.POST, escalation=escalation, prefix=deed.prefix)
    if isinstance(form, DeclineForm) and form.is_valid() and not form.was_previewed():
        form.note_preview()
        shown = preview_decline(
            escalation,
            actor=actor,
            codes=form.cleaned_data["codes"],
            words=form.cleaned_data["words"],
        )
        return _form_page(model_admin, request, escalation, deed, form, preview=shown)
    if form.run(deed.service, escalation_id=escalation.pk, actor=actor, now=timezone.now()):
        forget_counts(staff_of(request))
        drafts.forget(request, request.path)
        messages.success(request, f"{escalation.case.number}: {deed.done}")
        return redirect("admin:escalations_escalation_change", escalation.pk)
    if isinstance(form.refusal, CaseChanged):
        form.renew(Escalation.objects.values_list("version", flat=True).get(pk=escalation.pk))
    if deed.is_composer:
        return page.show(
            model_admin, request, escalation.pk, bound={deed.name: form}, status=REFUSED
        )
    return _form_page(model_admin, request, escalation, deed, form, status=REFUSED)


def _why_not(deed: Deed, escalation: Escalation) -> str:
    if deed.states and escalation.state not in deed.states:
        state = escalation.get_state_display()
        return f"“{deed.label}” is not possible: the escalation is {state}."
    return f"“{deed.label}” is for {escalation.owner}, who owns this escalation."


def _form_page(
    model_admin: Any,
    request: HttpRequest,
    escalation: Escalation,
    deed: Deed,
    form: EscalationForm,
    *,
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The head of the escalation and the form. The head is read again: it may be what changed."""
    escalation = page.get_escalation(escalation.pk)
    context = {
        **page.head(model_admin, request, escalation),
        "form": form,
        "deed": deed,
        "preview": preview,
        "was_kept": not form.is_bound and bool(drafts.texts_for(request, request.path)),
        "newest": page.newest_entries(escalation, 5),
        "changed": isinstance(form.refusal, CaseChanged),
    }
    return TemplateResponse(
        request, "admin/escalations/escalation/form.html", context, status=status
    )
