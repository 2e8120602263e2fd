"""Every state, event and severity has words, and the page says who is to do what by when."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from cases import wording
from cases.models import Clock, Entry
from cases.models.cases import Severity, State
from tests.world import NOW


@pytest.mark.parametrize("event", [each for each in Entry.Event if each != Entry.Event.MESSAGE])
def test_every_event_is_a_sentence_of_its_own(event):
    entry = Entry(event=event, from_value="3 - Medium", to_value="2 - High")
    assert wording.event(entry) != entry.get_event_display()
    assert wording.event(entry)[0].islower()


@pytest.mark.rule("CASE-3")
@pytest.mark.parametrize("state", State)
def test_the_case_page_says_what_is_expected_of_whom(desk, browse, state):
    case = desk.case_in(state)
    page = browse(desk.designated).get(case.get_absolute_url()).content.decode()
    said = wording.situation(case)
    assert said.expected in page
    assert (said.yours or said.headline) in page


@pytest.mark.rule("SEV-1")
def test_every_severity_has_its_definition():
    assert set(wording.DEFINITIONS) == set(Severity.values)
    assert [each.value for each in wording.PRIORITIES] == Severity.values


@pytest.mark.rule("SEV-5", "SEV-4")
@pytest.mark.parametrize(
    ("severity", "said", "unsaid"),
    [
        (4, ["To raise it to Medium or High:", "ask in the case", "please call and quote"], []),
        (
            3,
            ["To raise it to High:", "with a callback number", "please call and quote"],
            ["Medium or"],
        ),
        (2, ["To raise it to Critical,", "please call and quote"], ["Medium or", "To High"]),
        (1, ["This case is Critical", "call Product Support now"], ["more urgent?"]),
    ],
)
def test_the_page_says_how_a_severity_is_raised(desk, browse, severity, said, unsaid):
    case = desk.case(priority=severity, phone_24x7="+1 212 555 0142")
    page = browse(desk.designated).get(case.get_absolute_url()).content.decode()
    page = " ".join(page.split())
    assert all(each in page for each in said)
    assert not any(each in page for each in unsaid)
    assert "+1 555 0100" in page


@pytest.mark.rule("SEV-2")
def test_a_change_of_severity_is_told_with_its_reason(desk, browse):
    from cases.actors import Actor
    from cases.services.severity import change_severity

    case = desk.owned_case()
    change_severity(
        case_id=case.pk,
        severity=2,
        reason="More sites than first seen.",
        actor=Actor.of(desk.expert),
        now=timezone.now(),
    )
    page = browse(desk.read_only).get(case.get_absolute_url()).content.decode()
    assert "changed the severity from 3 - Medium to 2 - High" in page
    assert "More sites than first seen." in page


@pytest.mark.rule("RESP-1", "RESP-2")
@pytest.mark.parametrize("state", ["awaiting_customer", "resolution_proposed"])
def test_the_page_says_when_a_case_that_waits_is_closed(desk, browse, state):
    case = desk.case_in(state)
    due = Clock.objects.running().get(case=case, kind__in=["closure", "proposal"]).due_at
    with time_machine.travel(NOW, tick=False):  # only a closing that lies ahead is announced
        page = browse(desk.designated).get(case.get_absolute_url()).content.decode()
    assert "the case will be closed on" in page
    assert due.astimezone(dt.UTC).strftime("%H:%M UTC</time>") in page


@pytest.mark.rule("SLA-1")
def test_the_page_after_opening_says_by_when_an_answer_comes(desk, browse):
    plan = desk.organization.plan
    plan.features.add(*type(plan.features.first()).objects.filter(code="defined_response_targets"))
    case = desk.case()
    page = browse(desk.designated).get(f"{case.get_absolute_url()}opened/").content.decode()
    clock = Clock.objects.filter(case=case, kind="response").first()
    assert ("answers by" in page) == (clock is not None)
