"""Many ask for the same escalation at once, and a case is closed while somebody asks.

As in test_races.py: each race is run as the code is, and again with what it proves taken away.
"""

import collections

import pytest
from django.db import connection

from cases.actors import Actor
from cases.errors import NotPossible
from cases.models import Case, Entry, Notice
from cases.services.lifecycle import act
from escalations.errors import NotEligible
from escalations.models import Escalation
from escalations.services.management import take_review
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together, unlocked_case
from tests.escalations.world import Office, open_office
from tests.world import NOW

ASKING = 50


@pytest.fixture
def office(desk) -> Office:
    return open_office(desk)


def unlock(monkeypatch) -> None:
    for module in ("help_requests", "persistence"):
        monkeypatch.setattr(f"escalations.services.{module}.lock_case", unlocked_case)
    monkeypatch.setattr("cases.services.lifecycle.lock_case", unlocked_case)


# --- Fifty ask for one escalation


def fifty_ask(office: Office) -> None:
    case = office.case()
    outcomes = together([lambda: office.ask(case)] * ASKING)
    made = [each for each in outcomes if isinstance(each, Escalation)]
    refused = [each for each in outcomes if isinstance(each, NotEligible)]
    assert (len(made), len(refused)) == (1, ASKING - 1), collections.Counter(
        f"{type(each).__name__}: {each}" for each in outcomes
    )
    assert all("already been escalated" in each.message for each in refused)
    assert all(
        [outcome.rule for outcome in each.eligibility.refusals] == ["ESC-5"] for each in refused
    )
    assert Escalation.objects.filter(case=case).count() == 1
    assert case.entries.filter(event=Entry.Event.ESCALATED).count() == 1
    assert Notice.objects.filter(case=case, event="escalation_received").count() == 1


@pytest.mark.rule("ESC-5")
@pytest.mark.rule("ESC-14")
def test_of_fifty_at_once_one_makes_an_escalation_and_the_others_read_why_not(office):
    fifty_ask(office)


@pytest.mark.servers
@pytest.mark.rule("ESC-5")
def test_without_the_lock_the_database_refuses_in_the_same_words(office, monkeypatch):
    unlock(monkeypatch)
    fifty_ask(office)


@pytest.mark.servers
def test_without_lock_and_constraint_there_are_several(office, monkeypatch):
    unlock(monkeypatch)
    once = next(each for each in Escalation._meta.constraints if each.name == ONE_ACTIVE)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Escalation, once)
    try:
        fails_at_least_once(fifty_ask, office)
    finally:
        Escalation.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Escalation, once)


ONE_ACTIVE = "escalation_one_active"


# --- The case is closed while the contact asks


def ask_while_closing(office: Office) -> None:
    case = office.case()
    closing = {"case_id": case.pk, "actor": Actor.of(office.desk.expert), "now": NOW}
    asked, closed = together(
        [
            lambda: office.ask(case),
            lambda: act(action="close", text="Done.", **closing),
        ]
    )
    assert isinstance(closed, Case), closed
    assert isinstance(asked, Escalation | NotEligible), asked
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert not Escalation.objects.filter(case=case).active().exists()


@pytest.mark.rule("MGT-5")
@pytest.mark.rule("ESC-1")
def test_no_closed_case_is_left_with_an_active_escalation(office):
    for _ in range(5):
        ask_while_closing(office)


@pytest.mark.servers
def test_without_the_lock_a_closed_case_is_escalated(office, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(ask_while_closing, office)


# --- Two owners take one escalation


@pytest.mark.rule("MGT-1")
def test_of_two_owners_one_takes_the_review(office):
    escalation = office.ask(office.case())
    outcomes = together(
        [
            lambda owner=owner: take_review(
                escalation_id=escalation.pk, actor=Actor.of(owner), now=NOW
            )
            for owner in (office.owner, office.other_owner)
        ]
    )
    assert {type(each) for each in outcomes} == {Escalation, NotPossible}
    won = next(each for each in outcomes if isinstance(each, Escalation))
    assert Escalation.objects.get(pk=escalation.pk).owner == won.owner
    assert escalation.entries.filter(event="taken").count() == 1
