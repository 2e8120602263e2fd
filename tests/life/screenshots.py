"""Takes the pictures of the documentation: `make screenshots`.

Starts a desk with its demo world in each realm, opens the pages as their readers do, light and
dark, and writes PNG files to docs/screenshots/.
"""

import os
import re
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

os.environ.setdefault("ENVIRONMENT", "development")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="supportdesk-pictures-"))

import django

django.setup()

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from cases.demo.signins import PASSWORD, signins
from cases.roles import (
    ESCALATION_OWNER,
    OPERATIONS_ADMINISTRATOR,
    PRODUCT_SUPPORT_MANAGER,
    SUPPORT_EXPERT,
)
from tests.browser import chromium
from tests.life.running import RunningDesk

OUT = Path(settings.BASE_DIR) / "docs" / "screenshots"


def main() -> None:
    """The pictures of this process's realm are new."""
    OUT.mkdir(parents=True, exist_ok=True)
    desk = RunningDesk(Path(tempfile.mkdtemp(prefix="supportdesk-pictures-")), settings.REALM)
    try:
        desk.manage("prepare", "--demo")
        desk.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.path(), args=chromium.ARGUMENTS
            )
            for scheme in ("light", "dark") if settings.REALM == "commercial" else ("light",):
                portal(browser, desk, scheme)
                admin(browser, desk, scheme)
            browser.close()
    finally:
        desk.close()


def signed_in(browser: Browser, desk: RunningDesk, email: str, scheme: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{desk.url}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    return page


def take(page: Page, name: str, scheme: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{settings.REALM}-{name}-{scheme}.png")


def portal(browser: Browser, desk: RunningDesk, scheme: str) -> None:
    page = signed_in(browser, desk, signins()[0].email, scheme)
    page.goto(f"{desk.url}/")
    take(page, "portal-home", scheme)
    if settings.REALM == "commercial":
        page.locator("a[href^='/cases/C-']").first.click()
        take(page, "portal-case", scheme)
        case(page, desk, "High, updated today")
        page.locator(".lower-right").scroll_into_view_if_needed()
        page.locator(".countdown").filter(has_text="left").wait_for()
        take(page, "portal-help-not-now", scheme)
        case(page, desk, "Button enabled")
        page.goto(f"{page.url}help/")
        page.get_by_label("Lack of progress").check()
        take(page, "portal-help-form", scheme)
    else:
        removal(page, desk, scheme)
        page.goto(f"{desk.url}/profile/pin/")
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
        page.locator(".pin strong").wait_for()
        take(page, "portal-pin", scheme)
    case(page, desk, "Outbound campaign dials twice")
    page.get_by_role("link", name=re.compile("^Escalation Details")).click()
    page.get_by_role("heading", name="Escalation feed").wait_for()
    take(page, "portal-escalation", scheme)
    if settings.REALM == "commercial" and scheme == "light":
        sign_in_security(page, desk, scheme)


def removal(page: Page, desk: RunningDesk, scheme: str) -> None:
    """What a writer is told at once, in the FedRAMP realm."""
    page.goto(f"{desk.url}/cases/?state=open")
    page.locator(".case-link").first.click()
    page.get_by_label("Your update").fill(
        "Please ring 816-555-0142 or write to tess.vale@agency.example about the queue Avalon."
    )
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="This was not personal").wait_for()
    take(page, "portal-removal", scheme)


def sign_in_security(page: Page, desk: RunningDesk, scheme: str) -> None:
    """What every contact sets up, and the form of who has no access yet."""
    page.goto(f"{desk.url}/accounts/2fa/")
    take(page, "portal-second-factor", scheme)
    page.context.clear_cookies()
    page.goto(f"{desk.url}/get-started/")
    take(page, "portal-get-started", scheme)


def case(page: Page, desk: RunningDesk, subject: str) -> None:
    """The contact's page of the demo's case whose subject begins so."""
    page.goto(f"{desk.url}/cases/?q={quote(subject)}")
    page.locator(".case-link").first.click()
    page.locator(".case-head").wait_for()


def admin(browser: Browser, desk: RunningDesk, scheme: str) -> None:
    expert = next(each.email for each in signins() if each.what == SUPPORT_EXPERT)
    page = signed_in(browser, desk, expert, scheme)
    page.goto(f"{desk.url}/admin/cases/case/?queue=mine")
    take(page, "admin-queue", scheme)
    if settings.REALM == "fedramp":
        page.goto(f"{desk.url}/admin/fedramp/pincheck/telephone/")
        take(page, "admin-telephone", scheme)
        second_person(browser, desk, scheme)
    if settings.REALM == "commercial":
        first_of_the_list(page)
        take(page, "admin-case", scheme)
        staff(browser, desk, scheme)


def second_person(browser: Browser, desk: RunningDesk, scheme: str) -> None:
    """What waits for somebody else than whoever submitted or said it."""
    manager = next(each.email for each in signins() if each.what == PRODUCT_SUPPORT_MANAGER)
    page = signed_in(browser, desk, manager, scheme)
    for kind, verb in (("filereview", "decide"), ("scrubreport", "review")):
        page.goto(f"{desk.url}/admin/fedramp/{kind}/?state__exact=asked")
        first_of_the_list(page)
        page.goto(page.url.split("/change/")[0] + f"/{verb}/")
        take(page, f"admin-{kind}", scheme)


def staff(browser: Browser, desk: RunningDesk, scheme: str) -> None:
    """What the other roles work on."""
    roles = {each.what: each.email for each in signins()}
    page = signed_in(browser, desk, roles[ESCALATION_OWNER], scheme)
    page.goto(f"{desk.url}/admin/escalations/escalation/?queue=review")
    take(page, "admin-escalations", scheme)
    first_of_the_list(page)
    take(page, "admin-escalation", scheme)
    page = signed_in(browser, desk, roles[OPERATIONS_ADMINISTRATOR], scheme)
    page.goto(f"{desk.url}/admin/cases/incident/")
    first_of_the_list(page)
    take(page, "admin-incident", scheme)


def first_of_the_list(page: Page) -> None:
    page.locator("#result_list tbody a").first.click()
    page.wait_for_url("**/change/**")


if __name__ == "__main__":
    sys.exit(main())
