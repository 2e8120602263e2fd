"""A worker killed with signal 9 while it scrubs a file: nothing is lost, doubled or readable."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actors import Actor
from cases.models import Attachment
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp.models import Placeholder, QuarantinedFile
from tests.concurrency.forks import Forks
from tests.stored import stored_files
from tests.world import NOW

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

#: A worker that rests after each block, and counts as dead half a second after its last one.
CODE = """
import datetime as dt
import time
from django.db import connection
from cases import jobs
from fedramp.scrubber.names import labelled
from fedramp.services import file_scrubs

labelled("Warm.")
file_scrubs.LEASE = dt.timedelta(seconds=0.5)
file_scrubs._TICK = 0.0
beat = file_scrubs._Pulse.beat

def rest(pulse):
    beat(pulse)
    time.sleep(0.2)

file_scrubs._Pulse.beat = rest
connection.close()

def worker():
    while not jobs.run("scrub-files"):
        time.sleep(0.1)
"""
LINE = "2025-02-11T08:14:22.731Z INFO ivr pkts=42089309 ip=203.113.77.{} ani=+18165550142\n"
LOG = "".join(LINE.format(number % 50) for number in range(8_000))


def until(holds):
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_worker_leaves_an_encrypted_file_for_the_next(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("FILES_DIR", str(tmp_path / "files"))
    post_entry(
        case_id=desk.case().pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="The log.",
        files=check_files([SimpleUploadedFile("trace.log", LOG.encode())]),
    )
    with Forks(CODE, tmp_path / "data") as forks:
        first = forks.start("worker")
        until(lambda: Attachment.objects.get().progress > 20)
        forks.kill(first)
        assert Attachment.objects.get().scan_state == "cleaning"
        for path in tmp_path.rglob("*"):
            assert not path.is_file() or b"8165550142" not in path.read_bytes(), path
        forks.start("worker")
        until(lambda: Attachment.objects.get().is_servable)
        until(lambda: len(stored_files()) == 1)
    file = Attachment.objects.get()
    content = file.file.read().decode()
    assert content.count("\n") == LOG.count("\n")
    assert content.splitlines()[7_999].endswith("ip=[IP-50] ani=[PHONE-1]")
    assert stored_files() == [file.file.name]
    assert not QuarantinedFile.objects.exists()
    assert Placeholder.objects.count() == 51
