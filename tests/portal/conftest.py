"""Shared by the portal's tests: signed-in clients, and forms as a page shows them."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Counters of failed sign-ins do not outlive a test."""
    cache.clear()


@pytest.fixture
def browse() -> Any:
    """`browse(person)`: a client that is signed in as this person, with CSRF checked."""

    def signed_in(person: Any = None) -> Client:
        client = Client(enforce_csrf_checks=True)
        if person is not None:
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return signed_in


def fields_of(response: Any, *, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to `action`, as the page shows them."""
    page = response.content.decode()
    match = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
    assert match, f"no form is sent to {action}"
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', match.group(0)))
