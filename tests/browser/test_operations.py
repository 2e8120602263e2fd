"""Incidents, jobs, calendars and targets in a real browser: no barrier, dark, light, small."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Case, Incident, Person, SlaTarget
from tests import world
from tests.admin.pages import page_url, url

PHONE = {"viewport": {"width": 320, "height": 780}}


@pytest.fixture
def boss(desk):
    """A superuser: sees every page, and the alarm of the silent jobs on each."""
    boss = Person.objects.create_superuser("boss@support.example", world.PASSWORD, name="Boss")
    world.admit(boss)
    return boss


@pytest.fixture
def case(desk) -> Case:
    """A Critical case of an incident that goes on, its response overdue."""
    opened = desk.owned_case(priority=1, phone_24x7="+1 555 0111", now=timezone.now())
    desk.case(priority=2)
    return desk.act("join_incident", opened, text="All see it.", title="Media", now=timezone.now())


def pages_of(desk, case):
    calendar = desk.organization.calendar_id
    target = SlaTarget.objects.get(promise="response", severity=2)
    return [
        "/admin/cases/incident/",
        reverse("admin:cases_incident_change", args=[case.incident_id]),
        page_url(case),
        url("do", desk.case().pk, "join_incident"),
        "/admin/jobs/",
        reverse("admin:cases_businesscalendar_year", args=[calendar, 2026]),
        reverse("admin:cases_slatarget_change", args=[target.pk]),
    ]


@pytest.mark.crossed
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_barrier(desk, case, boss, open_page, checks, theme):
    page = open_page(boss, color_scheme=theme)
    found = []
    for address in pages_of(desk, case):
        assert page.goto(address).status == 200, address
        page.wait_for_load_state("networkidle")
        found += checks.accessibility_violations(page)
    page = open_page(desk.designated, color_scheme=theme)
    page.goto(case.get_absolute_url())
    found += checks.accessibility_violations(page)
    assert not found, "\n".join(found)


@pytest.mark.crossed
def test_nothing_scrolls_sideways_on_a_phone(desk, case, boss, open_page, checks):
    page = open_page(boss, **PHONE)
    for address in pages_of(desk, case):
        assert page.goto(address).status == 200, address
        assert not checks.scrolls_sideways(page), address


@pytest.mark.rule("RCA-1")
def test_an_incident_is_restored_by_two_clicks_at_once(desk, case, open_page):
    page = open_page(desk.expert)
    page.goto(reverse("admin:cases_incident_change", args=[case.incident_id]))
    page.get_by_label("Preliminary incident summary").fill("A switch failed.")
    page.get_by_role("button", name="Restore service").dblclick()
    expect(page.locator(".chip", has_text="Restored")).to_have_count(1)
    assert Incident.objects.get().summary == "A switch failed."
    assert case.entries.filter(event="restored").count() == 1
