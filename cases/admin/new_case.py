"""Opening a case for a caller (CASE-1, ACC-1): first find the person, then write the issue.

If callers have a PIN, it is checked before anything is written (FED-5).
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cases import realm
from cases.actors import Actor, staff_gate
from cases.forms import NO_DEPLOYMENT, OpenForm
from cases.models import Case, Membership, Organization, Priority
from cases.rules.search import SEARCH_MAX
from cases.services.new_cases import CALLER_UNKNOWN, open_case
from cases.wording import SEVERITIES_IN_FULL

from .base import actor_of
from .object_actions import REFUSED, ObjectAction, check

#: The number of callers that one search shows; with more, the search was too vague.
MOST = 50


class OpenForCallerForm(OpenForm):
    """The questions of the customer's form, as staff fill it in on the telephone."""

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, organization=membership.organization, **kwargs)
        self.fields["subject"].help_text = "The issue in a few words. One issue per case."
        priority: Any = self.fields["priority"]
        priority.choices = SEVERITIES_IN_FULL  # a priority has the same four levels (SEV-2)
        priority.initial = Priority.MEDIUM.value
        priority.help_text = "What the caller asks for. It sets the initial severity."
        deployment: Any = self.fields["deployment"]
        if len(deployment.queryset) == 1:
            deployment.initial = deployment.queryset[0]


def designated_contacts() -> Any:
    """The people for whom a case can be opened: active Designated Contacts, by organization."""
    return (
        Membership.objects.filter(role=Membership.Role.DESIGNATED, person__is_active=True)
        .select_related("person", "organization__plan")
        .order_by("organization__name", "person__name", "pk")
    )


def find_caller(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Finds the caller by name, e-mail, telephone and organization."""
    check(request, "cases.work_case")
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


@dataclass(frozen=True, kw_only=True)
class OpenForCaller(ObjectAction[Membership]):
    """The form for this contact and organization; it creates the case once."""

    def carry_out(self, model_admin: Any, request: HttpRequest, **address: Any) -> HttpResponse:
        check(request, "cases.work_case")
        if elsewhere := _elsewhere([self.find(request, **address)]):
            context = {
                **model_admin.admin_site.each_context(request),
                "opts": model_admin.opts,
                "title": "A FedRAMP customer calls",
                "elsewhere": elsewhere,
                "fedramp_portal_url": settings.FEDRAMP_PORTAL_URL,
            }
            page = "admin/cases/case/find_caller.html"
            status = REFUSED if request.method == "POST" else 200
            return TemplateResponse(request, page, context, status=status)
        return super().carry_out(model_admin, request, **address)

    def find(self, request: HttpRequest, **address: Any) -> Membership:
        found: Membership = get_object_or_404(designated_contacts(), pk=address["membership_id"])
        return found

    def why_not(self, subject: Membership, actor: Actor) -> str:
        return "" if _is_known(subject, actor) else CALLER_UNKNOWN

    def turned_away(self, subject: Membership) -> str:
        """The page on which the caller is checked first."""
        page = reverse(realm.current().telephone_page)
        return f"{page}?{urlencode({'email': subject.person.email})}"

    def frame(self, model_admin: Any, request: HttpRequest, subject: Membership) -> dict[str, Any]:
        return {
            **super().frame(model_admin, request, subject),
            "template": "admin/cases/case/open.html",
            "membership": subject,
            "no_deployment": NO_DEPLOYMENT,
            # The page keeps what was typed: the check opens in another tab.
            "check_first": not _is_known(subject, actor_of(request)),
        }


OPEN_FOR_CALLER = OpenForCaller(
    name="open_for",
    route="open/<int:membership_id>/",
    model=Case,
    label="Open a case for a caller",
    button="Open the case",
    form=OpenForCallerForm,
    options=lambda request, membership: {"membership": membership},
    permissions=("cases.work_case",),
    service=lambda it: open_case(**it.by, contact=it.subject.person, **it.typed),
    done=lambda press, case: f"{case.number} is open. Tell the caller this number.",
    back=lambda membership: reverse("admin:cases_case_open"),
    to=lambda press, case: reverse("admin:cases_case_change", args=[case.pk]),
)


def _is_known(membership: Membership, actor: Actor) -> bool:
    """FED-5: the PIN was checked, if callers have one."""
    staff = actor.person
    assert staff is not None, "a member of staff opens it"
    return staff_gate().knows_caller(membership.person, staff=staff, now=timezone.now())


def _elsewhere(found: list[Membership]) -> list[Organization]:
    """FED-1, FED-12: the organizations whose cases belong in the other realm."""
    here = realm.current().may_open_for
    each_once = {each.organization_id: each.organization for each in found}
    return [each for each in each_once.values() if not here(each)]
