"""After a change of targets, running clocks are counted again in the background (SLA-6)."""

import datetime as dt

import pytest

from cases.actors import Actor
from cases.models import CarePlan, Clock, Recomputation, SlaTarget
from cases.services import recalculations
from cases.services.recalculations import ask_to_recompute, recompute_some, running_clocks
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
HIGH, MEDIUM = 2, 3


@pytest.fixture
def target(db) -> SlaTarget:
    return SlaTarget.objects.get(promise="response", severity=HIGH)


def ask(subject, desk, now=NOW + MINUTE):
    return ask_to_recompute(subject, actor=Actor.of(desk.expert), now=now)


def due(case):
    return case.clocks.get(kind="response").due_at


def shorten(target):
    target.amount = 60
    target.save()


def work(now=NOW + MINUTE):
    """Runs the sweep until nothing is left; returns how much it did each time."""
    done = []
    while some := recompute_some(now):
        done.append(some)
    return done


@pytest.mark.rule("SLA-6")
def test_the_clocks_of_a_target_count_anew_and_no_others(desk, target):
    high, medium = desk.case(priority=HIGH), desk.case(priority=MEDIUM)
    met = desk.act("take", desk.case(priority=HIGH), text="On it.")
    assert running_clocks(target).count() == 1
    shorten(target)
    before = due(high)
    row = ask(target, desk)
    assert (row.total, due(high)) == (2, before)
    assert work() == [2]
    assert due(high) == NOW + HOUR
    assert due(medium) == due(met) == NOW + 2 * HOUR
    row = Recomputation.objects.get()
    assert (row.done, row.failed, row.finished_at) == (2, 0, NOW + MINUTE)
    assert recompute_some(NOW + MINUTE) == 0
    reasons = high.clocks.get().history.order_by("-history_id").values_list("history_change_reason")
    assert reasons[0] == ("job: recompute-clocks",)


@pytest.mark.rule("SLA-6")
def test_calendars_and_plans_count_anew_too(desk):
    case = desk.case(priority=HIGH, now=NOW + 6 * HOUR)  # 16:00 in New York
    hours = desk.organization.calendar.opening_hours
    hours.filter(weekday=1).update(closes=16 * 60 + 30)
    desk.organization.calendar.save()
    ask(desk.organization.calendar, desk)
    work()
    assert due(case) == NOW + 24 * HOUR + 30 * MINUTE
    plan: CarePlan = desk.organization.plan
    plan.features.remove(*plan.features.filter(code="defined_response_targets"))
    ask(plan, desk)
    work()
    assert case.clocks.get().state == "cancelled"


@pytest.mark.rule("SLA-6")
def test_the_clocks_of_one_organization_count_anew_and_no_others(desk):
    case = desk.case(priority=HIGH)
    other = world.organization("initech")
    contact = world.person("ida@initech.example")
    world.membership(contact, other, "designated")
    theirs = desk.case(priority=HIGH, actor=Actor.of(contact), deployment=other.deployments.get())
    shorten(SlaTarget.objects.get(promise="response", severity=HIGH))
    row = ask(desk.organization, desk)
    assert (row.total, row.subject) == (1, desk.organization)
    work()
    assert (due(case), due(theirs)) == (NOW + HOUR, NOW + 2 * HOUR)


def test_a_case_opened_meanwhile_is_counted_too(desk, target, monkeypatch):
    monkeypatch.setattr(recalculations, "BATCH", 1)
    desk.case(priority=HIGH)
    ask(target, desk)
    desk.case(priority=HIGH)
    work()
    row = Recomputation.objects.get()
    assert (row.done, row.total) == (2, 2)


@pytest.mark.rule("SLA-6")
def test_a_worker_that_is_killed_leaves_its_batch_to_the_next(desk, target, monkeypatch):
    cases = [desk.case(priority=HIGH) for _ in range(5)]
    shorten(target)
    ask(target, desk)
    monkeypatch.setattr(recalculations, "BATCH", 2)
    assert recompute_some(NOW + MINUTE) == 2

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(recalculations, "save", killed)  # the last thing before the commit
        with pytest.raises(KeyboardInterrupt):
            recompute_some(NOW + MINUTE)
    row = Recomputation.objects.get()
    assert (row.done, row.finished_at) == (2, None)
    assert [due(case) == NOW + HOUR for case in cases] == [True, True, False, False, False]
    assert work() == [2, 1]
    assert {due(case) for case in cases} == {NOW + HOUR}
    assert Clock.history.filter(history_change_reason="job: recompute-clocks").count() == 5


@pytest.fixture
def broken(monkeypatch):
    """Cases whose keys are put in here fail, after their clocks were written."""
    keys: set[int] = set()
    note = recalculations.clocks.note

    def fails(case, *events, **arguments):
        note(case, *events, **arguments)
        if case.pk in keys:
            raise ValueError

    monkeypatch.setattr(recalculations.clocks, "note", fails)
    return keys


@pytest.mark.rule("SLA-6")
def test_a_case_that_fails_holds_up_no_other_and_is_tried_again(desk, target, broken, monkeypatch):
    monkeypatch.setattr(recalculations, "BATCH", 2)
    bad, good, last = (desk.case(priority=HIGH) for _ in range(3))
    shorten(target)
    ask(target, desk)
    broken.add(bad.pk)
    assert work() == [2, 1]
    row = Recomputation.objects.get()
    assert (row.done, row.failed, row.failed_cases) == (3, 1, [bad.pk])
    assert (row.failed_because, row.finished_at) == ("ValueError", None)
    assert [due(case) for case in (bad, good, last)] == [NOW + 2 * HOUR, NOW + HOUR, NOW + HOUR]

    again = NOW + MINUTE + HOUR
    assert row.tries_at == again
    assert work(again - dt.timedelta(seconds=1)) == []
    assert work(again) == [1]  # the one that failed, and no other; it fails once more
    row.refresh_from_db()
    assert (row.done, row.failed, row.tries_at) == (3, 1, again + HOUR)

    broken.clear()
    assert work(again + HOUR) == [1]
    row.refresh_from_db()
    assert (row.failed, row.failed_because, row.finished_at) == (0, "", again + HOUR)
    assert due(bad) == NOW + HOUR


def test_a_failed_case_that_was_closed_since_is_not_waited_for(desk, target, broken):
    bad = desk.case(priority=HIGH)
    shorten(target)
    ask(target, desk)
    broken.add(bad.pk)
    work()
    desk.act("close", bad, actor=desk.designated, text="Solved.")
    work(NOW + 2 * HOUR)
    row = Recomputation.objects.get()
    assert (row.failed, row.finished_at) == (0, NOW + 2 * HOUR)


def test_one_that_was_put_off_holds_up_no_other(desk, target, broken):
    bad = desk.case(priority=HIGH)
    shorten(target)
    ask(target, desk)
    broken.add(bad.pk)
    work()
    broken.clear()
    ask(desk.organization, desk)
    assert work() == [1]
    assert due(bad) == NOW + HOUR


def test_asking_again_forgets_what_failed(desk, target, broken):
    bad = desk.case(priority=HIGH)
    shorten(target)
    ask(target, desk)
    broken.add(bad.pk)
    work()
    broken.clear()
    row = ask(target, desk, NOW + 2 * MINUTE)
    assert (row.failed, row.failed_cases, row.failed_because, row.tries_at) == (0, [], "", None)
    assert work(NOW + 2 * MINUTE) == [1]
    assert due(bad) == NOW + HOUR


def test_asking_again_begins_again(desk, target, monkeypatch):
    for _ in range(3):
        desk.case(priority=HIGH)
    monkeypatch.setattr(recalculations, "BATCH", 1)
    ask(target, desk)
    recompute_some(NOW + MINUTE)
    shorten(target)
    ask(target, desk, NOW + 2 * MINUTE)
    row = Recomputation.objects.get()
    assert (row.done, row.last_case_id, row.asked_at) == (0, 0, NOW + 2 * MINUTE)
    work()
    assert set(Clock.objects.values_list("due_at", flat=True)) == {NOW + HOUR}


def test_one_closed_meanwhile_is_left_alone(desk, target):
    case = desk.case(priority=HIGH)
    shorten(target)
    ask(target, desk)
    desk.act("close", case, actor=desk.designated, text="Solved.")
    work()
    assert case.clocks.get().state == "cancelled"
    assert Recomputation.objects.get().finished_at
