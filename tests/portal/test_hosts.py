"""A request's claims about its host, and the answer to them, reveal nothing (SC-23)."""

import re

import pytest
from django.conf import settings as of_this_run
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import jobs
from cases.models import Notice, ResetRequest
from cases.roles import ACCESS_ADMINISTRATOR
from supportdesk.settings.sign_in import PASSWORD_HASHERS
from tests import world
from tests.portal.conftest import fields_of
from tests.world import PASSWORD

RESET, LOGIN = "/accounts/password/reset/", "/accounts/login/"
FORGED = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}


@pytest.fixture(autouse=True)
def any_host(settings):
    """The proxy in front lets all of them through."""
    settings.ALLOWED_HOSTS = ["*"]


def forged(person=None):
    client = Client(headers=FORGED)
    if person is not None:
        client.force_login(person, backend=of_this_run.AUTHENTICATION_BACKENDS[-1])
    return client


def addresses_mailed():
    jobs.run("send-reset-links")
    return [
        address
        for notice in Notice.objects.all()
        for address in re.findall(r"https?://[^/\s\"<]+", notice.text)
    ]


def test_a_link_for_a_new_password_is_an_address_of_the_desk(desk):
    forged().post(RESET, {"email": desk.designated.email})
    found = addresses_mailed()
    assert found
    assert set(found) == {of_this_run.SITE_URL}
    key = re.search(r"/accounts/password/reset/key/\S+", Notice.objects.get().text)
    assert "new password" in Client().get(key.group(), follow=True).content.decode()


def test_what_staff_send_is_too(desk):
    """A sign-in link in the commercial realm, an invitation in the other; and a reset."""
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    newcomer = world.person("new@acme.example")
    newcomer.set_unusable_password()
    newcomer.save()
    client = forged(ada)
    for name, person in (("link", newcomer), ("reset", desk.designated)):
        answer = client.post(reverse(f"admin:cases_person_{name}", args=[person.pk]))
        assert answer.status_code == 302
    found = addresses_mailed()
    assert len(Notice.objects.all()) >= 2
    assert set(found) == {of_this_run.SITE_URL}


@pytest.mark.parametrize(
    "then", ["https://evil.example/x", "//evil.example/x", "http:evil.example"]
)
def test_nobody_is_led_to_a_host_that_the_request_claims(desk, then):
    client = forged()
    answer = client.post(
        LOGIN, {"login": desk.designated.email, "password": PASSWORD, "next": then}
    )
    assert answer.status_code == 302
    assert "evil" not in answer.url


def queries_of(client, address, form):
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address, form)
    shapes = [re.sub(r"'[^']*'|\d+|NULL", "?", each["sql"]) for each in queries.captured_queries]
    return answer.status_code, answer.headers.get("Location"), shapes


def test_a_reset_is_the_same_work_for_an_address_that_is_known_and_one_that_is_not(desk, browse):
    def ask(email):
        client = browse()
        fields = fields_of(client.get(RESET), action=RESET)
        return queries_of(client, RESET, {**fields, "email": email})

    ask("first@acme.example")
    assert ask(desk.designated.email) == ask("nobody@acme.example")
    assert ResetRequest.objects.count() == 3
    assert Notice.objects.count() == 0
    jobs.run("send-reset-links")
    assert [each.person for each in Notice.objects.all()] == [desk.designated]
    assert not ResetRequest.objects.exists()


def test_who_is_inactive_is_mailed_nothing_and_the_answer_is_the_same(desk, browse):
    desk.designated.is_active = False
    desk.designated.save()
    client = browse()
    client.post(
        RESET, {**fields_of(client.get(RESET), action=RESET), "email": desk.designated.email}
    )
    assert ResetRequest.objects.get().person is None
    jobs.run("send-reset-links")
    assert not Notice.objects.exists()


def test_one_link_that_fails_does_not_hold_up_the_next(desk, browse, monkeypatch):
    from supportdesk.sign_in import password_resets

    really, failing = password_resets._send, desk.read_only

    def send(person):
        if person == failing:
            raise RuntimeError
        really(person)

    monkeypatch.setattr(password_resets, "_send", send)
    for person in (desk.read_only, desk.designated):
        ResetRequest.objects.create(person=person)
    jobs.run("send-reset-links")
    assert [each.person for each in Notice.objects.all()] == [desk.designated]
    assert [each.person for each in ResetRequest.objects.all()] == [failing]


def test_a_wrong_password_is_the_same_work_for_an_unknown_address(desk, browse, settings):
    """A password is hashed once either way, by the realm's own hasher, also for who has none."""
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    desk.designated.set_password(PASSWORD)
    desk.designated.save()
    desk.read_only.set_unusable_password()
    desk.read_only.save()
    from django.contrib.auth.hashers import get_hasher

    hashed = []
    kind = type(get_hasher())
    really = kind.encode

    def encode(self, *args, **kwargs):
        hashed.append(1)
        return really(self, *args, **kwargs)

    def verify(self, password, encoded):
        hashed.append(1)
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "encode", encode)
        patch.setattr(kind, "verify", verify)
        work = []
        for email in ("x@acme.example", desk.designated.email, desk.read_only.email, "y@a.example"):
            hashed.clear()
            client = browse()
            fields = fields_of(client.get(LOGIN), action=LOGIN)
            form = {**fields, "login": email, "password": "wrong"}
            status, _, shapes = queries_of(client, LOGIN, form)
            work.append((status, len(hashed), len(shapes)))
    assert len(set(work[1:])) == 1, work
    assert work[0][1] == 1
