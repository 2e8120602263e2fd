"""What was removed, for staff: own texts, passages that were missed, and the review (FED-7)."""

import csv
from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from cases.admin.base import READING, ReadOnlyAdmin, actor_of, staff_of
from cases.errors import NotAllowed, NotPossible
from cases.models import Case

from ..forms import ONCE_GONE, NotPersonalForm, PassageForm, ReviewForm
from ..models import ScrubReport
from ..scrubbing.feedback import context_of, figures, files_of, marks_of, texts_of
from ..services import scrub_reports
from .pages import REFUSED, address, check, finish, form_page, posted

LIST = "admin:fedramp_scrubreport_changelist"
VIEW = "fedramp.view_scrubreport"


@admin.register(ScrubReport)
class ScrubReportAdmin(ReadOnlyAdmin):
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

    @admin.display(description="Where it stands")
    def context(self, report: ScrubReport) -> str:
        return context_of(report)

    @admin.display(description="Removed")
    def gone(self, report: ScrubReport) -> str:
        """By place, count and length."""
        return (
            ", ".join("{what}: {length} in {times}".format(**each) for each in report.removed)
            or "-"
        )

    def get_urls(self) -> list[URLPattern]:
        name = "fedramp_scrubreport"
        return [
            address(self, "of/<int:case_id>/", of, f"{name}_of"),
            address(self, "of/<int:case_id>/passage/", passage, f"{name}_passage"),
            address(self, "<int:pk>/review/", review, f"{name}_review"),
            address(self, "kinds/", kinds, f"{name}_kinds"),
            address(self, "kinds.csv", kinds_csv, f"{name}_csv"),
            *super().get_urls(),
        ]


def of(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """The placeholders in the own texts of this case, and "This was not personal"."""
    check(request, "cases.view_case")
    check(request, VIEW)
    case = get_object_or_404(Case, pk=case_id)
    marks = marks_of(case, staff_of(request))
    files = files_of(case, staff_of(request))
    initial = {"file": request.GET.get("file", "")}
    form = NotPersonalForm(posted(request), initial=initial, marks=marks, files=files)
    if request.method == "POST":
        arguments = {"case_id": case_id, "actor": actor_of(request), "now": timezone.now()}
        if form.run(scrub_reports.say_not_personal, **arguments):
            return finish(request, "Somebody else reviews it. It stays removed.", request.path)
    waiting = [mark for mark in marks if mark.report is None]
    if not waiting:
        del form.fields["marks"]
    if not (waiting or files):
        del form.fields["reason"]
    return form_page(
        model_admin,
        request,
        form,
        title=f"{case.number}: what was removed from your texts",
        help=f"{ONCE_GONE} What was not personal can be written again in other words; say so "
        "here, and the removal gets better."
        if waiting or files
        else "Nothing was removed from what you wrote in this case, or you reported all of it.",
        button="This was not personal" if waiting or files else "",
        back=reverse("admin:cases_case_change", args=[case_id]),
        unkept=True,
        facts=[
            (mark.placeholder, f"{mark.report.get_state_display()} {mark.report.remark}")
            for mark in marks
            if mark.report
        ],
    )


def passage(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """Removes a passage that was missed; asked once more before it goes."""
    check(request, scrub_reports.REDACT)
    check(request, "cases.view_case")
    case = get_object_or_404(Case, pk=case_id)
    actor = actor_of(request)
    texts = scrub_reports.markable(case, actor)
    form = PassageForm(posted(request), texts=texts)
    times, chosen = 0, None
    if form.is_valid() and form.cleaned_data["sure"]:
        arguments = {"case_id": case_id, "actor": actor, "now": timezone.now()}
        if form.run(scrub_reports.redact_passage, **arguments):
            gone = sum(each["times"] for each in form.result.removed)
            words = (
                f"Removed {gone} time{'' if gone == 1 else 's'}: {form.result.placeholder} stands "
                "there now. Files are not looked through: redact one that holds it."
            )
            return finish(request, words, reverse("admin:cases_case_change", args=[case_id]))
    elif form.run(scrub_reports.check_passage, case_id=case_id, actor=actor):
        chosen, _, times = form.result
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{case.number}: remove a passage",
        "case": case,
        "form": form,
        "texts": texts,
        "chosen": chosen,
        "times": times,
        "back": reverse("admin:cases_case_change", args=[case_id]),
    }
    status = REFUSED if form.errors else 200
    return TemplateResponse(request, "admin/fedramp/passage.html", context, status=status)


def review(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """Whether it was personal, by somebody else than who said it."""
    check(request, scrub_reports.REVIEW)
    reports = ScrubReport.objects.select_related("case", "said_by")
    report = get_object_or_404(reports, pk=pk)
    form = ReviewForm(posted(request))
    if request.method == "POST":
        arguments = {"report_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(scrub_reports.review, **arguments):
            return finish(request, "Reviewed.", f"{reverse(LIST)}?state__exact=asked")
        if isinstance(form.refusal, NotAllowed):
            raise PermissionDenied(form.refusal.message)
        if isinstance(form.refusal, NotPossible):
            messages.warning(request, form.refusal.message)
            return redirect(LIST)
    return form_page(
        model_admin,
        request,
        form,
        title=f"{report.case.number}: review {report.placeholder}",
        help=f"{ONCE_GONE} {ASKED_FOR}" if report.elsewhere else ONCE_GONE,
        button="Decide",
        back=reverse("admin:fedramp_scrubreport_change", args=[pk]),
        unkept=True,
        facts=[
            ("Case", report.case.number),
            ("Said", report.get_said_display()),
            ("Where it stands", context_of(report) or "nowhere any more"),
            *_asked_for(report),
            ("Reason", report.reason or "none"),
            ("Said by", report.said_by),
        ],
    )


ASKED_FOR = (
    "A contact marked it: it is gone from what the organization wrote, and it also stands in what "
    "others wrote. Decide that it was personal, and it is removed there too; the summary of a "
    "platform incident is never changed by this."
)


def _asked_for(report: ScrubReport) -> list[tuple[str, str]]:
    """The texts of others in which it stands, which this review decides on."""
    times = Counter(each["text"] for each in report.elsewhere)
    names = {each.key: each.name for each in texts_of(report.case)} if times else {}
    words = [f"{names[key]}: {count}" for key, count in times.items() if key in names]
    return [("It also stands in", "; ".join(words) or "nowhere any more")] if times else []


def kinds(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Where the scrubbing is wrong, by kind and count."""
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
    """The same to take along: kinds and counts, no case, no person, no word."""
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
