"""Every kind of clock for every change of its targets and calendar (SLA-6): kind x change."""

import datetime as dt
import zoneinfo

import pytest
import time_machine

from cases.actors import Actor
from cases.jobs.clocks import breach_due, close_due, remind_due, warn_due
from cases.jobs.sweeps import deliver_one
from cases.models import BusinessCalendar, CalendarDay, CarePlan, Case, Clock, Incident, Notice
from cases.services.closures import extend
from cases.services.incidents import restore_service, withdraw_restoration
from cases.services.recalculations import ask_to_recompute, recompute_some, running_clocks
from cases.services.severity import change_severity
from tests.world import NOW

pytestmark = pytest.mark.django_db

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
CRITICAL, HIGH, MEDIUM, LOW = 1, 2, 3, 4
#: Each clock starts on Tuesday, 3 March 2026, at 10:00 in New York.
CHANGED = NOW + MINUTE


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


# --- The cases, one for each kind -----------------------------------------------------------------


def platform_case(desk, severity=HIGH):
    return desk.act(
        "join_incident", desk.owned_case(priority=severity), text="Others too.", title="Media"
    )


def restored_case(desk, severity=HIGH):
    case = platform_case(desk, severity)
    restore_service(
        incident_id=case.incident_id,
        restored_at=NOW,
        summary="A switch failed.",
        actor=Actor.of(desk.expert),
        now=NOW,
    )
    return case


CASES = {
    "response": lambda desk: desk.owned_case(priority=HIGH),
    "restoration": platform_case,
    "rca": restored_case,
    "reminder": lambda desk: desk.case_in("awaiting_customer"),
    "closure": lambda desk: desk.case_in("awaiting_customer"),
    "proposal": lambda desk: desk.case_in("resolution_proposed"),
}


# --- The changes ----------------------------------------------------------------------------------


def count_anew(desk, subject):
    ask_to_recompute(subject, actor=Actor.of(desk.expert), now=CHANGED)
    while recompute_some(CHANGED):
        pass


def close_days(desk, *dates: int) -> BusinessCalendar:
    """These days of March are closed afterwards."""
    calendar: BusinessCalendar = desk.organization.calendar
    for day in dates:
        CalendarDay.objects.create(calendar=calendar, date=dt.date(2026, 3, day))
    return calendar


def days_closed(desk, case):
    count_anew(desk, close_days(desk, 3, 4, 5, 6))


def another_calendar(desk, case):
    calendar = BusinessCalendar.objects.create(name="Evenings", time_zone="America/New_York")
    for weekday in range(5):
        calendar.opening_hours.create(weekday=weekday, opens=12 * 60, closes=20 * 60)
    desk.organization.calendar = calendar
    desk.organization.save()
    count_anew(desk, desk.organization)


def better_plan(desk, case):
    desk.organization.plan = CarePlan.objects.get(code="premium_care")
    desk.organization.save()
    count_anew(desk, desk.organization)


def lower_severity(desk, case):
    change_severity(
        case_id=case.pk,
        severity=MEDIUM if case.severity == HIGH else LOW,
        reason="A workaround holds.",
        actor=Actor.of(desk.expert),
        now=CHANGED,
    )


def on_premises(desk, case):
    desk.deployment.hosting = "premises"
    desk.deployment.region = ""
    desk.deployment.save()
    count_anew(desk, desk.organization)


def platform_flag(desk, case):
    if case.incident_id:
        desk.act("leave_incident", case, text="Theirs alone.", now=CHANGED)
    else:
        desk.act("join_incident", case, text="Others too.", title="Media", now=CHANGED)


SAME, GONE = "as before", "is cancelled"
#: Due, by kind and change; from 10:00 on the 3rd where nothing changes.
DUE = {
    "response": "2026-03-03T12:00",
    "restoration": "2026-03-05T10:00",
    "rca": "2026-03-10T10:00",
    "reminder": "2026-03-05T10:00",
    "closure": "2026-03-06T10:00",
    "proposal": "2026-03-06T17:00",
}
TABLE = {
    # A start on a closed date counts as the next opening: Monday the 9th, 09:00.
    days_closed: {
        "response": "2026-03-09T11:00",
        "restoration": "2026-03-11T09:00",
        "rca": "2026-03-16T09:00",
        "reminder": "2026-03-11T09:00",
        "closure": "2026-03-12T09:00",
        "proposal": "2026-03-12T17:00",
    },
    # One before the opening counts as the opening: noon.
    another_calendar: {
        "response": "2026-03-03T14:00",
        "restoration": "2026-03-05T12:00",
        "rca": "2026-03-10T12:00",
        "reminder": "2026-03-05T12:00",
        "closure": "2026-03-06T12:00",
        "proposal": "2026-03-06T20:00",
    },
    better_plan: {**dict.fromkeys(DUE, SAME), "response": "2026-03-03T11:00"},
    lower_severity: {
        **dict.fromkeys(DUE, SAME),
        "restoration": "2026-03-10T10:00",
        "rca": GONE,  # Medium in the cloud: nobody asked for it
    },
    on_premises: {**dict.fromkeys(DUE, SAME), "rca": "2026-03-12T10:00"},
    platform_flag: {**dict.fromkeys(DUE, SAME), "restoration": GONE, "rca": GONE},
}


#: In the FedRAMP realm no deployment is on premises (FED-8).
MARKS = {on_premises: [pytest.mark.realm("commercial")]}


@pytest.mark.rule("SLA-6")
@pytest.mark.rule("RCA-3")
@pytest.mark.parametrize("kind", DUE)
@pytest.mark.parametrize(
    "change",
    [pytest.param(each, marks=MARKS.get(each, []), id=each.__name__) for each in TABLE],
)
def test_kind_by_change(desk, kind, change):
    case = CASES[kind](desk)
    clock = case.clocks.get(kind=kind)
    assert (clock.due_at, clock.started_at) == (local(DUE[kind]), NOW)
    change(desk, case)
    now_due = Clock.objects.get(pk=clock.pk)
    right = TABLE[change][kind]
    if right == GONE:
        assert now_due.state == "cancelled"
        return
    assert (now_due.state, now_due.started_at) == ("running", NOW)
    assert now_due.due_at == local(DUE[kind] if right == SAME else right)
    assert now_due.acts_at == (now_due.warns_at or now_due.due_at)
    # What moved says so in the history, and the case carries it.
    reasons = now_due.history.order_by("-history_id").values_list(
        "history_change_reason", flat=True
    )
    moved = reasons[0] in ("clocks.recomputed", "job: recompute-clocks")
    assert moved == (right != SAME)
    running = case.clocks.running().order_by("due_at")
    assert Case.objects.get(pk=case.pk).next_due_at == running[0].due_at


@pytest.mark.rule("SLA-6")
@pytest.mark.parametrize("kind", DUE)
@pytest.mark.parametrize(
    "change", [days_closed, lower_severity, pytest.param(on_premises, marks=MARKS[on_premises])]
)
def test_what_is_met_stays_met(desk, kind, change):
    case = CASES[kind](desk)
    case.clocks.update(state="met", ended_at=NOW, acts_at=None)
    before = Clock.objects.values().get(case=case, kind=kind)
    change(desk, case)
    assert Clock.objects.values().get(pk=before["id"]) == before


@pytest.mark.rule("SLA-6")
def test_the_form_of_a_calendar_counts_closings_too(desk):
    desk.case_in("awaiting_customer")
    desk.case_in("resolution_proposed")
    kinds = running_clocks(desk.organization.calendar).values_list("kind", flat=True)
    assert sorted(kinds) == ["closure", "proposal", "reminder"]
    assert not running_clocks(desk.organization.plan).exists()  # a plan moves none of them


# --- Closings, to the end -------------------------------------------------------------------------


def mails(event):
    return Notice.objects.filter(event=event).count()


def sweep(now, *, mail=True):
    with time_machine.travel(now, tick=False):
        for some in (warn_due, breach_due, remind_due, close_due):
            while some(now):
                pass
        while mail and deliver_one(now):
            pass


def state_of(case):
    return Case.objects.get(pk=case.pk).state


@pytest.mark.rule("RESP-1")
@pytest.mark.rule("SLA-6")
def test_days_closed_afterwards_move_notice_and_closure(desk):
    """C1 of the inputs."""
    case = desk.case_in("awaiting_customer")
    count_anew(desk, close_days(desk, 4, 5, 6))
    sweep(local("2026-03-10T09:59"))
    assert mails("closing_notice") == 0
    sweep(local("2026-03-10T10:00"))
    assert mails("closing_notice") == 1
    sweep(local("2026-03-11T09:59"))
    assert state_of(case) == "awaiting_customer"
    sweep(local("2026-03-11T10:00"))
    assert state_of(case) == "closed"


@pytest.mark.rule("RESP-2")
@pytest.mark.rule("SLA-6")
def test_a_day_closed_afterwards_moves_the_end_of_a_proposal(desk):
    """C2 of the inputs."""
    case = desk.case_in("resolution_proposed")
    count_anew(desk, close_days(desk, 6))
    sweep(local("2026-03-09T16:59"))
    assert state_of(case) == "resolution_proposed"
    sweep(local("2026-03-09T17:00"))
    assert state_of(case) == "closed"


@pytest.mark.rule("RESP-1")
@pytest.mark.rule("SLA-6")
def test_the_full_day_after_the_notice_survives_a_calendar_with_more_hours(desk):
    case = desk.case_in("awaiting_customer")
    sweep(NOW + 2 * DAY, mail=False)
    sweep(NOW + 2 * DAY + HOUR)  # the mail left an hour later, at 11:00 on the Thursday
    closure = case.clocks.get(kind="closure")
    assert closure.due_at == local("2026-03-06T10:00")
    calendar = desk.organization.calendar
    calendar.opening_hours.update(opens=8 * 60, closes=18 * 60)
    calendar.save()
    count_anew(desk, calendar)
    closure.refresh_from_db()
    assert closure.due_at == local("2026-03-06T11:00")
    sweep(local("2026-03-06T10:59"))
    assert state_of(case) == "awaiting_customer"
    sweep(local("2026-03-06T11:00"))
    assert state_of(case) == "closed"


@pytest.mark.rule("RESP-1")
@pytest.mark.rule("SLA-6")
def test_what_a_notice_named_does_not_come_sooner(desk):
    count_anew(desk, close_days(desk, 4, 5, 6))
    case = desk.case_in("awaiting_customer")
    sweep(local("2026-03-10T10:00"))
    named = case.clocks.get(kind="closure").due_at
    desk.organization.calendar.days.all().delete()
    count_anew(desk, desk.organization.calendar)
    assert case.clocks.get(kind="closure").due_at == named == local("2026-03-11T10:00")


@pytest.mark.rule("RESP-3")
@pytest.mark.rule("SLA-6")
@pytest.mark.parametrize(
    ("state", "kind", "due"),
    [
        ("awaiting_customer", "closure", "2026-03-11T10:00"),
        ("awaiting_customer", "reminder", "2026-03-10T10:00"),
        ("resolution_proposed", "proposal", "2026-03-11T17:00"),
    ],
)
def test_what_staff_put_off_stays_put_off(desk, state, kind, due):
    case = desk.case_in(state)
    day_after = NOW + DAY
    extend(case_id=case.pk, actor=Actor.of(desk.expert), now=day_after, reason="On holiday.")
    before = case.clocks.get(kind=kind).due_at
    count_anew(desk, desk.organization)
    assert case.clocks.get(kind=kind).due_at == before
    count_anew(desk, close_days(desk, 5, 6))
    found = case.clocks.get(kind=kind)
    assert found.due_at == local(due)
    assert bool(found.extended_at) == (kind != "reminder")


# --- Warnings -------------------------------------------------------------------------------------


def to_severity(desk, case, severity, now):
    change_severity(
        case_id=case.pk,
        severity=severity,
        reason="Seen anew.",
        phone_24x7="+1 555 0142",
        actor=Actor.of(desk.expert),
        now=now,
    )


@pytest.mark.rule("SLA-6")
@pytest.mark.rule("SLA-7")
def test_a_warning_is_taken_back_and_given_again(desk):
    case = desk.owned_case(priority=CRITICAL, phone_24x7="+1 555 0142")
    sweep(NOW + 8 * MINUTE)
    clock = case.clocks.get(kind="response")
    assert (clock.warned_at, mails("clock_warning")) == (NOW + 8 * MINUTE, 1)
    to_severity(desk, case, HIGH, NOW + 9 * MINUTE)
    clock.refresh_from_db()
    assert clock.warned_at is None
    assert clock.acts_at == clock.warns_at == NOW + 90 * MINUTE
    sweep(NOW + 90 * MINUTE - dt.timedelta(seconds=1))
    assert mails("clock_warning") == 1
    for _ in range(2):
        sweep(NOW + 90 * MINUTE)
        assert mails("clock_warning") == 2


@pytest.mark.rule("SLA-6")
@pytest.mark.rule("SLA-7")
def test_a_warning_stays_where_the_new_span_has_reached_it(desk):
    case = desk.owned_case(priority=HIGH)
    sweep(NOW + 90 * MINUTE)
    desk.organization.plan = CarePlan.objects.get(code="premium_care")  # an hour for High
    desk.organization.save()
    to_severity(desk, case, LOW, NOW + 95 * MINUTE)  # two hours, as before
    clock = case.clocks.get(kind="response")
    assert (clock.warned_at, clock.acts_at) == (NOW + 90 * MINUTE, clock.due_at)
    sweep(NOW + 100 * MINUTE)
    assert mails("clock_warning") == 1


@pytest.mark.rule("RCA-3")
def test_a_corrected_restoration_moves_the_analysis(desk):
    case = restored_case(desk)
    actor, again = Actor.of(desk.expert), NOW + DAY
    incident = Incident.objects.get(pk=case.incident_id)
    withdraw_restoration(
        incident_id=incident.pk, seen=incident.restored_at, reason="No.", actor=actor, now=again
    )
    restore_service(
        incident_id=incident.pk, restored_at=again, summary="Now.", actor=actor, now=again
    )
    clock = case.clocks.running().get(kind="rca")
    assert (clock.started_at, clock.due_at) == (again, local("2026-03-11T10:00"))
