"""The Escalation Owners' queues: what stands in them, in which order, and at what price."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actors import Actor
from cases.roles import ROLES
from cases.services.severity import change_severity
from escalations.services import management
from tests.world import NOW, person

from .pages import LIST, do_url, form_of, page_url, text_of
from .world import HOUR, Office

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def at_now():
    """The clock stands still two hours after everything was asked for."""
    cache.clear()
    with time_machine.travel(NOW + dt.timedelta(minutes=90), tick=False):
        yield


def signed_in(someone) -> Client:
    client = Client()
    client.force_login(someone, backend=BACKEND)
    return client


def shown(response) -> list:
    return list(response.context["cl"].result_list)


def queries(client, address) -> int:
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.rule("MGT-1")
@pytest.mark.rule("MGT-9")
def test_the_review_queue_shows_what_waits_oldest_due_first_with_its_facts(office):
    late = office.ask(office.case(), now=NOW - 3 * HOUR)
    soon = office.ask(office.case(), now=NOW)
    far = office.ask(office.case(), now=NOW + HOUR)
    office.accepted()
    office.update(soon.case, now=NOW + HOUR)
    change_severity(
        case_id=far.case_id, severity=4, reason="x", actor=Actor.of(office.desk.expert), now=NOW
    )
    page = signed_in(office.owner).get("/admin/", follow=True)
    assert page.redirect_chain[-1][0] == LIST + "?queue=review"
    assert shown(page) == [late, soon, far]
    words = text_of(page)
    for each in (
        late.case.number,
        "Acme",
        "Care for Cloud",
        "Other",
        "Forty agents call back by hand.",
        "4 - Low then 3 - Medium",
        "Then all met Now all met",
        "Now not met: ESC-3 The contact has read the newest update ESC-9",
        "ESC-10 The severity is not Low",
        "overdue by 30 min",
        "in 30 min",
    ):
        assert each in words, each
    html = page.content.decode()
    assert 'class="due-past">overdue by 30 min' in html
    assert 'class="due-soon">in 30 min' in html


@pytest.mark.rule("MGT-3")
@pytest.mark.rule("MGT-4")
@pytest.mark.rule("MGT-9")
def test_accepted_ones_are_ranked_with_overdue_words_first(office):
    def accepted(importance, urgency, minutes):
        return management.accept(
            escalation_id=office.under_review().pk,
            actor=Actor.of(office.owner),
            now=NOW,
            importance=importance,
            urgency=urgency,
            next_steps="x",
            next_word_due_at=NOW + dt.timedelta(minutes=minutes),
        )

    low, late, top = accepted(3, 3, 600), accepted(3, 2, 30), accepted(1, 2, 600)
    client = signed_in(office.owner)
    client.post(do_url(top, "watch"), form_of(top, "watch"))
    page = client.get(LIST + "?queue=accepted")
    assert shown(page) == [late, top, low]
    assert 'class="due-past">overdue by 1 h' in page.content.decode()
    for each in ("High importance", "Medium urgency", "Same", "Watched"):
        assert each in text_of(page)
    assert shown(client.get(LIST + "?queue=watch")) == [top]
    assert set(shown(client.get(LIST))) == {low, late, top}
    items = page.context["sidebar_navigation"][1]["items"]
    badges = {item["title"]: item["badge"] for item in items if "badge" in item}
    assert badges == {
        "Review queue": "",
        "Accepted": "3, 1 late",
        "Watch list": "1",
        "All escalations": "",
        "Requests to Case Owners": "",
    }
    found = client.get(LIST, {"q": late.case.number})
    assert shown(found) == [late]


def test_an_empty_queue_says_so(office):
    page = signed_in(office.owner).get(LIST + "?queue=review")
    assert "No escalation is waiting for an answer." in text_of(page)


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("role", [role for role in ROLES if role != "Escalation Owner"])
def test_other_roles_see_the_queue_if_they_see_cases_and_are_offered_nothing(office, role):
    client = signed_in(person("one@support.example", roles=(role,)))
    escalation = office.under_review()
    page = client.get(page_url(escalation))
    if role in ("Access Administrator", "Auditor"):
        assert page.status_code == client.get(LIST).status_code == 403
        return
    assert page.context["actions"] == []
    assert {each["action"].name for each in page.context["composers"]} <= {"note"}
    assert client.get(LIST + "?queue=review").status_code == 200


def test_a_queue_and_a_page_cost_the_same_for_few_and_for_many(office):
    def fill(office: Office) -> None:
        office.ask(office.case())
        office.accepted()

    fill(office)
    escalation = office.under_review()
    client = signed_in(office.owner)
    addresses = [LIST + f"?queue={name}" for name in ("review", "accepted", "watch", "all")]
    few = [queries(client, each) for each in addresses]
    for _ in range(6):
        fill(office)
    assert [queries(client, each) for each in addresses] == few
    assert max(few) <= 15
    assert queries(client, page_url(escalation)) <= 25
    assert queries(client, do_url(escalation, "decline")) <= 25
