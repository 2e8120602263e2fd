import pytest

from tests.database import snapshot
from tests.world import Desk

from .world import Office, build


@pytest.fixture
def office(db) -> Office:
    """The desk with Escalation Owners and a manager, and a case that may be escalated."""
    return snapshot.once(build)


@pytest.fixture
def desk(office) -> Desk:
    return office.desk
