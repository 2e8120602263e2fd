"""The question before a session ends by itself: answered by keyboard, and in time (AC-11)."""

import re

import pytest
from playwright.sync_api import expect

from fedramp.models import SessionMark

pytestmark = pytest.mark.realm("fedramp")
WORDS = "Every third call drops since Monday."


@pytest.fixture(autouse=True)
def short(settings):
    """The question comes at once, and the end half a minute after the last click."""
    settings.STAFF_IDLE_MINUTES = settings.CONTACT_IDLE_MINUTES = 0.5
    settings.SESSION_WARNING_SECONDS = 28


@pytest.mark.parametrize(("who", "scheme"), [("designated", "light"), ("expert", "dark")])
def test_the_question_is_answered_by_keyboard(desk, open_page, checks, who, scheme):
    page = open_page(
        getattr(desk, who), color_scheme=scheme, viewport={"width": 320, "height": 700}
    )
    page.goto("/profile/" if who == "designated" else "/admin/profile/")
    box = page.get_by_role("alertdialog", name="Are you still there?")
    expect(box).to_be_visible()
    expect(box.get_by_role("status")).to_contain_text("seconds left")
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert checks.accessibility_violations(page) == []
    assert not checks.scrolls_sideways(page)
    before = SessionMark.objects.get().active_at
    page.keyboard.press("Enter")
    expect(box).to_be_hidden()
    assert SessionMark.objects.get().active_at > before


def test_the_page_is_left_in_the_end_and_what_was_typed_is_kept(desk, open_page, settings):
    settings.CONTACT_IDLE_MINUTES = 0.1
    case = desk.owned_case()
    page = open_page(desk.designated)
    page.goto(case.get_absolute_url())
    page.locator("textarea[name=body]").fill(WORDS)
    page.wait_for_url(re.compile("/accounts/login/"))
    expect(page.locator("body")).to_contain_text("Your text is kept")
    settings.CONTACT_IDLE_MINUTES = 15
    page.locator("input[name=login]").fill(desk.designated.email)
    page.locator("input[name=password]").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(f"{case.get_absolute_url()}$"))
    expect(page.locator("textarea[name=body]")).to_have_value(WORDS)
    assert not case.entries.filter(event="message").exists()
