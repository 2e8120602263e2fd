"""The life of a case for a Designated Contact, over HTTP."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases.models import Case, Entry
from tests.portal.conftest import fields_of

OPEN = "/cases/open/acme/"


def typed(desk, **changes):
    return {
        "deployment": desk.deployment.pk,
        "conversation_id": "",
        "subject": "Calls drop",
        "description": "Every second transfer drops.",
        "business_impact": "Agents call back by hand.",
        "priority": "2",
        "phone_24x7": "",
        **changes,
    }


@pytest.mark.rule("CASE-1", "CASE-2", "ACC-1")
def test_a_designated_contact_opens_a_case_with_two_files(desk, browse):
    client = browse(desk.designated)
    assert client.get("/cases/open/").url == OPEN
    page = client.get(OPEN)
    assert str(desk.organization.org_id) in page.content.decode()
    files = [
        SimpleUploadedFile("trunk.log", b"INVITE sip:100\n"),
        SimpleUploadedFile("pcap é.txt", b"text\n"),
    ]
    answer = client.post(OPEN, {**fields_of(page, action=OPEN), **typed(desk), "files": files})
    case = Case.objects.get()
    assert answer.url == f"/cases/{case.number}/opened/"
    assert (case.priority, case.severity, case.contact) == (2, 2, desk.designated)
    opened = client.get(answer.url).content.decode()
    assert case.number in opened
    assert "trunk.log" in opened
    assert "Open another" in opened
    feed = client.get(case.get_absolute_url()).content.decode()
    assert "Every second transfer drops." in feed
    assert "pcap é.txt" in feed


@pytest.mark.rule("CASE-5", "CASE-6", "CASE-8")
def test_a_case_is_answered_accepted_and_reopened(desk, browse):
    case = desk.act("ask", desk.owned_case(), text="Which trunk?")
    client = browse(desk.designated)
    page = client.get(case.get_absolute_url())
    assert "Your answer is needed" in page.content.decode()
    address = f"{case.get_absolute_url()}entry/"
    client.post(address, {**fields_of(page, action=address), "body": "Trunk 4."})
    assert Case.objects.get().state == "in_progress"

    desk.act("propose", case, text="Set the codec to G.711.", now=timezone.now())
    for action, text, state in (
        ("persist", "It still drops.", "in_progress"),
        ("close", "Found the cause ourselves.", "closed"),
        ("reopen", "It is back.", "in_progress"),
    ):
        address = f"{case.get_absolute_url()}{action}/"
        page = client.get(address)
        answer = client.post(address, {**fields_of(page, action=address), "text": text})
        assert answer.url == case.get_absolute_url()
        assert Case.objects.get().state == state
    feed = client.get(case.get_absolute_url()).content.decode()
    for words in ("Trunk 4.", "proposed a resolution", "It still drops.", "closed the case"):
        assert words in feed


@pytest.mark.rule("ACC-2")
def test_a_read_only_contact_sees_the_case_and_can_change_nothing(desk, browse):
    case = desk.act("ask", desk.owned_case(), text="Which trunk?")
    before = Entry.objects.count()
    client = browse(desk.read_only)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Which trunk?" in page
    assert "You are a Read-Only contact" in page
    assert "<textarea" not in page
    token = fields_of(client.get("/profile/"), action="/profile/")["csrfmiddlewaretoken"]
    for address in ("entry/", "close/", "accept/"):
        answer = client.post(
            case.get_absolute_url() + address,
            {"csrfmiddlewaretoken": token, "body": "x", "text": "x", "version": 1},
        )
        assert answer.status_code == 403
    assert client.get("/cases/open/").status_code == 403
    assert client.post(OPEN, {**typed(desk), "csrfmiddlewaretoken": token}).status_code == 403
    assert Entry.objects.count() == before
    assert Case.objects.get().state == "awaiting_customer"


@pytest.mark.rule("ACC-4")
def test_a_contact_of_another_organization_gets_404(desk, browse):
    case = desk.case_in("awaiting_customer")
    client = browse(desk.outsider)
    for address in ("", "opened/", "entry/", "close/"):
        assert client.get(case.get_absolute_url() + address).status_code == 404
    assert client.get(OPEN).status_code == 404
    assert case.number not in client.get("/cases/").content.decode()
    # What was typed stands in the field, and in the address to which the page leads back.
    found = client.get("/cases/", {"q": case.number}).content.decode()
    typed = (f'value="{case.number}"', f'value="/cases/?q={case.number}"')
    assert case.number not in found.replace(typed[0], "").replace(typed[1], "")


@pytest.mark.rule("FEED-3")
def test_an_internal_entry_is_on_no_page_of_a_contact(desk, browse):
    from cases.actors import Actor
    from cases.services.feeds import post_entry

    case = desk.owned_case()
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.expert),
        now=timezone.now(),
        body="Zwetschge: our own fault",
        internal=True,
    )
    client = browse(desk.designated)
    for address in ("/", "/cases/", "/cases/?q=Zwetschge", case.get_absolute_url()):
        assert "our own fault" not in client.get(address).content.decode()
    assert "No cases match" in client.get("/cases/?q=Zwetschge").content.decode()
