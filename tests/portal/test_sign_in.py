"""Sign-in: one for contacts and staff, throttled, closed to sign-up, with a second factor."""

import os
import re
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from cases import jobs
from cases.models import Notice
from tests.portal.conftest import fields_of
from tests.world import PASSWORD

LOGIN = "/accounts/login/"


def attempt(client, email, password):
    page = client.get(LOGIN)
    if page.status_code != 200:
        return page
    return client.post(
        LOGIN, {**fields_of(page, action=LOGIN), "login": email, "password": password}
    )


def signed_in(client):
    return "_auth_user_id" in client.session


def test_contacts_arrive_at_the_start_page_and_staff_in_the_admin(desk, browse):
    client = browse()
    assert attempt(client, desk.designated.email, PASSWORD).url == "/"
    assert client.get("/").status_code == 200
    staff = browse()
    assert staff.get("/admin/", follow=True).redirect_chain[-1][0].startswith(LOGIN)
    assert attempt(staff, desk.expert.email.upper(), PASSWORD).url == "/"
    assert staff.get("/").url == "/admin/"


def test_the_try_after_the_limit_is_locked_even_with_the_right_password(desk, browse, settings):
    client = browse()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = attempt(client, desk.designated.email, "wrong")
        assert not signed_in(client)
    answer = attempt(client, desk.designated.email, PASSWORD)
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "Sign-in is locked for a while" in page
    assert "For 30 minutes" in page
    assert not signed_in(client)
    # A colleague who sits at the same address is not locked out.
    colleague = browse()
    attempt(colleague, desk.read_only.email, PASSWORD)
    assert signed_in(colleague)


def attempt_from(forwarded_for, email, password):
    """Through a proxy that appended an address to what the client claimed."""
    client = Client(headers={"X-Forwarded-For": forwarded_for}, REMOTE_ADDR="10.0.0.1")
    attempt(client, email, password)
    return client


@pytest.mark.realm("commercial")  # in the FedRAMP realm the lock follows the account
def test_behind_a_proxy_each_customer_has_an_address_of_his_own(desk, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # as BEHIND_TLS_PROXY sets it
    email = desk.designated.email
    for number in range(5):
        attempt_from(f"203.0.113.{number}, 192.0.2.1", email, "wrong")
    # What the client wrote before the proxy's own word does not make it another one.
    assert not signed_in(attempt_from("203.0.113.99, 192.0.2.1", email, PASSWORD))
    assert not signed_in(attempt_from("192.0.2.1", email, PASSWORD))
    assert signed_in(attempt_from("192.0.2.2", email, PASSWORD))


def test_without_a_proxy_the_header_is_ignored(desk):
    for number in range(5):
        attempt_from(f"192.0.2.{number}", desk.designated.email, "wrong")
    assert not signed_in(attempt_from("192.0.2.77", desk.designated.email, PASSWORD))


def test_behind_a_proxy_is_one_variable(tmp_path):
    words = "print(getattr(settings, 'ALLAUTH_TRUSTED_PROXY_COUNT', 0))"
    ask = [sys.executable, "-c", f"from supportdesk import settings; {words}"]
    for variables, count in (({}, "0"), ({"BEHIND_TLS_PROXY": "1"}, "1")):
        environment = {**os.environ, "DATA_DIR": str(tmp_path), **variables}
        done = subprocess.run(ask, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == count


def test_failures_below_the_limit_and_the_right_password_are_a_sign_in(desk, browse, settings):
    client = browse()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        attempt(client, desk.designated.email, "wrong")
    assert attempt(client, desk.designated.email, PASSWORD).url == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(desk, browse):
    def words(email):
        page = attempt(browse(), email, "wrong").content.decode()
        return re.findall(r'<ul class="errorlist.*?</ul>', page, re.S)

    assert words(desk.designated.email) == words("nobody@acme.example") != []


def test_nobody_signs_up(desk, browse):
    client = browse()
    assert "You cannot sign up here" in client.get("/accounts/signup/").content.decode()


@pytest.mark.parametrize(
    "address",
    ["email/", "confirm-email/", "confirm-email/abc/", "password/set/", "login/code/confirm/"],
)
def test_what_the_desk_does_not_offer_does_not_exist(desk, browse, address):
    for person in (None, desk.designated, desk.expert):
        assert browse(person).get(f"/accounts/{address}").status_code == 404


def test_an_inactive_person_is_not_let_in(desk, browse):
    desk.designated.is_active = False
    desk.designated.save()
    client = browse()
    attempt(client, desk.designated.email, PASSWORD)
    assert not signed_in(client)


def test_a_person_who_becomes_inactive_is_out_at_once(desk, browse):
    client = browse(desk.designated)
    desk.designated.is_active = False
    desk.designated.save()
    assert client.get("/").url.startswith(LOGIN)


def test_a_forgotten_password_is_set_anew_by_mail(desk, browse):
    client = browse()
    address = "/accounts/password/reset/"
    fields = fields_of(client.get(address), action=address)
    client.post(address, {**fields, "email": desk.designated.email})
    jobs.run("send-reset-links")
    notice = Notice.objects.get()
    assert (notice.person, notice.is_secret) == (desk.designated, True)
    link = re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", notice.text)
    assert link, notice.text
    page = client.get(link.group(1), follow=True)
    address = page.redirect_chain[-1][0]
    fields = fields_of(page, action=address)
    new = "a much better horse battery"
    client.post(address, {**fields, "password1": new, "password2": new})
    assert attempt(browse(), desk.designated.email, new).url == "/"
    assert "set with a link from an e-mail" in Notice.objects.latest("pk").text
    assert client.get(link.group(1), follow=True).content.decode().count("no longer works")


def test_an_unknown_address_gets_the_same_page(desk, browse):
    client = browse()
    address = "/accounts/password/reset/"
    fields = fields_of(client.get(address), action=address)
    answer = client.post(address, {**fields, "email": "nobody@acme.example"}, follow=True)
    assert "Check your e-mail" in answer.content.decode()
    jobs.run("send-reset-links")
    assert not Notice.objects.exists()


def test_the_second_factor_is_asked_for(desk, browse):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(desk.designated, secret)
    client = browse()
    answer = attempt(client, desk.designated.email, PASSWORD)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert not signed_in(client)
    fields = fields_of(client.get(answer.url), action=answer.url)
    client.post(answer.url, {**fields, "code": "000000"})
    assert not signed_in(client)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    assert client.post(answer.url, {**fields, "code": code}).url == "/"
    assert signed_in(client)
    assert Authenticator.objects.filter(user=desk.designated).exists()


@pytest.mark.realm("commercial")  # in the FedRAMP realm it is a key: tests/fedramp
def test_staff_set_up_the_second_factor_first_where_it_is_required(desk, browse, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    staff = browse(desk.expert)
    assert staff.get("/admin/").url == "/accounts/2fa/"
    page = staff.get("/accounts/2fa/")
    assert page.status_code == 200
    assert "Set it up" in page.content.decode()
    assert "Add a key" in page.content.decode()
    assert browse(desk.designated).get("/").status_code == 200


def test_other_sessions_can_be_ended(desk, browse):
    here, there = browse(), browse()
    attempt(there, desk.designated.email, PASSWORD)
    attempt(here, desk.designated.email, PASSWORD)
    page = here.get("/accounts/sessions/")
    assert page.content.decode().count("This browser") == 1
    here.post("/accounts/sessions/", fields_of(page, action="/accounts/sessions/"))
    assert there.get("/").url.startswith(LOGIN)
    assert here.get("/").status_code == 200
