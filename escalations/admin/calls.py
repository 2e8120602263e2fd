"""Recording a call for another severity or priority (SEV-2, SEV-5)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from cases import drafts, realm
from cases.admin import case_page
from cases.admin.base import actor_of, staff_of
from cases.admin.queues import forget_counts
from cases.errors import NotAllowed
from cases.forms import ServiceForm, moment_field, renew, text_field
from cases.models import Case, Person, Priority, Severity

from ..case_card import designated_contacts
from ..models import OwnerReview
from ..services.owner_requests import record_call

REFUSED = 422


class CallForm(ServiceForm):
    """`run(record_call, case_id=…, actor=…, now=…)`."""

    caller = forms.ModelChoiceField(
        Person.objects.none(),
        label="Who called",
        help_text="A Designated Contact of the organization.",
        error_messages={"required": "Choose who called."},
    )
    called_at = moment_field("When the call came")
    wanted = forms.ChoiceField(
        label="What was asked for", error_messages={"required": "Choose what was asked for."}
    )
    details = text_field("What the caller said", rows=4, empty="Write what the caller said.")
    callback_phone = forms.CharField(
        label="Telephone number",
        max_length=40,
        required=False,
        help_text="Of the caller, for this request. For Critical it is the 24x7 number: a "
        "Designated Contact must be reachable at all times.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["caller"].queryset = designated_contacts(case)  # type: ignore[attr-defined]
        wanted: Any = self.fields["wanted"]
        kinds = OwnerReview.Kind
        wanted.choices = [
            ("", "---------"),
            ("Severity", _levels(kinds.SEVERITY, Severity, case.severity)),
            ("Priority", _levels(kinds.PRIORITY, Priority, case.priority)),
        ]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        kind, level = values.pop("wanted").split("-")
        return {**values, "kind": kind, "level": int(level)}


def _levels(kind: str, levels: Any, present: int) -> list[tuple[str, str]]:
    return [
        (f"{kind}-{each.value}", f"{kind.capitalize()} {each.label}")
        for each in levels
        if each != present
    ]


def record(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """SEV-5: the case says who called and when, and the request waits for the Case Owner."""
    if not request.user.has_perm("cases.change_severity"):
        raise PermissionDenied
    case = case_page.get_case(case_id)
    earlier = drafts.texts_for(request, request.path)
    initial = {"called_at": timezone.now(), **earlier}
    form = CallForm(request.POST or None, initial=initial, case=case)
    if request.method == "POST":
        arguments = {"case_id": case.pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(record_call, **arguments):
            return _done(request, form.result)
        if isinstance(form.refusal, NotAllowed):
            raise PermissionDenied
        if form.refusal:
            renew(form)
    context = {
        **case_page.head(model_admin, request, case),
        "form": form,
        "form_title": "Record a call",
        "form_help": _help(case),
        "button": "Record the call",
        "was_kept": bool(earlier) and not form.is_bound,
        "newest": case_page.newest_entries(case, 5),
    }
    status = REFUSED if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/case/form.html", context, status=status)


def _done(request: HttpRequest, review: OwnerReview) -> HttpResponse:
    """Who may answer it goes on to that at once."""
    forget_counts(staff_of(request))
    drafts.forget(request, request.path)
    number = review.case.number
    if request.user.has_perm("escalations.answer_review"):
        messages.success(request, f"{number}: the call is recorded. Answer the request here.")
        return redirect("admin:escalations_ownerreview_change", review.pk)
    messages.success(request, f"{number}: the call is recorded, and the Case Owner is told.")
    return redirect("admin:cases_case_change", review.case_id)


def _help(case: Case) -> str:
    now = f"{case.get_severity_display()}, priority {case.get_priority_display()}"
    words = (
        f"Now: severity {now}. The customer reads who called, when, and what was said. The request "
        "then waits for the Case Owner, who answers it."
    )
    page = realm.current().telephone_page
    if not page:
        return words
    return format_html(
        '{} First <a href="{}" target="_blank" rel="noopener">check the caller\'s PIN in a new '
        "tab</a>.",
        words,
        reverse(page),
    )
