"""FED-7: how far a file's scrubbing is, in a real browser, beside a text that is being written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from cases import jobs
from cases.actors import Actor
from cases.models import Attachment
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp.scrubbing import files
from tests.world import NOW

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7"), pytest.mark.rule("PORT-4")]

NAME = "Averylongnamewithoutanyplacetobreakit" * 3


def test_the_page_follows_the_scrubbing_and_leaves_what_is_typed(
    desk, open_page, checks, monkeypatch
):
    monkeypatch.setattr(files, "AT_ONCE_MOST", 10)
    case = desk.owned_case()
    for name in (f"{NAME}.log", "broken.log"):
        post_entry(
            case_id=case.pk,
            actor=Actor.of(desk.designated),
            now=NOW,
            body="See the file.",
            files=check_files([SimpleUploadedFile(name, b"ip=203.113.77.8 " * 1000)]),
        )
    why = files.NO_TEXT
    Attachment.objects.filter(name="broken.log").update(scan_state="refused", note=why, file="")
    portal = open_page(desk.designated, viewport={"width": 320, "height": 800}, color_scheme="dark")
    portal.goto(case.get_absolute_url())
    staff = open_page(desk.expert)
    staff.goto(f"/admin/cases/case/{case.pk}/")
    portal.get_by_label("Your update").fill("A word more.")
    Attachment.objects.filter(scan_state="cleaning").update(progress=42)
    expect(portal.get_by_text("42% done")).to_be_visible()
    expect(staff.get_by_text("42%").first).to_be_visible()
    assert checks.accessibility_violations(portal) == []
    assert checks.accessibility_violations(staff) == []
    assert not checks.scrolls_sideways(portal)
    jobs.run("scrub-files")
    expect(portal.get_by_role("link", name=f"{NAME}.log")).to_be_visible()
    expect(portal.get_by_text("Removed: 1000 IP addresses.")).to_be_visible()
    expect(staff.get_by_role("link", name=f"{NAME}.log").first).to_be_visible()
    expect(portal.get_by_label("Your update")).to_have_value("A word more.")
