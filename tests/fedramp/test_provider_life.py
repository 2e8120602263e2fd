"""IA-8: from the invitation to the PIN with a real provider, the certified `oidc-provider`."""

import re
import secrets

import pytest
import requests
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.models import Notice
from cases.roles import ACCESS_ADMINISTRATOR
from fedramp.models import OidcAccount, Pin
from fedramp.services.invitations import invite
from tests.fedramp.oidc_accounts import begin, failures, is_signed_in, newcomer
from tests.provider import real
from tests.provider.urls import configure
from tests.world import person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

DESK = "http://testserver"
ACCOUNTS = {
    "nell": {"email": "nell@acme.example", "email_verified": True},
    "nell-unverified": {"email": "nell@acme.example", "email_verified": False},
    "eve": {"email": "eve@acme.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def address():
    with real.running([DESK], ACCOUNTS) as running:
        yield running


def answer_of(client, account, address="", *, acr="phr", at_provider=None, **query):
    """To the provider, there as this account, and back: what the desk answers."""
    with at_provider or requests.Session() as browser:
        asked = begin(client, address, **query)
        back = real.prove(browser, asked["at"], account, acr=acr, back_at=DESK)
    return client.get(back.removeprefix(DESK)), back.removeprefix(DESK)


@pytest.mark.rule("FED-3", "FED-4")
def test_the_way_in_with_a_real_provider(desk, address, settings):
    configure(settings, address)
    nell = newcomer(desk)
    ada = person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    invite(person_id=nell.pk, actor=Actor.of(ada), now=timezone.now())
    text = Notice.objects.get(event="invitation").text
    link = re.search(r"/invitation/[\w-]+/", text).group(0) + "provider/"

    for account, acr, code in (
        ("nell", "urn:low", "acr"),
        ("nell", "", "acr"),
        ("eve", "phr", "other e-mail"),
        ("nell-unverified", "phr", "e-mail not verified"),
        ("", "phr", "not signed in there"),
    ):
        answer, _ = answer_of(Client(), account, link, acr=acr)
        assert answer.status_code == 400
        assert failures()[-1][1] == f"provider: {code}"
        assert not OidcAccount.objects.exists()
    answer, _ = answer_of(Client(), "nell", link)
    assert answer.url == reverse("account_login")
    assert OidcAccount.objects.get(person=nell).subject == "nell"
    assert Pin.objects.filter(person=nell).exists()

    client = Client()
    answer, _ = answer_of(client, "eve")
    assert answer.status_code == 400
    assert not is_signed_in(client)
    assert failures()[-1][1] == "provider: unknown account"
    pin = reverse("fedramp:pin")
    with requests.Session() as at_provider:
        answer, back = answer_of(client, "nell", at_provider=at_provider, next=pin)
        assert answer.url == pin
        assert re.search(r"\d{3} \d{3}", client.get(pin).content.decode())
        client.post("/accounts/logout/")
        assert client.get(back).status_code == 400  # the same answer once more
        assert not is_signed_in(client)
        # At the provider Nell is signed in still, and is asked all the same (`real.prove` sees it).
        answer, _ = answer_of(client, "nell", at_provider=at_provider)
        assert is_signed_in(client)


def test_a_code_is_worth_nothing_without_what_the_browser_keeps(desk, address, settings):
    """PKCE: the provider itself refuses a code that comes with another verifier."""
    configure(settings, address)
    client = Client()
    asked = begin(client)
    with requests.Session() as browser:
        back = real.prove(browser, asked["at"], "nell", acr="phr", back_at=DESK)
    session = client.session
    session[f"_state_provider_{asked['state']}"]["data"]["code_verifier"] = secrets.token_hex(32)
    session.save()
    assert client.get(back.removeprefix(DESK)).status_code == 400
    assert failures() == [(None, "provider: code")]
