"""Security keys: offered to everybody; only the person's own answer to this page counts."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings

from cases.models import Notice
from supportdesk.sign_in import webauthn
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
)
from tests.security_keys import sign_in as sign_in_by_key

INDEX = "/accounts/2fa/"
HOST = {"commercial": "localhost", "fedramp": "fedramp.localhost"}[settings.REALM]
OTHER_REALM = {
    "commercial": "http://fedramp.localhost:8001",
    "fedramp": "http://localhost:8000",
}[settings.REALM]


def signed_in(client):
    return "_auth_user_id" in client.session


def names(person):
    rows = Authenticator.objects.filter(user=person, type="webauthn").order_by("pk")
    return [row.data["name"] for row in rows]


def keys_url(person, what):
    key = Authenticator.objects.get(user=person, type="webauthn")
    return f"/accounts/2fa/webauthn/keys/{key.pk}/{what}/"


def send(client, address, **fields):
    return client.post(address, {**fields_of(client.get(address), action=address), **fields})


def test_a_key_is_added_named_used_and_removed(desk, browse):
    """By a contact, who gets recovery codes with the first one."""
    ada, key = desk.designated, SoftKey()
    client = browse(ada)
    assert client.get(ADD).url.startswith("/accounts/reauthenticate/")
    prove(client)
    assert question(client.get(ADD))["rp"]["id"] == HOST
    assert add(client, key, "Blue, on my key ring").url == "/accounts/2fa/recovery-codes/"
    assert names(ada) == ["Blue, on my key ring"]
    assert "a security key was added" in Notice.objects.latest("pk").text
    assert "Blue, on my key ring" in client.get(INDEX).content.decode()

    other = browse()
    assert enter_password(other, ada).url == SIGN_IN
    assert not signed_in(other)
    assert answer(other, key).url == "/"
    assert signed_in(other)

    send(client, keys_url(ada, "edit"), name="Red")
    assert names(ada) == ["Red"]
    send(client, keys_url(ada, "edit"), name="x" * 61)
    assert names(ada) == ["Red"]
    send(client, keys_url(ada, "remove"))
    assert not Authenticator.objects.filter(user=ada).exists()
    assert enter_password(browse(), ada).url == "/"


def test_who_has_key_app_and_codes_signs_in_by_any_of_them(desk, browse):
    ada = desk.designated
    key, secret = key_of(ada), totp.generate_totp_secret()
    totp.TOTP.activate(ada, secret)
    enter_password(client := browse(), ada)
    page = client.get(SIGN_IN)
    assert question(page)["rpId"] == HOST
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    assert client.post(SIGN_IN, {**fields_of(page, action=SIGN_IN), "code": code}).url == "/"
    assert sign_in_by_key(browse(), ada, key).url == "/"


def test_who_has_only_a_key_is_asked_for_no_code(desk, browse):
    key_of(desk.designated)
    enter_password(client := browse(), desk.designated)
    assert 'name="code"' not in client.get(SIGN_IN).content.decode()
    totp.TOTP.activate(desk.read_only, totp.generate_totp_secret())
    enter_password(client := browse(), desk.read_only)
    page = client.get(SIGN_IN).content.decode()
    assert 'name="code"' in page
    assert "ask-key" not in page


@pytest.mark.parametrize(
    "browser",
    [
        {"origin": OTHER_REALM},
        {"origin": OTHER_REALM, "rp_id": OTHER_REALM.split("/")[2].split(":")[0]},
        {"origin": f"http://below.{HOST}:{settings.PORT}"},
        {"origin": settings.SITE_URL.replace("http:", "https:")},
        {"rp_id": "evil.example"},
    ],
)
def test_an_answer_to_another_page_is_refused(desk, browse, browser):
    ada = desk.designated
    key = key_of(ada)
    enter_password(client := browse(), ada)
    refused = answer(client, key, **browser)
    assert refused.status_code == 200
    assert webauthn.NOT_TAKEN in refused.content.decode()
    assert not signed_in(client)
    prove(there := browse(desk.read_only))
    assert webauthn.NOT_ADDED in add(there, SoftKey(), **browser).content.decode()
    assert names(desk.read_only) == []
    # The same key, on this page, is in.
    assert answer(client, key).url == "/"


def test_an_answer_counts_once(desk, browse):
    ada = desk.designated
    key = key_of(ada, counts=False)  # so that nothing but the question stands against it
    enter_password(client := browse(), ada)
    page = client.get(SIGN_IN)
    given = {"credential": key.sign(question(page))}
    assert client.post(SIGN_IN, fields_of(page, action=SIGN_IN) | given).url == "/"
    # By the same session for another purpose, and by another browser that knows the password.
    enter_password(other := browse(), ada)
    for who, address in ((client, AGAIN), (other, SIGN_IN)):
        fields = fields_of(who.get(address), action=address)
        assert webauthn.NOT_TAKEN in who.post(address, fields | given).content.decode()
    assert not signed_in(other)


@pytest.mark.parametrize(("step", "counts"), [(-1, False), (0, False), (1, True)])
def test_a_key_whose_counter_does_not_go_on_is_a_copy(desk, browse, step, counts):
    key = key_of(desk.designated)
    for _ in range(3):
        sign_in_by_key(browse(), desk.designated, key)
    key.counter += step - 1  # what it answers with next, against the one before
    client = browse()
    sign_in_by_key(client, desk.designated, key)
    assert signed_in(client) is counts


def test_a_key_that_does_not_count_works_for_ever(desk, browse):
    key = key_of(desk.designated, counts=False)
    for _ in range(2):
        assert sign_in_by_key(browse(), desk.designated, key).url == "/"


def test_the_key_of_somebody_else_opens_nothing(desk, browse):
    key_of(desk.designated)
    theirs = key_of(desk.read_only)
    client = browse()
    sign_in_by_key(client, desk.designated, theirs)
    assert not signed_in(client)
    # And is neither shown, renamed nor removed.
    client = browse(desk.designated)
    prove(client)
    fields = fields_of(client.get(ADD), action=ADD)
    for what in ("edit", "remove"):
        assert client.get(keys_url(desk.read_only, what)).status_code == 404
        assert (
            client.post(keys_url(desk.read_only, what), fields | {"name": "Mine"}).status_code
            == 404
        )
    assert names(desk.read_only) == ["Blue"]


def garbled(whole):
    """What is nearly an answer, or not at all."""
    yield from ("", "null", "{}", "[]", "1", '"x"', "{", "[" * 3000)
    good = json.loads(whole)
    for name in ("id", "rawId", "response", "type"):
        yield json.dumps({**good, name: 7})
        yield json.dumps({key: value for key, value in good.items() if key != name})
    for name in good["response"]:
        for value in (7, "AA", "gYGB" * 2000, "!"):
            yield json.dumps({**good, "response": {**good["response"], name: value}})


def test_what_is_no_answer_is_told_so_and_changes_nothing(desk, browse):
    ada = desk.designated
    key = key_of(ada)
    enter_password(client := browse(), ada)
    fields = fields_of(client.get(SIGN_IN), action=SIGN_IN)
    for each in garbled(key.sign({"rpId": HOST, "challenge": "AAAA"})):
        refused = client.post(SIGN_IN, {**fields, "credential": each})
        page = refused.content.decode()
        assert refused.status_code == 200, each
        assert webauthn.NOT_TAKEN in page or webauthn.NO_ANSWER in page, each
    assert not signed_in(client)
    prove(there := browse(desk.read_only))
    fields = fields_of(there.get(ADD), action=ADD)
    for each in garbled(SoftKey().register({"rp": {"id": HOST}, "challenge": "AAAA"})):
        refused = there.post(ADD, {**fields, "name": "Blue", "credential": each})
        page = refused.content.decode()
        assert refused.status_code == 200, each
        assert webauthn.NOT_ADDED in page or webauthn.NO_ANSWER in page, each
    assert not Authenticator.objects.filter(user=desk.read_only).exists()


def test_a_key_is_a_fresh_proof_of_identity(desk, browse):
    key = key_of(desk.designated)
    client = browse(desk.designated)
    refused = answer(client, key, AGAIN, rp_id="evil.example")
    assert webauthn.NOT_TAKEN in refused.content.decode()
    assert client.get(ADD).url.startswith("/accounts/reauthenticate/")
    assert answer(client, key, AGAIN).status_code == 302
    assert client.get(ADD).status_code == 200
    if settings.REALM == "fedramp":
        assert client.get("/profile/pin/").status_code == 200


def test_the_last_required_factor_stays(desk, browse, settings):
    settings.CONTACT_SECOND_FACTOR_REQUIRED = True
    ada = desk.designated
    key_of(ada)
    prove(client := browse(ada))
    assert "Your account must have" in client.get(keys_url(ada, "remove")).content.decode()
    fields = fields_of(client.get(ADD), action=ADD)
    client.post(keys_url(ada, "remove"), fields)
    assert names(ada) == ["Blue"]
    totp.TOTP.activate(ada, totp.generate_totp_secret())
    send(client, keys_url(ada, "remove"))
    assert names(ada) == []
