"""The audit log as an auditor reads it, and the notice before the sign-in (PORT-4, AU-9, AC-8)."""

import os

import pytest

from cases.roles import AUDITOR
from tests.world import person

pytestmark = pytest.mark.realm("fedramp")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(desk, open_page, checks, settings, scheme):
    settings.SYSTEM_USE_NOTICE = "All use is monitored."
    auditor = person("audrey@support.example", roles=(AUDITOR,))
    for who, address in ((auditor, "/admin/fedramp/auditentry/"), (None, "/accounts/notice/")):
        for width in (1280, 320):
            page = open_page(who, color_scheme=scheme, viewport={"width": width, "height": 800})
            page.goto(address)
            page.wait_for_load_state("load")
            if folder := os.environ.get("PICTURES"):
                name = address.strip("/").replace("/", "-")
                page.screenshot(path=f"{folder}/{name}-{scheme}-{width}.png")
            assert checks.accessibility_violations(page) == []
            assert who is not None or not checks.scrolls_sideways(page)
