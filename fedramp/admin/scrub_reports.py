"""Scrubbed values, for staff: in their own texts, missed passages, and the review (FED-7)."""

import csv
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from cases.admin.base import READING, ReadOnlyAdmin, actor_of, staff_of
from cases.admin.object_actions import REFUSED, ObjectAction, ObjectActionsAdmin, check
from cases.forms import ServiceForm
from cases.models import Attachment, Case

from ..forms import ONCE_GONE, NotPersonalForm, PassageForm, ReviewForm
from ..models import ScrubReport
from ..scrubbing.feedback import Mark, context_of, figures, files_of, marks_of, texts_of
from ..services import scrub_reports

LIST = "admin:fedramp_scrubreport_changelist"
VIEW = "fedramp.view_scrubreport"


ASKED_FOR = (
    "A contact marked it: it has been redacted in what the organization wrote, and it is still "
    "in what others wrote. If you decide that it was personal, it is redacted there too; the "
    "summary of a platform incident is never changed by this."
)


def _asked_for(report: ScrubReport) -> list[tuple[str, str]]:
    """The texts of others that contain it; this review decides on them too."""
    times = Counter(each["text"] for each in report.elsewhere)
    names = {each.key: each.name for each in texts_of(report.case)} if times else {}
    words = [f"{names[key]}: {count}" for key, count in times.items() if key in names]
    return [("It is also in", "; ".join(words) or "nowhere else now")] if times else []


@dataclass(frozen=True)
class OwnTexts:
    """The values scrubbed from the texts of one member of staff in one case."""

    case: Case
    marks: list[Mark]
    files: list[Attachment]

    @property
    def pk(self) -> int:
        return self.case.pk

    @property
    def waiting(self) -> list[Mark]:
        """The marks without a report."""
        return [mark for mark in self.marks if mark.report is None]


@dataclass(frozen=True, kw_only=True)
class SayNotPersonal(ObjectAction[OwnTexts]):
    def find(self, request: HttpRequest, **address: Any) -> OwnTexts:
        case = get_object_or_404(Case, pk=address["case_id"])
        writer = staff_of(request)
        return OwnTexts(case, marks_of(case, writer), files_of(case, writer))

    def page(
        self,
        model_admin: Any,
        request: HttpRequest,
        subject: OwnTexts,
        form: ServiceForm,
        **more: Any,
    ) -> HttpResponse:
        if not subject.waiting:
            del form.fields["marks"]
        if not (subject.waiting or subject.files):
            del form.fields["reason"]
            more["button"] = ""
        return super().page(model_admin, request, subject, form, **more)


OF = SayNotPersonal(
    name="of",
    route="of/<int:case_id>/",
    model=ScrubReport,
    label="This was not personal",
    title=lambda own: f"{own.case.number}: what was scrubbed from your texts",
    help=lambda own: (
        f"{ONCE_GONE} What was not personal can be written again in other words; say so "
        "here, and scrubbing improves."
        if own.waiting or own.files
        else "Nothing was scrubbed from what you wrote in this case, or you have reported all of "
        "it."
    ),
    facts=lambda own: [
        (mark.placeholder, f"{mark.report.get_state_display()} {mark.report.remark}")
        for mark in own.marks
        if mark.report
    ],
    form=NotPersonalForm,
    begins=lambda request, own: {"file": request.GET.get("file", "")},
    options=lambda request, own: {"marks": own.marks, "files": own.files},
    permissions=("cases.view_case", VIEW),
    service=lambda it: scrub_reports.say_not_personal(case_id=it.pk, **it.by, **it.typed),
    done="Somebody else will review it. It stays scrubbed.",
    back=lambda own: reverse("admin:cases_case_change", args=[own.pk]),
    to=lambda it, reports: reverse("admin:fedramp_scrubreport_of", args=[it.pk]),
    keeps_draft=False,
)
REVIEW = ObjectAction[ScrubReport](
    name="review",
    model=ScrubReport,
    objects=ScrubReport.objects.select_related("case", "said_by"),
    label="Decide",
    title=lambda report: f"{report.case.number}: review {report.placeholder}",
    help=lambda report: f"{ONCE_GONE} {ASKED_FOR}" if report.elsewhere else ONCE_GONE,
    facts=lambda report: [
        ("Case", report.case.number),
        ("Said", report.get_said_display()),
        ("Where it is", context_of(report) or "no longer anywhere"),
        *_asked_for(report),
        ("Reason", report.reason or "none"),
        ("Reported by", report.said_by),
    ],
    form=ReviewForm,
    permissions=(scrub_reports.REVIEW,),
    service=lambda it: scrub_reports.review(report_id=it.pk, **it.by, **it.typed),
    done="Reviewed.",
    back=lambda report: reverse("admin:fedramp_scrubreport_change", args=[report.pk]),
    to=lambda it, report: f"{reverse(LIST)}?state__exact=asked",
    ends_once=True,
    keeps_draft=False,
)


@admin.register(ScrubReport)
class ScrubReportAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    object_actions = (OF, REVIEW)
    list_display = ("said_at", "case_number", "said", "mark", "state", "said_by", "decided_by")
    list_select_related = ("case", "said_by", "decided_by")
    list_filter = ("state", "said", "kind")
    search_fields = ("case__number",)
    search_help_text = "Case number"
    sortable_by = ()
    ordering = ("-id",)
    change_list_template = "admin/fedramp/scrub_report_list.html"
    change_form_outer_before_template = "admin/fedramp/scrub_report_buttons.html"
    fields = (
        "case",
        ("said", "mark", "target"),
        "context",
        "reason",
        ("said_by", "said_at"),
        "gone",
        ("state", "decided_by", "decided_at"),
        "remark",
    )
    readonly_fields = ("mark", "context", "gone")

    @admin.display(description="Case")
    def case_number(self, report: ScrubReport) -> str:
        return report.case.number

    @admin.display(description="Placeholder")
    def mark(self, report: ScrubReport) -> str:
        return report.placeholder

    @admin.display(description="Where it is")
    def context(self, report: ScrubReport) -> str:
        return context_of(report)

    @admin.display(description="Redacted")
    def gone(self, report: ScrubReport) -> str:
        """By place, count and length."""
        return (
            ", ".join("{what}: {length} in {times}".format(**each) for each in report.removed)
            or "-"
        )

    def get_urls(self) -> list[URLPattern]:
        views: tuple[tuple[str, Any, str], ...] = (
            ("of/<int:case_id>/passage/", passage, "passage"),
            ("kinds/", kinds, "kinds"),
            ("kinds.csv", kinds_csv, "csv"),
        )
        name = "fedramp_scrubreport"
        own = [self.address(route, view, f"{name}_{end}") for route, view, end in views]
        return [*own, *super().get_urls()]


def passage(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """Removes a missed passage, after asking once more."""
    check(request, scrub_reports.REDACT)
    check(request, "cases.view_case")
    case = get_object_or_404(Case, pk=case_id)
    actor = actor_of(request)
    texts = scrub_reports.markable(case, actor)
    form = PassageForm(request.POST if request.method == "POST" else None, texts=texts)
    times, chosen = 0, None
    if form.is_valid() and form.cleaned_data["sure"]:
        now = timezone.now()
        report = form.run(
            lambda typed: scrub_reports.redact_passage(
                case_id=case_id, actor=actor, now=now, **typed
            )
        )
        if report:
            gone = sum(each["times"] for each in report.removed)
            messages.success(
                request,
                f"Redacted {gone} time{'' if gone == 1 else 's'}: {report.placeholder} has taken "
                "its place. Files are not searched: redact any file that contains it.",
            )
            return redirect("admin:cases_case_change", case_id)
    elif found := form.run(
        lambda typed: scrub_reports.check_passage(case_id=case_id, actor=actor, **typed)
    ):
        chosen, _, times = found
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{case.number}: redact a passage",
        "case": case,
        "form": form,
        "texts": texts,
        "chosen": chosen,
        "times": times,
        "back": reverse("admin:cases_case_change", args=[case_id]),
    }
    status = REFUSED if form.errors else 200
    return TemplateResponse(request, "admin/fedramp/passage.html", context, status=status)


def kinds(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Errors of the scrubber, by kind and count."""
    check(request, VIEW)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Scrub reports by kind",
        "figures": figures(),
        "back": reverse(LIST),
    }
    return TemplateResponse(request, "admin/fedramp/scrub_report_kinds.html", context)


def kinds_csv(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The same for download: kinds and counts, but no case, no person, no words."""
    check(request, VIEW)
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="removal-reports.csv"'
    lines = csv.writer(response)
    lines.writerow(["kind", "said", "waiting", "not_personal", "personal"])
    for each in figures():
        lines.writerow([each.kind, each.said, each.asked, each.not_personal, each.personal])
    return response
