import pytest

from .world import Office, open_office


@pytest.fixture
def office(desk) -> Office:
    """The desk with Escalation Owners and a manager, and a case that may be escalated."""
    return open_office(desk)
