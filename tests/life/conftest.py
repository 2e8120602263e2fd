from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.life.running import RunningDesk


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A Chromium that ends with the test.

    These tests run first (see tests/conftest.py), so that Playwright, which allows one running
    loop a thread, is free again for the one Chromium of tests/browser.
    """
    path = chromium.path()
    if path is None:
        pytest.skip(chromium.MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def running_desk(tmp_path, migrations_kept_in) -> Iterator[RunningDesk]:
    """A desk of this realm with a small demo world: real processes, its own database."""
    desk = RunningDesk(tmp_path, settings.REALM)
    try:
        desk.prepare(migrations_kept_in)
        desk.manage("demo", "--cases", "12")
        desk.start()
        yield desk
    finally:
        desk.close()
