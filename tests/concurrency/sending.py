"""Sends a form over HTTP: sockets, sessions, CSRF tokens, and a thread of the server a request."""

import html
import http.client
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client

from cases.models import Person

Answer = tuple[int, str]


class Sender:
    """One browser's cookies; many of its requests may be on their way at once."""

    def __init__(self, server: Any, address: str, person: Person | None = None) -> None:
        self.place, self.address = urlsplit(server.url), address
        client = Client()
        if person is not None:
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        page = client.get(address).content.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found, f"no form at {address}"
        self.token = found.group(1)
        self.cookies = "; ".join(f"{key}={cookie.value}" for key, cookie in client.cookies.items())

    def form(self, **typed: Any) -> Callable[[], Answer]:
        """A job that sends the form, as a first try, and returns status and words."""
        fields = {"csrfmiddlewaretoken": self.token, "submission": uuid.uuid4(), **typed}

        def send() -> Answer:
            browser = http.client.HTTPConnection(
                str(self.place.hostname), self.place.port, timeout=60
            )
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": self.cookies,
                "Host": self.place.netloc,
            }
            browser.request("POST", self.address, urlencode(fields), headers)
            answer = browser.getresponse()
            said = html.unescape(answer.read().decode())
            browser.close()
            return answer.status, said

        return send


def statuses(answers: list[Any]) -> list[int]:
    """Of all answers, sorted; fails where a request had none."""
    failed = [each for each in answers if isinstance(each, Exception)]
    assert not failed, failed[:3]
    return sorted(status for status, _ in answers)
