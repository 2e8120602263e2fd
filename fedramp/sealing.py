"""Short secrets, sealed with AES-256-GCM under a key of their own and bound to their owner.

What is sealed for one person or realm opens for no other: the binding is authenticated with it.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


def seal(secret: str, *, bound_to: str) -> bytes:
    """Nonce and ciphertext of the secret."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key("seal")).encrypt(nonce, secret.encode(), bound_to.encode())


def unseal(sealed: bytes, *, bound_to: str) -> str:
    """The secret. Raises ValueError where it was sealed for another, or changed."""
    nonce, ciphertext = bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:])
    try:
        return AESGCM(_key("seal")).decrypt(nonce, ciphertext, bound_to.encode()).decode()
    except InvalidTag:
        raise ValueError("This was not sealed for it, or was changed.") from None


def digest(secret: str) -> str:
    """The same for the same secret of this realm, and of no use without the key."""
    return hmac.new(_key("digest"), secret.encode(), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    """256 bits for one purpose in one realm, derived from `settings.PIN_KEY`."""
    info = f"{settings.REALM}:{purpose}".encode()
    return hmac.new(settings.PIN_KEY, info, hashlib.sha256).digest()
