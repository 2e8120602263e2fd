"""A real Chromium for the tests of this folder, and what each page must hold.

`open_page(person)` gives a page that is signed in as that person; when the test ends, no page may
have logged an error or a violation of the Content-Security-Policy.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import chromium

HERE = Path(__file__).parent
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],  # of all else one node a rule: it is the larger part
}
#: Of the report, which is long, a line a rule is taken out of the browser.
VIOLATIONS = """async options => (await axe.run(options)).violations.map(({id, help, nodes}) =>
    `${id}: ${help}: ${nodes.slice(0, 4).map(node => node.html.slice(0, 200)).join("; ")}`)"""
#: What a change of colours can break; all else was looked at in the light.
COLOUR_OPTIONS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
#: The admin takes its theme from the browser when a page is loaded; the portal's is plain CSS.
IN_THE_DARK = "if (location.pathname.startsWith('/admin')) document.documentElement.classList.%s"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 780}


# First, since pytest-django then puts what empties the database after everything else.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test here drives a browser against a server in another thread: real transactions."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium for the whole run."""
    path = chromium.path()
    if path is None:
        pytest.skip(chromium.MISSING)
    # Playwright keeps an event loop running in this thread, and under a running loop Django hands
    # out other connections than before: they need to know what migrations put into the database,
    # and they must be closed before it is dropped.
    contents = getattr(connection, "_test_serialized_contents", None)
    with sync_playwright() as playwright:
        if contents is not None:
            connection._test_serialized_contents = contents
        started = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield started
        started.close()
        connections.close_all()


#: Logged as errors: a 4xx page that a test asked for; a request that a newer one replaced, or that
#: was under way when its page was left. One that fails says `htmx:sendError` or `responseError`.
NO_FAULTS = ("the server responded with a status of 4", "htmx:sendAbort", "htmx:afterRequest")


class Visitor:
    """Opens pages in contexts of their own, and notes what the browser complains about."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.address = address
        self.complaints: list[str] = []

    def __call__(self, person: Any = None, **options: Any) -> Page:
        """A page for this person (nobody: signed out); options as for a browser context."""
        context = self._browser.new_context(base_url=self.address, **{"viewport": WIDE, **options})
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        return page

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(each in message.text for each in NO_FAULTS):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """See `Visitor`. The test fails if a page logged an error or broke the policy."""
    visitor = Visitor(browser, live_server.url)
    yield visitor
    visitor.close()
    assert not visitor.complaints, "\n".join(visitor.complaints)


def accessibility_violations(page: Page, options: dict[str, Any] = AXE_OPTIONS) -> list[str]:
    """What axe-core finds on the page against WCAG 2.2 AA, one line a rule (PORT-4)."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    return [f"{page.url} {each}" for each in page.evaluate(VIOLATIONS, options)]


def faults(page: Page, address: str, *, opened: str = "") -> list[str]:
    """What is wrong with the page of this address: in light, in dark, and at 320 px.

    `opened` is a selector of what is unfolded first.
    """
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    assert answer, address
    assert answer.status < 500, address
    if opened:
        page.locator(opened).evaluate_all("all => all.forEach(each => { each.open = true })")
    found = [f"(light) {each}" for each in accessibility_violations(page)]
    page.emulate_media(color_scheme="dark")
    page.evaluate(IN_THE_DARK % "add('dark')")
    found += [f"(dark) {each}" for each in accessibility_violations(page, COLOUR_OPTIONS)]
    page.set_viewport_size(NARROW)
    if scrolls_sideways(page):
        found.append(f"{page.url} scrolls sideways at 320 px")
    page.set_viewport_size(WIDE)
    return found


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


@pytest.fixture
def checks() -> Any:
    """The checks of a page: `accessibility_violations`, `scrolls_sideways`, and `faults`."""
    return SimpleNamespace(
        accessibility_violations=accessibility_violations,
        scrolls_sideways=scrolls_sideways,
        faults=faults,
    )
