"""A contact's way in by the OpenID provider, in a real browser and with a real provider."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.actors import Actor
from cases.models import Notice
from cases.roles import ACCESS_ADMINISTRATOR, sync_roles
from fedramp.services.invitations import invite
from tests import world
from tests.fedramp.oidc_accounts import newcomer
from tests.provider import real
from tests.provider.urls import configure

DARK_AND_NARROW = {"color_scheme": "dark", "viewport": {"width": 320, "height": 800}}
ACCOUNTS = {"nell": {"email": "nell@acme.example", "email_verified": True}}


@pytest.mark.realm("fedramp")
@pytest.mark.rule("FED-3", "FED-4")
def test_an_invited_contact_gets_in_by_the_provider(
    open_page: Any, checks: Any, settings: Any, live_server: Any
) -> None:
    """The policy of the pages (form-action) lets nobody to the provider but by a link."""
    sync_roles()
    desk = world.build()
    nell = newcomer(desk)
    ada = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    settings.CONTACT_SECOND_FACTOR_REQUIRED = True
    with real.running([live_server.url], ACCOUNTS) as address:
        configure(settings, address, live_server.url)
        invite(person_id=nell.pk, actor=Actor.of(ada), now=timezone.now())
        text = Notice.objects.get(event="invitation").text
        page = open_page(**DARK_AND_NARROW)

        page.goto(re.search(r"/invitation/[\w-]+/", text).group(0))
        see(page, checks)
        page.get_by_role("link", name="Accept with Okta").click()
        at_the_provider(page, acr="urn:low")
        expect(page.get_by_text("but not with the certainty needed here")).to_be_visible()
        see(page, checks)
        page.goto(re.search(r"/invitation/[\w-]+/", text).group(0))
        page.get_by_role("link", name="Accept with Okta").click()
        at_the_provider(page)
        expect(page.get_by_text("Your access has been set up. Sign in with Okta.")).to_be_visible()
        see(page, checks)
        page.get_by_role("link", name="Sign in with Okta").click()
        at_the_provider(page)
        expect(page).to_have_url(f"{live_server.url}/")
        page.goto("/profile/")
        see(page, checks)
        page.get_by_role("link", name="Your telephone PIN").click()
        expect(page.locator(".pin strong")).to_be_visible()


def at_the_provider(page: Any, acr: str = "phr") -> None:
    page.get_by_label("Account").fill("nell")
    page.get_by_label("Strength").fill(acr)
    page.get_by_role("button", name="Sign in").click()


def see(page: Any, checks: Any) -> None:
    expect(page.locator("main").first).to_be_visible()
    assert checks.accessibility_violations(page) == []
    assert not checks.scrolls_sideways(page)
