"""Asking for help over HTTP: the button with its reasons, the form, and what goes round it."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cases import realm
from cases.actors import Actor
from cases.services.feeds import post_entry
from escalations.models import Escalation, OwnerReview, ReadMark
from escalations.selectors import newest_support_entry
from tests.stored import everything_stored
from tests.world import NOW

from .asking import asked
from .world import HOUR


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def contact(office, client):
    client.force_login(office.desk.designated)
    return client


def button(page: str) -> str:
    label = realm.current().help_button_label
    return re.search(rf"<(?:a|button)[^>]*>\s*{label}\s*</(?:a|button)>", page).group(0)


def test_there_is_no_session_before_this_time():
    assert timezone.now() == NOW


@pytest.mark.rule("HELP-1")
def test_the_button_leads_to_the_form_where_the_case_may_be_escalated(office, contact):
    case = office.case()
    page = contact.get(case.get_absolute_url()).content.decode()
    assert f'href="{case.get_absolute_url()}help/"' in button(page)


@pytest.mark.rule("HELP-1")
@pytest.mark.rule("ESC-9")
def test_the_disabled_button_is_described_by_its_reasons(office, contact):
    case = office.case(updated_at=NOW - HOUR)
    page = contact.get(case.get_absolute_url()).content.decode()
    assert "disabled" in button(page)
    assert 'aria-describedby="help_reasons"' in button(page)
    assert "Possible from Friday, 6 March 2026, 14:00 UTC" in page


@pytest.mark.rule("ESC-3")
def test_the_page_that_shows_an_update_does_not_refuse_because_of_it(office, contact):
    case = office.case()
    office.update(case, now=NOW - dt.timedelta(days=10))
    page = contact.get(case.get_absolute_url()).content.decode()
    newest = ReadMark.objects.get().entry_id
    assert f'id="entry-{newest}"' in page
    assert "disabled" not in button(page)


@pytest.mark.rule("ESC-3")
def test_the_page_of_an_action_shows_the_newest_update_and_so_it_is_read(office, contact):
    case = office.case()
    office.update(case, now=NOW - dt.timedelta(days=10))
    newest = newest_support_entry(case)
    address = reverse("portal:act", args=[case.number, "close"])
    contact.head(address)
    assert ReadMark.objects.get().entry_id != newest
    assert "We are on it." in contact.get(address).content.decode()
    assert ReadMark.objects.get().entry_id == newest
    assert "disabled" not in button(contact.get(case.get_absolute_url()).content.decode())


@pytest.mark.rule("ESC-3")
def test_the_page_of_an_action_that_shows_the_contacts_own_words_reads_no_update(office, contact):
    case = office.case()
    office.update(case, now=NOW - dt.timedelta(days=10))
    own = {"actor": Actor.of(office.desk.designated), "body": "And?"}
    post_entry(case_id=case.pk, now=NOW - dt.timedelta(days=9), **own)
    contact.get(reverse("portal:act", args=[case.number, "close"]))
    assert ReadMark.objects.get().entry_id != newest_support_entry(case)


@pytest.mark.rule("ESC-1")
def test_a_closed_case_says_how_to_reopen(office, contact):
    case = office.case()
    office.desk.act("close", case, text="Done.")
    contact.get(case.get_absolute_url())
    page = contact.get(case.get_absolute_url()).content.decode()
    assert "disabled" in button(page)
    assert "reopen the case" in page


@pytest.mark.rule("ACC-2")
def test_a_read_only_contact_sees_no_button(office, client):
    client.force_login(office.desk.read_only)
    case = office.case()
    assert "A Designated Contact of your organization can request it" in (
        client.get(case.get_absolute_url()).content.decode()
    )
    before = everything_stored()
    answer = client.post(f"{case.get_absolute_url()}help/", {"reason": "other", "details": "x"})
    assert answer.status_code == 403
    assert everything_stored() == before


@pytest.mark.rule("HELP-5")
def test_sending_the_form_confirms_it_and_the_page_shows_the_escalation(office, contact):
    case = office.case()
    address = f"{case.get_absolute_url()}help/"
    assert contact.get(address).status_code == 200
    sent = contact.post(
        address,
        {
            "reason": "other",
            "details": "Nothing has happened.",
            "submission": "7b1c7d2e-2c1f-4d6f-9a70-0d0f3d6f0001",
            "asked": asked(),
        },
        follow=True,
    )
    page = sent.content.decode()
    assert "The escalation has been requested." in page
    assert "requested an escalation" in page
    assert Escalation.objects.get().case == case
    assert "disabled" in button(page)


@pytest.mark.rule("HELP-3")
def test_the_case_owner_can_be_asked_while_no_escalation_is_possible(office, contact):
    case = office.case(severity=4, updated_at=NOW)
    sent = contact.post(
        f"{case.get_absolute_url()}help/",
        {
            "reason": "case_update",
            "submission": "7b1c7d2e-2c1f-4d6f-9a70-0d0f3d6f0002",
            "asked": asked(),
        },
        follow=True,
    )
    assert "Erin Expert, the Case Owner, will review it" in sent.content.decode()
    assert OwnerReview.objects.get().case == case


@pytest.mark.rule("ESC-14")
@pytest.mark.parametrize("state", ["low", "closed", "recent"])
def test_a_post_behind_a_disabled_button_is_refused_and_keeps_the_words(office, contact, state):
    case = office.case(
        severity=4 if state == "low" else 3,
        **({"updated_at": NOW} if state == "recent" else {}),
    )
    if state == "closed":
        office.desk.act("close", case, text="Done.")
    before = everything_stored()
    answer = contact.post(
        f"{case.get_absolute_url()}help/",
        {
            "reason": "other",
            "details": "We wait & wait.",
            "submission": "7b1c7d2e-2c1f-4d6f-9a70-0d0f3d6f0003",
            "asked": asked(),
        },
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The case cannot be escalated now." in page
    assert "We wait &amp; wait." in page
    assert everything_stored() == before


def test_another_organizations_case_is_not_there(office, client):
    client.force_login(office.desk.outsider)
    case = office.case()
    before = everything_stored()
    for answer in (
        client.get(f"{case.get_absolute_url()}help/"),
        client.post(f"{case.get_absolute_url()}help/", {"reason": "other", "details": "x"}),
    ):
        assert answer.status_code == 404
    assert {k: v for k, v in everything_stored().items() if k != "django_session"} == {
        k: v for k, v in before.items() if k != "django_session"
    }
