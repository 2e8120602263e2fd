"""The operations page: the escalations of the last 90 days, in charts and tables."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import timezone

from cases.admin.base import READING

from ..statistics import DAYS, figures, stacked


def operations(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Requests, refusals by criterion, declined, accepted; time to answer; overdue updates."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    found = figures(timezone.now())
    labels = [f"{timezone.localtime(week.ends_at):%-d %b}" for week in found.weeks]
    weeks = list(zip(labels, found.weeks, strict=True))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": "Escalations: operations",
        "heading": "Operations",
        "is_fullwidth": "1",
        "days": DAYS,
        "figures": found,
        "weeks": weeks,
        "asked_chart": stacked(
            ["Accepted", "Declined", "Waiting", "Ended with the case"],
            [(at, (w.accepted, w.declined, w.waiting, w.ended)) for at, w in weeks],
        ),
        "answer_chart": stacked(
            ["Answered on time", "Late"], [(at, (w.in_time, w.late)) for at, w in weeks]
        ),
        "refused_most": max([number for _, number in found.refused_by] or [1]),
    }
    return TemplateResponse(request, "admin/escalations/operations.html", context)
