"""FED-7: the writer sees at once what was removed, and never the value."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Entry
from fedramp.scrubbing import texts
from tests.portal.conftest import fields_of
from tests.stored import everything_stored

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]


def send(browse, desk, body, **fields):
    case = desk.owned_case()
    client = browse(desk.designated)
    action = f"/cases/{case.number}/entry/"
    hidden = fields_of(client.get(f"/cases/{case.number}/"), action=action)
    return client.post(action, {**hidden, "body": body, **fields}, follow=True)


def test_a_contact_is_told_what_was_removed_from_text_and_file(browse, desk):
    log = SimpleUploadedFile("a.log", b"10:00:00.1 ip=203.113.77.8")
    page = send(browse, desk, "Ring 816-555-0142 or 816-555-0143, mail t@x.gov", files=[log])
    words = page.content.decode()
    assert (
        "Scrubbed before anything was stored: 1 e-mail address, 1 IP address and 2 telephone"
        in (words)
    )
    assert "0142" not in words
    assert Entry.objects.latest("pk").body == "Ring [PHONE-1] or [PHONE-2], mail [EMAIL-1]"


def test_nothing_is_said_where_nothing_was_removed(browse, desk):
    page = send(browse, desk, "The wallboard shows nothing.")
    assert "Scrubbed before" not in page.content.decode()


def test_a_form_that_was_refused_says_nothing_and_keeps_what_was_typed(browse, desk):
    picture = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    page = send(browse, desk, "Ring 816-555-0142", files=[picture])
    words = page.content.decode()
    assert "Scrubbed before" not in words
    assert "Copy the words that it shows into a text file" in words
    assert "Ring 816-555-0142" in words
    assert not Entry.objects.filter(event="message").exists()


def test_a_text_that_takes_too_long_is_refused_and_comes_back_in_the_form(
    browse, desk, monkeypatch, caplog
):
    case = desk.owned_case()
    client = browse(desk.designated)
    action = f"/cases/{case.number}/entry/"
    hidden = fields_of(client.get(f"/cases/{case.number}/"), action=action)
    before = everything_stored()
    body = {"body": "Yesterday Thandiwe lost audio."}
    monkeypatch.setattr(texts, "READS_FOR", -1)
    words = client.post(action, {**hidden, **body}).content.decode()
    assert "could not be checked for personal information" in words
    assert "Yesterday Thandiwe lost audio." in words
    assert everything_stored() == before
    assert "Thandiwe" not in caplog.text
    monkeypatch.undo()
    client.post(action, {**hidden, **body})
    assert Entry.objects.latest("pk").body == "Yesterday [PERSON-1] lost audio."
