"""Opening a case for a caller (CASE-1, ACC-1): first find the person, then write the issue.

Where callers have a PIN, it is checked before anything is written (FED-5).
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cases import drafts, realm
from cases.actors import staff_gate
from cases.errors import CaseChanged
from cases.forms import NO_DEPLOYMENT, OpenForm, renew
from cases.models import Membership, Organization, Priority
from cases.rules.search import SEARCH_MAX
from cases.services.new_cases import CALLER_UNKNOWN, open_case
from cases.wording import SEVERITIES_IN_FULL

from . import queues
from .base import actor_of, staff_of

#: Callers that one search shows; more means that the words were too few.
MOST = 50


class OpenForCallerForm(OpenForm):
    """What the customer's form asks for, as staff type it on the telephone."""

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, organization=membership.organization, **kwargs)
        self.fields["subject"].help_text = "The issue in a few words. One issue per case."
        priority: Any = self.fields["priority"]
        priority.choices = SEVERITIES_IN_FULL  # a priority has the same four levels (SEV-2)
        priority.initial = Priority.MEDIUM.value
        priority.help_text = "What the caller asks for. The severity starts from it."
        deployment: Any = self.fields["deployment"]
        if len(deployment.queryset) == 1:
            deployment.initial = deployment.queryset[0]


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
    typed = request.GET.get("q", "").strip()[:SEARCH_MAX]
    found = designated_contacts()
    for word in typed.split():
        found = found.filter(
            Q(person__name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(person__phone__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(organization__short_name__icontains=word)
        )
    shown = list(found[:MOST]) if typed else []
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Open a case for a caller",
        "typed": typed,
        "found": shown,
        "elsewhere": _elsewhere(shown),
        "fedramp_portal_url": settings.FEDRAMP_PORTAL_URL,
        "most": MOST,
    }
    return TemplateResponse(request, "admin/cases/case/find_caller.html", context)


def open_for_caller(model_admin: Any, request: HttpRequest, *, membership_id: int) -> HttpResponse:
    """The form for this contact and organization; it makes the case once."""
    _check(request)
    membership = get_object_or_404(designated_contacts(), pk=membership_id)
    if elsewhere := _elsewhere([membership]):
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": "A FedRAMP customer calls",
            "elsewhere": elsewhere,
            "fedramp_portal_url": settings.FEDRAMP_PORTAL_URL,
        }
        page = "admin/cases/case/find_caller.html"
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, page, context, status=status)
    page = realm.current().telephone_page
    known = staff_gate().knows_caller(
        membership.person, staff=staff_of(request), now=timezone.now()
    )
    if not known and request.method != "POST":
        messages.warning(request, CALLER_UNKNOWN)
        return redirect(f"{reverse(page)}?{urlencode({'email': membership.person.email})}")
    earlier = drafts.texts_for(request, request.path)
    form = OpenForCallerForm(
        request.POST or None, request.FILES or None, initial=earlier, membership=membership
    )
    if request.method == "POST":
        if form.run(
            open_case, actor=actor_of(request), now=timezone.now(), contact=membership.person
        ):
            queues.forget_counts(staff_of(request))
            drafts.forget(request, request.path)
            number = form.result.number
            messages.success(request, f"{number} is open. Tell the caller this number.")
            return redirect("admin:cases_case_change", form.result.pk)
        if isinstance(form.refusal, CaseChanged):
            renew(form)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Open a case for a caller",
        "membership": membership,
        "form": form,
        "no_deployment": NO_DEPLOYMENT,
        "was_kept": bool(earlier) and not form.is_bound,
        # What was typed stands on this page: the check opens beside it.
        "check_first": not known,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/case/open.html", context, status=status)


def _elsewhere(found: list[Membership]) -> list[Organization]:
    """FED-1, FED-12: the organizations among them whose cases belong in the other realm."""
    here = realm.current().may_open_for
    each_once = {each.organization_id: each.organization for each in found}
    return [each for each in each_once.values() if not here(each)]


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm("cases.work_case"):
        raise PermissionDenied
