"""The question on forms of targets, calendars, plans: recount the running clocks (SLA-6)?"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from unfold.widgets import UnfoldAdminRadioSelectWidget

from cases.models import Recomputation
from cases.services.recalculations import ask_to_recompute, number_running

from .base import DeskModelAdmin, actor_of

KEEP, ANEW = "keep", "anew"
FIELD = "recompute"


def _running(subject: Any) -> int:
    """The number of clocks that run by it. Counted once per page."""
    if not hasattr(subject, "_running_clocks"):
        subject._running_clocks = number_running(subject) if subject.pk else 0
    found: int = subject._running_clocks
    return found


class RecomputeForm(forms.ModelForm):
    """Asks if any clock runs by the edited object; no answer is preselected."""

    recompute = forms.ChoiceField(
        label="Running clocks",
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Choose whether the running clocks are recalculated."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = _running(self.instance)
        if not number:
            del self.fields[FIELD]
            return
        clocks = "1 running clock depends" if number == 1 else f"{number} running clocks depend"
        asked: Any = self.fields[FIELD]
        asked.help_text = (
            f"{clocks} on this. A background job recalculates from the start of each clock; clocks "
            "already met stay met."
        )
        asked.choices = [
            (
                KEEP,
                "Keep their due times: the change applies only to clocks that start from now on",
            ),
            (ANEW, f"Recalculate: {number}"),
        ]


class RecomputingAdmin(DeskModelAdmin):
    """Asks on the change form, and shows the job's progress below it."""

    form = RecomputeForm
    change_form_outer_after_template = "admin/cases/_recomputations.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj) or not _running(obj):
            return fieldsets
        return [*fieldsets, ("Running clocks", {"fields": (FIELD,)})]

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if form.cleaned_data.get(FIELD) == ANEW:
            recompute(request, form.instance)


def recompute(request: HttpRequest, subject: Any) -> None:
    """Recounts the clocks that depend on it, in the background; the page says for how many cases.

    The caller is in the transaction that changes the subject.
    """
    row = ask_to_recompute(subject, actor=actor_of(request), now=timezone.now())
    if row.total:
        cases = "1 open case" if row.total == 1 else f"{row.total} open cases"
        messages.info(request, f"The clocks of {cases} are being recalculated in the background.")


def again(site: AdminSite, request: HttpRequest, pk: int) -> HttpResponse:
    """Restarts the recomputation for all its cases; for those who may change its subject."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    subject = get_object_or_404(Recomputation, pk=pk).subject
    admin = site.get_model_admin(type(subject))
    if not admin.has_change_permission(request, subject):
        raise PermissionDenied
    with transaction.atomic():
        recompute(request, subject)
    return redirect(
        f"admin:{subject._meta.app_label}_{subject._meta.model_name}_change", subject.pk
    )
