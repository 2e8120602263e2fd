"""The certified `oidc-provider` from npm, as a process of its own (`server.mjs`)."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from tests.provider.stub import CLIENT_ID, CLIENT_SECRET

SERVER = Path(__file__).with_name("server.mjs")
#: Where the set-up puts node if the machine has none (see the Makefile).
OURS = Path(sys.prefix) / "node" / "bin" / "node"


@contextmanager
def running(desks: list[str], accounts: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Its address. The `desks` may send people to it; `accounts` are its people's claims."""
    asked = {
        "redirect_uris": [f"{desk}/accounts/provider/callback/" for desk in desks],
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "accounts": accounts,
    }
    process = subprocess.Popen(
        [shutil.which("node") or str(OURS), str(SERVER), json.dumps(asked)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "oidc-provider did not start; `make node_modules/.dev-stamp` fetches it"
        yield address
    finally:
        process.kill()
        process.communicate()


def prove(browser: requests.Session, address: str, account: str, *, acr: str, back_at: str) -> str:
    """Signs in at the provider, as a person would, and gives where it leads back to the desk."""
    page = browser.get(address, timeout=10)
    assert "/sign-in/" in page.url, "the provider did not ask who it is"
    form = {"account": account, "acr": acr}
    answer = browser.post(page.url, data=form, allow_redirects=False, timeout=10)
    while answer.is_redirect:
        to = urljoin(answer.url, answer.headers["Location"])
        if to.startswith(back_at):
            return to
        answer = browser.get(to, allow_redirects=False, timeout=10)
    raise AssertionError(f"the provider answered {answer.status_code}: {answer.text[:500]}")
