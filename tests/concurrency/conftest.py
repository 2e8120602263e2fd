"""Tests with real threads, connections and processes: their transactions are real ones."""

from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
#: So many requests may arrive at the same instant.
WAITING = 64


# First, since pytest-django then puts what empties the database after everything else.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))


@pytest.fixture
def server(live_server: Any) -> Any:
    """The test server, which by itself lets ten connections wait and resets the others."""
    live_server.thread.httpd.socket.listen(WAITING)
    return live_server
