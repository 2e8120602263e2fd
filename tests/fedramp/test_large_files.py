"""FED-7 for files that take long: encrypted until a job has scrubbed them, with progress shown."""

import datetime as dt
import gzip
import logging
import os
import random
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases import jobs
from cases.actors import Actor
from cases.jobs.reports import report
from cases.models import Attachment, Entry, Notice
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp.models import AuditEntry, Placeholder, QuarantinedFile, SessionMark
from fedramp.scrubbing import files, runs
from fedramp.scrubbing import numbers as file_numbers
from fedramp.services import file_scrubs
from fedramp.services.redactions import ask, decide, targets
from tests.admin.pages import text_of
from tests.portal.conftest import browse, fields_of
from tests.stored import stored_files
from tests.world import NOW

__all__ = ["browse"]

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

LINE = "2025-02-11T08:14:22.731Z INFO ivr ani=+18165550142 user=tmokoena ip=203.113.77.{}\n"
LOG = "".join(LINE.format(number % 200) for number in range(4000))
HOUR = file_scrubs.ORPHAN_AGE
RAW = ("8165550142", "tmokoena", "203.113.77")


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch):
    """What is more than a kilobyte is left to the job, which says each time how far it is."""
    monkeypatch.setattr(files, "AT_ONCE_MOST", 1000)
    monkeypatch.setattr(file_scrubs, "_TICK", 0.0)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """`run(job)` does what is due, with what comes after the commit."""

    def finish(job="scrub-files"):
        with django_capture_on_commit_callbacks(execute=True):
            return jobs.run(job) if isinstance(job, str) else file_scrubs.scrub_one(job)

    return finish


def send(desk, case, content=None, name="trace.log"):
    content = LOG.encode() if content is None else content
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="See the file.",
        files=check_files([SimpleUploadedFile(name, content)]),
    )
    return Attachment.objects.latest("pk")


def again(attachment):
    return Attachment.objects.get(pk=attachment.pk)


def raw_anywhere():
    """Files of this storage in which something that was sent can be read."""
    found = []
    for name in stored_files():
        content = default_storage.open(name).read()
        found += [name for raw in RAW if raw.encode() in content]
    return found


def test_a_large_log_is_encrypted_until_the_job_has_scrubbed_it(run, desk):
    case = desk.case()
    file = send(desk, case)
    assert (file.scan_state, file.is_servable) == ("cleaning", False)
    assert raw_anywhere() == []
    assert file.file.name.startswith("held/")
    lying = file.file.name
    assert run() == 1
    done = again(file)
    content = done.file.read().decode()
    assert done.is_servable
    assert len(content) == done.size
    assert content.splitlines()[0].endswith("ani=[PHONE-1] user=[USERNAME-1] ip=[IP-1]")
    assert done.note == ("Removed: 4000 IP addresses, 4000 telephone numbers and 4000 user names.")
    assert not any(raw in content for raw in RAW)
    assert not QuarantinedFile.objects.exists()
    assert stored_files() == [done.file.name]
    assert lying != done.file.name
    assert done.history.latest("history_id").history_change_reason == "job: scrub-files"
    assert run() == 0
    # The same value has the same number in what is written after it.
    entry = post_entry(
        case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body="Ring 816 555 0142."
    )
    assert entry.body == "Ring [PHONE-1]."


def test_the_virus_scanner_gets_what_was_scrubbed(run, desk, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    file = send(desk, desk.case())
    assert again(file).scan_state == "cleaning"
    run()
    assert (again(file).scan_state, again(file).is_servable) == ("pending", False)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.gz", gzip.compress(b"x y\n" * 300_000), "Send the part that matters"),
        ("cut.gz", gzip.compress(os.urandom(9).hex().encode() * 2000)[:-30], "damaged"),
        ("mixed.log", LOG.encode() + random.randbytes(5000), "bytes that are not text"),
    ],
)
def test_what_cannot_be_read_to_its_end_is_refused_and_its_sender_told(
    run, desk, monkeypatch, name, content, words
):
    monkeypatch.setattr(runs, "UNPACKED_MOST", 1_000_000)
    file = send(desk, desk.owned_case(), content, name)
    assert file.scan_state == "cleaning"
    Notice.objects.all().delete()
    assert run() == 1
    told = again(file)
    assert (told.scan_state, told.is_servable, told.file.name) == ("refused", False, "")
    assert words in told.note
    entry = Entry.objects.get(event="file_refused")
    assert words in entry.body
    assert set(Notice.objects.values_list("email", flat=True)) == {
        desk.designated.email,
        desk.expert.email,
    }
    assert stored_files() == []
    assert not QuarantinedFile.objects.exists()


class Killed(BaseException):
    """As good as signal 9: nothing of the program runs after it but what the machine does."""


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(run, desk, monkeypatch):
    file = send(desk, desk.case())
    beat, beats = file_scrubs._Pulse.beat, []

    def die(pulse):
        beat(pulse)
        beats.append(again(file).progress)
        raise Killed

    monkeypatch.setattr(file_scrubs._Pulse, "beat", die)
    now = timezone.now()
    with pytest.raises(Killed):
        run(now)
    assert beats == [min(99, 100 * 160 * 1024 // len(LOG))] or 0 < beats[0] < 100
    assert (again(file).scan_state, raw_anywhere()) == ("cleaning", [])
    monkeypatch.setattr(file_scrubs._Pulse, "beat", beat)
    assert not run(now), "it may be alive: the lease still runs"
    later = timezone.now() + file_scrubs.LEASE + dt.timedelta(seconds=1)
    assert run(later)
    assert again(file).is_servable
    assert stored_files() == [again(file).file.name]
    numbers = Placeholder.objects.filter(kind="IP").order_by("number")
    assert list(numbers.values_list("number", flat=True)) == list(range(1, 201))


def test_of_two_workers_with_one_file_the_slower_stores_nothing(run, desk, monkeypatch):
    file = send(desk, desk.case())
    scrub = files.scrub_file

    def slow(*arguments):
        scrub(*arguments)
        monkeypatch.setattr(file_scrubs, "scrub_file", scrub)
        assert run(timezone.now() + file_scrubs.LEASE * 2)

    monkeypatch.setattr(file_scrubs, "scrub_file", slow)
    assert run(timezone.now())
    assert again(file).is_servable
    assert stored_files() == [again(file).file.name]
    assert file.history.filter(scan_state="not_scanned").count() == 1


def test_a_file_that_fails_again_and_again_is_given_up_without_a_word_of_it_in_the_log(
    run, desk, monkeypatch, caplog
):
    def fails(*arguments):
        raise RuntimeError(RAW[0])

    monkeypatch.setattr(file_scrubs, "scrub_file", fails)
    file = send(desk, desk.case())
    now = timezone.now()
    with caplog.at_level(logging.DEBUG):
        for _ in range(file_scrubs.ATTEMPTS_MOST):
            assert run(now)
            assert again(file).scan_state == "cleaning"
            now += file_scrubs.LEASE * 2
        assert run(now)
    assert again(file).scan_state == "refused"
    assert "Send it in smaller parts" in again(file).note
    assert RAW[0] not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_file_that_takes_too_long_is_refused_and_its_sender_told(run, desk, monkeypatch):
    """By the clock on the wall, whatever takes the time: the rules, or the model in prose."""
    case = desk.owned_case()
    monkeypatch.setattr(files, "SCRUBS_FOR", 60)
    for content in (LOG * 3, "Hi Olga,\n\nit rings at the desk of Sunniva.\n" * 40):
        for seconds, state in ((60, "not_scanned"), (60.5, "refused")):
            file = send(desk, case, content.encode())
            times = iter([1000.0] * 3)  # of the pulse, of the model, of the file
            with monkeypatch.context() as patch:
                patch.setattr(time, "monotonic", lambda it=times, s=seconds: next(it, 1000 + s))
                run(timezone.now())
            assert again(file).scan_state == state
    told = again(file)
    assert (told.file.name, told.is_servable) == ("", False)
    assert "within 1 minutes" in told.note
    entry = Entry.objects.filter(event="file_refused").latest("pk")
    assert told.note[1:] in entry.body
    assert len(stored_files()) == 2


def test_the_page_of_the_jobs_counts_what_is_due(run, desk, monkeypatch):
    now = timezone.now()
    file = send(desk, desk.case())
    QuarantinedFile.objects.update(due_at=now - dt.timedelta(minutes=3))
    told = report("scrub-files", now)
    assert (told.due, told.oldest_at, told.put_off) == (1, now - dt.timedelta(minutes=3), [])
    QuarantinedFile.objects.update(due_at=now + dt.timedelta(minutes=1), attempts=2)
    told = report("scrub-files", now)
    assert (told.due, told.put_off[0].why) == (0, "Tried 2 times; the log says why.")
    orphan = default_storage.save("held/orphan", ContentFile(b"x"))
    assert report("destroy-held-files", now).due == 0
    old = (now - file_scrubs.ORPHAN_AGE).timestamp() - 60
    for name in (orphan, file.file.name):
        os.utime(default_storage.path(name), (old, old))
    told = report("destroy-held-files", now)
    assert (told.due, told.oldest_at) == (1, dt.datetime.fromtimestamp(old, dt.UTC) + HOUR)
    assert run("destroy-held-files") == 1
    assert report("destroy-held-files", now).due == 0


def test_an_encrypted_file_that_does_not_open_waits_and_is_scrubbed_once_it_does(run, desk):
    """It is the storage's fault or the keys', and none of who sent it: nothing is refused."""
    file = send(desk, desk.case())
    path = default_storage.path(file.file.name)

    def turn_a_bit():
        with open(path, "r+b") as lying:
            first = lying.read(1)
            lying.seek(0)
            lying.write(bytes([first[0] ^ 1]))

    turn_a_bit()
    for _ in range(file_scrubs.ATTEMPTS_MOST + 2):
        QuarantinedFile.objects.update(due_at=timezone.now())
        run()
    assert again(file).scan_state == "cleaning"
    turn_a_bit()
    QuarantinedFile.objects.update(due_at=timezone.now())
    run()
    assert again(file).is_servable


def test_what_belongs_to_nothing_is_destroyed_and_nothing_else(run, desk):
    file = send(desk, desk.case())
    orphans = [default_storage.save("held/orphan", ContentFile(b"x")) for _ in range(2)]
    old = (timezone.now() - file_scrubs.ORPHAN_AGE).timestamp() - 5
    for name in (orphans[0], file.file.name):
        os.utime(default_storage.path(name), (old, old))
    assert run("destroy-held-files") == 1
    assert sorted(stored_files()) == sorted([orphans[1], file.file.name])
    assert run("destroy-held-files") == 0


def test_a_file_that_was_redacted_meanwhile_is_not_stored(run, desk, monkeypatch):
    case = desk.owned_case()
    file = send(desk, case)
    (target,) = [each for each in targets(case) if each.is_file]
    scrub = files.scrub_file

    def slow(*arguments):
        scrub(*arguments)
        asked = ask(
            case_id=case.pk, target=target.key, reason="x", actor=Actor.of(desk.expert), now=NOW
        )
        decide(redaction_id=asked.pk, confirmed=True, actor=Actor.of(desk.colleague), now=NOW)

    monkeypatch.setattr(file_scrubs, "scrub_file", slow)
    run()
    assert again(file).name == "[redacted]"
    assert again(file).file.read() == b"[redacted]"
    assert stored_files() == [again(file).file.name]
    assert not QuarantinedFile.objects.exists()


def test_beyond_many_values_further_ones_have_no_number_of_their_own(run, desk, monkeypatch):
    monkeypatch.setattr(file_numbers, "REMEMBERED_MOST", 5)
    file = send(desk, desk.case())
    run()
    lines = again(file).file.read().decode().splitlines()
    assert [line.rpartition("=")[2] for line in lines[:5]] == [
        *("[IP-1]", "[IP-2]", "[IP-3]", "[IP-0]", "[IP-0]"),
    ]
    assert lines[200].endswith("[IP-1]")
    assert Placeholder.objects.count() == 5


# --- What the uploader sees -----------------------------------------------------------------------


def test_the_page_tells_how_far_it_is_and_asking_is_no_activity(run, browse, desk, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000  # the rest goes where no file has a name
    case = desk.owned_case()
    client = browse(desk.designated)
    action = f"/cases/{case.number}/entry/"
    page = client.get(f"/cases/{case.number}/")
    assert "up to 10 files of at most 100 MB each" in text_of(page)
    upload = SimpleUploadedFile("trace.log", LOG.encode())
    form = {**fields_of(page, action=action), "body": "The log.", "files": [upload]}
    page = client.post(action, form, follow=True)
    file = Attachment.objects.get()
    words = text_of(page)
    assert "trace.log Personal data is being scrubbed" in words
    assert "0% done. Nobody can open the file until then." in words
    address = f"/files/{file.public_id}/progress/"
    assert address in page.content.decode()
    held = client.get(f"/files/{file.public_id}/")
    assert held.status_code == 409
    assert "Personal information is being scrubbed" in text_of(held)

    Attachment.objects.filter(pk=file.pk).update(progress=42)
    read = AuditEntry.objects.count()
    active_at = SessionMark.objects.get(person=desk.designated).active_at
    part = client.get(address, headers={"HX-Request": "true"})
    assert "42% done" in text_of(part)
    assert AuditEntry.objects.count() == read
    assert SessionMark.objects.get(person=desk.designated).active_at == active_at
    assert client.get(address).url == case.get_absolute_url()
    outsider = browse(desk.outsider).get(address, headers={"HX-Request": "true"})
    assert outsider.status_code == 404

    run()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in part
    assert f'href="/files/{file.public_id}/"' in part
    assert "Removed: 4000 IP addresses" in part
    page = browse(desk.expert).get(address, headers={"HX-Request": "true"})
    assert f'href="/files/{file.public_id}/"' in page.content.decode()


def test_a_second_click_sends_the_file_once(run, browse, desk):
    case = desk.owned_case()
    client = browse(desk.designated)
    action = f"/cases/{case.number}/entry/"
    form = {**fields_of(client.get(f"/cases/{case.number}/"), action=action), "body": "The log."}
    for _ in range(2):
        upload = SimpleUploadedFile("trace.log", LOG.encode())
        assert client.post(action, {**form, "files": [upload]}).status_code == 302
        run()
    assert Attachment.objects.get().is_servable
