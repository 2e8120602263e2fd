from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.browser.conftest import browser  # noqa: F401 - the same Chromium
from tests.life.running import RunningDesk


@pytest.fixture
def running_desk(tmp_path) -> Iterator[RunningDesk]:
    """A desk of this realm with a small demo world: real processes, its own database."""
    desk = RunningDesk(tmp_path, settings.REALM)
    try:
        desk.manage("prepare")
        desk.manage("demo", "--cases", "12")
        desk.start()
        yield desk
    finally:
        desk.close()
