"""The urgency request to management (MGT-8)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import drafts, gates
from cases.actors import Actor
from cases.gates import SignedInRequest
from cases.redirects import go_to
from cases.views.cases import case_of, pointed_elsewhere

from ..forms import AttentionForm
from ..selectors import attention_refusal, attention_wait
from ..services.attention import send_management_attention
from .help_requests import require_designated, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def ask_management(request: SignedInRequest, number: str) -> HttpResponse:
    """For a contact whom the escalation did not satisfy: prefilled, and without files."""
    case = case_of(request, number)
    require_designated(request, case)
    if answer := pointed_elsewhere(request, case):
        return answer
    now, status, wait, from_draft = timezone.now(), 200, "", False
    if request.method == "POST":
        form = AttentionForm(request.POST)
        actor, files = Actor.of(request.user), list(request.FILES.values())
        if form.run(
            lambda typed: send_management_attention(
                case_id=case.pk, files=files, actor=actor, now=now, **typed
            )
        ):
            drafts.forget(request, request.path)
            messages.success(
                request, "Your request is on its way to management, and appears in the case."
            )
            return go_to(request, reverse("escalations:details", args=[case.number]))
        status = status_of(form)
    else:
        earlier = drafts.texts_for(request, request.path)
        from_draft = bool(earlier)
        if (refusal := attention_refusal(case)) and not from_draft:
            messages.info(request, refusal)
            return go_to(request, case.get_absolute_url())
        wait = refusal or attention_wait(case, now)
        form = AttentionForm(initial={**AttentionForm.of(case), **earlier})
    context = {
        "case": case,
        "form": form,
        "wait": wait,
        # What was typed stays visible, even while it cannot be sent.
        "show_form": form.is_bound or from_draft or not wait,
        "from_draft": from_draft,
    }
    return render(request, "escalations/attention.html", context, status=status)
