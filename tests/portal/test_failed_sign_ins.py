"""The record of a failed sign-in: enough to count it, nothing that was typed (FED-7, AC-7)."""

import logging

import pytest
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt, AccessLog
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from tests.portal.conftest import fields_of
from tests.world import PASSWORD

LOGIN = "/accounts/login/"
WORD = "rex-1987"
WRONG = PASSWORD + "?"


def attempt(client, name, password=WRONG, query=""):
    fields = fields_of(client.get(LOGIN), action=LOGIN)
    return client.post(
        LOGIN + query,
        {**fields, "login": name, "password": password, "more": f"{WORD}@field.example"},
        headers={"User-Agent": f"Browser of {WORD}", "Accept": f"text/html, {WORD}"},
    )


def signed_in(client):
    return "_auth_user_id" in client.session


def stored() -> str:
    """Every value of every row of every table."""
    models = apps.get_models(include_auto_created=True)
    return "".join(str(list(model._base_manager.values_list())) for model in models).lower()


@pytest.mark.django_db
def test_nothing_that_was_typed_is_stored_or_logged(caplog, settings):
    caplog.set_level(logging.DEBUG)
    client = Client()
    name = f"My-Dog-{WORD}@strangers.example"
    attempt(client, f"My-Dog-{WORD}")  # which is no address, and not even counted
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(client, name, query=f"?next=/cases/{WORD}/")
    assert attempt(client, name).status_code == 429
    [row] = AccessAttempt.objects.all()
    assert row.failures_since_start >= settings.AXES_FAILURE_LIMIT
    assert row.ip_address == "127.0.0.1"
    assert WORD not in stored()
    assert WORD not in "".join(
        record.getMessage().lower() for record in caplog.records if record.name.startswith("axes")
    )


def test_who_signed_in_is_not_kept_by_axes(desk):
    client = Client()
    attempt(client, desk.designated.email, PASSWORD)
    assert signed_in(client)
    assert not AccessLog.objects.exists()


def test_upper_case_and_spaces_make_no_other_name(desk, settings):
    client = Client()
    names = (desk.designated.email, desk.designated.email.upper(), f" {desk.designated.email} ")
    for number in range(settings.AXES_FAILURE_LIMIT):
        attempt(client, names[number % len(names)])
    assert attempt(client, desk.designated.email, PASSWORD).status_code == 429
    assert not signed_in(client)


def test_a_lock_is_ended_by_the_address(desk, settings, capsys):
    """By the command of axes, which knows nothing of the digest."""
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(client, desk.designated.email)
        attempt(client, desk.read_only.email)
    call_command("axes_reset_username", desk.designated.email.upper())
    attempt(client, desk.designated.email, PASSWORD)
    assert signed_in(client)
    assert attempt(Client(), desk.read_only.email, PASSWORD).status_code == 429
    call_command("axes_list_attempts")
    assert desk.read_only.email not in capsys.readouterr().out


def test_a_sign_in_with_a_second_factor_forgets_the_failures_before_it(desk, settings):
    """Its last request carries a code and no name: the failures stayed, and locked too early."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(desk.designated, secret)
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        attempt(client, desk.designated.email)
    answer = attempt(client, desk.designated.email, PASSWORD)
    fields = fields_of(client.get(answer.url), action=answer.url)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    client.post(answer.url, {**fields, "code": code})
    assert signed_in(client)
    assert not AccessAttempt.objects.exists()
