"""The portal pages on which another severity or priority is asked for (SEV-2, SEV-5)."""

import uuid

import pytest
from django.urls import reverse

from cases.models import Case
from escalations.models import OwnerReview
from tests.stored import everything_stored

PHONE = "+1 212 555 0142"


@pytest.fixture
def contact(office, client):
    client.force_login(office.desk.designated)
    return client


def address_of(name, case, *more):
    return reverse(f"escalations:{name}", args=[case.number, *more])


def form_of(**fields):
    return {"details": "Forty agents now.", "submission": str(uuid.uuid4()), **fields}


@pytest.mark.rule("SEV-5")
def test_high_is_asked_for_with_a_number_which_no_page_shows(office, contact, client):
    case = office.case()
    address = address_of("severity", case)
    assert f'href="{address}">Ask for High</a>' in page_of(contact, case)
    before = everything_stored()
    for phone in ("", "call me"):
        answer = contact.post(address, form_of(level=2, callback_phone=phone))
        assert (answer.status_code, everything_stored()) == (200, before)
        page = answer.content.decode()
        assert 'id="id_callback_phone_error"' in page
        assert "Forty agents now." in page
    sent = form_of(level=2, callback_phone=PHONE)
    answer = contact.post(address, sent, follow=True)
    page = answer.content.decode()
    assert "Product Support will call you back at the number you gave." in page
    assert PHONE not in page
    assert OwnerReview.objects.get().callback_phone == PHONE


def page_of(contact, case):
    return " ".join(contact.get(case.get_absolute_url()).content.decode().split())


@pytest.mark.rule("SEV-5")
@pytest.mark.rule("SEV-1")
def test_the_page_says_that_critical_takes_a_call_and_sends_nothing_for_it(office, contact):
    case = office.case(severity=4)
    for name in ("severity", "priority"):
        page = " ".join(contact.get(address_of(name, case)).content.decode().split())
        assert "To raise it to Critical, please call:" in page
        assert '<a class="phone" href="tel:+15550100">+1 555 0100</a>' in page
        assert 'value="1"' not in page
        assert "performance is degraded" in page, "what each level means"
        before = everything_stored()
        answer = contact.post(address_of(name, case), form_of(level=1, callback_phone=PHONE))
        assert (answer.status_code, everything_stored()) == (200, before)


@pytest.mark.rule("SEV-2")
def test_another_priority_is_asked_for_decided_and_read(office, contact):
    case = office.case()
    address = address_of("priority", case)
    assert f'href="{address}">Ask for another priority</a>' in page_of(contact, case)
    page = contact.post(address, form_of(level=4), follow=True).content.decode()
    assert "Change the priority to Low" in page
    assert OwnerReview.objects.get().requested_priority == 4


@pytest.mark.rule("SEV-5")
def test_a_request_is_withdrawn_from_the_page_of_the_case(office, contact, client):
    case = office.case()
    contact.post(address_of("severity", case), form_of(level=2, callback_phone=PHONE))
    review = OwnerReview.objects.get()
    address = address_of("withdraw", case, review.pk)
    page = page_of(contact, case)
    assert f'action="{address}"' in page
    assert 'aria-label="Withdraw: Change the severity to 2 - High"' in page
    assert contact.get(address).url == case.get_absolute_url()
    assert OwnerReview.objects.get().is_open, "a GET changes nothing"
    page = contact.post(address, {"withdraw": "yes"}, follow=True).content.decode()
    assert "Your request has been withdrawn." in page
    assert "withdrew a request: Change the severity to 2 - High" in page
    assert f'action="{address}"' not in page
    other = office.case()
    elsewhere = address_of("withdraw", other, review.pk)
    assert contact.post(elsewhere, {"withdraw": "yes"}).status_code == 404
    client.force_login(office.desk.read_only)
    assert client.post(address, {"withdraw": "yes"}).status_code == 403
    assert "Ask for" not in page_of(client, case)


@pytest.mark.rule("SEV-5")
def test_a_request_that_came_too_late_says_so(office, contact):
    case = office.case()
    address = address_of("severity", case)
    office.desk.act("close", case, text="Done.")
    assert "reopen it first" in contact.get(address, follow=True).content.decode()
    answer = contact.post(address, form_of(level=2, callback_phone=PHONE))
    assert answer.status_code == 409
    assert "Forty agents now." in answer.content.decode()
    assert Case.objects.get(pk=case.pk).severity == 3
