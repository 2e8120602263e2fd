"""Requests for another severity or priority, and their withdrawal (SEV-2, SEV-5)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import drafts, gates
from cases.actors import Actor
from cases.errors import NotAllowed, Refused
from cases.gates import SignedInRequest
from cases.models import Case, Priority, Severity
from cases.redirects import go_to
from cases.views.cases import case_of, pointed_elsewhere

from .. import wording
from ..forms import LevelForm, PriorityForm, SeverityForm
from ..models import OwnerReview
from ..services.owner_requests import (
    request_priority_change,
    request_severity_change,
    withdraw_request,
)
from .help_requests import received, require_designated, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def ask_for_severity(request: SignedInRequest, number: str) -> HttpResponse:
    """To Medium, or to High with a number for calling back; Critical needs a call."""
    case = case_of(request, number)
    require_designated(request, case)
    levels = wording.severities_to_ask_for(case)
    if case.is_open and not levels and request.method != "POST":
        messages.info(request, wording.severity_cannot_be_asked())
        return go_to(request, case.get_absolute_url())

    def form(*args: Any, **kwargs: Any) -> LevelForm:
        # The service refuses a level that can no longer be asked for, with its own words.
        asked = levels or [Severity.MEDIUM, Severity.HIGH]
        return SeverityForm(*args, levels=asked, needs_number=True, **kwargs)

    context = {
        "title": "Ask for another severity",
        "now": ("Severity now", case.get_severity_display(), case.severity),
        "lead": "Product Support assigns the severity, and will answer in the case.",
    }
    return _page(request, case, form, request_severity_change, context)


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def ask_for_priority(request: SignedInRequest, number: str) -> HttpResponse:
    """The priority is the customer's to designate: staff apply another one, or say why not."""
    case = case_of(request, number)
    require_designated(request, case)
    levels = wording.priorities_to_ask_for(case)
    raises_to_high = case.priority > Priority.HIGH

    def form(*args: Any, **kwargs: Any) -> LevelForm:
        return PriorityForm(*args, levels=levels, needs_number=raises_to_high, **kwargs)

    context = {
        "title": "Ask for another priority",
        "now": ("Priority now", case.get_priority_display(), case.priority),
        "lead": "The priority says how important the issue is to you. Product Support will "
        "change it, or say in the case why not. The severity does not change with it.",
    }
    return _page(request, case, form, request_priority_change, context)


def _page(
    request: SignedInRequest,
    case: Case,
    form_of: Callable[..., LevelForm],
    service: Callable[..., OwnerReview],
    context: dict[str, Any],
) -> HttpResponse:
    if answer := pointed_elsewhere(request, case):
        return answer
    status, from_draft = 200, False
    if request.method == "POST":
        form = form_of(request.POST)
        actor, now = Actor.of(request.user), timezone.now()
        if made := form.run(lambda typed: service(case_id=case.pk, actor=actor, now=now, **typed)):
            drafts.forget(request, request.path)
            messages.success(request, received(made))
            return go_to(request, case.get_absolute_url())
        status = status_of(form)
    elif not case.is_open:
        messages.info(request, "The case is closed: reopen it first.")
        return go_to(request, case.get_absolute_url())
    else:
        earlier = drafts.texts_for(request, request.path)
        from_draft = bool(earlier)
        form = form_of(initial={"callback_phone": request.user.phone, **earlier})
    context |= {"case": case, "form": form, "from_draft": from_draft}
    return render(request, "escalations/level.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def withdraw(request: SignedInRequest, number: str, review_id: int) -> HttpResponse:
    """The request ends. A GET, as after a sign-in, leads to the case, where the button is."""
    case = case_of(request, number)
    require_designated(request, case)
    review = get_object_or_404(OwnerReview, pk=review_id, case=case)
    if "withdraw" in request.POST:
        try:
            withdraw_request(review_id=review.pk, actor=Actor.of(request.user), now=timezone.now())
        except NotAllowed:
            raise
        except Refused as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, "Your request has been withdrawn.")
    return go_to(request, case.get_absolute_url())
