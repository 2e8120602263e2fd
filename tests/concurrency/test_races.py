"""Many at once on one case, and two workers on one outbox.

Each kind of race is one function that asserts what must hold. It is run as the code is, and again
with the lock taken away, where it must fail: else the test would prove nothing. SQLite lets one
transaction write at a time, whatever the code locks: there the second half says nothing, and it is
run on PostgreSQL alone.
"""

import collections
import threading
import time
import uuid

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from cases.actors import Actor
from cases.errors import NotPossible, Refused
from cases.jobs.sweeps import deliver_one
from cases.models import Case, Entry, Notice, Person
from cases.models.notices import NoticeQuerySet
from cases.roles import SUPPORT_EXPERT
from cases.services.feeds import post_entry
from cases.services.lifecycle import act
from tests.concurrency.together import together, unlocked_case
from tests.outbox import queue_mail
from tests.world import NOW, person

SERVICES = ("lifecycle", "feeds", "severity", "links")
TRIES = 20


def unlock(monkeypatch) -> None:
    for module in SERVICES:
        monkeypatch.setattr(f"cases.services.{module}.lock_case", unlocked_case)


def fails_at_least_once(race, *arguments) -> None:
    for _ in range(TRIES):
        try:
            race(*arguments)
        except AssertionError:
            return
    pytest.fail(f"Without its lock {race.__name__} held {TRIES} times: it proves nothing.")


# --- Twenty experts take one case


def twenty_take_one_case(desk) -> None:
    case = desk.case()
    experts = list(Person.objects.filter(email__startswith="taker"))
    outcomes = together(
        [
            lambda expert=expert: act(
                case_id=case.pk, action="take", actor=Actor.of(expert), now=NOW
            )
            for expert in experts
        ]
    )
    won = [each for each in outcomes if isinstance(each, Case)]
    refused = [each for each in outcomes if isinstance(each, NotPossible)]
    assert (len(won), len(refused)) == (1, len(experts) - 1), collections.Counter(
        type(each).__name__ for each in outcomes
    )
    assert all("In Progress" in each.message for each in refused)
    stored = Case.objects.get(pk=case.pk)
    assert stored.owner == won[0].owner
    assert stored.version == 2
    assert case.entries.filter(event="assigned").count() == 1
    assert Notice.objects.filter(case=case, event="taken").count() == 1


@pytest.fixture
def takers(desk):
    for number in range(20):
        person(f"taker{number}@support.example", roles=(SUPPORT_EXPERT,))
    return desk


@pytest.mark.rule("CASE-4")
def test_of_twenty_who_take_one_case_one_has_it(takers):
    twenty_take_one_case(takers)


@pytest.mark.servers
def test_without_the_lock_taking_is_a_mess(takers, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(twenty_take_one_case, takers)


# --- Two clicks of one form


def two_clicks(desk) -> None:
    case = desk.owned_case()
    submission = uuid.uuid4()
    click = {
        "case_id": case.pk,
        "actor": Actor.of(desk.designated),
        "now": NOW,
        "body": "Once.",
        "submission": submission,
        "seen_version": case.public_version,
    }
    outcomes = together([lambda: post_entry(**click)] * 4)
    assert len({each.pk if isinstance(each, Entry) else each for each in outcomes}) == 1, outcomes
    assert case.entries.filter(body="Once.").count() == 1
    assert Case.objects.get(pk=case.pk).version == case.version + 1


def test_two_clicks_at_once_are_one_entry(desk):
    two_clicks(desk)


@pytest.mark.servers
def test_without_the_lock_two_clicks_are_a_fault(desk, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(two_clicks, desk)


def test_two_clicks_at_once_open_one_case(desk):
    submission = uuid.uuid4()
    outcomes = together([lambda: desk.case(submission=submission)] * 6)
    assert len({each.pk if isinstance(each, Case) else each for each in outcomes}) == 1, outcomes
    assert Case.objects.count() == 1
    assert Entry.objects.count() == 1
    assert Notice.objects.count() == 1


# --- The contact answers while the expert closes


def answer_while_closing(desk) -> set[str]:
    case = desk.case_in("awaiting_customer")
    answer = {"case_id": case.pk, "actor": Actor.of(desk.designated), "now": NOW, "body": "Here."}
    closing = {"case_id": case.pk, "actor": Actor.of(desk.expert), "now": NOW, "text": "Done."}
    answered, closed = together(
        [lambda: post_entry(**answer), lambda: act(action="close", **closing)]
    )
    assert isinstance(closed, Case), closed
    assert isinstance(answered, Entry | NotPossible), answered
    stored = Case.objects.get(pk=case.pk)
    was_first = isinstance(answered, Entry)
    assert stored.state == "closed"
    assert stored.version == case.version + 1 + was_first
    order = list(case.entries.filter(body__in=["Here.", "Done."]).values_list("body", flat=True))
    assert order == (["Here.", "Done."] if was_first else ["Done."])
    return {"answered first" if was_first else "closed first"}


@pytest.mark.rule("CASE-5")
@pytest.mark.rule("CASE-7")
def test_an_answer_while_the_case_is_closed_is_before_it_or_refused(desk):
    for _ in range(6):
        answer_while_closing(desk)


@pytest.mark.rule("CASE-7")
@pytest.mark.parametrize("first", ["answer", "closing"])
def test_both_orders_of_answer_and_closing(desk, first):
    case = desk.case_in("awaiting_customer")
    answer = {"case_id": case.pk, "actor": Actor.of(desk.designated), "now": NOW, "body": "Here."}
    if first == "answer":
        post_entry(**answer)
    desk.act("close", case, text="Done.")
    if first == "closing":
        with pytest.raises(NotPossible):
            post_entry(**answer)
    assert Case.objects.get(pk=case.pk).state == "closed"


@pytest.mark.servers
def test_without_the_lock_answer_and_closing_trip_over_each_other(desk, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(answer_while_closing, desk)


# --- Many write at once: no version is lost, and nobody waits for ever


def many_write(desk) -> None:
    case = desk.owned_case()
    jobs = [
        lambda number=number: post_entry(
            case_id=case.pk,
            actor=Actor.of(desk.expert),
            now=NOW,
            body=f"Note {number}",
            internal=True,
        )
        for number in range(10)
    ]
    outcomes = together(jobs)
    assert all(isinstance(each, Entry) for each in outcomes), outcomes
    stored = Case.objects.get(pk=case.pk)
    assert stored.version == case.version + len(jobs)
    assert stored.history.count() == 2 + len(jobs)


def test_ten_notes_at_once_are_ten_versions(desk):
    many_write(desk)


@pytest.mark.servers
def test_without_the_lock_versions_are_lost(desk, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(many_write, desk)


def test_a_stale_form_of_one_of_two_is_refused(desk):
    case = desk.owned_case()
    jobs = [
        lambda text=text: act(
            case_id=case.pk,
            action="ask",
            actor=Actor.of(desk.expert),
            now=NOW,
            text=text,
            seen_version=case.version,
        )
        for text in ("Which trunk?", "Which site?")
    ]
    outcomes = together(jobs)
    assert sorted(type(each).__name__ for each in outcomes) == ["Case", "CaseChanged"]
    assert sum(isinstance(each, Refused) for each in outcomes) == 1


# --- Two workers, one outbox


class Counting(BaseEmailBackend):
    """Notes which Message-ID it was given, and takes its time, as mail servers do."""

    sent: collections.Counter[str] = collections.Counter()
    lock = threading.Lock()

    def send_messages(self, messages) -> int:
        time.sleep(0.001)
        with self.lock:
            self.sent.update(message.message()["Message-ID"] for message in messages)
        return len(messages)


def workers_deliver(count: int) -> None:
    Counting.sent.clear()
    now = timezone.now()
    ids = [
        queue_mail(
            key=f"{uuid.uuid4()}",
            words="x",
            subject="x",
            email="dana@acme.example",
            now=now,
        ).message_id
        for _ in range(count)
    ]

    def work() -> int:
        done = 0
        while deliver_one(now):
            done += 1
        return done

    outcomes = together([work] * 4)
    assert all(isinstance(each, int) for each in outcomes), outcomes
    assert Counting.sent == collections.Counter(ids)
    sent = Notice.objects.filter(message_id__in=ids)
    assert set(sent.values_list("state", "attempts")) == {("sent", 1)}
    assert Notice.history.filter(message_id__in=ids, state="sent").count() == count


@pytest.fixture
def counting(settings):
    settings.EMAIL_BACKEND = "tests.concurrency.test_races.Counting"


def test_four_workers_send_each_of_200_mails_once(counting):
    workers_deliver(200)


@pytest.mark.servers
def test_without_the_lock_mails_are_sent_twice(counting, monkeypatch):
    monkeypatch.setattr(NoticeQuerySet, "select_for_update", lambda self, **options: self.all())
    fails_at_least_once(workers_deliver, 30)
