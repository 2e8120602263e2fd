"""Bulk actions of the queues: choose cases, fill in a form, and read which were done.

Each case goes through the service in its own transaction, with the version shown on the page:
one refusal does not stop the others.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases.errors import CaseChanged, Refused
from cases.form_fields import TextField
from cases.forms import possible_owners, submission_field
from cases.models import Case, Person
from cases.services import lifecycle, severity
from cases.services.feeds import BODY_MAX
from cases.wording import SEVERITIES_IN_FULL

from . import queues
from .base import actor_of, staff_of

#: A form about more cases than this is probably a mistake.
MOST = 100
#: SQLite refuses to look for a greater number.
GREATEST_ID = 2**63 - 1


class BulkForm(forms.Form):
    """The cases as shown, "id:version" each, and a submission that counts only once."""

    chosen = forms.CharField(widget=forms.HiddenInput)
    submission = submission_field()

    def clean_chosen(self) -> dict[int, int]:
        try:
            pairs = [each.split(":") for each in self.cleaned_data["chosen"].split()]
            chosen = {int(pk): int(version) for pk, version in pairs}
        except ValueError:
            raise forms.ValidationError("Please select the cases in the list again.") from None
        if any(not 0 < pk <= GREATEST_ID for pk in chosen):
            raise forms.ValidationError("Please select the cases in the list again.")
        if not 0 < len(chosen) <= MOST:
            raise forms.ValidationError(f"Select at most {MOST} cases at a time.")
        return chosen


class BulkAssignForm(BulkForm):
    owner = forms.ModelChoiceField(Person.objects.none(), label="Case Owner")
    text = TextField(
        label="Note to the new owner (internal)",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = possible_owners()  # type: ignore[attr-defined]


class BulkSeverityForm(BulkForm):
    severity = forms.TypedChoiceField(
        label="Severity", choices=SEVERITIES_IN_FULL, coerce=int, widget=forms.RadioSelect
    )
    text = TextField(
        label="The reason",
        help_text="The customers can read it.",
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.action(description="Assign to …", permissions=["assign"])
def assign_cases(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
    return _ask(model_admin, request, queryset, BulkAssignForm, "assign")


@admin.action(description="Change severity …", permissions=["severity"])
def change_severity_of_cases(
    model_admin: Any, request: HttpRequest, queryset: QuerySet
) -> HttpResponse | None:
    return _ask(model_admin, request, queryset, BulkSeverityForm, "severity")


def assign_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Assigns each chosen case, or says why it could not."""

    def one(pk: int, version: int, key: uuid.UUID, values: dict[str, Any]) -> Any:
        return lifecycle.reassign(
            case_id=pk, seen_version=version, submission=key, **_common(request), **values
        )

    return _run(model_admin, request, BulkAssignForm, "assign", "cases.assign_case", one)


def severity_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Sets the severity of each chosen case, or says why it could not (SEV-2, ACC-6)."""

    def one(pk: int, version: int, key: uuid.UUID, values: dict[str, Any]) -> Any:
        return severity.change_severity(
            case_id=pk,
            seen_version=version,
            submission=key,
            severity=values["severity"],
            reason=values["text"],
            **_common(request),
        )

    return _run(model_admin, request, BulkSeverityForm, "severity", "cases.change_severity", one)


TITLES = {"assign": "Assign cases", "severity": "Change the severity of cases"}


def _common(request: HttpRequest) -> dict[str, Any]:
    return {"actor": actor_of(request), "now": timezone.now()}


def _ask(
    model_admin: Any,
    request: HttpRequest,
    queryset: QuerySet,
    form_class: type[BulkForm],
    name: str,
) -> HttpResponse | None:
    """The form for the chosen cases; the list itself if there are too many."""
    cases = list(queryset.select_related("organization")[: MOST + 1])
    if len(cases) > MOST:
        messages.error(request, f"Select at most {MOST} cases at a time. Nothing was changed.")
        return None
    chosen = " ".join(f"{case.pk}:{case.version}" for case in cases)
    back = request.GET.get("queue", "")
    form = form_class(initial={"chosen": chosen})
    return _page(model_admin, request, form, name, cases, back)


def _page(
    model_admin: Any,
    request: HttpRequest,
    form: BulkForm,
    name: str,
    cases: Sequence[Case],
    back: str,
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": TITLES[name],
        "form": form,
        "cases": cases,
        "name": name,
        "action_url": f"admin:cases_case_bulk_{name}",
        "back": back,
        "button": f"{TITLES[name].split()[0]} {len(cases)} case{'' if len(cases) == 1 else 's'}",
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/case/bulk.html", context, status=status)


def _run(
    model_admin: Any,
    request: HttpRequest,
    form_class: type[BulkForm],
    name: str,
    permission: str,
    one: Callable[[int, int, uuid.UUID, dict[str, Any]], Any],
) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm(permission):
        raise PermissionDenied
    form = form_class(request.POST)
    back = request.POST.get("back", "")
    if not form.is_valid():
        chosen = form.cleaned_data.get("chosen") or {}
        cases = list(Case.objects.filter(pk__in=chosen).select_related("organization"))
        return _page(model_admin, request, form, name, cases, back)
    values = dict(form.cleaned_data)
    chosen, submission = values.pop("chosen"), values.pop("submission")
    numbers = dict(Case.objects.filter(pk__in=chosen).values_list("pk", "number"))
    done: list[str] = []
    refused: list[str] = []
    for pk, version in sorted(chosen.items()):
        if pk not in numbers:
            refused.append(f"#{pk}: there is no such case.")
            continue
        try:
            # A submission is unique among all entries: one for each case, the same for each click.
            one(pk, version, uuid.uuid5(submission, str(pk)), values)
        except Refused as error:
            refused.append(f"{numbers[pk]}: {_short(error)}")
        else:
            done.append(numbers[pk])
    _tell(request, done, refused)
    queues.forget_counts(staff_of(request))
    return redirect(queues.named(Case, back or "open").address)


def _short(error: Refused) -> str:
    if type(error) is CaseChanged:
        return "the case has changed in the meantime. Check it first."
    return error.message


def _tell(request: HttpRequest, done: list[str], refused: list[str]) -> None:
    if done:
        messages.success(request, f"Done for {len(done)}: {', '.join(done)}.")
    if refused:
        messages.error(request, f"Not done for {len(refused)}: {' '.join(refused)}")
