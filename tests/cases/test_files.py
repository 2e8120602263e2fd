"""Files: which contents are accepted, under which name, and the virus scanner's decisions."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from cases.actors import Actor
from cases.errors import Invalid
from cases.jobs import sweep, sweeps
from cases.jobs.sweeps import LEASE, scan_one
from cases.models import Attachment, Case, Entry
from cases.services.feeds import post_entry
from cases.services.files import check_files, files_in_transaction, safe_file_name
from tests.clamd import clamd
from tests.stored import everything_stored, stored_files
from tests.world import NOW

__all__ = ["clamd"]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8" + b"\x00" * 200
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 60
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def upload(content: bytes, name: str = "a.log") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def office() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 50, "image/jpeg"),
        (b"GIF89a\x01\x00\x01\x00", "image/gif"),
        (b"%PDF-1.7\n1 0 obj\n", "application/pdf"),
        (office(), "application/zip"),
        (b"\x1f\x8b\x08\x00" + b"\x00" * 20, "application/gzip"),
        (b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + b"\x00" * 20, "application/vnd.tcpdump.pcap"),
        (b"\x0a\x0d\x0d\x0a" + b"\x00" * 20, "application/vnd.tcpdump.pcap"),
        (b"08:14:02 INVITE sip:x\r\n\tindented\x1b[0m\n", "text/plain"),
        ("Zeile mit Umläuten: äöü".encode(), "text/plain"),
        ("Zeile mit Umläuten, und noch etwas Text: äöü".encode("cp1252"), "text/plain"),
        ("\ufeffmit Marke".encode(), "text/plain"),
        ("UTF-16, as Windows writes it: äöü".encode("utf-16"), "text/plain"),
        (("x" * 8191 + "ä" * 50).encode(), "text/plain"),
        (b"<html><script>alert(1)</script></html>", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain"),
        (b'{"a": 1}', "text/plain"),
    ],
)
def test_what_is_accepted_is_known_by_its_content(content, media_type):
    """HTML and SVG count as text: they are stored as text/plain, and served as downloads alone."""
    (checked,) = check_files([upload(content, "whatever.exe")])
    assert checked.content_type == media_type
    assert checked.size == len(content)


@pytest.mark.parametrize(
    "content",
    [
        EXE,
        ELF,
        OLE,
        b"",
        b"\x00\x01\x02\x03" * 100,
        b"text\x00with a hole",
        b"\xff\xfe" + b"\x00\xd8" * 40,
        bytes(range(128, 256)) * 20,
    ],
)
def test_what_is_refused_whatever_its_name_says(content):
    with pytest.raises(Invalid) as refusal:
        check_files([upload(content, "harmless.txt")])
    assert refusal.value.field == "files"
    assert "harmless.txt" in refusal.value.message


def test_size_and_number_have_limits(settings):
    settings.ATTACHMENT_MAX_BYTES = 100
    assert check_files([upload(b"x" * 100)])
    with pytest.raises(Invalid):
        check_files([upload(b"x" * 101)])
    assert len(check_files([upload(b"x")] * settings.ATTACHMENTS_PER_ENTRY)) == 10
    with pytest.raises(Invalid):
        check_files([upload(b"x")] * (settings.ATTACHMENTS_PER_ENTRY + 1))


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("edge.log", "edge.log"),
        ("../../etc/passwd", "passwd"),
        ("C:\\logs\\edge.log", "edge.log"),
        ("a\r\nSet-Cookie: x.log", "aSet-Cookie: x.log"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("zero\u200bwidth\ufeff\u061c.txt", "zerowidth.txt"),
        ("line\u2028end\x85.txt", "lineend.txt"),
        ("..", "file"),
        (".", "file"),
        ("", "file"),
        ("  \u202e ", "file"),
        ("x" * 200 + ".pcap", "x" * 145 + ".pcap"),
        ("Störung 5 %.log", "Störung 5 %.log"),
    ],
)
def test_names_are_what_they_look_like(name, cleaned):
    assert safe_file_name(name) == cleaned


def post(desk, case: Case, content: bytes = b"one line", **fields) -> Attachment:
    entry = post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.expert),
        now=NOW,
        body="See the file.",
        files=check_files([upload(content, "../x/edge.log")]),
        **fields,
    )
    return entry.attachments.get()


def test_nothing_of_its_name_reaches_the_storage(desk):
    attachment = post(desk, desk.owned_case())
    assert attachment.name == "edge.log"
    (stored,) = stored_files()
    assert "edge" not in stored
    assert "log" not in stored
    assert attachment.file.read() == b"one line"
    assert attachment.history.get().history_user == desk.expert


@pytest.mark.parametrize("depth", ["service", "outer transaction", "outer file transaction"])
def test_files_go_with_their_transaction(desk, monkeypatch, depth):
    case = desk.owned_case()
    before = everything_stored()

    class Broken(Exception):
        pass

    def fail(*args, **kwargs):
        assert len(stored_files()) == 1
        raise Broken

    @files_in_transaction()
    def post_and_fail():
        post(desk, case)
        fail()

    if depth == "service":
        monkeypatch.setattr("cases.services.feeds.notify", fail)
        with pytest.raises(Broken):
            post(desk, case)
        assert everything_stored() == before
    elif depth == "outer file transaction":
        with pytest.raises(Broken):
            post_and_fail()
        assert everything_stored() == before
    else:
        # A transaction that knows nothing of files: the row is gone, and no page shows the file.
        with transaction.atomic():
            post(desk, case)
            transaction.set_rollback(True)
        assert not Attachment.objects.exists()


# --- The virus scanner -------------------------------------------------------------------------


def due(attachment: Attachment) -> dt.datetime:
    return Attachment.objects.get(pk=attachment.pk).scan_due_at


@pytest.mark.django_db
def test_a_file_is_held_until_it_is_found_clean(desk, clamd):
    attachment = post(desk, desk.owned_case())
    assert (attachment.scan_state, attachment.is_servable) == ("pending", False)
    assert not Attachment.objects.servable().exists()

    assert scan_one(NOW)
    assert not scan_one(timezone.now() + dt.timedelta(days=1))

    stored = Attachment.objects.get()
    assert (stored.scan_state, stored.is_servable, stored.scan_due_at) == ("clean", True, None)
    assert (clamd.command[1:], clamd.scanned) == (b"INSTREAM\n", [b"one line"])
    assert stored.history.latest().history_change_reason == "job: scan-attachments"


@pytest.mark.parametrize("internal", [False, True])
def test_an_infected_file_is_never_served_and_the_case_says_so(desk, clamd, internal):
    case = desk.owned_case()
    attachment = post(desk, case, b"a virus in a test", internal=internal)
    before = Case.objects.get(pk=case.pk)
    assert scan_one(NOW)
    stored = Attachment.objects.get(pk=attachment.pk)
    assert (stored.scan_state, stored.is_servable) == ("infected", False)
    assert not Attachment.objects.servable().exists()
    entry = Entry.objects.get(event="file_refused")
    assert (entry.author, entry.job, entry.to_value) == (None, "scan-attachments", "edge.log")
    assert entry.is_internal == internal
    after = Case.objects.get(pk=case.pk)
    assert after.version == before.version + 1
    assert after.public_version == before.public_version + (not internal)
    assert (entry in Entry.objects.visible_to(desk.designated)) is not internal


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR",
        b"stream: something ERROR",
        b"",
        b"stream: MAYBE",
        b"\xff\xfe nonsense",
        b"other: OK",
    ],
)
def test_an_answer_that_says_nothing_holds_the_file(desk, clamd, answer):
    attachment = post(desk, desk.owned_case())
    clamd.answers = [answer]
    assert scan_one(NOW)
    stored = Attachment.objects.get(pk=attachment.pk)
    assert (stored.scan_state, stored.is_servable, stored.scan_attempts) == ("failed", False, 1)
    assert not scan_one(due(attachment) - dt.timedelta(seconds=1))
    assert scan_one(due(attachment))
    assert Attachment.objects.get(pk=attachment.pk).scan_state == "clean"


def test_while_the_scanner_is_away_files_are_held_and_others_are_not_held_up(desk, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    case = desk.owned_case()
    attachments = [post(desk, case) for _ in range(3)]
    assert sweep(scan_one) == 3
    assert set(Attachment.objects.values_list("scan_state", "scan_attempts")) == {("failed", 1)}
    assert not Attachment.objects.servable().exists()
    assert scan_one(due(attachments[0]))
    assert not Attachment.objects.servable().exists()


def test_a_scan_that_was_killed_is_done_again(desk, clamd, monkeypatch):
    post(desk, desk.owned_case())

    class Killed(BaseException):
        pass

    def kill(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("cases.jobs.sweeps._finish_scan", kill)
        with pytest.raises(Killed):
            scan_one(NOW)
    assert not Attachment.objects.servable().exists()
    assert not scan_one(NOW + LEASE - dt.timedelta(seconds=1))
    assert scan_one(NOW + LEASE)
    assert Attachment.objects.servable().exists()


def test_a_slow_scan_does_not_overrule_the_one_that_was_faster(desk, clamd, monkeypatch):
    attachment = post(desk, desk.owned_case(), b"a virus in a test")
    finish = sweeps._finish_scan

    def slow(*args):
        monkeypatch.setattr(sweeps, "_finish_scan", finish)
        assert scan_one(NOW + LEASE)
        finish(attachment, Attachment.ScanState.CHECKED)

    monkeypatch.setattr(sweeps, "_finish_scan", slow)
    scan_one(NOW)
    assert Attachment.objects.get().scan_state == "infected"
    assert Entry.objects.filter(event="file_refused").count() == 1
