"""No page of the portal tells that staff did something internal (FEED-3).

Every page of a case, and every list that it stands in, is taken before and after each kind of
internal act, as a Designated and as a Read-Only contact gets it. Where an act has a public and an
internal part, it is done once without and once with the internal one.
"""

import re
from contextlib import contextmanager

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.actors import Actor
from cases.models import Attachment, Case, Entry, Notice
from cases.services.feeds import post_entry
from cases.services.files import check_files
from cases.services.lifecycle import reassign
from cases.views.cases import CONTACTS_ACTIONS
from escalations.models import Escalation
from escalations.services.attention import send_management_attention
from escalations.services.feeds import move_to_case, move_to_escalation, post_in_feed
from escalations.services.management import assess, hand_over
from escalations.services.owner_reviews import engage_manager
from tests.world import NOW

from .test_management_requests import ATTENTION
from .world import HOUR, LONG_AGO

pytestmark = pytest.mark.rule("FEED-3")

SECRET = "Quokka"
#: What is made anew for each page view, and numbers that the whole desk counts together.
FRESH = re.compile(
    r'(name="(?:csrfmiddlewaretoken|submission)" value|nonce|"X-CSRFToken")[=:] ?"[^"]*"'
    r"|entry-\d+|update=\d+|(?<=name=\"seen_entry\" value=\")\d+"
)
#: Headers that are made anew for each answer.
FRESH_HEADERS = {"Content-Security-Policy", "Content-Length", "X-Request-ID", "Date"}


@pytest.fixture(autouse=True)
def at_now(settings):
    settings.MANAGEMENT_ATTENTION_ADDRESS = "management@support.example"
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def escalation(office) -> Escalation:
    """Accepted, with words in both feeds, and a request to management that waits."""
    case = office.case(updated_at=LONG_AGO)
    post_entry(case_id=case.pk, actor=Actor.of(office.desk.designated), now=LONG_AGO, body="Help.")
    made = office.accepted(case)
    who = Actor.of(office.desk.designated)
    send_management_attention(case_id=case.pk, actor=who, now=NOW - HOUR, **ATTENTION)
    return made


class Portal:
    """What the contacts of the organization get of everything that shows the case."""

    def __init__(self, office, case: Case) -> None:
        self.case = case
        self.clients = {}
        for name in ("designated", "read_only"):
            client = self.clients[name] = Client()
            client.force_login(getattr(office.desk, name))
            client.get(case.get_absolute_url())  # reads the newest update

    def addresses(self) -> list[str]:
        page = self.case.get_absolute_url()
        number = self.case.number
        found = [page, f"{page}?whole=1", f"{page}opened/", f"{page}entry/"]
        found += [f"{page}{name}/" for name in CONTACTS_ACTIONS]
        found += [
            reverse(f"escalations:{name}", args=[number])
            for name in ("help", "panel", "severity", "priority", "management", "details")
        ]
        for each in Escalation.objects.filter(case=self.case).order_by("pk"):
            one = reverse("escalations:one", args=[number, each.pk])
            found += [one, f"{one}?whole=1"]
        found += ["/", "/cases/", "/cases/?state=open", "/cases/?state=waiting"]
        return [*found, f"/cases/?q={SECRET}", "/cases/?q=quokka.log", "/cases/?page=2"]

    def taken(self) -> dict[str, tuple[int, str, dict[str, str]]]:
        return {
            f"{name} {address}": self._answer(client, address)
            for name, client in self.clients.items()
            for address in self.addresses()
        }

    @staticmethod
    def _answer(client: Client, address: str) -> tuple[int, str, dict[str, str]]:
        answer = client.get(address)
        headers = {key: text for key, text in answer.items() if key not in FRESH_HEADERS}
        return answer.status_code, FRESH.sub("…", answer.content.decode()), headers


def differences(before: dict, after: dict) -> list[str]:
    assert before.keys() == after.keys()
    assert sum(status == 200 for status, _, _ in after.values()) > len(after) / 3
    return [address for address, answer in after.items() if answer != before[address]]


def mails_to_contacts(office) -> int:
    sides = [office.desk.designated.email, office.desk.read_only.email]
    return Notice.objects.filter(email__in=sides).count()


# --- Acts that are internal altogether ----------------------------------------------------------


def note(office, escalation, **fields) -> Entry:
    actor = Actor.of(office.desk.expert)
    body = f"{SECRET}: the customer's trunk is ours."
    case_id = escalation.case_id
    return post_entry(case_id=case_id, actor=actor, now=NOW, body=body, internal=True, **fields)


def note_with_a_file(office, escalation):
    upload = SimpleUploadedFile("quokka.log", b"log of ours")
    return note(office, escalation, files=check_files([upload]))


def note_of_the_escalation(office, escalation):
    actor = Actor.of(office.owner)
    fields = {"body": f"{SECRET} again.", "internal": True}
    return post_in_feed(escalation_id=escalation.pk, actor=actor, now=NOW, **fields)


def another_rank(office, escalation):
    assess(
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW,
        importance=3,
        urgency=3,
        trend="declining",
        on_watch=True,
    )


def note_moved_to_the_escalation(office, escalation):
    entry = note(office, escalation)
    actor = Actor.of(office.owner)
    move_to_escalation(entry_id=entry.pk, escalation_id=escalation.pk, actor=actor, now=NOW)


def note_moved_to_the_case(office, escalation):
    entry = note_of_the_escalation(office, escalation)
    move_to_case(entry_id=entry.pk, actor=Actor.of(office.owner), now=NOW)


def many_notes(office, escalation):
    """More than a page of a feed shows."""
    for _ in range(45):
        note(office, escalation)
        note_of_the_escalation(office, escalation)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (note, "in_progress"),
        (note, "awaiting_customer"),
        (note_of_the_escalation, "resolution_proposed"),
        (note_of_the_escalation, "in_progress"),
        (note_with_a_file, "in_progress"),
        (another_rank, "in_progress"),
        (note_moved_to_the_escalation, "in_progress"),
        (note_moved_to_the_case, "in_progress"),
        (many_notes, "awaiting_customer"),
    ],
)
def test_no_page_tells_of_an_internal_act(office, escalation, act, state):
    if state != "in_progress":
        action = {"awaiting_customer": "ask", "resolution_proposed": "propose"}[state]
        office.desk.act(action, escalation.case, text="Is it so?", now=NOW - HOUR)
    portal = Portal(office, escalation.case)
    before, mails = portal.taken(), mails_to_contacts(office)
    internal = Entry.objects.filter(visibility="internal").count()
    act(office, escalation)
    assert differences(before, portal.taken()) == []
    assert mails_to_contacts(office) == mails
    kept = Entry.objects.filter(visibility="internal").count() - internal
    assert kept or act in {note_of_the_escalation, another_rank}, "the act left something"
    for file in Attachment.objects.filter(name="quokka.log"):
        for client in portal.clients.values():
            answer = client.get(reverse("portal:file", args=[file.public_id]))
            assert answer.status_code == 404


# --- Acts with a public and an internal part ----------------------------------------------------


@contextmanager
def undone():
    """What happens within did not happen afterwards."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def reassigned(office, escalation, text):
    actor, owner = Actor.of(office.desk.expert), office.desk.colleague
    reassign(case_id=escalation.case_id, owner=owner, actor=actor, now=NOW, text=text)


def handed_over(office, escalation, text):
    hand_over(
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW,
        owner=office.other_owner,
        note=text,
    )


def manager_engaged(office, escalation, text):
    critical = {"severity": 1, "phone_24x7": "+1 555 0142"}
    Case.objects.filter(pk=escalation.case_id).update(**critical)
    actor = Actor.of(office.desk.expert)
    case_id, manager = escalation.case_id, office.manager
    engage_manager(case_id=case_id, actor=actor, now=NOW, manager=manager, note=text)


@pytest.mark.parametrize("act", [reassigned, handed_over, manager_engaged])
def test_no_page_tells_whether_a_note_came_with_it(office, escalation, act):
    portal = Portal(office, escalation.case)
    unchanged = portal.taken()
    with undone():
        act(office, escalation, "")
        without, mails = portal.taken(), mails_to_contacts(office)
    assert differences(unchanged, without), "the public part is read"
    act(office, escalation, f"{SECRET}: they are angry.")
    assert differences(without, portal.taken()) == []
    assert mails_to_contacts(office) == mails


def test_the_pages_would_tell_of_a_public_word(office, escalation):
    """What the tests above compare is not blind."""
    portal = Portal(office, escalation.case)
    before = portal.taken()
    office.update(escalation.case)
    told = differences(before, portal.taken())
    page = escalation.case.get_absolute_url()
    assert {f"designated {page}", f"read_only {page}", "designated /cases/"} <= set(told)
