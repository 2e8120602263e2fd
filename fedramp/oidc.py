"""The OpenID provider: where contacts prove who they are, and which of its answers count.

authlib implements the protocol: code flow with PKCE, state and nonce, the ID token's signature by
the provider's keys. This module checks the rest (IA-8, IA-11): our provider, our client, an
algorithm with a private key, one of our `acr`, and a fresh proof. An older sign-in at the provider
does not count: otherwise a sign-out here, and the end of a session, would mean nothing.
"""

import time
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from joserfc.errors import ClaimError, JoseError
from requests import RequestException

from .services.oidc_accounts import NotProved, Proof

#: Signatures need a private key: never the shared secret (HS256), never none.
ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)]
#: How long a person may be away at the provider.
AWAY_SECONDS = 600
#: How far apart the clocks may be.
LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 10


def send(request: HttpRequest, **errand: str) -> HttpResponse:
    """Redirect to the provider; `errand`, what to do with the proof, waits in the session.

    Raises NotProved if the provider does not answer.
    """
    client = _client()
    _introduce(client)
    address = settings.SITE_URL + reverse("provider_callback")
    asked = client.create_authorization_url(
        address, prompt="login", max_age=0, acr_values=" ".join(settings.OIDC_ACR_VALUES)
    )
    client.save_authorize_data(
        request, redirect_uri=address, errand=errand, sent_at=time.time(), **asked
    )
    return HttpResponseRedirect(asked["url"])


def receive(request: HttpRequest) -> tuple[dict[str, str], Proof]:
    """The errand, and what the provider proved. An answer can be used once, valid or not.

    Raises NotProved for anything wrong with it.
    """
    client, state = _client(), request.GET.get("state", "")
    sent = client.framework.get_state_data(request.session, state)
    if not sent or time.time() - sent["sent_at"] > AWAY_SECONDS:
        raise NotProved("state")
    if "error" in request.GET or not request.GET.get("code"):
        client.framework.clear_state_data(request.session, state)
        raise NotProved("not signed in there")
    errand: dict[str, str] = sent["errand"]
    try:
        _introduce(client)
        token = client.authorize_access_token(
            request, leeway=LEEWAY_SECONDS, claims_options=_must_hold()
        )
        return errand, _proof(client, token, sent["sent_at"], wants_email="invitation" in errand)
    except ClaimError as error:
        raise NotProved(error.claim) from error
    except JoseError as error:
        raise NotProved(error.error) from error
    except AuthlibBaseError as error:
        raise NotProved("code") from error
    except RequestException as error:
        raise NotProved("unreachable") from error
    except (ValueError, TypeError, KeyError) as error:  # not JSON, or not what it must contain
        raise NotProved("answer") from error


def _client() -> Any:
    """Made again for each answer, with the provider's keys, so that a withdrawn key is out."""
    return OAuth().register(
        "provider",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def _introduce(client: Any) -> None:
    """Read the provider's description of itself; it must be the provider of the settings."""
    try:
        told = client.load_server_metadata()
        encrypted = settings.OIDC_ISSUER.startswith("https://")
        ends = [told[each] for each in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    except (RequestException, ValueError, TypeError, KeyError) as error:
        raise NotProved("unreachable") from error
    if told.get("issuer") != settings.OIDC_ISSUER:
        raise NotProved("iss")
    if encrypted and not all(each.startswith("https://") for each in ends):
        raise NotProved("not encrypted")
    told["id_token_signing_alg_values_supported"] = ALGORITHMS


def _must_hold() -> dict[str, Any]:
    """Besides these, authlib checks nonce, exp, iat, nbf, azp and at_hash by itself."""
    return {
        "iss": {"essential": True, "values": [settings.OIDC_ISSUER]},
        "aud": {"essential": True, "values": [settings.OIDC_CLIENT_ID]},
        "sub": {"essential": True},
        "acr": {"essential": True, "values": settings.OIDC_ACR_VALUES},
    }


def _proof(client: Any, token: Any, sent_at: float, *, wants_email: bool) -> Proof:
    if "id_token" not in token:  # authlib accepts this, but the rest of the answer is unsigned
        raise NotProved("id_token")
    claims = token["userinfo"]
    proved_at = claims.get("auth_time")
    if not isinstance(proved_at, int | float) or proved_at < sent_at - LEEWAY_SECONDS:
        raise NotProved("auth_time")
    if not isinstance(claims["acr"], str) or not isinstance(claims["sub"], str):
        raise NotProved("answer")
    about = claims
    if wants_email and "email" not in claims:
        about = client.userinfo(token=token)
        if about.get("sub") != claims["sub"]:  # OpenID Connect Core 5.3.2
            raise NotProved("userinfo")
    return Proof(
        issuer=claims["iss"],
        subject=claims["sub"],
        email=str(about.get("email") or ""),
        email_is_verified=about.get("email_verified") is True,
    )
