"""Escalation Details: the escalation's state, what comes next, its feed, and earlier ones."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases import drafts, gates, realm
from cases.actors import Actor
from cases.gates import SignedInRequest
from cases.models import Case
from cases.redirects import go_to
from cases.selectors import is_designated
from cases.views.cases import case_of

from .. import case_panel, selectors, state_wording, wording
from ..forms import MessageForm
from ..models import Escalation
from ..services.feeds import post_in_feed
from .help_requests import require_designated, status_of


@require_safe
@gates.contact
def details(request: SignedInRequest, number: str) -> HttpResponse:
    """The active escalation, or the last one; a page that says so if there never was one."""
    case = case_of(request, number)
    newest = selectors.newest_escalation(case)
    if newest is None:
        return render(request, "escalations/none.html", {"case": case})
    return _page(request, case, newest, newest=newest)


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def one(request: SignedInRequest, number: str, escalation_id: int) -> HttpResponse:
    """One escalation of the case; POST writes in its feed (FEED-2)."""
    case = case_of(request, number)
    newest = selectors.newest_escalation(case)
    escalation = get_object_or_404(selectors.of_case(case), pk=escalation_id)
    if request.method != "POST":
        return _page(request, case, escalation, newest=newest)
    require_designated(request, case)
    form = MessageForm(request.POST)
    actor, now = Actor.of(request.user), timezone.now()
    if request.FILES:
        form.add_error(None, "You cannot attach files here: attach them in Case Details.")
    elif form.run(
        lambda typed: post_in_feed(escalation_id=escalation_id, actor=actor, now=now, **typed)
    ):
        drafts.forget(request, request.path)
        messages.success(request, "Your message is in the escalation's feed.")
        return go_to(request, reverse("escalations:details", args=[case.number]))
    status = status_of(form)
    escalation = get_object_or_404(selectors.of_case(case), pk=escalation_id)
    return _page(request, case, escalation, newest=newest, form=form, status=status)


def _page(
    request: SignedInRequest,
    case: Case,
    escalation: Escalation,
    *,
    newest: Escalation | None,
    form: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    escalation.case = case  # with its organization
    address = reverse("escalations:one", args=[case.number, escalation.pk])
    belongs_here = realm.current().may_open_for(case.organization)
    can_ask = belongs_here and is_designated(request.user, case.organization_id)
    may_write = can_ask and realm.current().contacts_write_in_escalations
    earlier = drafts.texts_for(request, address) if may_write and form is None else {}
    # What was typed stays visible even if it can no longer be sent.
    if form is None and may_write and (escalation.is_active or earlier):
        form = MessageForm(initial=earlier)
    context: dict[str, Any] = {
        "case": case,
        "escalation": escalation,
        "situation": state_wording.situation(escalation, now),
        "not_met": [wording.CRITERIA[code] for code in escalation.decline_codes],
        "feed": selectors.escalation_feed(escalation, request.user, whole="whole" in request.GET),
        "what_belongs_here": state_wording.FEED,
        "others": selectors.other_escalations(escalation),
        "requests": selectors.attention_requests(case, request.user),
        "management_can_be_asked": can_ask and not selectors.attention_refusal(case),
        "management_wait": selectors.attention_wait(case, now),
        "tabs": case_panel.tabs_of(case, newest),
        "here": reverse("escalations:details", args=[case.number]),
        "address": address,
        "form": form,
        "from_draft": bool(earlier),
        "can_ask": can_ask,
    }
    return render(request, "escalations/details.html", context, status=status)
