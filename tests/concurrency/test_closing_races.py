"""A closing by a job against an answer in the same instant, and sweeps against each other.

As in `test_races.py`, each race is run again without its lock, on PostgreSQL, where it must fail.
"""

import datetime as dt
import importlib
import threading

import pytest

from cases.actors import Actor
from cases.errors import NotPossible
from cases.jobs.clocks import close_due, remind_due
from cases.models import Case, Clock, Entry, Notice
from cases.models.clocks import ClockQuerySet
from cases.services.feeds import post_entry
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together, unlocked_case
from tests.world import NOW

LATE = NOW + dt.timedelta(days=30)
CASES = 6


def unlock(monkeypatch) -> None:
    monkeypatch.setattr("cases.services.feeds.lock_case", unlocked_case)
    monkeypatch.setattr(ClockQuerySet, "select_for_update", lambda self, **options: self)


def sweep_all(one) -> None:
    while one(LATE):
        pass


def answer_meets_closing(desk) -> None:
    case = desk.case_in("resolution_proposed")
    before = case.entries.count()
    answered, _ = together(
        [
            lambda: post_entry(
                case_id=case.pk, actor=Actor.of(desk.designated), now=LATE, body="It persists."
            ),
            lambda: sweep_all(close_due),
        ]
    )
    stored = Case.objects.get(pk=case.pk)
    mails = Notice.objects.filter(case=case, event="closed")
    assert case.entries.count() == before + 1, "the loser left a trace"
    if isinstance(answered, Entry):
        assert (stored.state, mails.count()) == ("in_progress", 0)
        assert case.clocks.get(kind="proposal").state == "cancelled"
    else:
        assert isinstance(answered, NotPossible), answered
        assert stored.state == "closed"
        assert mails.count() == 2
        assert case.clocks.get(kind="proposal").state == "met"
    assert not Clock.objects.exclude(put_off_because="").exists()


def sweeps_meet(desk) -> None:
    cases = [desk.case_in("resolution_proposed").pk for _ in range(CASES)]
    asked = [desk.case_in("awaiting_customer").pk for _ in range(CASES)]
    outcomes = together([lambda: sweep_all(close_due), lambda: sweep_all(remind_due)] * 3)
    assert outcomes == [None] * 6
    sweep_all(close_due)
    sweep_all(remind_due)
    assert set(Case.objects.filter(pk__in=cases).values_list("state", flat=True)) == {"closed"}
    for event, pks, mailed in (("closed", cases, 2), ("notice", asked, 1)):
        found = Entry.objects.filter(event=event, case__in=pks)
        assert sorted(found.values_list("case", flat=True)) == sorted(pks)
        name = "closing_notice" if event == "notice" else "closed"
        assert Notice.objects.filter(event=name, case__in=pks).count() == mailed * len(pks)
    assert not Clock.objects.exclude(put_off_because="").filter(kind="proposal").exists()


@pytest.mark.rule("RESP-3")
def test_whoever_locks_first_wins_and_the_other_leaves_no_trace(desk):
    for _ in range(5):
        answer_meets_closing(desk)


def one_after_the_other(monkeypatch, first, held: str, second) -> list:
    """`second` begins while `first` holds its lock: in the call of `held`, just after it."""
    module, name = held.rsplit(".", 1)
    goes_on = getattr(importlib.import_module(module), name)
    locked, release = threading.Event(), threading.Event()

    def wait(*arguments, **named):
        locked.set()
        assert release.wait(timeout=30)
        return goes_on(*arguments, **named)

    def begin_second():
        assert locked.wait(timeout=30)
        threading.Timer(0.3, release.set).start()
        return second()

    monkeypatch.setattr(held, wait)
    return together([first, begin_second])


@pytest.mark.rule("RESP-3")
def test_an_answer_that_was_first_keeps_the_case_open(desk, monkeypatch):
    case = desk.case_in("resolution_proposed")
    answered, closed = one_after_the_other(
        monkeypatch,
        lambda: post_entry(
            case_id=case.pk, actor=Actor.of(desk.designated), now=LATE, body="It persists."
        ),
        "cases.services.feeds.check_version",
        lambda: close_due(LATE),
    )
    assert isinstance(answered, Entry), answered
    assert closed == 0
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.version) == ("in_progress", case.version + 1)
    assert not case.entries.filter(event="closed").exists()
    assert not Notice.objects.filter(case=case, event="closed").exists()
    assert not case.clocks.running().exists()


@pytest.mark.rule("RESP-3")
def test_a_closing_that_was_first_refuses_the_answer_without_a_trace(desk, monkeypatch):
    case = desk.case_in("resolution_proposed")
    closed, answered = one_after_the_other(
        monkeypatch,
        lambda: close_due(LATE),
        "cases.services.closures.close",
        lambda: post_entry(
            case_id=case.pk, actor=Actor.of(desk.designated), now=LATE, body="It persists."
        ),
    )
    assert closed == 1
    assert isinstance(answered, NotPossible), answered
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.version) == ("closed", case.version + 1)
    assert not case.entries.filter(body="It persists.").exists()
    assert not Notice.objects.filter(case=case, event="entry").exists()
    assert stored.history.filter(history_date=LATE).count() == 1


@pytest.mark.rule("RESP-4")
def test_sweeps_at_once_close_and_announce_each_case_once(desk):
    sweeps_meet(desk)


@pytest.mark.servers
def test_without_the_lock_answer_and_closing_collide(desk, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(answer_meets_closing, desk)


@pytest.mark.servers
def test_without_the_lock_sweeps_do_it_twice(desk, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(sweeps_meet, desk)
