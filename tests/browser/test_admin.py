"""The admin in a real browser: under the strict policy, in both themes, on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cases.models import Entry, Person
from tests import world
from tests.admin.pages import fresh, page_url, url

OPEN = "/admin/cases/case/?queue=open"
PHONE = {"viewport": {"width": 320, "height": 780}}


@pytest.fixture
def full(desk):
    """A case with entries of all kinds, a link, and others in the queue."""
    from cases.actors import Actor
    from cases.services.feeds import post_entry
    from cases.services.links import link_cases

    case = desk.owned_case(priority=1, phone_24x7="+1 555 0111")
    expert = Actor.of(desk.expert)
    common = {"case_id": case.pk, "actor": expert, "now": world.NOW}
    post_entry(**common, body="Ask the carrier first.", internal=True)
    post_entry(**common, body="We look into it.")
    link_cases(**common, number=desk.case(priority=2).number, kind="related")
    desk.case(priority=4)
    return desk.act("ask", case, text="Which trunk?")


@pytest.fixture
def boss(desk):
    """A superuser: sees every page."""
    boss = Person.objects.create_superuser("boss@support.example", world.PASSWORD, name="Boss")
    world.admit(boss)
    return boss


def test_no_page_that_we_shape_has_a_barrier_or_scrolls_sideways(desk, full, open_page, checks):
    addresses = [
        "/admin/",
        OPEN,
        "/admin/cases/case/?queue=mine&q=nothing-fits",
        page_url(full),
        url("history", full.pk),
        url("do", full.pk, "propose"),
        url("do", full.pk, "close"),
        url("assign", full.pk),
        url("severity", full.pk),
        url("link", full.pk),
        url("open") + "?q=dana",
        "/admin/mails/",
    ]
    page = open_page(desk.expert)
    found = [fault for each in addresses for fault in checks.faults(page, each)]
    assert not found, "\n".join(found)


def test_the_admin_is_dark_where_the_browser_is(desk, open_page):
    for scheme in ("light", "dark"):
        page = open_page(desk.expert, color_scheme=scheme)
        page.goto(OPEN)
        dark = page.evaluate("document.documentElement.classList.contains('dark')")
        assert dark == (scheme == "dark")


def test_every_list_and_form_keeps_to_the_policy(desk, full, boss, open_page, checks):
    models = {
        "announcement": None,
        "attachment": None,
        "businesscalendar": desk.organization.calendar_id,
        "carefeature": None,
        "careplan": desk.organization.plan_id,
        "notice": full.notices.first().pk,
        "organization": desk.organization.pk,
        "person": desk.designated.pk,
    }
    page = open_page(boss)
    for name, pk in models.items():
        addresses = [reverse(f"admin:cases_{name}_changelist")]
        if pk:
            addresses.append(reverse(f"admin:cases_{name}_change", args=[pk]))
            addresses.append(reverse(f"admin:cases_{name}_history", args=[pk]))
        if name not in {"attachment", "notice"}:
            addresses.append(reverse(f"admin:cases_{name}_add"))
        for address in addresses:
            assert page.goto(address).status == 200, address


def test_what_matters_stands_without_scrolling(desk, full, open_page):
    page = open_page(desk.expert, viewport={"width": 1280, "height": 800})
    page.goto(page_url(full))
    page.wait_for_load_state("networkidle")
    main = page.get_by_role("main")
    for words in (
        full.number,
        "1 - Critical",
        "Awaiting Customer",
        "Acme",
        "Care for Cloud",
        "Production (",
        "Erin Expert",
        "Due next",
        "+1 555 0111",
        "Which trunk?",
        "Write to the customer",
        "Internal note",
        "Propose a resolution",
    ):
        box = main.get_by_text(words, exact=False).first.bounding_box()
        assert box, words
        assert box["y"] + box["height"] <= 800, words


def test_side_bar_theme_filters_and_the_phones_menu_work(desk, full, open_page):
    page = open_page(desk.expert)
    page.goto(OPEN)
    bar = page.locator("#nav-sidebar")
    assert bar.is_visible()
    page.get_by_role("button", name="Show or hide the side bar").click()
    bar.wait_for(state="hidden")
    page.reload()
    expect(bar).to_be_hidden()
    page.get_by_role("button", name="Show or hide the side bar").press("Enter")
    bar.wait_for(state="visible")

    page.get_by_role("button", name="Your account and the theme").press("Enter")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_class("dark")
    page.goto(page_url(full))
    expect(page.locator("html")).to_have_class("dark")

    page.goto(OPEN)
    page.get_by_role("button", name="Filters").press("Enter")
    page.get_by_role("link", name="2 - High").click()
    page.wait_for_url(re.compile("severity__exact=2"))
    assert "queue=open" in page.url
    expect(page.locator("#result_list tbody")).to_have_count(1)

    phone = open_page(desk.expert, **PHONE)
    phone.goto(OPEN)
    phone.get_by_role("button", name="Menu", exact=True).click()
    phone.get_by_role("link", name="Unassigned").click()
    phone.wait_for_url(re.compile("queue=unassigned"))


def test_an_expert_works_a_case(desk, open_page):
    case = desk.case()
    page = open_page(desk.expert)
    page.goto("/admin/cases/case/?queue=unassigned")
    page.get_by_role("link", name=case.number).click()
    page.get_by_role("button", name="Take the case").click()
    page.get_by_text("The case is now yours.").wait_for()

    page.keyboard.press("n")
    page.get_by_label("For staff only; the customer never sees this").fill("Ask the vendor first.")
    page.get_by_role("button", name="Save internal note").click()
    page.get_by_text("The internal note has been saved.").wait_for()

    page.keyboard.press("r")
    page.get_by_label("The customer can read this").fill("We look into it.")
    page.get_by_role("button", name="Send to customer").dblclick()
    page.get_by_text("Sent to the customer.").wait_for()
    assert Entry.objects.filter(body="We look into it.").count() == 1

    page.get_by_role("link", name="Ask the customer").click()
    page.get_by_label("The question").fill("Which trunk?")
    page.get_by_role("button", name="Ask the customer").click()
    page.get_by_text("The question has been sent.").wait_for()
    assert fresh(case).state == "awaiting_customer"
    assert Entry.objects.get(body="Ask the vendor first.").is_internal


def test_a_stale_tab_keeps_the_text(desk, open_page):
    case = desk.owned_case()
    page = open_page(desk.expert)
    page.goto(page_url(case))
    desk.act("ask", case, text="Which trunk?")
    page.keyboard.press("r")
    page.get_by_label("The customer can read this").fill("My long answer.")
    page.get_by_role("button", name="Send to customer").click()
    page.get_by_text("The case changed while you were writing.").wait_for()
    assert page.get_by_label("The customer can read this").input_value() == "My long answer."
    page.get_by_role("button", name="Send to customer").click()
    page.get_by_text("Sent to the customer.").wait_for()
    assert Entry.objects.filter(body="My long answer.").count() == 1


def test_bulk_assignment(desk, open_page):
    cases = [desk.case(), desk.case()]
    page = open_page(desk.expert)
    page.goto("/admin/cases/case/?queue=unassigned")
    for box in page.locator("tbody input.action-select").all():
        box.check()
    page.locator("select[name=action]").select_option("assign_cases")
    page.get_by_role("button", name="Run").click()
    page.get_by_label("Case Owner").select_option(label="Cole Colleague")
    page.get_by_role("button", name="Assign 2 cases").click()
    page.get_by_text("Done for 2:").wait_for()
    assert {fresh(case).owner for case in cases} == {desk.colleague}


def test_an_autocomplete_completes(desk, boss, open_page):
    desk.case()
    page = open_page(boss)
    page.goto(OPEN)
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="By organization").click()
    page.locator(".select2-search__field").fill("acm")
    page.get_by_role("option", name="Acme").click()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile(f"organization__id__exact={desk.organization.pk}"))
