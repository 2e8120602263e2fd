"""Alarms for operations: silence, a clock that was set, missing workers, mail that is stuck."""

import datetime as dt

import pytest

from cases import alarms, jobs, workers
from cases.models import Heartbeat, Notice, WorkerPulse
from tests.outbox import queue_mail
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def well():
    """Every job has just run."""
    jobs.expect(NOW)
    Heartbeat.objects.update(ran_at=NOW)
    assert alarms.all_of(NOW) == []


@pytest.mark.parametrize(("ahead", "alarm"), [(60, False), (61, True), (7 * 86_400, True)])
def test_a_heartbeat_in_the_future_is_an_alarm(well, ahead, alarm):
    """The clock was a week ahead and is set back: no silence of this job would be seen."""
    later = NOW + dt.timedelta(seconds=ahead)
    Heartbeat.objects.filter(job="close-silent-cases").update(ran_at=later)
    words = ["The clock was changed; jobs with a last run in the future: Automatic closing"]
    assert alarms.all_of(NOW) == (words if alarm else [])


@pytest.mark.parametrize(("seconds", "alarm"), [(90, False), (91, True), (-91, True)])
def test_a_worker_that_was_killed_is_seen_within_two_minutes(well, seconds, alarm):
    workers.beat("work@one", NOW - dt.timedelta(seconds=seconds))
    workers.beat("mail@one", NOW)
    assert alarms.all_of(NOW) == (["A worker has stopped responding: work@one"] if alarm else [])
    workers.beat("work@one", NOW)
    assert alarms.all_of(NOW) == []


def test_a_worker_that_was_ended_or_never_came_back_is_not_expected(well):
    workers.beat("work@one", NOW)
    workers.say_goodbye("work@one")
    workers.beat("work@two", NOW - dt.timedelta(days=1, seconds=1))
    workers.beat("mail@one", NOW)
    assert list(WorkerPulse.objects.values_list("name", flat=True)) == ["mail@one"]


def mail(minutes: float, **fields) -> Notice:
    """Queued so many minutes ago."""
    notice = queue_mail(
        key=f"alarm:{minutes}",
        words="Words.",
        subject="Mail",
        email="dana@acme.example",
        now=NOW - dt.timedelta(minutes=minutes),
    )
    Notice.objects.filter(pk=notice.pk).update(**fields)
    return notice


def test_mail_that_waits_while_none_is_sent_is_an_alarm(well):
    stands = ["Mail is waiting, and none was sent for ten minutes"]
    mail(9.9)
    assert alarms.all_of(NOW) == []
    mail(10)
    assert alarms.all_of(NOW) == stands
    sent_at = NOW - dt.timedelta(minutes=10)
    sent = mail(30, state="sent", sent_at=sent_at, due_at=None)
    assert alarms.all_of(NOW) == stands
    Notice.objects.filter(pk=sent.pk).update(sent_at=sent_at + dt.timedelta(seconds=1))
    assert alarms.all_of(NOW) == []
