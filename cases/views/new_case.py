"""Opening a case (CASE-1, CASE-2) and the page that follows."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from .. import drafts, gates, realm, selectors, wording
from ..actors import Actor
from ..errors import CaseChanged, NotAllowed
from ..forms import NO_DEPLOYMENT, OpenForm, renew
from ..gates import SignedInRequest
from ..models import Severity
from ..promises import promised_response_at
from ..redirects import go_to
from ..services.new_cases import open_case
from .cases import case_of


@require_safe
@gates.contact
def choose(request: SignedInRequest) -> HttpResponse:
    """The choice of an organization, only for contacts who are Designated for several (CASE-1).

    FED-1: if its cases belong elsewhere, the page says so before anything is typed.
    """
    organizations = selectors.organizations_to_open_for(request.user)
    if not organizations:
        raise PermissionDenied("Only a Designated Contact of an organization can open a case.")
    may_open_for = realm.current().may_open_for
    if len(organizations) == 1 and may_open_for(organizations[0]):
        return go_to(request, reverse("portal:open_for", args=[organizations[0].short_name]))
    return render(
        request,
        "portal/open_choose.html",
        {
            "here": [each for each in organizations if may_open_for(each)],
            "elsewhere": [each for each in organizations if not may_open_for(each)],
            "fedramp_portal_url": settings.FEDRAMP_PORTAL_URL,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def open_for(request: SignedInRequest, short_name: str) -> HttpResponse:
    """The form, for one organization of which the contact is a member (ACC-4)."""
    membership = (
        request.user.memberships.filter(organization__short_name=short_name)
        .select_related("organization", "organization__plan")
        .first()
    )
    if membership is None:
        raise Http404
    organization = membership.organization
    if membership.role != membership.Role.DESIGNATED:
        raise PermissionDenied("Only a Designated Contact of the organization can open a case.")
    if request.method != "POST" and not realm.current().may_open_for(organization):
        return go_to(request, reverse("portal:open"))
    earlier = drafts.texts_for(request, request.path)
    status = 200
    if request.method == "POST":
        form = OpenForm(request.POST, request.FILES, organization=organization)
        actor, now = Actor.of(request.user), timezone.now()
        if case := form.run(lambda typed: open_case(actor=actor, now=now, **typed)):
            drafts.forget(request, request.path)
            return go_to(request, reverse("portal:opened", args=[case.number]))
        if isinstance(form.refusal, NotAllowed):
            raise PermissionDenied(form.refusal.message)
        if isinstance(form.refusal, CaseChanged):
            renew(form)
            status = 409
    else:
        initial = {"phone_24x7": request.user.phone, **earlier}
        form = OpenForm(initial=initial, organization=organization)
    return render(
        request,
        "portal/open.html",
        {
            "form": form,
            "organization": organization,
            "no_deployment": NO_DEPLOYMENT,
            "priorities": wording.PRIORITIES,
            "from_draft": bool(earlier) and request.method != "POST",
            "choose_files_again": bool(request.FILES),
            "critical": Severity.CRITICAL,
        },
        status=status,
    )


@require_safe
@gates.contact
def opened(request: SignedInRequest, number: str) -> HttpResponse:
    """The number, what happens next and by when; for Critical, whom to call at once (SEV-4)."""
    case = case_of(request, number)
    return render(
        request,
        "portal/opened.html",
        {
            "case": case,
            "answer_by": promised_response_at(case),
            "is_critical": case.priority == Severity.CRITICAL,
            "files": selectors.opening_files(case),
        },
    )
