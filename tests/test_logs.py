"""The log of a refused request, and of one that failed."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.urls import reverse

from supportdesk.logs import ScrubFilter

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The console's output about requests."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(ScrubFilter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def test_a_refusal_is_one_line(desk, client, log):
    client.force_login(desk.expert)
    assert client.get(reverse("admin:jobs")).status_code == 403
    assert log.getvalue() == "Forbidden (Permission denied): /admin/jobs/\n"


def test_a_failure_has_its_trace(desk, client, log, monkeypatch):
    monkeypatch.setattr("cases.selectors.memberships", None)
    client.force_login(desk.designated)
    client.raise_request_exception = False
    assert client.get("/cases/").status_code == 500
    assert log.getvalue().startswith("Internal Server Error: /cases/\nTraceback")
