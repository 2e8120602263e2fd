"""The sweeps of the clocks, run one after the other (SLA-7, RESP-1 to RESP-6)."""

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.core.management import call_command

from cases import extension, jobs
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.jobs import clocks
from cases.jobs.clocks import breach_due, close_due, remind_due, warn_due
from cases.jobs.sweeps import deliver_one
from cases.models import Case, Clock, Entry, Heartbeat, Notice
from cases.promises import closes_at, open_clocks
from cases.services.closures import extend
from cases.services.feeds import post_entry
from tests.stored import everything_stored
from tests.world import NOW, person

pytestmark = pytest.mark.django_db

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
HIGH = 2
#: The question is put on Tuesday at 10:00 in New York.
NOTICE_AT = NOW + 2 * DAY
CLOSES_AT = NOW + 3 * DAY


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def mails(event: str) -> list[str]:
    return sorted(Notice.objects.filter(event=event).values_list("email", flat=True))


def deliver(now: dt.datetime) -> None:
    with time_machine.travel(now, tick=False):
        while deliver_one(now):
            pass


def sweep(now: dt.datetime) -> None:
    """Everything that is due at this instant, mail last."""
    for one in (warn_due, breach_due, remind_due, close_due):
        while one(now):
            pass
    deliver(now)


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


# --- Warning and breach ---------------------------------------------------------------------------


@pytest.mark.rule("SLA-7")
@pytest.mark.parametrize(("seconds", "done"), [(-1, False), (0, True), (1, True)])
def test_the_warning_comes_at_three_quarters(desk, seconds, done):
    case = desk.owned_case(priority=HIGH)
    now = case.clocks.get().warns_at + seconds * SECOND
    assert warn_due(now) == done
    assert not warn_due(now)
    assert mails("clock_warning") == (["erin@support.example"] if done else [])


@pytest.mark.rule("SLA-7")
@pytest.mark.parametrize(("seconds", "done"), [(-1, False), (0, False), (1, True)])
def test_the_breach_comes_after_the_due_instant(desk, seconds, done):
    case = desk.owned_case(priority=HIGH)
    now = case.clocks.get().due_at + seconds * SECOND
    assert breach_due(now) == done
    assert not breach_due(now)
    clock = case.clocks.get()
    assert clock.state == ("breached" if done else "running")
    assert clock.is_open
    assert Case.objects.get(pk=case.pk).next_due_at == clock.due_at
    assert mails("clock_breached") == (["erin@support.example"] if done else [])


@pytest.mark.rule("SLA-7")
def test_without_an_owner_the_leads_of_the_queue_are_told(desk):
    person("lead@support.example", roles=("Product Support Manager",))
    person("gone@support.example", roles=("Product Support Manager",), is_active=False)
    case = desk.case(priority=HIGH)
    sweep(case.clocks.get().warns_at)
    sweep(case.clocks.get().due_at + SECOND)
    assert mails("clock_warning") == mails("clock_breached") == ["lead@support.example"]
    assert "no owner yet" in Notice.objects.get(event="clock_breached").text


@pytest.mark.rule("SLA-7")
def test_after_downtime_there_is_a_breach_and_no_warning(desk):
    desk.owned_case(priority=HIGH)
    sweep(NOW + 7 * DAY)
    assert (mails("clock_warning"), len(mails("clock_breached"))) == ([], 1)


@pytest.mark.rule("SLA-7")
def test_a_late_answer_ends_a_breached_clock_that_stays_breached(desk):
    case = desk.owned_case(priority=HIGH)
    sweep(case.clocks.get().due_at + SECOND)
    late = NOW + DAY
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=late, body="Sorry.")
    clock = case.clocks.get()
    assert (clock.state, clock.ended_at) == ("breached", late)
    assert Case.objects.get(pk=case.pk).next_due_at is None


# --- Awaiting Customer: notice, then closure ------------------------------------------------------


@pytest.fixture
def asked(desk) -> Case:
    return desk.case_in("awaiting_customer")


@pytest.mark.rule("RESP-1")
def test_the_first_days_say_when_the_case_will_be_closed(desk, asked):
    assert closes_at(open_clocks(asked)) == CLOSES_AT
    assert asked.clocks.get(kind="reminder").due_at == NOTICE_AT
    question = Notice.objects.get(event="question")
    assert "closed on Friday, 6 March 2026, 15:00 UTC" in question.text


@pytest.mark.rule("RESP-1")
@pytest.mark.rule("RESP-5")
def test_notice_after_two_business_days_and_closure_after_three(desk, asked):
    sweep(NOTICE_AT - SECOND)
    assert mails("closing_notice") == []
    sweep(NOTICE_AT)
    assert mails("closing_notice") == ["dana@acme.example"]
    assert Notice.objects.get(event="closing_notice").sent_at == NOTICE_AT
    sweep(CLOSES_AT - SECOND)
    assert state_of(asked) == "awaiting_customer"
    sweep(CLOSES_AT)
    case = Case.objects.get(pk=asked.pk)
    assert (case.state, case.closed_at, case.next_due_at) == ("closed", CLOSES_AT, None)
    entry = case.entries.latest("pk")
    assert (entry.event, entry.visibility, entry.author_side) == ("closed", "public", "job")
    assert "reopen" in entry.body
    assert mails("closed") == ["dana@acme.example", "erin@support.example"]
    told = Notice.objects.get(event="closed", person=desk.designated)
    assert "can reopen the case" in told.text
    assert "since nobody answered" in told.text
    row = case.history.latest()
    assert (row.history_change_reason, row.history_user) == ("job: close-silent-cases", None)
    assert {clock.state for clock in case.clocks.all()} == {"met"}


@pytest.mark.rule("RESP-4")
def test_a_second_run_does_nothing(desk, asked):
    for now in (NOTICE_AT, CLOSES_AT):
        sweep(now)
        stored = everything_stored()
        sweep(now)
        sweep(now + HOUR)
        assert everything_stored() == stored


@pytest.mark.rule("RESP-1")
def test_after_a_week_of_downtime_there_is_a_full_day_after_one_notice(desk, asked):
    back = local("2026-03-12T13:00")
    sweep(back)
    assert state_of(asked) == "awaiting_customer"
    assert mails("closing_notice") == ["dana@acme.example"]
    assert closes_at(open_clocks(asked)) == back + DAY
    sweep(back + DAY - SECOND)
    assert state_of(asked) == "awaiting_customer"
    sweep(back + DAY)
    assert state_of(asked) == "closed"
    assert len(mails("closing_notice")) == 1


@pytest.mark.rule("RESP-1")
@pytest.mark.parametrize(
    ("back", "acts"),
    [
        ("2026-03-07T03:00", "2026-03-09T09:00"),  # a Saturday night: the Monday morning
        ("2026-03-06T17:00", "2026-03-09T09:00"),
        ("2026-03-06T16:59", "2026-03-06T16:59"),
    ],
)
def test_jobs_that_come_back_at_night_wait_for_the_day(desk, asked, back, acts):
    sweep(local(back))
    told = back == acts
    assert len(mails("closing_notice")) == told
    sweep(local(acts) - SECOND)
    assert len(mails("closing_notice")) == told
    sweep(local(acts))
    assert len(mails("closing_notice")) == 1


@pytest.mark.rule("RESP-1")
def test_the_day_counts_from_when_the_notice_was_really_sent(desk, asked):
    while remind_due(NOTICE_AT):
        pass
    assert close_due(CLOSES_AT)  # looked at, and put off: the mail still waits
    assert not close_due(CLOSES_AT)
    assert state_of(asked) == "awaiting_customer"
    assert asked.clocks.get(kind="closure").put_off_because
    sent = CLOSES_AT + 2 * HOUR
    deliver(sent)
    earliest = local("2026-03-09T12:00")
    sweep(sent + 2 * HOUR)
    assert closes_at(open_clocks(asked)) == earliest
    sweep(earliest - SECOND)
    assert state_of(asked) == "awaiting_customer"
    sweep(earliest)
    assert state_of(asked) == "closed"


@pytest.mark.rule("RESP-3")
@pytest.mark.parametrize("after_notice", [False, True])
def test_an_answer_stops_it(desk, asked, after_notice):
    if after_notice:
        sweep(NOTICE_AT)
    answered = CLOSES_AT - SECOND
    post_entry(case_id=asked.pk, actor=Actor.of(desk.designated), now=answered, body="Trunk 4.")
    mailed = len(mails("closing_notice"))
    sweep(CLOSES_AT + 30 * DAY)
    assert state_of(asked) == "in_progress"
    assert (len(mails("closing_notice")), mails("closed")) == (mailed, [])
    assert not asked.clocks.running().exists()


@pytest.mark.rule("RESP-1")
def test_a_second_question_counts_from_its_own_day(desk, asked):
    answered = NOW + DAY
    post_entry(case_id=asked.pk, actor=Actor.of(desk.designated), now=answered, body="Trunk 4.")
    desk.act("ask", asked, text="And which codec?", now=NOTICE_AT)
    sweep(CLOSES_AT)
    assert (state_of(asked), mails("closing_notice")) == ("awaiting_customer", [])
    assert closes_at(open_clocks(asked)) == local(
        "2026-03-10T10:00"
    )  # over the change to summer time


# --- Resolution Proposed --------------------------------------------------------------------------


@pytest.mark.rule("RESP-2")
def test_a_proposal_closes_at_the_end_of_the_third_business_day(desk):
    case = desk.case_in("resolution_proposed")
    end = local("2026-03-06T17:00")
    assert closes_at(open_clocks(case)) == end
    assert "closed on Friday, 6 March 2026" in Notice.objects.get(event="resolution").text
    sweep(end - SECOND)
    assert state_of(case) == "resolution_proposed"
    sweep(end)
    assert state_of(case) == "closed"
    assert "persists" in case.entries.latest("pk").body


@pytest.mark.rule("RESP-2")
def test_a_reported_issue_stops_it(desk):
    case = desk.case_in("resolution_proposed")
    desk.act("persist", case, actor=desk.designated, text="Still there.", now=NOW + DAY)
    sweep(NOW + 30 * DAY)
    assert state_of(case) == "in_progress"


# --- Extension ------------------------------------------------------------------------------------


def put_off(desk, case, now, **fields):
    values = {"actor": Actor.of(desk.expert), "reason": "They are on holiday.", **fields}
    return extend(case_id=case.pk, now=now, **values)


@pytest.mark.rule("RESP-3")
@pytest.mark.parametrize("state", ["awaiting_customer", "resolution_proposed"])
def test_staff_put_it_off_once_with_a_reason(desk, state):
    case = desk.case_in(state)
    before, now = closes_at(open_clocks(case)), NOW + DAY
    with pytest.raises(Invalid):
        put_off(desk, case, now, reason=" ")
    put_off(desk, case, now)
    assert closes_at(open_clocks(case)) > before
    entry = case.entries.latest("pk")
    assert (entry.event, entry.body, entry.visibility) == (
        "extended",
        "They are on holiday.",
        "public",
    )
    assert mails("extended") == ["dana@acme.example"]
    stored = everything_stored()
    with pytest.raises(NotPossible, match="once"):
        put_off(desk, case, now + HOUR)
    assert everything_stored() == stored
    sweep(before)
    assert state_of(case) == state
    later = closes_at(open_clocks(case))
    sweep(later - DAY)
    sweep(later - SECOND)
    assert state_of(case) == state
    sweep(later)
    assert state_of(case) == "closed"


@pytest.mark.rule("RESP-3")
def test_who_may_not_put_it_off_changes_nothing(desk, asked):
    stored = everything_stored()
    for who in (desk.designated, desk.outsider):
        with pytest.raises(NotAllowed):
            put_off(desk, asked, NOW + DAY, actor=Actor.of(who))
    assert everything_stored() == stored
    with pytest.raises(NotPossible):
        put_off(desk, desk.owned_case(), NOW + DAY)


# --- What holds a closing -------------------------------------------------------------------------


@pytest.mark.rule("RESP-6")
def test_a_veto_keeps_the_case_open_and_asks_its_owner_once(desk, asked, monkeypatch):
    vetoes = [lambda cases: {case.pk: "An escalation is active." for case in cases}]
    monkeypatch.setattr(extension, "closing_vetoes", vetoes)
    for day in range(3, 10):
        sweep(NOW + day * DAY)
    assert state_of(asked) == "awaiting_customer"
    assert mails("closing_held") == ["erin@support.example"]
    assert mails("closed") == mails("closing_notice") == []
    vetoes.clear()
    sweep(NOW + 14 * DAY)
    assert (state_of(asked), len(mails("closing_notice"))) == ("awaiting_customer", 1)
    sweep(NOW + 15 * DAY)
    assert state_of(asked) == "closed"


@pytest.mark.rule("RESP-4")
def test_a_bad_row_is_put_off_and_holds_up_nobody(desk, asked, monkeypatch):
    others = [desk.case_in("awaiting_customer").pk for _ in range(4)]
    send_notices = clocks.closures.send_notices

    def fails_for_one(due, **fields):
        send_notices(due, **fields)
        if asked.pk in {clock.case_id for clock in due}:
            raise RuntimeError("worker killed here")

    monkeypatch.setattr(clocks.closures, "send_notices", fails_for_one)
    assert remind_due(NOTICE_AT) == len(others) + 1
    assert not remind_due(NOTICE_AT)
    assert set(
        Clock.objects.filter(kind="reminder", state="met").values_list("case", flat=True)
    ) == set(others)
    clock = asked.clocks.get(kind="reminder")
    assert (clock.state, clock.put_off_because) == ("running", "RuntimeError")
    assert clock.acts_at == NOTICE_AT + HOUR
    assert not asked.entries.filter(event="notice").exists()
    told = Notice.objects.filter(event="closing_notice").values_list("case", flat=True)
    assert sorted(told) == others
    monkeypatch.undo()
    sweep(NOTICE_AT + HOUR)
    assert Entry.objects.filter(event="notice").count() == len(others) + 1


def test_a_clock_of_another_state_is_ended_and_closes_nothing(desk):
    case = desk.owned_case()
    Clock.objects.create(case=case, kind="closure", started_at=NOW, due_at=NOW, acts_at=NOW)
    sweep(NOW + DAY)
    assert state_of(case) == "in_progress"
    assert case.clocks.get(kind="closure").state == "cancelled"


# --- All of them ----------------------------------------------------------------------------------


def test_the_command_runs_every_job_and_leaves_heartbeats(desk, asked, capsys):
    with time_machine.travel(NOTICE_AT, tick=False):
        call_command("sweep")
    assert "send-closing-notices: 1" in capsys.readouterr().out
    assert mails("closing_notice") == ["dana@acme.example"]
    beats = {beat.job: beat for beat in Heartbeat.objects.all()}
    assert set(beats) == set(jobs.JOBS)
    assert {beat.ran_at for beat in beats.values()} == {NOTICE_AT}
    assert beats["send-closing-notices"].did == 1
    assert beats["close-silent-cases"].did_at is None


def test_beat_rings_every_job_as_the_table_says():
    from supportdesk.celery import app

    app.loader.import_default_modules()  # as a worker does when it starts
    schedule = {name: entry["schedule"] for name, entry in app.conf.beat_schedule.items()}
    assert schedule == {job.name: job.every for job in jobs.JOBS.values()}
    common = app.conf.task_default_queue
    for name, entry in app.conf.beat_schedule.items():
        job = jobs.JOBS[name]
        assert entry["task"] == "cases.tasks.run_job"
        assert entry["task"] in app.tasks
        assert entry["args"] == [name]
        assert entry["options"]["queue"] == (f"{common}-{job.queue}" if job.queue else common)
        assert entry["options"].get("time_limit") == job.time_limit
