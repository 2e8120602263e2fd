"""Tests with real threads, connections and processes: their transactions are real ones."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


# First, since pytest-django then puts what empties the database after everything else.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))
