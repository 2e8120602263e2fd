"""Short secrets, encrypted with AES-256-GCM under their own key and bound to their owner.

A secret encrypted for one person or realm does not open for another: the binding is authenticated.
`PIN_KEY` encrypts; secrets from `PIN_KEY_FALLBACKS` still open until they are encrypted again.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


def encrypt(secret: str, *, bound_to: str) -> bytes:
    """Nonce and ciphertext of the secret."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    key = _derived(settings.PIN_KEY, "seal")
    return nonce + AESGCM(key).encrypt(nonce, secret.encode(), bound_to.encode())


def decrypt(encrypted: bytes, *, bound_to: str) -> str:
    """The secret. Raises ValueError if it was encrypted for another owner, or changed."""
    nonce, ciphertext = bytes(encrypted[:NONCE_BYTES]), bytes(encrypted[NONCE_BYTES:])
    for key in _keys("seal"):
        try:
            return AESGCM(key).decrypt(nonce, ciphertext, bound_to.encode()).decode()
        except InvalidTag:
            continue
    raise ValueError("The secret was encrypted for another owner, or was changed.")


def digest(secret: str) -> str:
    """The same for the same secret in this realm, and useless without the key."""
    return digests(secret)[0]


def digests(secret: str) -> list[str]:
    """The digest by the current key, and by those before it."""
    return [hmac.new(key, secret.encode(), hashlib.sha256).hexdigest() for key in _keys("digest")]


def check_values() -> list[str]:
    """Values that identify each key: the current one, and those before it."""
    return [hmac.new(key, b"", hashlib.sha256).hexdigest() for key in _keys("check")]


def _keys(purpose: str) -> Iterator[bytes]:
    for key in (settings.PIN_KEY, *settings.PIN_KEY_FALLBACKS):
        yield _derived(key, purpose)


def _derived(key: bytes, purpose: str) -> bytes:
    """256 bits for one purpose in one realm."""
    return hmac.new(key, f"{settings.REALM}:{purpose}".encode(), hashlib.sha256).digest()
