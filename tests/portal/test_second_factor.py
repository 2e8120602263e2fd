"""The second factor cannot be guessed: wrong codes are counted per person, in the database."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.core.cache import cache

from tests.portal.conftest import fields_of
from tests.world import NOW, PASSWORD

LOGIN = "/accounts/login/"
CODE = "/accounts/2fa/authenticate/"
AGAIN = "/accounts/2fa/reauthenticate/"


@pytest.fixture
def secret(desk):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(desk.designated, secret)
    return secret


def right_code(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def enter_password(client, person):
    fields = fields_of(client.get(LOGIN), action=LOGIN)
    answer = client.post(LOGIN, {**fields, "login": person.email, "password": PASSWORD})
    assert answer.url == CODE


def enter(client, code, address=CODE, **request):
    # As if each request met another process: what is counted in one process' memory is lost.
    cache.clear()
    fields = fields_of(client.get(address), action=address)
    return client.post(address, {**fields, "code": code}, **request)


def signed_in(client):
    return "_auth_user_id" in client.session


def test_after_the_limit_the_right_code_is_refused_for_a_while(desk, browse, secret, settings):
    client = browse()
    with time_machine.travel(NOW, tick=False) as clock:
        enter_password(client, desk.designated)
        for number in range(settings.AXES_FAILURE_LIMIT):
            assert enter(client, "000000", REMOTE_ADDR=f"192.0.2.{number}").status_code == 200
        answer = enter(client, right_code(secret))
        assert answer.status_code == 429
        assert "Sign-in is locked for a while" in answer.content.decode()
        assert not signed_in(client)
        # Neither another browser and address, nor the password once more, help.
        other = browse()
        enter_password(other, desk.designated)
        answer = enter(other, right_code(secret), REMOTE_ADDR="198.51.100.7")
        assert answer.status_code == 429
        assert not signed_in(other)
        clock.shift(dt.timedelta(minutes=29, seconds=59))
        enter_password(third := browse(), desk.designated)
        assert enter(third, right_code(secret)).status_code == 429
        clock.shift(dt.timedelta(seconds=1))
        assert enter(third, right_code(secret)).url == "/"
        assert signed_in(third)


def test_fewer_wrong_codes_and_the_right_one_are_a_sign_in(desk, browse, secret, settings):
    client = browse()
    enter_password(client, desk.designated)
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        enter(client, "000000")
    assert enter(client, right_code(secret)).url == "/"
    assert signed_in(client)
    assert not AccessAttempt.objects.exists()


def test_the_codes_of_one_person_lock_nobody_else(desk, browse, secret):
    other_secret = totp.generate_totp_secret()
    totp.TOTP.activate(desk.read_only, other_secret)
    client = browse()
    enter_password(client, desk.designated)
    for _ in range(6):
        answer = enter(client, "000000")
    assert answer.status_code == 429
    colleague = browse()
    enter_password(colleague, desk.read_only)
    assert enter(colleague, right_code(other_secret)).url == "/"


def test_codes_before_a_change_of_the_account_are_counted_too(desk, browse, secret, settings):
    client = browse(desk.designated)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert enter(client, "000000", AGAIN).status_code == 200
    assert enter(client, right_code(secret), AGAIN).status_code == 429
