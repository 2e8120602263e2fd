"""Staff of the FedRAMP realm get in with a security key, and with nothing less (IA-2)."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from cases.models import Notice
from cases.roles import ACCESS_ADMINISTRATOR
from fedramp.models import AuditEntry
from supportdesk.sign_in import totp as second_factor
from tests import world
from tests.portal.conftest import fields_of
from tests.security_keys import (
    ADD,
    AGAIN,
    SIGN_IN,
    SoftKey,
    add,
    answer,
    enter_password,
    key_of,
    prove,
    question,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

QUEUE = "/admin/cases/case/?queue=mine"
INDEX = "/accounts/2fa/"
TOTP_PAGE = "/accounts/2fa/totp/activate/"
#: What nobody opens without a key: the desk, and what would be a way around it.
CLOSED = [
    "/",
    "/admin/",
    "/admin/profile/",
    QUEUE,
    INDEX,
    TOTP_PAGE,
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/password/change/",
    "/accounts/sessions/",
]


@pytest.fixture(autouse=True)
def required(settings):
    """A key is required; and time stands still, since a code is right for 30 seconds."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def erin(desk):
    return desk.expert


def code_of(person):
    """A right code of the app that the person has from now on."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def give_code(client, code):
    fields = fields_of(client.get(SIGN_IN), action=SIGN_IN) | {"code": code}
    return client.post(SIGN_IN, fields)


def is_out(client):
    return "_auth_user_id" not in client.session and client.get(QUEUE).status_code == 302


def happened(*events):
    rows = AuditEntry.objects.filter(event__in=events).order_by("pk")
    return list(rows.values_list("event", "person__email", "detail"))


def test_between_password_and_first_key_one_page_opens(erin):
    client, key = Client(), SoftKey()
    enter_password(client, erin)
    for address in CLOSED:
        assert client.get(address).url == ADD, address
        assert client.post(address, {}).url == ADD, address
    prove(client)
    assert "You need to add one" in client.get(ADD).content.decode()
    assert add(client, key).url == INDEX
    # The key that was added just now opens the desk; no code was made that could.
    assert client.get(QUEUE).status_code == 200
    assert "Add a second key" in client.get(INDEX).content.decode()
    assert [each.type for each in Authenticator.objects.filter(user=erin)] == ["webauthn"]
    assert "a security key was added" in Notice.objects.latest("pk").text

    enter_password(other := Client(), erin)
    assert is_out(other)
    assert answer(other, key).url == "/"
    assert other.get(QUEUE).status_code == 200
    assert happened("signed_in")[-1] == ("signed_in", erin.email, "webauthn")
    assert ("rights", erin.email, "second factor webauthn added") in happened("rights")


def test_a_code_does_not_open_the_desk_for_who_has_a_key(erin):
    key, code = key_of(erin), code_of(erin)
    enter_password(client := Client(), erin)
    page = client.get(SIGN_IN)
    assert 'name="code"' not in page.content.decode()
    refused = client.post(SIGN_IN, fields_of(page, action=SIGN_IN) | {"code": code})
    assert second_factor.BY_KEY in refused.content.decode()
    assert is_out(client)
    assert happened("failed") == [("failed", erin.email, "code instead of a key")]
    assert sign_in(Client(), erin, key).url == "/"


def test_who_has_only_an_app_adds_a_key_and_gets_nowhere_before(erin):
    """As staff had it before keys were required."""
    code = code_of(erin)
    enter_password(client := Client(), erin)
    assert give_code(client, code).url == "/"
    assert client.get(QUEUE).url == ADD
    prove(client)
    add(client, SoftKey())
    assert client.get(QUEUE).status_code == 200


def test_a_session_from_before_the_key_proves_it_and_adds_no_other(erin, settings):
    """Whoever knows the password, and was quicker, gets no key of his own in."""
    before, owner, key = Client(), Client(), SoftKey()
    for client in (before, owner):
        enter_password(client, erin)
        prove(client)
    page = before.get(ADD)
    add(owner, key)
    fields = fields_of(page, action=ADD)
    sent = {**fields, "name": "Mine", "credential": SoftKey().register(question(page))}
    assert before.post(ADD, sent).url == AGAIN
    # Nor where the gate saw no key yet, and the page then waited for the other's lock.
    gate = "supportdesk.middleware.SecondFactorMiddleware"
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != gate]
    (raced := Client()).cookies = before.cookies
    assert raced.post(ADD, sent).url == AGAIN
    assert Authenticator.objects.filter(user=erin).count() == 1
    for address in CLOSED:
        assert before.get(address).url.startswith(AGAIN), address
    assert before.get("/accounts/reauthenticate/").url.startswith(AGAIN)
    assert answer(before, key, before.get(QUEUE).url).url == QUEUE
    assert before.get(QUEUE).status_code == 200


def test_changes_of_the_account_ask_for_the_key_and_not_for_the_password(erin):
    key = key_of(erin)
    sign_in(client := Client(), erin, key)
    for address in (ADD, "/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/"):
        assert client.get(address).url.startswith(AGAIN)
    answer(client, key, AGAIN)
    assert client.get(ADD).status_code == 200


def test_the_last_key_stays(erin):
    key = key_of(erin)
    code_of(erin)  # no substitute
    sign_in(client := Client(), erin, key)
    answer(client, key, AGAIN)
    first = Authenticator.objects.get(user=erin, type="webauthn")
    address = f"/accounts/2fa/webauthn/keys/{first.pk}/remove/"
    assert "Your account must have" in client.get(address).content.decode()
    client.post(address)
    assert Authenticator.objects.filter(pk=first.pk).exists()
    add(client, SoftKey(), "Spare")
    client.post(address)
    left = Authenticator.objects.filter(user=erin, type="webauthn")
    assert [each.data["name"] for each in left] == ["Spare"]
    assert client.get(QUEUE).status_code == 200


def test_refused_keys_are_recorded(erin):
    key = key_of(erin)
    enter_password(client := Client(), erin)
    answer(client, key, origin="http://localhost:8000")
    assert is_out(client)
    assert happened("failed") == [("failed", erin.email, "security key")]


def test_contacts_of_this_realm_need_no_key(desk, settings):
    settings.CONTACT_SECOND_FACTOR_REQUIRED = True
    dana = desk.designated
    code = code_of(dana)
    enter_password(client := Client(), dana)
    give_code(client, code)
    assert client.get("/").status_code == 200


def test_who_lost_the_key_adds_the_next_after_a_reset(erin):
    """Another one adds nothing with the old password; the mailed link is the way back."""
    sign_in(hers := Client(), erin, key_of(erin))
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    sign_in(desk := Client(), ada, key_of(ada))
    desk.post(f"/admin/cases/person/{erin.pk}/reset/")
    assert hers.get(QUEUE).url.startswith("/admin/login/")
    enter_password(old := Client(), erin)
    assert is_out(old)
    assert ("rights", ada.email, "second factor webauthn removed") in happened("rights")
    world.admit(erin)  # FED-6: the reset ended the skill, and somebody attests it anew
    client = Client()
    link = re.search(r"/accounts/password/reset/key/\S+", Notice.objects.latest("pk").text)
    page = client.get(link.group(), follow=True)
    new = {"password1": "a quiet harbour at dusk", "password2": "a quiet harbour at dusk"}
    client.post(page.redirect_chain[-1][0], new)
    client.post("/accounts/login/", {"login": erin.email, "password": new["password1"]})
    assert client.get(QUEUE).url == ADD
