"""Texts that staff typed before the session ran out are there after the sign-in, only for them."""

import re
import uuid

import pytest
from django.contrib.sessions.models import Session

from cases.models import Case, Entry, Membership
from tests.admin.pages import page_url, text_of, url

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def hidden(response, action: str = "") -> dict[str, str]:
    """The hidden fields of the page's form: of the one sent to `action`, or the only other one."""
    page = response.content.decode()
    where = rf'action="{re.escape(action)}"' if action else r"data-keep"
    match = re.search(rf"<form[^>]*{where}.*?</form>", page, re.S)
    assert match
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', match.group(0)))


FORMS = {
    "an internal note": (
        lambda case: url("entry", case.pk, "internal"),
        lambda case: page_url(case),
        {"internal-body": "Ask the vendor first."},
    ),
    "a question": (
        lambda case: url("do", case.pk, "ask"),
        lambda case: url("do", case.pk, "ask"),
        {"text": "Ask the vendor first."},
    ),
    "a reason": (
        lambda case: url("severity", case.pk),
        lambda case: url("severity", case.pk),
        {"text": "Ask the vendor first.", "severity": "2"},
    ),
    "a case for a caller": (
        lambda case: url("open_for", Membership.objects.get(person=case.contact).pk),
        lambda case: url("open_for", Membership.objects.get(person=case.contact).pk),
        {"subject": "No audio", "description": "Ask the vendor first."},
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_words_outlive_the_session(desk, sign_in, form):
    address_of, page_of, words = FORMS[form]
    case = desk.owned_case()
    desk.hears(case.contact)
    address, page = address_of(case), page_of(case)
    browser = sign_in(desk.expert)
    sent = hidden(browser.get(page), action=address if page != address else "")
    Session.objects.all().delete()
    before = (Entry.objects.count(), Case.objects.count())

    answer = browser.post(address, {**sent, **words})
    assert answer.status_code == 302
    assert "/login/" in answer.url
    assert (Entry.objects.count(), Case.objects.count()) == before

    browser.force_login(
        desk.colleague, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert "Ask the vendor first." not in browser.get(page).content.decode()


@pytest.mark.parametrize("form", FORMS)
def test_the_form_shows_them_again_and_forgets_them_once_sent(desk, sign_in, form):
    address_of, page_of, words = FORMS[form]
    case = desk.owned_case()
    desk.hears(case.contact)
    address, page = address_of(case), page_of(case)
    browser = sign_in(desk.expert)
    sent = hidden(browser.get(page), action=address if page != address else "")
    Session.objects.all().delete()
    browser.post(address, {**sent, **words})
    browser.force_login(desk.expert, backend=BACKEND)

    back = browser.get(address, follow=True)
    assert "Here is what you wrote before you signed in" in text_of(back)
    for word in words.values():
        assert word in back.content.decode()

    more = {
        "deployment": desk.deployment.pk,
        "priority": 3,
        "business_impact": "Many.",
        "submission": str(uuid.uuid4()),
        "description": "Ask the vendor first.",
        "subject": "No audio",
    }
    fresh = hidden(back, action=address if page != address else "")
    done = browser.post(address, {**more, **fresh, **words})
    assert done.status_code == 302, text_of(done)
    assert "Here is what you wrote" not in text_of(browser.get(page, follow=True))


def test_a_strangers_page_puts_no_words_into_a_form(desk, sign_in):
    case = desk.owned_case()
    browser = sign_in(desk.expert)
    sent = hidden(browser.get(page_url(case)), action=url("entry", case.pk, "internal"))
    Session.objects.all().delete()
    forged = {**sent, "kept_for": "x:y:z", "internal-body": "Put there."}
    assert browser.post(url("entry", case.pk, "internal"), forged).status_code == 302
    browser.force_login(desk.expert, backend=BACKEND)
    assert "Put there." not in browser.get(page_url(case)).content.decode()
