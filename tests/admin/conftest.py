import pytest
from django.core.cache import cache
from django.test import Client

from cases.models import Person


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    """The side bar's counts are kept for seconds: a test begins without another one's."""
    cache.clear()


@pytest.fixture
def sign_in():
    """`sign_in(person)` gives a client that this person is signed in with."""

    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def staff(desk, sign_in) -> Client:
    """The support expert's browser."""
    return sign_in(desk.expert)
