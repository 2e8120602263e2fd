"""The page of the background jobs, the alarm on every page, and the question about clocks."""

import datetime as dt

import pytest
from django.apps import AppConfig
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import tests
from cases import job_table, jobs
from cases.admin import jobs as jobs_page
from cases.job_table import Job
from cases.jobs import reports
from cases.management.commands import sweep as sweep_command
from cases.models import Attachment, Clock, Heartbeat, Notice, Recomputation, SlaTarget
from cases.roles import OPERATIONS_ADMINISTRATOR
from supportdesk.celery import app
from tests import world
from tests.admin.pages import text_of
from tests.stored import everything_stored

PAGE = "/admin/jobs/"
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def operations(desk, sign_in):
    return sign_in(world.person("oscar@support.example", roles=(OPERATIONS_ADMINISTRATOR,)))


def run_url(name):
    return reverse("admin:job_run", args=[name])


def test_it_says_what_ran_what_is_overdue_and_what_was_put_off(desk, operations):
    now = timezone.now()
    jobs.expect(now)
    jobs.beat("deliver-notices", 7)
    case = desk.case(now=now - DAY, priority=1, phone_24x7="+1 555 0199")
    waiting = desk.act("ask", desk.owned_case(now=now), text="Which?", now=now)
    Clock.objects.filter(case=waiting, kind="reminder").update(
        acts_at=now + HOUR, put_off_because="DatabaseError"
    )
    Notice.objects.filter(case=case).update(state="failed", due_at=None, last_error="SMTPError")
    page = operations.get(PAGE)
    words = text_of(page)
    assert "Missed deadlines Marks missed deadlines and tells Case Owners, every 30 s." in words
    assert "1 oldest:" in words
    assert f"{waiting.number}: Notice before closing : DatabaseError Next try" in words
    assert "SMTPError Given up." in words
    for name in jobs.JOBS:
        assert name not in words
    assert f"/admin/cases/case/{waiting.pk}/change/" in page.content.decode()
    assert "7 mails today" in words
    assert "Silent" not in words


@pytest.mark.rule("ACC-7")
def test_a_job_is_run_now_by_those_who_may(desk, operations, staff):
    desk.case(now=timezone.now() - DAY, priority=1, phone_24x7="+1 555 0199")
    stored = everything_stored()
    assert staff.get(PAGE).status_code == 403
    assert staff.post(run_url("breach-clocks")).status_code == 403
    assert operations.get(run_url("breach-clocks")).status_code == 405
    assert operations.post(run_url("no-such-job")).status_code == 404
    assert everything_stored() == stored
    answer = operations.post(run_url("breach-clocks"), follow=True)
    assert "“Missed deadlines” has run; done: 1 clock." in text_of(answer)
    assert Clock.objects.get(kind="response").state == "breached"
    again = operations.post(run_url("breach-clocks"), follow=True)
    assert "nothing was due" in text_of(again)
    for name in jobs.JOBS:
        assert operations.post(run_url(name)).status_code == 302


def test_silence_past_twice_the_period_is_an_alarm_on_every_page(desk, operations, staff):
    def is_alarmed(client, page="/admin/cases/case/?queue=open"):
        cache.clear()
        return "Background jobs are silent" in client.get(page).content.decode()

    assert is_alarmed(operations)  # nothing ever ran, and nobody set the desk up
    now = timezone.now()
    jobs.expect(now)
    assert not is_alarmed(operations)
    hour = jobs.JOBS["clear-sessions"]
    beat = Heartbeat.objects.get(job=hour.name)
    for seconds, alarm in ((2 * hour.every - 60, False), (2 * hour.every + 60, True)):
        for ran_at, expected_at in (
            (None, now - dt.timedelta(seconds=seconds)),
            (now - dt.timedelta(seconds=seconds), now - 9 * DAY),
        ):
            beat.ran_at, beat.expected_at = ran_at, expected_at
            beat.save()
            assert is_alarmed(operations) == alarm
            assert is_alarmed(operations, PAGE) == alarm
            assert not is_alarmed(staff)
    assert "Background jobs are silent: Expired sessions" in text_of(operations.get(PAGE))
    operations.post(run_url("clear-sessions"))
    assert not is_alarmed(operations)


def test_a_busy_job_says_that_it_is_alive(monkeypatch, db):
    beats = []
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0)
    monkeypatch.setattr(jobs, "beat", lambda name, done: beats.append(done))
    left = iter([3, 4, 0])
    job = Job(
        name="busy", title="Busy", what="", some=lambda now: next(left), every=1.0, thing="thing"
    )
    monkeypatch.setitem(jobs.JOBS, "busy", job)
    assert jobs.run("busy") == 7
    assert beats == [0, 0, 0, 7]


def test_a_job_that_an_app_registers_when_it_is_ready_is_rung_swept_and_shown(
    monkeypatch, operations, capsys
):
    monkeypatch.setattr(job_table, "JOBS", dict(jobs.JOBS))
    for module in (jobs, reports, sweep_command, jobs_page):
        monkeypatch.setattr(module, "JOBS", job_table.JOBS)
    left = iter([2, 0, 0])

    class Plants(AppConfig):
        name = "tests"

        def ready(self):
            job_table.register(
                Job(
                    name="water-plants",
                    title="Plants",
                    what="Waters the plants",
                    some=lambda now: next(left),
                    every=90.0,
                    thing="plant",
                    time_limit=600,
                    queue="garden",
                )
            )

    assert "Plants" not in text_of(operations.get(PAGE))
    Plants("tests", tests).ready()
    entry = job_table.schedule()["water-plants"]
    assert (entry["task"], entry["args"]) == ("cases.tasks.run_job", ["water-plants"])
    assert entry["schedule"] == 90.0
    queue = f"{app.conf.task_default_queue}-garden"
    assert entry["options"] == {"queue": queue, "time_limit": 600}
    assert list(job_table.JOBS)[-2:] == ["water-plants", "deliver-notices"]
    call_command("sweep")
    assert "water-plants: 2\n" in capsys.readouterr().out
    words = text_of(operations.get(PAGE))
    assert "Plants Waters the plants, every 90 s." in words
    assert "2 plants today" in words
    answer = operations.post(run_url("water-plants"), follow=True)
    assert "“Plants” has run; nothing was due." in text_of(answer)


def test_the_page_costs_the_same_for_few_and_for_many(desk, operations):
    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            operations.get(PAGE)
        return len(captured)

    def make():
        desk.act("ask", desk.owned_case(), text="Which?")
        Clock.objects.filter(kind="reminder").update(
            acts_at=timezone.now() + HOUR, put_off_because="Error"
        )
        Notice.objects.update(state="failed", due_at=None)

    make()
    queries()
    few = queries()
    for _ in range(5):
        make()
    assert queries() <= few <= 3 * len(jobs.JOBS)
    assert not Attachment.objects.exists()


# --- The question on the forms --------------------------------------------------------------------


def target_form(**fields):
    return {
        "amount": 60,
        "unit": "business_minutes",
        "enhanced": 30,
        "on_premises": "",
        "warn_percent": 75,
        **fields,
    }


@pytest.mark.rule("SLA-6")
def test_an_edited_target_asks_about_what_runs_and_says_how_many(desk, operations):
    for _ in range(2):
        desk.case(priority=2)
    target = SlaTarget.objects.get(promise="response", severity=2)
    address = reverse("admin:cases_slatarget_change", args=[target.pk])
    assert "2 running clocks depend on this." in text_of(operations.get(address))
    stored = everything_stored()
    refused = operations.post(address, target_form())
    assert "Choose whether the running clocks are recalculated." in text_of(refused)
    assert everything_stored() == stored
    assert operations.post(address, target_form(recompute="keep")).status_code == 302
    assert not Recomputation.objects.exists()
    answer = operations.post(address, target_form(recompute="anew"), follow=True)
    assert "The clocks of 2 open cases are being recalculated in the background." in text_of(answer)
    assert "0 of 2 cases" in text_of(operations.get(address))
    assert f"Clocks of {target} : 0 of 2 cases" in text_of(operations.get(PAGE))
    due = set(Clock.objects.values_list("due_at", flat=True))
    operations.post(run_url("recompute-clocks"))
    assert set(Clock.objects.values_list("due_at", flat=True)) == {world.NOW + HOUR} != due
    assert "Done" in text_of(operations.get(address))


@pytest.mark.rule("SLA-6")
def test_a_failure_is_shown_until_it_was_done_again(desk, operations):
    target, calendar = SlaTarget.objects.first(), desk.organization.calendar
    common = {"asked_by": desk.expert, "asked_at": world.NOW, "finished_at": world.NOW}
    for subject in ({"target": target}, {"calendar": calendar}):
        Recomputation.objects.create(**subject, **common, total=3, done=3, failed=1)
    Recomputation.objects.create(calendar=calendar, **common, total=3, done=3)
    words = text_of(operations.get(PAGE))
    assert f"Clocks of {target} : 1 of 3 cases failed" in words
    assert f"Clocks of {calendar}" not in words


@pytest.mark.rule("SLA-6")
def test_what_failed_for_an_organization_is_put_off_in_sight_and_tried_again_by_a_button(
    desk, operations, staff
):
    desk.case(priority=2)
    organization = desk.organization
    tries_at = timezone.now() + HOUR
    row = Recomputation.objects.create(
        organization=organization,
        asked_by=desk.expert,
        asked_at=world.NOW,
        total=1,
        done=1,
        failed=1,
        failed_cases=[1],
        failed_because="ValueError",
        tries_at=tries_at,
    )
    words = text_of(operations.get(PAGE))
    assert (
        f"Clocks of {organization} : 1 of 1 cases failed (see the log): ValueError. Next try"
        in words
    )
    page = reverse("admin:cases_organization_change", args=[organization.pk])
    words = text_of(operations.get(page))
    assert "Postponed What failed will be retried" in words
    assert "ValueError; 1 failed , see the log Try again now" in words
    button = reverse("admin:recompute_again", args=[row.pk])
    assert button in operations.get(page).content.decode()
    assert "Try again now" not in text_of(staff.get(page))
    stored = everything_stored()
    assert staff.post(button).status_code == 403
    assert operations.get(button).status_code == 405
    assert everything_stored() == stored
    answer = operations.post(button, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "The clocks of 1 open case are being recalculated in the background." in text_of(answer)
    operations.post(run_url("recompute-clocks"))
    row.refresh_from_db()
    assert (row.failed, row.failed_cases, row.tries_at) == (0, [], None)
    assert row.finished_at is not None
    assert "Try again now" not in text_of(operations.get(page))


@pytest.mark.rule("SLA-6")
def test_calendars_and_plans_ask_too_and_nothing_is_asked_where_nothing_runs(desk, operations):
    calendar, plan = desk.organization.calendar, desk.organization.plan
    pages = [
        reverse("admin:cases_businesscalendar_change", args=[calendar.pk]),
        reverse("admin:cases_careplan_change", args=[plan.pk]),
    ]
    for page in pages:
        assert "Running clocks" not in text_of(operations.get(page))
    desk.case(priority=2)
    for page in pages:
        assert "1 running clock depends on this." in text_of(operations.get(page))
    form = {
        **{name: value or "" for name, value in model_to_dict(plan).items()},
        "features": [],
        "recompute": "anew",
    }
    assert operations.post(pages[1], form).status_code == 302
    assert Recomputation.objects.get().subject == plan
    operations.post(run_url("recompute-clocks"))
    assert Clock.objects.get().state == "cancelled"
