"""The portal's words about a case that the desk itself closed (RESP-5)."""

import pytest
from django.test import Client

from cases.jobs.clocks import close_due
from tests.world import NOW


@pytest.fixture
def portal(desk) -> Client:
    client = Client()
    client.force_login(
        desk.designated, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.mark.rule("RESP-5")
def test_the_feed_says_what_the_desk_closed_and_how_to_reopen(desk, portal):
    case = desk.case_in("resolution_proposed")
    end = case.clocks.get(kind="proposal").due_at
    assert end > NOW
    assert close_due(end)
    page = portal.get(case.get_absolute_url()).content.decode()
    assert "The support desk" in page
    assert "A Designated Contact can reopen it here at any time" in page
