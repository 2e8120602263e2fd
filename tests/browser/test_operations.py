"""Incidents, jobs, calendars and targets in a real browser: no barrier, dark, light, small."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Case, Incident, Person, SlaTarget
from tests import world
from tests.admin.pages import page_url, url
from tests.incidents import platform_case, restore


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
    now = timezone.now()
    over = platform_case(desk, now=now).incident
    restore(desk, over, now)
    return [
        "/admin/cases/incident/",
        reverse("admin:cases_incident_change", args=[case.incident_id]),
        reverse("admin:cases_incident_change", args=[over.pk]),
        page_url(case),
        url("do", desk.case().pk, "join_incident"),
        "/admin/jobs/",
        # With the picture of its year, which is on a page of its own too.
        reverse("admin:cases_businesscalendar_change", args=[calendar]),
        reverse("admin:cases_slatarget_change", args=[target.pk]),
    ]


def test_no_page_has_a_barrier_or_scrolls_sideways(desk, case, boss, open_page, checks):
    page = open_page(boss)
    found = [
        fault
        for each in pages_of(desk, case)
        for fault in checks.faults(page, each, opened="details.card")
    ]
    found += checks.faults(open_page(desk.designated), case.get_absolute_url())
    assert not found, "\n".join(found)


def test_a_choice_is_read_to_its_end_on_a_phone(desk, case, boss, open_page):
    """Unfold cuts it off: "only what st…"."""
    page = open_page(boss, viewport={"width": 320, "height": 780})
    page.goto(reverse("admin:cases_businesscalendar_change", args=[desk.organization.calendar_id]))
    choice = page.get_by_text("Keep their due times")
    assert choice.evaluate("each => each.scrollWidth <= each.clientWidth")


@pytest.mark.rule("RCA-1")
def test_an_incident_is_restored_by_two_clicks_at_once(desk, case, open_page):
    page = open_page(desk.expert)
    page.goto(reverse("admin:cases_incident_change", args=[case.incident_id]))
    page.get_by_label("Preliminary incident summary").fill("A switch failed.")
    page.get_by_role("button", name="Restore service").dblclick()
    expect(page.locator(".chip", has_text="Restored")).to_have_count(1)
    assert Incident.objects.get().summary == "A switch failed."
    assert case.entries.filter(event="restored").count() == 1


@pytest.mark.rule("SLA-8")
def test_a_calendars_year_is_drawn_while_one_types(desk, boss, open_page):
    calendar = desk.organization.calendar
    page = open_page(boss)
    page.goto(reverse("admin:cases_businesscalendar_change", args=[calendar.pk]))
    page.get_by_label("Year", exact=True).fill("2026")
    picture, said = page.locator("#preview"), page.locator("#preview-said")
    expect(picture.locator("td.day")).to_have_count(365)
    page.get_by_text("Add another Day that differs").click()
    page.locator("input[name=days-0-date]").fill("2026-06-10")
    expect(picture.locator("td.shut")).to_have_text(re.compile(r"^\s*10"))
    expect(said).to_contain_text("closed on this day 1")
    page.get_by_label("Time zone").fill("Mars/Olympus")
    expect(picture.locator(".desk-refusal")).to_contain_text("is not a known time zone")
    expect(said).to_contain_text("No preview: 1 error to correct.")
    expect(picture.locator("td")).to_have_count(0)
    page.get_by_label("Time zone").fill("Europe/Berlin")
    expect(picture).to_contain_text("Europe/Berlin")
    assert not calendar.days.exists()
