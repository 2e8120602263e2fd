"""A session has a new id after each proof of identity (IA-11); cookies have the realm's name."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from tests.portal.conftest import fields_of
from tests.world import PASSWORD

LOGIN, AGAIN = "/accounts/login/", "/accounts/reauthenticate/"
CODE_AGAIN = "/accounts/2fa/reauthenticate/"
COOKIE = settings.SESSION_COOKIE_NAME


def sign_in(client, person):
    fields = fields_of(client.get(LOGIN), action=LOGIN)
    client.post(LOGIN, {**fields, "login": person.email, "password": PASSWORD})
    return client


def with_cookie(key):
    thief = Client()
    thief.cookies[COOKIE] = key
    return thief


def prove(client, page, **form):
    fields = fields_of(client.get(page), action=page)
    return client.post(page, {**fields, **form})


def test_after_the_password_was_typed_again(desk, browse):
    client = sign_in(browse(), desk.designated)
    old = client.cookies[COOKIE].value
    prove(client, AGAIN, password="wrong")
    assert client.cookies[COOKIE].value == old
    assert prove(client, AGAIN, password=PASSWORD).status_code == 302
    new = client.cookies[COOKIE].value
    assert new != old
    assert client.get("/").status_code == 200
    assert with_cookie(old).get("/").url.startswith(LOGIN)
    # It stands among the person's sessions still, and another one can end it.
    assert UserSession.objects.filter(session_key=new, user=desk.designated).count() == 1
    other = sign_in(browse(), desk.designated)
    page = other.get("/accounts/sessions/")
    other.post("/accounts/sessions/", fields_of(page, action="/accounts/sessions/"))
    assert client.get("/").url.startswith(LOGIN)


def test_after_a_code_was_given_again(desk, browse):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(desk.designated, secret)
    client = browse(desk.designated)
    old = client.cookies[COOKIE].value
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    prove(client, CODE_AGAIN, code="000000" if code != "000000" else "111111")
    assert client.cookies[COOKIE].value == old
    assert prove(client, CODE_AGAIN, code=code).status_code == 302
    assert client.cookies[COOKIE].value != old
    assert with_cookie(old).get("/").url.startswith(LOGIN)


def test_what_proves_nothing_changes_no_id(desk, browse):
    client = sign_in(browse(), desk.designated)
    old = client.cookies[COOKIE].value
    for address in ("/", "/cases/", "/profile/", AGAIN):
        client.get(address)
    assert client.cookies[COOKIE].value == old


@pytest.mark.rule("FED-2")
def test_every_cookie_has_the_realms_name(desk, browse):
    """Also where a message waits: signed in, profile saved, signed out."""
    client = sign_in(browse(), desk.designated)
    profile = client.get("/profile/")
    fields = fields_of(profile, action="/profile/")
    answers = [profile, client.post("/profile/", {**fields, "name": "New", "time_zone": "UTC"})]
    answers.append(client.post("/accounts/logout/", {"csrfmiddlewaretoken": "x"}))
    answers.append(client.get("/accounts/logout/"))
    names = set(client.cookies)
    assert names
    assert [each for each in names if not each.startswith(f"supportdesk_{settings.REALM}_")] == []


def test_a_message_is_shown_once_and_waits_in_the_session(desk, browse):
    client = browse(desk.designated)
    client.get("/accounts/logout/")
    page = client.get("/accounts/logout/")
    answer = client.post("/accounts/logout/", fields_of(page, action="/accounts/logout/"))
    assert "messages" not in client.cookies
    assert "signed out" in client.get(answer.url, follow=True).content.decode().lower()
