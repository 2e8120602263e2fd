"""What was removed from a contact's texts, and their reports about it (FED-7)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases import gates, selectors
from cases.actors import Actor
from cases.gates import SignedInRequest
from cases.models import Case
from cases.views.cases import case_of

from ..forms import NotPersonalForm, PassageForm
from ..models import ScrubReport
from ..scrubbing.feedback import files_of, marks_of, texts_of
from ..services import scrub_reports

SAID = (
    "Thank you: Product Support will review it. It stays scrubbed; please write it again in "
    "other words."
)
GONE = (
    "Redacted: {placeholder} has replaced it there, and wherever else your organization wrote it "
    "in this case. What Product Support wrote has not changed: Product Support has been asked to "
    "check it and will decide. Files are not searched; Product Support can redact a whole file."
)


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def scrubbed(request: SignedInRequest, number: str) -> HttpResponse:
    """The placeholders in the contact's own texts, "This was not personal", and the results."""
    case = _case(request, number)
    marks = marks_of(case, request.user)
    files = files_of(case, request.user)
    form = NotPersonalForm(
        request.POST if request.method == "POST" else None,
        initial={"file": request.GET.get("file", "")},
        marks=marks,
        files=files,
    )
    if request.method == "POST":
        actor, now = Actor.of(request.user), timezone.now()
        said = form.run(
            lambda typed: scrub_reports.say_not_personal(
                case_id=case.pk, actor=actor, now=now, **typed
            )
        )
        if said is not None:
            messages.success(request, SAID)
            return redirect("fedramp:removed", case.number)
    context = {
        "case": case,
        "form": form,
        "files": files,
        "waiting": [mark for mark in marks if mark.report is None],
        "reports": ScrubReport.objects.filter(case=case, said_by=request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "fedramp/scrubbed.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def redact_passage(request: SignedInRequest, number: str) -> HttpResponse:
    """Marks a passage in one of the contact's own texts; asks once more before redacting it."""
    case = _case(request, number)
    texts = texts_of(case, request.user)
    actor = Actor.of(request.user)
    times, chosen = 0, None
    form = PassageForm(request.POST if request.method == "POST" else None, texts=texts)
    if form.is_valid() and form.cleaned_data["sure"]:
        now = timezone.now()
        if report := form.run(
            lambda typed: scrub_reports.redact_passage(
                case_id=case.pk, actor=actor, now=now, **typed
            )
        ):
            messages.success(request, GONE.format(placeholder=report.placeholder))
            return redirect("fedramp:removed", case.number)
    elif found := form.run(
        lambda typed: scrub_reports.check_passage(case_id=case.pk, actor=actor, **typed)
    ):
        chosen, _, times = found
    context = {
        "case": case,
        "form": form,
        "texts": texts,
        "chosen": chosen,
        "times": times,
        "organization_only": True,
    }
    status = 422 if form.errors else 200
    return render(request, "fedramp/redact_passage.html", context, status=status)


def _case(request: SignedInRequest, number: str) -> Case:
    case = case_of(request, number)
    if not selectors.is_designated(request.user, case.organization_id):
        raise PermissionDenied(
            "You are a Read-Only contact of this organization: you can read its cases. Only a "
            "Designated Contact can write in them or change them."
        )
    return case
