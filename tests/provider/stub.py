"""An OpenID provider that lies as a test wants it to, by real HTTP and with a key of the test."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT_ID, CLIENT_SECRET = "desk", "a secret of the test that is long enough"


def new_key(kid: str = "of-the-test") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


class Stub:
    """Answers by its attributes. `sign` makes an ID token that is good but for what is changed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.issuer = address
        self.key = new_key()
        self.token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "userinfo_endpoint": f"{self.address}/userinfo",
                # More than is good for anybody: the desk has a list of its own.
                "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
            }
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        return self.userinfo if path == "/userinfo" else self.token

    def claims(self, asked: dict[str, str], **changes: Any) -> dict[str, Any]:
        """Those of a good answer to what was `asked`; None takes one away."""
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "sub": "nell-at-the-provider",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            "acr": "phr",
            "email": "nell@acme.example",
            "email_verified": True,
        }
        return {name: each for name, each in {**good, **changes}.items() if each is not None}

    def sign(
        self,
        asked: dict[str, str],
        *,
        key: ECKey | OctKey | None = None,
        alg: str = "ES256",
        **changes: Any,
    ) -> str:
        header = {"alg": alg, "kid": "of-the-test"}
        return jwt.encode(header, self.claims(asked, **changes), key or self.key, algorithms=[alg])

    def says(self, asked: dict[str, str], **changes: Any) -> None:
        """What it answers when the code is brought."""
        self.token = {
            "access_token": "of-the-test",
            "token_type": "Bearer",
            "id_token": self.sign(asked, **changes),
        }


def asked_in(address: str) -> dict[str, str]:
    """What the desk asked the provider in this address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def running() -> Iterator[Stub]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(stub.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    stub = Stub(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
