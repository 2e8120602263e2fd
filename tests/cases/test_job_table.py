"""Services wake a job by its name, after the commit, once for each transaction."""

import pytest
from celery.signals import before_task_publish
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from cases import job_table
from cases.job_table import wake

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def sent():
    """Task, arguments, queue and time limit of each message."""
    messages = []

    def note(sender=None, body=None, routing_key="", headers=None, **kwargs):
        # Where the message says none, the worker takes that of the settings.
        limit = headers["timelimit"][0] or settings.CELERY_TASK_TIME_LIMIT
        messages.append((sender, list(body[0]), routing_key, limit))

    before_task_publish.connect(note, weak=False, dispatch_uid="job-table")
    yield messages
    before_task_publish.disconnect(dispatch_uid="job-table")


def message(name, queue="", limit=settings.CELERY_TASK_TIME_LIMIT):
    queue = f"supportdesk-{settings.REALM}{queue}"
    return ("cases.tasks.run_job", [name], queue, limit)


def test_a_job_is_rung_once_when_the_transaction_commits(sent):
    with transaction.atomic():
        for name in ("deliver-notices", "scan-attachments", "deliver-notices"):
            wake(name)
        assert sent == []
    assert sent == [message("deliver-notices", "-mail"), message("scan-attachments")]
    wake("deliver-notices")
    assert len(sent) == 3


def test_what_is_undone_rings_nothing(sent):
    with transaction.atomic():
        wake("deliver-notices")
        transaction.set_rollback(True)
    assert sent == []


@pytest.mark.realm("fedramp")
def test_a_job_that_takes_long_has_a_time_limit_of_its_own(sent):
    wake("scrub-files")
    assert sent == [message("scrub-files", limit=840)]


@pytest.mark.parametrize("error", [OperationalError, ConnectionRefusedError])
def test_a_broker_that_is_away_undoes_nothing(monkeypatch, caplog, error):
    def away(*args, **options):
        raise error

    monkeypatch.setattr(job_table.current_app, "send_task", away)
    with transaction.atomic():
        wake("deliver-notices")
    assert "the broker did not take deliver-notices" in caplog.text


def test_nothing_but_the_name_of_a_job_is_taken(sent):
    with pytest.raises(KeyError), transaction.atomic():
        wake("no-such-job")
    assert sent == []
