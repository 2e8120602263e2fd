"""A security key in a real browser: Chromium's virtual one, at this realm's own host name."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from cases.roles import sync_roles
from tests import world

DARK_AND_NARROW = {"color_scheme": "dark", "viewport": {"width": 320, "height": 800}}
HOST = "fedramp.localhost"


@pytest.fixture
def desk() -> world.Desk:
    sync_roles()
    return world.build()


@pytest.mark.realm("fedramp")
def test_a_member_of_staff_adds_a_key_and_signs_in_with_it(
    desk: Any, open_page: Any, checks: Any, settings: Any, live_server: Any
) -> None:
    """Browsers know keys at http://fedramp.localhost, too: it counts as secure."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    settings.SITE_URL = re.sub("//[^:]+", f"//{HOST}", live_server.url)
    settings.ALLOWED_HOSTS = [HOST]
    page = open_page(**DARK_AND_NARROW)
    page.goto(f"{settings.SITE_URL}/admin/")
    enter_password(page, desk.expert)
    expect(page).to_have_url(re.compile("reauthenticate"))
    page.locator("[name=password]").fill(world.PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    see(page, "Add a security key", checks)

    plug_in(page)
    page.get_by_label("Name of the key").fill("Blue")
    page.get_by_label("Name of the key").press("Enter")
    expect(page.get_by_role("heading", name="Add a security key")).to_have_count(0)
    page.goto(f"{settings.SITE_URL}/accounts/2fa/")
    expect(page.get_by_text("Blue")).to_be_visible()
    see(page, "Second factor", checks)
    page.goto(f"{settings.SITE_URL}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("alert")).to_contain_text("This key has already been added.")

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{settings.SITE_URL}/admin/")
    enter_password(page, desk.expert)
    see(page, "Second factor", checks)
    page.get_by_role("button", name="Sign in with a security key").click()
    expect(page).to_have_url(re.compile("/admin/cases/case/"))


def plug_in(page: Any) -> None:
    """A key on USB that is touched whenever it is asked."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enter_password(page: Any, person: Any) -> None:
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(world.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def see(page: Any, heading: str, checks: Any) -> None:
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    assert checks.accessibility_violations(page) == []
    assert not checks.scrolls_sideways(page)
