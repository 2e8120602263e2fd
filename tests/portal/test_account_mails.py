"""Mails about an account: with this portal's name, in words for the addressee."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from cases import jobs, realm
from cases.mail_messages import as_html
from cases.models import Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR
from tests import world
from tests.portal.conftest import fields_of
from tests.world import PASSWORD

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
NEW_PASSWORD = "a much better horse battery"


@pytest.fixture
def title():
    return realm.current().portal_title


def ask_for_reset(client, email):
    client.post(RESET, {**fields_of(client.get(RESET), action=RESET), "email": email})
    jobs.run("send-reset-links")


def sign_in(client, email, password):
    fields = fields_of(client.get(LOGIN), action=LOGIN)
    return client.post(LOGIN, {**fields, "login": email, "password": password})


def choose_password(client, notice):
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", notice.text)
    assert link, notice.text
    page = client.get(link.group(1), follow=True)
    address = page.redirect_chain[-1][0]
    fields = fields_of(page, action=address)
    client.post(address, {**fields, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def assert_is_ours(notice, title):
    """No greeting without a name, nothing of a site that has none, the portal by name and link."""
    for words in (notice.subject, notice.text, as_html(notice)):
        assert "!" not in words.replace("<!doctype", "").replace("<!DOCTYPE", "")
        assert "example.com" not in words
        assert title in words
    assert f"{title}: {settings.SITE_URL}" in notice.text
    assert settings.SUPPORT_PHONE in notice.text


@pytest.mark.realm("commercial")  # the other realm's invitations: tests/fedramp
def test_who_never_signed_in_is_invited_and_comes_in_by_the_link(desk, browse, title):
    staff = browse(world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,)))
    page = reverse("admin:cases_person_add")
    form = {"name": "Nora O'New & Co", "email": "nora@acme.example", "time_zone": "UTC"}
    csrf = re.search(r'csrfmiddlewaretoken" value="(\w+)"', staff.get(page).content.decode())
    token = {"csrfmiddlewaretoken": csrf.group(1)}
    staff.post(page, {**token, **form, "is_active": "on"})
    nora = Person.objects.get(email="nora@acme.example")
    staff.post(reverse("admin:cases_person_link", args=[nora.pk]), token)
    notice = Notice.objects.get()
    assert notice.subject == f"Your sign-in to {title}"
    assert "Hello Nora O'New & Co," in notice.text
    assert "You have an account" in notice.text
    assert "asked to set a new password" not in notice.text
    assert_is_ours(notice, title)
    choose_password(browse(), notice)
    client = browse()
    assert sign_in(client, nora.email, NEW_PASSWORD).url == "/"
    # From then on she is asked as everybody.
    Notice.objects.all().delete()
    ask_for_reset(browse(), nora.email)
    assert "asked to set a new password" in Notice.objects.get().text


def test_a_forgotten_password_says_whose_mail_it_is(desk, browse, title):
    assert sign_in(browse(), desk.designated.email, PASSWORD).url == "/"
    ask_for_reset(browse(), desk.designated.email)
    notice = Notice.objects.get()
    assert notice.subject == f"Set a new password for {title}"
    assert f"Hello {desk.designated.name}," in notice.text
    assert_is_ours(notice, title)
    choose_password(browse(), notice)
    changed = Notice.objects.latest("pk")
    assert changed.subject == f"Your password for {title} was changed"
    assert_is_ours(changed, title)


def test_a_person_without_a_name_is_not_greeted_by_none(desk, browse, title):
    Person.objects.filter(pk=desk.designated.pk).update(name="")
    ask_for_reset(browse(), desk.designated.email)
    notice = Notice.objects.get()
    assert "Hello" not in notice.text
    assert_is_ours(notice, title)


def test_an_unknown_address_is_mailed_nothing(desk, browse):
    ask_for_reset(browse(), "nobody@acme.example")
    assert not Notice.objects.exists()
