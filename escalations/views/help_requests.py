"""Asking for help: the button's panel, and the form."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cases import drafts, gates, realm
from cases.actors import Actor
from cases.errors import CaseChanged, NotAllowed, Refused
from cases.forms import ServiceForm, renew
from cases.gates import SignedInRequest
from cases.models import Case
from cases.redirects import go_to
from cases.selectors import is_designated
from cases.views.cases import case_of, pointed_elsewhere
from cases.wording import WAITING_STATES

from .. import case_panel, wording
from ..forms import MOVED, HelpForm, with_gone_answers
from ..models import Escalation, EscalationReason, OwnerReview
from ..rules.criteria import evaluate
from ..selectors import gather, newest_support_entry, offers, panel
from ..services.help_requests import request_help


@require_safe
@gates.contact
def help_panel(request: SignedInRequest, number: str) -> HttpResponse:
    """The button and its present reasons: the script fetches it when the time has come.

    It shows nothing of the feed, so it marks nothing as read (ESC-3).
    """
    case = case_of(request, number)
    now = timezone.now()
    context = case_panel.context_of(
        panel(case=case, contact=request.user, now=now),
        case=case,
        can_ask=is_designated(request.user, case.organization_id)
        and realm.current().may_open_for(case.organization),
        now=now,
    )
    return render(request, "escalations/panel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def ask_for_help(request: SignedInRequest, number: str) -> HttpResponse:
    """The form, and its results: an escalation, or a request to the Case Owner (HELP-2 to 5)."""
    case = case_of(request, number)
    require_designated(request, case)
    if answer := pointed_elsewhere(request, case):
        return answer
    now = timezone.now()
    active = EscalationReason.objects.filter(is_active=True)
    reasons = list(active.prefetch_related("prompts"))
    status, from_draft = 200, False
    if request.method == "POST":
        form = HelpForm(request.POST, case=case, reasons=reasons)
        actor = Actor.of(request.user)
        if made := form.run(
            lambda typed: request_help(case_id=case.pk, actor=actor, now=now, **typed)
        ):
            drafts.forget(request, request.path)
            messages.success(request, received(made))
            return go_to(request, case.get_absolute_url())
        form.take_up()
        status = status_of(form)
    else:
        earlier = drafts.texts_for(request, request.path)
        from_draft = bool(earlier)
        if (typed := with_gone_answers(earlier, reasons)) != earlier:
            messages.info(request, MOVED)
        form = HelpForm(initial=typed, case=case, reasons=reasons)
    facts = gather(case=case, contact=request.user, now=now)
    hinted = partial(case_panel.hints, case=case, newest_update=newest_support_entry(case), now=now)
    context = {
        "case": case,
        "form": form,
        "choices": [
            {
                "reason": offer.reason,
                "prompts": form.prompts_of(offer.reason),
                "hints": hinted(offer.refusals),
                "possible": offer.possible,
            }
            for offer in offers(facts, reasons)
        ],
        "from_draft": from_draft,
        "hints": hinted([wording.line(outcome) for outcome in evaluate(facts).told]),
    }
    return render(request, "escalations/help.html", context, status=status)


def received(made: Escalation | OwnerReview) -> str:
    """The page after a form was sent (HELP-5)."""
    if isinstance(made, Escalation):
        return (
            "The escalation has been requested. An Escalation Owner will answer by "
            f"{wording.moment(made.answer_due_at)}."
        )
    owner = made.case.owner
    by = f"{owner}, the Case Owner, will review it" if owner else "The Case Owner will review it"
    said = f"We have received your request. {by}, and answer in the case."
    if isinstance(made, OwnerReview) and made.callback_phone:
        said += " Product Support will call you back at the number you gave."
    if made.case.state in WAITING_STATES:
        said += " This is not an answer: Product Support is still waiting for yours."
    return said


# --- What the pages of this app share -----------------------------------------------------------


def require_designated(request: SignedInRequest, case: Case) -> None:
    """ACC-1: 403 for a Read-Only contact. The services check again."""
    if not is_designated(request.user, case.organization_id):
        raise PermissionDenied("Only a Designated Contact of the organization can ask for help.")


def status_of(form: ServiceForm) -> int:
    """The status of a page that shows a refused form again; the form can be sent again.

    Raises PermissionDenied if this person may not do it at all.
    """
    if isinstance(form.refusal, NotAllowed):
        raise PermissionDenied(form.refusal.message)
    if isinstance(form.refusal, CaseChanged):
        renew(form)
    return 409 if isinstance(form.refusal, Refused) else 200
