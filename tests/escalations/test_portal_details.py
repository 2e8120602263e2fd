"""Escalation Details, the request for Medium, and the attention of management, over HTTP."""

import re
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import realm
from cases.actors import Actor
from cases.models import Case, Notice
from escalations.models import Escalation, EscalationEntry, ManagementAttention, OwnerReview
from escalations.services.feeds import move_to_case
from escalations.services.management import close, decline, give_word
from escalations.services.owner_reviews import answer_review
from tests.stored import everything_stored
from tests.world import NOW, membership, person

from .world import HOUR

ATTENTION = {
    "problem": "No progress after an escalation",
    "region": "US",
    "product": "Genesys Cloud CX",
    "description": "Calls still drop.",
    "impact": "We lose a tenth of our calls.",
}


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def contact(office, client):
    client.force_login(office.desk.designated)
    return client


def details(case: Case) -> str:
    return reverse("escalations:details", args=[case.number])


def feed(escalation: Escalation) -> str:
    return reverse("escalations:one", args=[escalation.case.number, escalation.pk])


def page_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def main_of(page: str) -> str:
    return page.split("<main")[1].split("</main>")[0]


def stored_but_sessions() -> dict[str, object]:
    return {name: rows for name, rows in everything_stored().items() if name != "django_session"}


def refused(client, address: str, fields: dict[str, object], status: int) -> str:
    """What the page answers, and that it stored and sent nothing."""
    before = stored_but_sessions()
    answer = client.post(address, {"submission": str(uuid.uuid4()), **fields})
    assert answer.status_code == status
    assert stored_but_sessions() == before
    return " ".join(answer.content.decode().split())


# --- What stands there --------------------------------------------------------------------------


@pytest.mark.rule("FEED-1")
def test_the_tab_comes_with_the_first_escalation(office, contact):
    case = office.case()
    assert "Escalation Details" not in page_of(contact, case.get_absolute_url())
    assert "This case has not been escalated" in page_of(contact, details(case))
    office.ask(case)
    page = page_of(contact, case.get_absolute_url())
    assert re.search(
        rf'href="{details(case)}">Escalation Details <span[^>]*>Requested</span>', page
    )
    assert "requested an escalation: Other" in page, "the time stamp of HELP-5"


@pytest.mark.rule("HELP-5")
@pytest.mark.rule("MGT-3")
@pytest.mark.rule("MGT-9")
def test_each_state_says_what_comes_next_and_by_when(office, contact, at_now):
    case = office.case()
    office.ask(case)
    page = page_of(contact, details(case))
    assert "is waiting for an Escalation Owner" in page
    assert "The answer comes by Tuesday, 3 March 2026, 17:00 UTC" in page
    at_now.move_to(NOW + 3 * HOUR)
    contact.force_login(office.desk.designated)  # a session may have ended meanwhile
    late = page_of(contact, details(case))
    assert "The answer was promised by Tuesday, 3 March 2026, 17:00 UTC and is late" in late
    assert "Overdue" in late


@pytest.mark.rule("MGT-3")
@pytest.mark.rule("MGT-4")
def test_an_accepted_one_shows_its_owner_its_steps_and_the_next_word(office, contact, at_now):
    escalation = office.accepted()
    page = page_of(contact, details(escalation.case))
    assert "Owen Owner is leading it" in page
    assert "The next update comes by Tuesday, 3 March 2026, 19:00 UTC" in page
    assert "Development looks at the trace today." in page
    give_word(
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW + HOUR,
        body="The fix is built.",
        next_word_due_at=NOW + 8 * HOUR,
    )
    page = page_of(contact, details(escalation.case))
    assert "The fix is built." in page
    assert "by Tuesday, 3 March 2026, 23:00 UTC" in page
    at_now.move_to(NOW + 9 * HOUR)
    contact.force_login(office.desk.designated)
    assert "Overdue" in page_of(contact, details(escalation.case))


@pytest.mark.rule("MGT-2")
@pytest.mark.rule("MGT-5")
def test_a_declined_one_says_why_and_what_can_be_done_and_a_second_is_possible(office, contact):
    first = office.under_review()
    decline(
        escalation_id=first.pk,
        actor=Actor.of(office.owner),
        now=NOW,
        codes=["the_severity_is_not_low"],
        words="A workaround is installed.",
    )
    page = page_of(contact, details(first.case))
    assert "A workaround is installed." in page
    assert "The severity is not Low" in page
    assert "can request an escalation again as soon as" in page
    assert "<form" not in main_of(page), "nobody writes there any more"
    second = office.ask(first.case)
    page = page_of(contact, details(first.case))
    assert f'href="{feed(first)}"' in page
    assert "A workaround is installed." not in page
    assert "A workaround is installed." in page_of(contact, feed(first))
    assert f'href="{feed(second)}"' in page_of(contact, feed(first))


@pytest.mark.rule("MGT-5")
def test_closing_the_case_closes_its_escalation_and_says_so(office, contact):
    escalation = office.accepted()
    office.desk.act("close", escalation.case, actor=office.desk.designated, text="Done.")
    page = page_of(contact, details(escalation.case))
    assert "The case was closed." in page
    assert "It is over" in page


@pytest.mark.rule("FEED-3")
@pytest.mark.rule("FEED-1")
def test_internal_notes_and_assessments_are_on_no_page(office, contact):
    from escalations.services.feeds import post_in_feed
    from escalations.services.management import assess

    escalation = office.accepted()
    staff = {"escalation_id": escalation.pk, "actor": Actor.of(office.owner), "now": NOW}
    post_in_feed(**staff, body="Between us: careful.", internal=True)
    assess(**staff, importance=1, urgency=1, trend="declining", on_watch=True)
    moved = post_in_feed(**staff, body="Frame 7 is malformed.")
    with_permission = person("mo@support.example", roles=("Escalation Owner", "Support expert"))
    move_to_case(entry_id=moved.pk, actor=Actor.of(with_permission), now=NOW)
    page = page_of(contact, details(escalation.case))
    assert "Between us" not in page
    assert "Declining" not in page
    assert "Moved to Case Details by Mo" in page
    assert "Frame 7" not in page
    assert "Frame 7" in page_of(contact, escalation.case.get_absolute_url())


# --- Writing in the feed ------------------------------------------------------------------------


@pytest.mark.rule("FEED-2")
@pytest.mark.realm("commercial")
def test_contact_and_owner_exchange_words(office, contact):
    escalation = office.accepted()
    form = {"body": "When is it <installed>?", "submission": str(uuid.uuid4())}
    for _ in range(2):  # the second of two clicks
        sent = contact.post(feed(escalation), form, follow=True)
        assert sent.redirect_chain[-1][0] == details(escalation.case)
    page = sent.content.decode()
    assert page.count("When is it &lt;installed&gt;?") == 1
    assert EscalationEntry.objects.filter(event="message").count() == 1
    assert Notice.objects.filter(event="escalation_message", email=office.owner.email).count() == 1


@pytest.mark.rule("FEED-2")
@pytest.mark.realm("fedramp")
def test_in_the_fedramp_realm_contacts_read_and_cannot_write(office, contact):
    escalation = office.accepted()
    page = page_of(contact, details(escalation.case))
    assert "Development looks at the trace today." in page
    assert "The Escalation Owner's messages appear here." in page
    assert 'name="body"' not in page
    refused(contact, feed(escalation), {"body": "By hand."}, 403)


@pytest.mark.realm("commercial")
@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"body": " "}, 200, "Write something first."),
        ({"body": "x" * 60_000}, 200, "at most 50000 fit"),
        ({"body": "With a file.", "files": "file"}, 200, "You cannot attach files here"),
        ({"body": "Too late, & kept.", "over": True}, 409, "Too late, &amp; kept."),
    ],
    ids=["nothing", "too long", "a file", "after the end"],
)
def test_what_cannot_be_written_is_refused_and_stays_in_the_form(
    office, contact, fields, status, said
):
    escalation, fields = office.accepted(), dict(fields)
    if fields.pop("over", False):
        close(escalation_id=escalation.pk, actor=Actor.of(office.owner), now=NOW, justification="x")
    if "files" in fields:
        fields["files"] = SimpleUploadedFile("trace.log", b"frame 7")
    assert said in refused(contact, feed(escalation), fields, status)


# --- What the Case Owner is asked ---------------------------------------------------------------


@pytest.mark.rule("SEV-5")
@pytest.mark.rule("HELP-3")
def test_low_to_medium_is_received_reviewed_and_answered(office, contact):
    case = office.case(severity=4)
    page = page_of(contact, case.get_absolute_url())
    address = reverse("escalations:severity", args=[case.number])
    assert f'href="{address}">Ask for Medium or High</a>' in page
    assert "Ask for another severity" in page_of(contact, address)
    form = {"level": 3, "details": "Forty agents now.", "submission": str(uuid.uuid4())}
    page = contact.post(address, form, follow=True).content.decode()
    assert "We have received your request. Erin Expert, the Case Owner, will review it" in page
    assert re.search(r"Change the severity to 3 - Medium</strong>:\s+received", page)
    again = refused(contact, address, {"level": 3, "details": "Once more."}, 409)
    assert "waits for the Case Owner" in again
    assert "Once more." in again
    answer_review(
        review_id=OwnerReview.objects.get().pk,
        actor=Actor.of(office.desk.expert),
        now=NOW,
        done=True,
        words="Agreed, it is Medium.",
    )
    page = page_of(contact, case.get_absolute_url())
    assert re.search(r"Change the severity to 3 - Medium</strong>:\s+done", page)
    assert page.count("Agreed, it is Medium.") >= 2, "beside the button, and in the feed"
    assert Case.objects.get(pk=case.pk).severity == 3


@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize(("severity", "closed"), [(2, False), (1, False), (4, True)])
def test_every_other_way_up_is_refused(office, contact, severity, closed):
    case = office.case(severity=severity)
    if closed:
        office.desk.act("close", case, text="Done.")
    address = reverse("escalations:severity", args=[case.number])
    page = contact.get(address, follow=True).content.decode()
    assert ("reopen it first" if closed else "For Critical, you need to call") in page
    sent = {"level": 2, "details": "Worse.", "callback_phone": "+1 212 555 0142"}
    refused(contact, address, sent, 409)


# --- Management ---------------------------------------------------------------------------------


@pytest.mark.rule("MGT-8")
@pytest.mark.rule("FED-13")
def test_management_is_asked_with_what_the_desk_knows(office, contact):
    escalation = office.accepted()
    case = escalation.case
    address = reverse("escalations:management", args=[case.number])
    assert f'href="{address}"' in page_of(contact, details(case))
    page = page_of(contact, address)
    for known in (case.organization.name, case.number, 'value="Genesys Cloud CX"', "us-east-2"):
        assert known in page
    assert "Do not include personal information." in page
    assert "Personnel in the United States may read this request" in page
    assert 'type="file"' not in page
    form = {**ATTENTION, "submission": str(uuid.uuid4())}
    for _ in range(2):
        page = contact.post(address, form, follow=True).content.decode()
    assert "is on its way to management" in page
    assert "Requested" in page
    assert ManagementAttention.objects.count() == 1
    mail = Notice.objects.get(event="management_attention")
    written = [*ATTENTION.values(), case.organization.name, case.subject]
    if realm.current().mails_carry_content:
        assert all(words in mail.text + mail.subject for words in written[:-1])
    else:
        assert not any(words in mail.text + mail.subject for words in written)
    assert case.number in mail.subject
    assert "Calls still drop." in page_of(contact, case.get_absolute_url())


@pytest.mark.rule("MGT-8")
def test_a_file_is_refused_with_its_request(office, contact):
    escalation = office.accepted()
    address = reverse("escalations:management", args=[escalation.case.number])
    files = {"files": SimpleUploadedFile("screen.png", b"\x89PNG")}
    page = refused(contact, address, {**ATTENTION, **files}, 200)
    assert "You cannot attach files here: they may show personal information." in page
    assert "Calls still drop." in page


@pytest.mark.rule("MGT-8")
@pytest.mark.parametrize("lacking", ["escalation", "address", "open case"])
def test_management_is_not_asked_before_its_time(office, contact, settings, lacking):
    case = office.case()
    if lacking != "escalation":
        office.accepted(case)
    if lacking == "address":
        settings.MANAGEMENT_ATTENTION_ADDRESS = ""
    if lacking == "open case":
        office.desk.act("close", case, text="Done.")
    address = reverse("escalations:management", args=[case.number])
    assert contact.get(address).status_code == 302
    assert f'href="{address}"' not in contact.get(details(case)).content.decode()
    refused(contact, address, ATTENTION, 409)


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.rule("ACC-2")
@pytest.mark.rule("ACC-4")
@pytest.mark.parametrize(("who", "status"), [("read_only", 403), ("outsider", 404)])
def test_nobody_else_asks_or_writes(office, client, who, status):
    case = office.case(severity=2)
    escalation = office.accepted(case)
    low = office.case(severity=4)
    client.force_login(getattr(office.desk, who))
    for address, fields in (
        (feed(escalation), {"body": "By hand."}),
        (reverse("escalations:management", args=[case.number]), ATTENTION),
        (reverse("escalations:severity", args=[low.number]), {"level": 3, "details": "Worse."}),
        (reverse("escalations:priority", args=[low.number]), {"level": 3, "details": "Worse."}),
        (reverse("escalations:help", args=[low.number]), {"reason": "case_update"}),
    ):
        refused(client, address, fields, status)
    assert client.get(details(case)).status_code == (200 if status == 403 else 404)
    if status == 403:
        assert "<form" not in main_of(page_of(client, details(case)))


@pytest.mark.rule("ACC-4")
def test_an_escalation_is_not_reached_through_another_case(office, contact):
    escalation, other = office.accepted(), office.case()
    address = reverse("escalations:one", args=[other.number, escalation.pk])
    assert contact.get(address).status_code == 404
    refused(contact, address, {"body": "By hand."}, 404)


@pytest.mark.rule("ACC-3")
def test_designated_elsewhere_is_not_designated_here(office, client):
    """The role is held per organization."""
    someone = person("petra@partner.example")
    membership(someone, office.desk.organization, "read_only")
    membership(someone, office.desk.outsider.memberships.get().organization, "designated")
    client.force_login(someone)
    case = office.case()
    refused(client, reverse("escalations:help", args=[case.number]), {"reason": "other"}, 403)
