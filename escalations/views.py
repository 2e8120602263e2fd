"""The portal pages of this app: they choose what to show, and decide nothing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import gates, kept
from cases.actors import Actor
from cases.answers import go_to
from cases.errors import CaseChanged, NotAllowed
from cases.forms import renew
from cases.gates import SignedInRequest
from cases.selectors import is_designated
from cases.views.cases import case_of

from . import words
from .forms import HelpForm
from .models import Escalation, EscalationReason
from .selectors import eligibility
from .services.requesting import request_help


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def ask_for_help(request: SignedInRequest, number: str) -> HttpResponse:
    """The form, and what it makes: an escalation, or a request to the Case Owner (HELP-2 to 5)."""
    case = case_of(request, number)
    if not is_designated(request.user, case.organization_id):
        raise PermissionDenied("Only a Designated Contact of the organization can ask for help.")
    now = timezone.now()
    reasons = list(EscalationReason.objects.filter(is_active=True).prefetch_related("prompts"))
    status, was_kept = 200, False
    if request.method == "POST":
        form = HelpForm(request.POST, reasons=reasons)
        if form.run(request_help, case_id=case.pk, actor=Actor.of(request.user), now=now):
            kept.forget(request, request.path)
            messages.success(request, _sent(form.result))
            return go_to(request, case.get_absolute_url())
        if isinstance(form.refusal, NotAllowed):
            raise PermissionDenied(form.refusal.message)
        if form.refusal:
            status = 409
        if isinstance(form.refusal, CaseChanged):
            renew(form)
    else:
        earlier = kept.texts_for(request, request.path)
        was_kept = bool(earlier)
        form = HelpForm(initial=earlier, reasons=reasons)
    verdict = eligibility(case=case, contact=request.user, now=now)
    context = {
        "case": case,
        "form": form,
        "reasons": reasons,
        "was_kept": was_kept,
        "hindrances": [words.line(outcome) for outcome in verdict.hindrances],
    }
    return render(request, "escalations/help.html", context, status=status)


def _sent(made: object) -> str:
    if isinstance(made, Escalation):
        return (
            "The escalation was requested. An Escalation Owner answers by "
            f"{words.moment(made.answer_due_at)}."
        )
    return "Your request was received. The Case Owner reviews it, and answers in the case."
