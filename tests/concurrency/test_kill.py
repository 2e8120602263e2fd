"""Workers killed with signal 9 in the middle of their work: nothing is lost, nothing sent twice.

Run again with a worker that marks its mails as sent before it sends them, it must fail.
"""

import os
import random
import signal
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cases.models import Notice
from tests.concurrency.forks import environment
from tests.outbox import queue_mail

MAILS = 130
KILLS = 10
#: Starts one worker a line: a process of its own, that runs the sweep with a lease that runs out
#: within the test. (A fork, since loading the project a dozen times is what takes the time.)
STARTER = """
import datetime as dt, os, sys, time
import django
django.setup()
from cases.jobs import sweep, sweeps
from cases.models import Notice

sweeps.LEASE = dt.timedelta(seconds=0.5)
deliver = sweeps.deliver_one

def work():
    while Notice.objects.filter(state="queued").exists():
        if not sweep(deliver):
            time.sleep(0.05)

for _ in sys.stdin:
    worker = os.fork()
    if not worker:
        work()
        os._exit(0)
    print(worker, flush=True)
    print(os.waitpid(worker, 0)[1], flush=True)
"""
#: The same with the order turned round: a worker that dies in between has lost a mail.
CARELESS = STARTER.replace(
    "deliver = sweeps.deliver_one",
    """
def deliver(now):
    notice = sweeps._claim_notice(now)
    if notice is not None:
        sweeps._mark_sent(notice)
        time.sleep(0.05)  # long enough to be hit by one of the kills
        sweeps._send(notice)
    return notice is not None
""",
)


class Workers:
    """Starts a worker at a time, in a process that can be killed."""

    def __init__(self, data: Path, starter: str) -> None:
        self.mail = data / settings.REALM / "mail"
        self.starter = subprocess.Popen(
            [sys.executable, "-c", starter],
            cwd=settings.BASE_DIR,
            env=environment(data),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *, killed_after: int | None = None, delay: float = 0.0) -> int:
        """How the worker ended: 0, or the number of the signal.

        It is killed once it has delivered so many mails and a moment has passed: counted in mails
        and not in seconds, a slow machine kills in the middle of the work too.
        """
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        before = len(self.delivered())
        self.starter.stdin.write("\n")
        self.starter.stdin.flush()
        worker = int(self.starter.stdout.readline())
        if killed_after is not None:
            end = time.monotonic() + 60
            while len(self.delivered()) < before + killed_after and time.monotonic() < end:
                time.sleep(0.001)
            time.sleep(delay)
            os.kill(worker, signal.SIGKILL)
        return int(self.starter.stdout.readline())

    def delivered(self) -> list[Path]:
        return list(self.mail.glob("*.eml"))

    def end(self) -> None:
        assert self.starter.stdin is not None
        self.starter.stdin.close()
        self.starter.wait(timeout=10)


def deliver_and_kill(data: Path, starter: str, kills: int) -> tuple[set[str], list[Path]]:
    """The Message-IDs that were queued, and the files of the mails that were sent."""
    ids = {
        queue_mail(
            key=f"kill:{number}",
            words=f"Words {number}. " + "x" * 5000,
            subject=f"Mail {number}",
            email="dana@acme.example",
            now=timezone.now(),
        ).message_id
        for number in range(MAILS)
    }
    rng = random.Random(4)
    workers = Workers(data, starter)
    try:
        for _ in range(kills):
            mails, delay = rng.randint(1, 9), rng.uniform(0, 0.03)
            assert workers.run(killed_after=mails, delay=delay) == signal.SIGKILL
        left = Notice.objects.filter(state="queued").count()
        assert 0 < left < MAILS, "the kills came too late to prove anything"
        assert workers.run() == 0
    finally:
        workers.end()
    return ids, workers.delivered()


@pytest.mark.rule("RESP-4")
def test_workers_killed_at_any_moment_lose_nothing_and_send_nothing_twice(tmp_path):
    ids, delivered = deliver_and_kill(tmp_path, STARTER, KILLS)
    assert len(delivered) == MAILS
    messages = [message_from_bytes(each.read_bytes(), policy=default) for each in delivered]
    assert {message["Message-ID"] for message in messages} == ids
    for message in messages:
        text = message.get_body(("plain",)).get_content()
        assert text.startswith("Words ")
        assert text.rstrip().endswith("x" * 50)
    assert set(Notice.objects.values_list("state", "due_at")) == {("sent", None)}
    assert not Notice.objects.filter(sent_at=None).exists()
    assert Notice.history.filter(state="sent").count() == MAILS
    taken_twice = Notice.objects.filter(attempts__gt=1).count()
    assert taken_twice <= KILLS


def test_a_worker_that_marks_before_it_sends_loses_mails(tmp_path):
    ids, delivered = deliver_and_kill(tmp_path, CARELESS, KILLS)
    assert len(delivered) < len(ids)
    assert not Notice.objects.filter(sent_at=None).exists(), "and nobody would know"
