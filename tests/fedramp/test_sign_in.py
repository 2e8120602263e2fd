"""At the sign-in of the FedRAMP realm: the notice (AC-8), the lock (AC-7), the record (AU-2)."""

import datetime as dt
import os
import subprocess
import sys

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from fedramp.models import AuditEntry
from tests.portal.conftest import fields_of
from tests.world import NOW, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

LOGIN = "/accounts/login/"
NOTICE = "/accounts/notice/"
WORDS = "You are accessing a government system.\n\nUse is monitored & recorded."


@pytest.fixture
def notice(settings):
    settings.SYSTEM_USE_NOTICE = WORDS


def attempt(client, person, password=PASSWORD, **request):
    form = {"login": getattr(person, "email", person), "password": password}
    return client.post(LOGIN, form, **request)


def signed_in(client):
    return "_auth_user_id" in client.session


def recorded(event):
    return list(AuditEntry.objects.filter(event=event).values_list("person__email", "detail"))


def happened():
    """What stands in the log but the rights that the people of the test were given."""
    rows = AuditEntry.objects.exclude(event="rights").order_by("pk")
    return list(rows.values_list("event", "person__email", "detail"))


# --- AC-8


def test_the_notice_comes_before_the_sign_in_and_is_recorded_with_it(desk, notice):
    client = Client(enforce_csrf_checks=True)
    asked = client.get(f"{LOGIN}?next=/profile/")
    assert asked.url == f"{NOTICE}?next=%2Fprofile%2F"
    page = client.get(asked.url)
    assert "Use is monitored &amp; recorded." in page.content.decode()
    with time_machine.travel(NOW, tick=False):
        answer = client.post(NOTICE, fields_of(page, action=NOTICE))
        assert answer.url == f"{LOGIN}?next=%2Fprofile%2F"
        fields = fields_of(client.get(answer.url), action=LOGIN)
        form = {**fields, "login": desk.designated.email, "password": PASSWORD}
        assert client.post(LOGIN, form).url == "/profile/"
    entry = AuditEntry.objects.get(event="notice")
    assert (entry.person, entry.at, entry.address) == (desk.designated, NOW, "127.0.0.1")
    assert "2026-03-03T15:00:00" in entry.detail


def test_a_sign_in_past_the_notice_does_nothing(desk, notice):
    client = Client()
    for password in (PASSWORD, "wrong"):
        assert attempt(client, desk.designated, password).url == NOTICE
        assert not signed_in(client)
    assert not happened()
    # Staff who come by the admin's own address meet it too.
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith(NOTICE)


def test_a_new_text_and_a_new_session_need_a_new_acknowledgement(desk, notice, settings):
    client = Client()
    client.post(NOTICE)
    assert client.get(LOGIN).status_code == 200
    settings.SYSTEM_USE_NOTICE = "Another text."
    assert client.get(LOGIN).url == NOTICE
    client.post(NOTICE)
    attempt(client, desk.designated)
    assert signed_in(client)
    client.post("/accounts/logout/")
    assert client.get(LOGIN).url == NOTICE


def test_the_notice_leads_nowhere_else(desk, notice):
    client = Client()
    client.post(NOTICE, {"next": "https://evil.example/"})
    answer = client.post(
        f"{LOGIN}?next=https://evil.example/",
        {"login": desk.designated.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer.url == "/"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("SYSTEM_USE_NOTICE", " ", "supportdesk: SYSTEM_USE_NOTICE is empty."),
        ("STAFF_SECOND_FACTOR_REQUIRED", "0", "supportdesk: STAFF_SECOND_FACTOR_REQUIRED is 0."),
    ],
)
def test_this_realm_does_not_start_without_a_control(variable, value, words):
    variables = {
        "ENVIRONMENT": "production",
        "REALM": "fedramp",
        "PIN_KEY": "0" * 64,
        variable: value,
    }
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**bare, **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(words)


# --- AC-7


def test_three_failures_in_15_minutes_lock_the_account_for_30(desk):
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(3):
            # Neither another address nor another browser is another account.
            attempt(
                Client(headers={"User-Agent": f"Browser {number}"}),
                desk.designated,
                "wrong",
                REMOTE_ADDR=f"192.0.2.{number}",
            )
            clock.shift(dt.timedelta(minutes=7))
        clock.shift(dt.timedelta(minutes=-7))  # the moment of the third
        for later, opens in ((1, False), (29 * 60 + 59, False), (30 * 60, True)):
            clock.move_to(NOW + dt.timedelta(minutes=14, seconds=later))
            client = Client()
            answer = attempt(client, desk.designated, REMOTE_ADDR="198.51.100.9")
            assert (answer.status_code, signed_in(client)) == (
                (302, True) if opens else (429, False)
            )
    assert recorded("failed")[:3] == [(desk.designated.email, "password")] * 3
    assert (desk.designated.email, "password") in recorded("locked")
    assert recorded("signed_in") == [(desk.designated.email, "")]


@pytest.mark.parametrize(("gap", "locks"), [(899, True), (900, False), (901, False)])
def test_failures_add_up_within_15_minutes(desk, gap, locks):
    with time_machine.travel(NOW, tick=False) as clock:
        attempt(Client(), desk.designated, "wrong")
        attempt(Client(), desk.designated, "wrong")
        clock.shift(dt.timedelta(seconds=gap))
        attempt(Client(), desk.designated, "wrong")
        client = Client()
        attempt(client, desk.designated)
        assert signed_in(client) is not locks


def test_trying_on_does_not_make_the_lock_longer(desk):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(3):
            attempt(Client(), desk.designated, "wrong")
        for _ in range(3):
            clock.shift(dt.timedelta(minutes=9))
            assert attempt(Client(), desk.designated, "wrong").status_code == 429
        clock.shift(dt.timedelta(minutes=3))
        attempt(client := Client(), desk.designated)
        assert signed_in(client)


@pytest.mark.parametrize(("gap", "locks"), [(899, True), (900, False)])
def test_codes_of_the_second_factor_add_up_within_15_minutes(desk, gap, locks):
    totp.TOTP.activate(desk.designated, secret := totp.generate_totp_secret())
    address = "/accounts/2fa/authenticate/"
    with time_machine.travel(NOW, tick=False) as clock:
        client = Client()
        for wait in (0, 0, gap):
            clock.shift(dt.timedelta(seconds=wait))
            attempt(client, desk.designated)
            client.post(address, {"code": "000000"})
        counter = next(iter(totp.yield_hotp_counters_from_time()))
        code = totp.format_hotp_value(totp.hotp_value(secret, counter))
        assert (client.post(address, {"code": code}).status_code == 429) is locks
    assert recorded("failed") == [(desk.designated.email, "second factor")] * 3
    assert len(recorded("locked")) == locks


# --- AU-2


def test_who_came_and_who_did_not_is_recorded_without_what_was_typed(desk):
    client = Client()
    attempt(client, "nobody@acme.example", "My-Secret-1")
    attempt(client, desk.expert, "My-Secret-2")
    attempt(client, desk.expert)
    client.post("/accounts/logout/")
    assert [(event, email) for event, email, _ in happened()] == [
        ("failed", None),
        ("failed", desk.expert.email),
        ("signed_in", desk.expert.email),
        ("signed_out", desk.expert.email),
    ]
    everything = repr(list(AuditEntry.objects.values_list()))
    assert "Secret" not in everything
    assert "nobody@" not in everything
