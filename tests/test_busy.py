"""The messages while a lock is held, the database is away, or the storage is full."""

import errno
import re
import sqlite3
import uuid
from html import unescape
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connections
from django.urls import reverse

from cases.faults import Fault, fault_of
from cases.models import Entry
from supportdesk import busy
from tests.test_logs import log  # noqa: F401

pytestmark = pytest.mark.django_db
WORDS = 'It broke again.\n\nSee "log" <b>'


def from_postgresql(code: str | None) -> OperationalError:
    """The error as Django passes on psycopg's."""
    error = OperationalError("said the server")
    error.__cause__ = type("Raised", (Exception,), {"sqlstate": code})()
    return error


def from_sqlite(words: str) -> OperationalError:
    error = OperationalError(words)
    error.__cause__ = sqlite3.OperationalError(words)
    return error


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (from_postgresql("55P03"), Fault.LOCKED),
        (from_postgresql("40P01"), Fault.LOCKED),
        (from_postgresql("57014"), Fault.SLOW),
        (from_postgresql("57P01"), Fault.AWAY),
        (from_postgresql("53300"), Fault.AWAY),
        (from_postgresql("53100"), Fault.FULL),
        (from_postgresql(None), Fault.AWAY),
        (from_postgresql("42P01"), None),
        (from_sqlite("database is locked"), Fault.LOCKED),
        (from_sqlite("database or disk is full"), Fault.FULL),
        (from_sqlite("no such column: typo"), None),
        (InterfaceError("connection already closed"), Fault.AWAY),
        (OSError(errno.ENOSPC, "no space"), Fault.FULL),
        (OSError(errno.ENOENT, "no such file"), None),
        (ValueError("a fault of ours"), None),
        (None, None),
    ],
)
def test_a_fault_that_passes_is_told_from_one_of_ours(error, fault):
    assert fault_of(error) is fault


@pytest.fixture
def failing(monkeypatch):
    """Makes the portal's posting, or its list, fail with the given error."""

    def fail(target: str, error: Exception) -> None:
        def raises(*args, **kwargs):
            raise error

        monkeypatch.setattr(target, raises)

    return fail


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (from_postgresql("55P03"), 409),
        (from_postgresql(None), 503),
        (from_sqlite("disk is full"), 507),
    ],
)
def test_a_form_comes_back_with_every_word_and_can_be_sent_again(
    desk, client, failing, monkeypatch, error, status
):
    case = desk.case_in("in_progress")
    client.force_login(desk.designated)
    sent = {"body": WORDS, "submission": str(uuid.uuid4()), "version": case.public_version}
    with monkeypatch.context() as context:
        context.setattr("cases.services.feeds.lock_case", lambda pk: _raise(error))
        answer = client.post(f"{case.get_absolute_url()}entry/", sent)
    assert answer.status_code == status
    assert answer["Retry-After"] == "5"
    assert "no-store" in answer["Cache-Control"]
    assert not Entry.objects.filter(body=WORDS).exists()
    page = answer.content.decode()
    assert "http-equiv" not in page, "a page with words must not go by itself"
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    (words,) = re.findall(r'name="body" rows="8">\n(.*?)</textarea>', page, re.DOTALL)
    again = {**fields, "body": unescape(words)}
    assert again == {**sent, "version": str(case.public_version)}
    assert client.post(f"{case.get_absolute_url()}entry/", again).status_code == 302
    assert Entry.objects.filter(body=WORDS).count() == 1


def _raise(error):
    raise error


def test_a_staff_form_comes_back_too(desk, client, monkeypatch):
    case = desk.case_in("in_progress")
    client.force_login(desk.expert)
    monkeypatch.setattr(
        "cases.services.feeds.lock_case", lambda pk: _raise(from_postgresql("55P03"))
    )
    address = reverse("admin:cases_case_entry", args=[case.pk, "public"])
    sent = {"body": WORDS, "submission": str(uuid.uuid4()), "version": case.version}
    answer = client.post(address, {f"public-{name}": value for name, value in sent.items()})
    assert answer.status_code == 409
    assert unescape(answer.content.decode()).count(WORDS) == 1


def test_a_page_tries_again_by_itself_and_the_log_has_one_line(desk, client, failing, log):  # noqa: F811
    failing("cases.selectors.memberships", from_postgresql("57P03"))
    client.force_login(desk.designated)
    answer = client.get("/cases/?q=gateway")
    assert answer.status_code == 503
    page = answer.content.decode()
    assert '<meta http-equiv="refresh" content="5">' in page
    assert 'href="/cases/?q=gateway"' in page
    assert log.getvalue() == "The database does not answer: /cases/\n"


def test_a_database_that_is_away_before_any_view_is_the_same(desk, client, failing, log):  # noqa: F811
    client.force_login(desk.designated)
    failing("django.contrib.sessions.backends.db.SessionStore.load", from_postgresql(None))
    client.raise_request_exception = False
    answer = client.get("/cases/")
    assert answer.status_code == 503
    assert "tries again by itself" in answer.content.decode()
    assert log.getvalue() == "The database does not answer: /cases/\n"


def test_a_script_that_sends_files_is_told_in_a_line_and_keeps_its_page(desk, client, failing):
    case = desk.case_in("in_progress")
    client.force_login(desk.designated)
    failing("cases.services.feeds.lock_case", from_postgresql("55P03"))
    answer = client.post(
        f"{case.get_absolute_url()}entry/",
        {"body": WORDS, "submission": str(uuid.uuid4()), "version": case.public_version},
        headers={"x-upload": "1"},
    )
    assert (answer.status_code, answer.content) == (409, b"Somebody else is working on this.\n")


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/accounts/login/", {"login": "dana", "password": "Sesame open"}),
        ("/cases/", {"pin": "123 456", "body": "more words"}),
    ],
)
def test_secrets_are_never_shown_again(rf, address, sent):
    request = rf.post(address, sent)
    request._dont_enforce_csrf_checks = True
    page = busy.answer(request, Fault.AWAY).content.decode()
    assert "Go back" in page
    assert not any(value in page for value in sent.values())


def test_the_form_of_another_site_is_not_shown(rf):
    """It carries no token, and the fault may come before any check."""
    page = busy.answer(rf.post("/cases/", {"body": "Send it again"}), Fault.AWAY).content.decode()
    assert "textarea" not in page


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_storage_that_fails_keeps_the_words_and_leaves_no_file(desk, client, monkeypatch, code):
    """Written in part or not: nothing is left in the storage, and nothing in the case."""
    case = desk.case_in("in_progress")
    client.force_login(desk.designated)
    monkeypatch.setattr("os.fsync", lambda *args: _raise(OSError(code, "cannot")))
    seen = {"submission": str(uuid.uuid4()), "version": case.public_version}
    log_file = SimpleUploadedFile("trace.log", b"line one\n" * 10)
    answer = client.post(
        f"{case.get_absolute_url()}entry/",
        {"body": WORDS, **seen, "files": log_file},
    )
    monkeypatch.undo()
    assert answer.status_code == (503 if code == errno.EIO else 507)
    page = unescape(answer.content.decode())
    assert WORDS in page
    assert 'type="file" name="files"' in page
    assert not Entry.objects.filter(body=WORDS).exists()
    assert stored_files() == []


def stored_files() -> list[str]:
    return [str(each) for each in Path(default_storage.path("")).rglob("*") if each.is_file()]


def test_health_is_asked_before_all_else(client, settings):
    """By the name of the machine as well, and on its own connection."""
    settings.ALLOWED_HOSTS = ["desk.example"]
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_health_says_that_the_database_does_not_answer(client, monkeypatch):
    monkeypatch.setattr(
        type(connections["default"]), "connect", lambda self: _raise(from_postgresql(None))
    )
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"the database does not answer\n")
