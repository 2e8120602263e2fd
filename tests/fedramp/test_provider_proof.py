"""IA-8: what an answer of the OpenID provider must prove; by each fault alone, nobody is signed in.

The provider here is a stub with a key of the test, since a good one cannot be brought to lie.
"""

import base64
import hmac
import json

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import OctKey

from fedramp.models import AuditEntry
from tests.fedramp.oidc_accounts import (
    begin,
    bound,
    come_back,
    failures,
    is_signed_in,
    newcomer,
)
from tests.provider.stub import CLIENT_ID, CLIENT_SECRET, new_key
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]


@pytest.fixture
def nell(desk, provider):
    return bound(newcomer(desk), provider.issuer)


def refused(client, answer, code):
    """By the page, by the session, and by the newest entry of the audit log."""
    assert answer.status_code == 400
    assert not is_signed_in(client)
    assert failures()[-1] == (None, f"provider: {code}")
    assert not AuditEntry.objects.filter(event="signed_in").exists()


@pytest.mark.rule("FED-3")
def test_a_good_answer_signs_in_and_what_was_asked_is_asked(nell, provider):
    client = Client()
    asked = begin(client, next="/profile/")
    assert asked["at"].startswith(f"{provider.address}/authorize?")
    assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT_ID)
    assert set(asked["scope"].split()) == {"openid", "email"}
    assert asked["redirect_uri"] == "http://testserver/accounts/provider/callback/"
    assert (asked["code_challenge_method"], asked["acr_values"]) == ("S256", "phr phrh")
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    provider.says(asked)
    assert come_back(client, asked).url == "/profile/"
    assert client.session["_auth_user_id"] == str(nell.pk)
    assert failures() == []
    assert AuditEntry.objects.get(event="signed_in").person == nell


OURS = CLIENT_ID
CLAIMS = {
    "another nonce": ("nonce", {"nonce": "of another sign-in"}),
    "no nonce": ("nonce", {"nonce": None}),
    "another issuer": ("iss", {"iss": "https://elsewhere.example"}),
    "another audience": ("aud", {"aud": "another-desk"}),
    "another audience, authorized for us": ("aud", {"aud": "another-desk", "azp": OURS}),
    "no audience": ("aud", {"aud": None}),
    "two audiences, and for whom is not said": ("azp", {"aud": [OURS, "another-desk"]}),
    "two audiences, for the other": ("azp", {"aud": [OURS, "another-desk"], "azp": "another-desk"}),
    "no acr": ("acr", {"acr": None}),
    "a lower acr": ("acr", {"acr": "urn:low"}),
    "an acr that begins alike": ("acr", {"acr": "phr2"}),
    "no acr but an empty one": ("acr", {"acr": ""}),
    "several acr": ("answer", {"acr": ["urn:low", "phr"]}),
    "no time of the proof": ("auth_time", {"auth_time": None}),
    "a time in words": ("auth_time", {"auth_time": "now"}),
    "no subject": ("sub", {"sub": None}),
    "no end": ("exp", {"exp": None}),
    "no beginning": ("iat", {"iat": None}),
    "another access token": ("at_hash", {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
}


def test_a_claim_that_does_not_hold_signs_nobody_in(nell, provider, subtests):
    for fault, (code, changes) in CLAIMS.items():
        with subtests.test(fault):
            client = Client()
            asked = begin(client)
            provider.says(asked, **changes)
            before = everything_stored()
            answer = come_back(client, asked)
            refused(client, answer, code)
            assert everything_stored() == before
            assert "nell@" not in answer.content.decode()
    assert len(failures()) == len(CLAIMS)


def test_a_minute_is_how_far_clocks_may_be_apart(nell, provider, subtests):
    now = int(NOW.timestamp())
    edges = {"exp": (-59, -60), "iat": (60, 61), "auth_time": (-60, -61)}
    for claim, (good, bad) in edges.items():
        for seconds, opens in ((bad, False), (good, True)):
            with subtests.test(claim, seconds=seconds), time_machine.travel(NOW, tick=False):
                client = Client()
                asked = begin(client)
                provider.says(asked, **{claim: now + seconds})
                come_back(client, asked)
                assert is_signed_in(client) is opens
    assert failures() == [(None, f"provider: {claim}") for claim in edges]


def with_claims_changed(token: str) -> str:
    """Other claims under the same signature."""
    header, claims, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    told["sub"] = "somebody-else"
    return f"{header}.{part(told)}.{signature}"


def by_another_key(provider, asked):
    return provider.sign(asked, key=new_key())


def by_a_key_of_another_name(provider, asked):
    claims = provider.claims(asked)
    return jwt.encode({"alg": "ES256", "kid": "unknown"}, claims, new_key("unknown"))


def by_the_shared_secret(provider, asked):
    return provider.sign(asked, key=OctKey.import_key(CLIENT_SECRET), alg="HS256")


def by_the_public_key_as_a_secret(provider, asked):
    signed = f"{part({'alg': 'HS256', 'kid': 'of-the-test'})}.{part(provider.claims(asked))}"
    digest = hmac.digest(provider.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def by_nobody(provider, asked):
    return f"{part({'alg': 'none', 'kid': 'of-the-test'})}.{part(provider.claims(asked))}."


def part(told):
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def by_a_key_that_the_provider_withdrew(provider, asked):
    token = provider.sign(asked)
    provider.key = new_key("a-newer-one")
    return token


def by_the_right_key_for_other_claims(provider, asked):
    return with_claims_changed(provider.sign(asked))


def cut_off(provider, asked):
    return provider.sign(asked).rpartition(".")[0]


def no_token_at_all(provider, asked):
    return "nonsense"


SIGNATURES = {
    by_another_key: "bad_signature",
    by_the_right_key_for_other_claims: "bad_signature",
    by_a_key_of_another_name: "invalid_key_id",
    by_a_key_that_the_provider_withdrew: "invalid_key_id",
    by_the_shared_secret: "unsupported_algorithm",
    by_the_public_key_as_a_secret: "unsupported_algorithm",
    by_nobody: "unsupported_algorithm",
    cut_off: "decode_error",
    no_token_at_all: "decode_error",
}


def test_a_signature_that_is_not_the_providers_signs_nobody_in(nell, provider, subtests):
    for forge, code in SIGNATURES.items():
        with subtests.test(forge.__name__):
            provider.key = new_key()
            client = Client()
            asked = begin(client)
            provider.says(asked)
            provider.token["id_token"] = forge(provider, asked)
            refused(client, come_back(client, asked), code)
    assert len(failures()) == len(SIGNATURES)


def test_claims_beside_the_signed_ones_are_worth_nothing(nell, provider):
    client = Client()
    asked = begin(client)
    provider.says(asked)
    del provider.token["id_token"]
    provider.token["userinfo"] = provider.claims(asked)
    refused(client, come_back(client, asked), "id_token")


def test_the_keys_are_read_anew_so_that_the_provider_can_change_them(nell, provider):
    for _ in range(2):
        client = Client()
        asked = begin(client)
        provider.key = new_key()
        provider.says(asked)
        come_back(client, asked)
        assert is_signed_in(client)


# --- The way there and back


def test_an_answer_is_received_once(nell, provider):
    client = Client()
    asked = begin(client)
    provider.says(asked)
    come_back(client, asked)
    client.post("/accounts/logout/")
    before = everything_stored()
    refused_again = come_back(client, asked)
    assert refused_again.status_code == 400
    assert not is_signed_in(client)
    assert failures() == [(None, "provider: state")]
    assert everything_stored() == before


def test_a_refused_answer_is_received_once_too(nell, provider):
    client = Client()
    asked = begin(client)
    provider.says(asked, acr="urn:low")
    come_back(client, asked)
    provider.says(asked)
    assert come_back(client, asked).status_code == 400
    assert not is_signed_in(client)
    assert [why for _, why in failures()] == ["provider: acr", "provider: state"]


def test_an_answer_to_another_browser_is_no_answer(nell, provider):
    asked = begin(Client())
    provider.says(asked)
    other = Client()
    begin(other)  # it has a state of its own
    refused(other, come_back(other, asked), "state")


def test_ten_minutes_are_enough_for_a_sign_in(nell, provider):
    for seconds, opens in ((601, False), (600, True), (599, True)):
        client = Client()
        with time_machine.travel(NOW, tick=False) as clock:
            asked = begin(client)
            clock.shift(seconds)
            provider.says(asked)
            come_back(client, asked)
            assert is_signed_in(client) is opens
    assert failures() == [(None, "provider: state")]


def test_who_is_refused_there_is_refused_here(nell, provider):
    for query in ({"error": "access_denied"}, {"code": ""}):
        client = Client()
        asked = begin(client)
        provider.says(asked)
        answer = come_back(client, asked, **query)
        refused(client, answer, "not signed in there")
        assert "access_denied" not in answer.content.decode()
        assert come_back(client, asked).status_code == 400  # it was the answer


def test_a_provider_that_is_another_one_or_does_not_answer(nell, provider, settings):
    client = Client()
    provider.issuer = "https://elsewhere.example"
    refused(client, client.get(reverse("provider_sign_in")), "iss")
    provider.issuer = provider.address
    asked = begin(client)
    provider.says(asked)
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = come_back(client, asked)
    assert answer.status_code == 400
    assert "Okta is not responding." in answer.content.decode()
    assert not is_signed_in(client)
    provider.token = {"error": "invalid_grant"}
    settings.OIDC_ISSUER = provider.address
    asked = begin(client)
    assert come_back(client, asked).status_code == 400
    assert [why for _, why in failures()][1:] == ["provider: unreachable", "provider: code"]
