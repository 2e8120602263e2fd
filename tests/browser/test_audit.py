"""The audit log as an auditor reads it, and the notice before the sign-in (PORT-4, AU-9, AC-8)."""

import pytest

from cases.roles import AUDITOR
from tests.world import person

pytestmark = pytest.mark.realm("fedramp")


def test_the_pages_are_accessible(desk, open_page, checks, settings):
    settings.SYSTEM_USE_NOTICE = "All use is monitored."
    auditor = person("audrey@support.example", roles=(AUDITOR,))
    for who, address in ((auditor, "/admin/fedramp/auditentry/"), (None, "/accounts/notice/")):
        assert checks.faults(open_page(who), address) == []
