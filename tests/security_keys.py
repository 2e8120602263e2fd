"""A software security key for tests over HTTP: it answers a challenge as a real key would."""

import json
import re
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.portal.conftest import fields_of
from tests.world import PASSWORD

LOGIN = "/accounts/login/"
ADD = "/accounts/2fa/webauthn/add/"
AGAIN = "/accounts/2fa/webauthn/reauthenticate/"
SIGN_IN = "/accounts/2fa/authenticate/"


def question(response: Any) -> dict[str, Any]:
    """The page's challenge to the key."""
    found = re.search(r'<script id="key-data"[^>]*>(.*?)</script>', response.content.decode(), re.S)
    assert found, "the page asks no key"
    (options,) = json.loads(found.group(1)).values()
    return options["publicKey"]


class SoftKey:
    """Answers as a key would; `origin` and `rp_id` are the browser's part."""

    def __init__(self, *, counts: bool = True) -> None:
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = token_bytes(16)
        self.counts = counts
        self.counter = 0

    def register(self, asked: dict[str, Any], **browser: Any) -> str:
        public = ES256.from_cryptography_key(self.secret.public_key())
        made = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        rp_id = browser.get("rp_id", asked["rp"]["id"])
        data = self._data(rp_id, AuthenticatorData.FLAG.AT, made)
        client = self._client("webauthn.create", asked, browser)
        attestation = AttestationObject.create("none", data, {})
        return self._credential(client, attestationObject=attestation)

    def sign(self, asked: dict[str, Any], **browser: Any) -> str:
        data = self._data(browser.get("rp_id", asked["rpId"]), AuthenticatorData.FLAG(0))
        client = self._client("webauthn.get", asked, browser)
        signature = self.secret.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._credential(client, authenticatorData=data, signature=signature)

    def _data(self, rp_id: str, flags: Any, credential: bytes = b"") -> AuthenticatorData:
        self.counter += self.counts
        flags |= AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        return AuthenticatorData.create(sha256(rp_id.encode()), flags, self.counter, credential)

    def _client(
        self, kind: str, asked: dict[str, Any], browser: dict[str, Any]
    ) -> CollectedClientData:
        origin = browser.get("origin", settings.SITE_URL)
        return CollectedClientData.create(kind, asked["challenge"], origin)

    def _credential(self, client: CollectedClientData, **response: bytes) -> str:
        named = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {"clientDataJSON": websafe_encode(client), **named},
                "clientExtensionResults": {},
            }
        )


def prove(client: Any) -> None:
    """Gives the password once more, which allows changes of the account for five minutes."""
    address = "/accounts/reauthenticate/"
    fields = fields_of(client.get(address), action=address)
    assert client.post(address, {**fields, "password": PASSWORD}).status_code == 302


def add(client: Any, key: SoftKey, name: str = "Blue", **browser: Any) -> Any:
    """The page's answer to a new key, from a person who has just given the password."""
    page = client.get(ADD)
    fields = {**fields_of(page, action=ADD), "name": name}
    return client.post(ADD, {**fields, "credential": key.register(question(page), **browser)})


def enter_password(client: Any, person: Any) -> Any:
    fields = fields_of(client.get(LOGIN), action=LOGIN)
    return client.post(LOGIN, {**fields, "login": person.email, "password": PASSWORD})


def answer(client: Any, key: SoftKey, address: str = SIGN_IN, **browser: Any) -> Any:
    """The result of the key's answer to the page at the address."""
    page = client.get(address)
    action = address.partition("?")[0]
    credential = key.sign(question(page), **browser)
    return client.post(action, {**fields_of(page, action=action), "credential": credential})


def sign_in(client: Any, person: Any, key: SoftKey) -> Any:
    """Password and key."""
    enter_password(client, person)
    return answer(client, key)


def key_of(person: Any, **options: Any) -> SoftKey:
    """A key that this person added earlier."""
    key = SoftKey(**options)
    site = urlsplit(settings.SITE_URL)
    asked = {"rp": {"id": site.hostname}, "challenge": "earlier-----"}
    WebAuthn.add(person, "Blue", json.loads(key.register(asked)))
    return key
