"""The background jobs: the state of each, a button to run it now, and the alarm for silence."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases import jobs as background
from cases import workers
from cases.alarms import all_of as all_alarms
from cases.job_table import JOBS
from cases.jobs.reports import report
from cases.models import WorkerPulse

from .base import READING

#: A run by hand takes at most this long; the rest is left to the next run.
RUN_SECONDS = 5.0
#: Every page needs the alarms; they may be this old.
ALARM_SECONDS = 10
_ALARM = "alarms"


def jobs(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """When each job last ran, what it did, what is overdue, and what was put off and why."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    if not request.user.has_perm("cases.view_heartbeat"):
        raise PermissionDenied
    now = timezone.now()
    context = {
        **site.each_context(request),
        "title": "Jobs",
        "now": now,
        "rows": [
            {"pulse": pulse, "report": report(pulse.job.name, now)}
            for pulse in background.pulses(now)
        ],
        "workers": [
            {"pulse": each, "is_gone": workers.is_gone(each, now)}
            for each in WorkerPulse.objects.all()
        ],
        "may_run": request.user.has_perm("cases.run_job"),
        "is_fullwidth": "1",
    }
    return TemplateResponse(request, "admin/cases/jobs.html", context)


def run(site: AdminSite, request: HttpRequest, name: str) -> HttpResponse:
    """Does the job's due work now, in this process: even if no worker is alive."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.user.has_perm("cases.run_job"):
        raise PermissionDenied
    job = JOBS.get(name)
    if job is None:
        raise Http404
    done = background.run(name, seconds=RUN_SECONDS)
    cache.delete(_ALARM)
    words = f"done: {job.counted(done)}" if done else "nothing was due"
    messages.success(request, f"“{job.title}” has run; {words}.")
    return redirect("admin:jobs")


def alarms(request: HttpRequest) -> list[str]:
    """What is wrong with the desk's background work, for the staff who look after it."""
    if not request.user.has_perm("cases.view_heartbeat"):
        return []
    words: Any = cache.get(_ALARM)
    if words is None:
        words = all_alarms(timezone.now())
        cache.set(_ALARM, words, ALARM_SECONDS)
    found: list[str] = words
    return found
