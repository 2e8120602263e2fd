"""A form for help whose questions changed, and management that is asked already, in the browser."""

import pytest
import time_machine
from playwright.sync_api import expect

from cases.actors import Actor
from escalations.models import Escalation, EscalationReason, ReasonPrompt
from escalations.services.attention import send_management_attention
from tests.escalations.test_management_requests import ATTENTION
from tests.escalations.world import Office, open_office
from tests.world import NOW

expect.set_options(timeout=15_000)  # as the contexts of `open_page`


@pytest.fixture
def office(desk, settings) -> Office:
    settings.MANAGEMENT_ATTENTION_ADDRESS = "management@support.example"
    return open_office(desk)


@pytest.mark.rule("HELP-2", "PORT-4")
def test_a_form_whose_question_is_gone_comes_back_and_goes_through(office, open_page, checks):
    with time_machine.travel(NOW, tick=True):
        case = office.case()
        page = open_page(office.desk.designated)
        page.goto(f"{case.get_absolute_url()}help/")
        page.get_by_label("Lack of progress").check()
        page.get_by_label("What progress did you expect?").fill("A date for the fix.")
        ReasonPrompt.objects.update(is_active=False)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("[data-first-error]")).to_be_focused()
        expect(page.get_by_text("is no longer asked")).to_be_visible()
        expect(page.get_by_label("Details")).to_have_value(
            "What progress did you expect?\nA date for the fix."
        )
        assert checks.accessibility_violations(page) == []
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("The escalation has been requested.")).to_be_visible()
        assert "A date for the fix." in Escalation.objects.get().details


@pytest.mark.rule("HELP-2", "MGT-8", "PORT-4")
def test_the_pages_that_have_no_form_have_no_fault(office, open_page, checks):
    escalation = office.accepted()
    actor = Actor.of(office.desk.designated)
    case_id = escalation.case_id
    send_management_attention(case_id=case_id, actor=actor, now=NOW, **ATTENTION)
    EscalationReason.objects.update(is_active=False)
    page = open_page(office.desk.designated)
    address = escalation.case.get_absolute_url()
    found = [
        fault
        for each in ("help", "management", "escalation")
        for fault in checks.faults(page, f"{address}{each}/")
    ]
    assert found == []
