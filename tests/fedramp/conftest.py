import pytest

from cases.notice_types import REGISTRY
from tests.admin.conftest import fresh_counts, sign_in
from tests.provider import stub
from tests.provider.urls import configure

__all__ = ["fresh_counts", "sign_in"]


@pytest.fixture(scope="session")
def stub_of_this_run():
    with stub.running() as running:
        yield running


@pytest.fixture
def provider(stub_of_this_run, settings):
    """A provider that lies as the test wants it to, and a realm that is configured for it."""
    stub_of_this_run.__init__(stub_of_this_run.address)
    configure(settings, stub_of_this_run.address)
    return stub_of_this_run


@pytest.fixture
def mail_of_a_redirect_fails(monkeypatch):
    """What is done last for a case that is redirected raises KeyError."""
    monkeypatch.delitem(REGISTRY, "redirected")
