"""Opening a case for a caller (CASE-1, ACC-1): first find the person, then write the issue."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases.errors import CaseChanged, Invalid, Refused
from cases.forms import MultipleFileField, renew, submission_field
from cases.models import Case, Deployment, Membership, Priority
from cases.services.feeds import BODY_MAX
from cases.services.opening import open_case

from . import queues
from .base import actor_of, staff_of

#: Callers that one search shows; more means that the words were too few.
MOST = 50


class OpenForCallerForm(forms.Form):
    """What the customer's form asks for, as staff type it on the telephone."""

    deployment = forms.ModelChoiceField(Deployment.objects.none(), label="Deployment")
    priority = forms.TypedChoiceField(
        label="Priority",
        choices=Priority,
        coerce=int,
        initial=Priority.MEDIUM.value,
        widget=forms.RadioSelect,
        help_text="What the caller asks for. The severity starts from it.",
    )
    phone_24x7 = forms.CharField(
        label="24x7 telephone number",
        required=False,
        max_length=40,
        help_text="Needed for Critical: a Designated Contact must be reachable at all times.",
    )
    subject = forms.CharField(label="Subject", max_length=200, help_text="One issue per case.")
    description = forms.CharField(
        label="Description", max_length=BODY_MAX, widget=forms.Textarea(attrs={"rows": 6})
    )
    business_impact = forms.CharField(
        label="Business impact", max_length=BODY_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    conversation_id = forms.CharField(label="Conversation ID", required=False, max_length=100)
    files = MultipleFileField(label="Files", required=False)  # type: ignore[assignment]
    submission = submission_field()

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deployments = membership.organization.deployments.filter(is_active=True)
        field = self.fields["deployment"]
        field.queryset = deployments  # type: ignore[attr-defined]
        if len(deployments) == 1:
            field.initial = deployments[0]


def designated_contacts() -> Any:
    """Those for whom a case can be opened: active Designated Contacts, by organization."""
    return (
        Membership.objects.filter(role=Membership.Role.DESIGNATED, person__is_active=True)
        .select_related("person", "organization__plan")
        .order_by("organization__name", "person__name", "pk")
    )


def find_caller(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Who calls: searched by name, e-mail, telephone and organization."""
    _check(request)
    typed = request.GET.get("q", "").strip()
    found = designated_contacts()
    for word in typed.split():
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(person__phone__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(organization__short_name__icontains=word)
        )
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Open a case for a caller",
        "typed": typed,
        "found": found[:MOST] if typed else [],
        "most": MOST,
    }
    return TemplateResponse(request, "admin/cases/case/find_caller.html", context)


def open_for_caller(model_admin: Any, request: HttpRequest, *, membership_id: int) -> HttpResponse:
    """The form for this contact and organization; it makes the case once."""
    _check(request)
    membership = get_object_or_404(designated_contacts(), pk=membership_id)
    form = OpenForCallerForm(request.POST or None, request.FILES or None, membership=membership)
    if request.method == "POST" and form.is_valid():
        case = _open(request, form, membership)
        if case:
            queues.forget_counts(staff_of(request))
            messages.success(request, f"{case.number} is open. Tell the caller this number.")
            return redirect("admin:cases_case_change", case.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Open a case for a caller",
        "membership": membership,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/case/open.html", context, status=status)


def _open(request: HttpRequest, form: OpenForCallerForm, membership: Membership) -> Case | None:
    try:
        return open_case(
            actor=actor_of(request),
            now=timezone.now(),
            contact=membership.person,
            **form.cleaned_data,
        )
    except Invalid as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except Refused as error:
        form.add_error(None, error.message)
        if isinstance(error, CaseChanged):
            renew(form)
    return None


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("cases.work_case"):
        raise PermissionDenied
