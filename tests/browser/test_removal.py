"""What a writer is told of the removal, and what he can say about it (FED-7, PORT-4)."""

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.actors import Actor
from cases.models import Entry
from cases.services.feeds import post_entry
from tests.world import NOW

DARK_AND_NARROW = {"color_scheme": "dark", "viewport": {"width": 320, "height": 800}}


def looks(page: Page, checks: Any, name: str) -> None:
    page.wait_for_load_state("load")
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/removal-{name}.png", full_page=True)
    found = checks.accessibility_violations(page)
    assert not found, "\n".join(found)
    assert not checks.scrolls_sideways(page)


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-7")
def test_the_message_leads_to_saying_that_it_was_not_personal_and_that_more_is(
    desk: Any, open_page: Any, checks: Any
) -> None:
    case = desk.owned_case()
    page = open_page(desk.designated, **DARK_AND_NARROW)
    page.goto(f"/cases/{case.number}/")
    page.get_by_label("Your update").fill("Mail tess@x.gov. Our zqxcanary knows.")
    page.get_by_role("button", name="Send").click()
    message = page.locator(".messages .warning")
    expect(message).to_contain_text("Scrubbed before anything was stored: 1 e-mail address.")
    looks(page, checks, "message")

    message.get_by_role("link", name="This was not personal").click()
    page.get_by_label("[EMAIL-1]").check()
    looks(page, checks, "said")
    page.get_by_role("button", name="This was not personal").click()
    expect(page.locator(".reports")).to_contain_text("Waiting for a review")

    page.get_by_role("link", name="Redact it in your texts").click()
    page.wait_for_url("**/removed/passage/")
    entry = Entry.objects.latest("pk").pk
    body = page.locator(f"[data-markable='cases.entry:{entry}:body'] .written")
    # As a hand with a mouse would mark the word.
    body.evaluate(
        """(text) => {
            const range = document.createRange(), at = text.textContent.indexOf("zqxcanary");
            range.setStart(text.firstChild, at);
            range.setEnd(text.firstChild, at + 9);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    expect(page.get_by_label("The passage")).to_have_value("zqxcanary")
    expect(page.get_by_label("Where it is")).to_have_value(f"cases.entry:{entry}:body")
    page.get_by_label("What it is").select_option("PERSON")
    looks(page, checks, "passage")
    page.get_by_role("button", name="Show what will be redacted").click()
    expect(page.locator("main form")).to_contain_text("occurs 1 time in this text")
    looks(page, checks, "sure")
    page.get_by_role("button", name="Redact it for good").click()
    expect(page.locator(".messages")).to_contain_text("[PERSON-1] has replaced it there")
    assert Entry.objects.get(pk=entry).body == "Mail [EMAIL-1]. Our [PERSON-1] knows."


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-7")
def test_staff_review_what_was_said(desk: Any, open_page: Any, checks: Any) -> None:
    case = desk.owned_case()
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body="Mail tess@x.gov.")
    page = open_page(desk.expert)
    page.goto(f"/admin/fedramp/scrubreport/of/{case.pk}/")
    page.get_by_label("[EMAIL-1]").check()
    looks(page, checks, "staff-said")
    page.get_by_role("button", name="This was not personal").click()
    expect(page.get_by_text("Somebody else will review it.")).to_be_visible()
    page.goto(f"/admin/fedramp/scrubreport/of/{case.pk}/passage/")
    looks(page, checks, "staff-passage")

    page = open_page(desk.colleague, color_scheme="dark")
    page.goto("/admin/fedramp/scrubreport/")
    looks(page, checks, "staff-queue")
    page.locator("#result_list a").first.click()
    page.get_by_role("link", name="Review …").click()
    page.get_by_label("It was not personal").check()
    looks(page, checks, "staff-review")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Reviewed.")).to_be_visible()
    page.goto("/admin/fedramp/scrubreport/kinds/")
    looks(page, checks, "staff-kinds")
