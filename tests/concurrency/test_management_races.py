"""Many ask for the attention of management at once, and one answer settles one request (MGT-8).

As in test_races.py: each race is run as the code is, and again with what it proves taken away.
"""

import collections

import pytest
from django.db import connection

from cases.actors import Actor
from cases.errors import NotPossible
from cases.models import Case, Entry, Notice
from cases.services.lifecycle import act
from escalations.models import ManagementAttention
from escalations.services.attention import send_management_attention
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together, unlocked_case
from tests.escalations.test_management_requests import ATTENTION
from tests.escalations.world import Office, open_office
from tests.world import NOW

ASKING = 20
ONE_WAITS = "attention_one_waits_on_a_case"


@pytest.fixture
def office(desk, settings) -> Office:
    settings.MANAGEMENT_ATTENTION_ADDRESS = "management@support.example"
    return open_office(desk)


def unlock(monkeypatch) -> None:
    monkeypatch.setattr("escalations.services.attention.lock_case", unlocked_case)
    monkeypatch.setattr("cases.services.lifecycle.lock_case", unlocked_case)


def ask(office: Office, case: Case) -> ManagementAttention:
    actor = Actor.of(office.desk.designated)
    return send_management_attention(case_id=case.pk, actor=actor, now=NOW, **ATTENTION)


def many_ask(office: Office) -> None:
    case = office.accepted().case
    outcomes = together([lambda: ask(office, case)] * ASKING)
    made = [each for each in outcomes if isinstance(each, ManagementAttention)]
    refused = [each for each in outcomes if isinstance(each, NotPossible)]
    assert (len(made), len(refused)) == (1, ASKING - 1), collections.Counter(
        f"{type(each).__name__}: {each}" for each in outcomes
    )
    assert all("is waiting for an answer" in each.message for each in refused)
    assert case.attention_requests.count() == 1
    assert case.entries.filter(event=Entry.Event.ATTENTION).count() == 1
    assert Notice.objects.filter(case=case, event="management_attention").count() == 1


@pytest.mark.rule("MGT-8")
def test_of_many_at_once_one_request_waits_and_the_others_read_why_not(office):
    many_ask(office)


@pytest.mark.servers
@pytest.mark.rule("MGT-8")
def test_without_the_lock_the_database_refuses_in_the_same_words(office, monkeypatch):
    unlock(monkeypatch)
    many_ask(office)


@pytest.mark.servers
def test_without_lock_and_constraint_several_wait(office, monkeypatch):
    unlock(monkeypatch)
    once = next(each for each in ManagementAttention._meta.constraints if each.name == ONE_WAITS)
    with connection.schema_editor() as editor:
        editor.remove_constraint(ManagementAttention, once)
    try:
        fails_at_least_once(many_ask, office)
        assert ManagementAttention.objects.filter(state="waiting").count() > 1
    finally:
        ManagementAttention.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(ManagementAttention, once)


def ask_while_closing(office: Office) -> None:
    case = office.accepted().case
    closing = {"case_id": case.pk, "actor": Actor.of(office.desk.expert), "now": NOW}
    asked, closed = together(
        [
            lambda: ask(office, case),
            lambda: act(action="close", text="Done.", **closing),
        ]
    )
    assert isinstance(closed, Case), closed
    assert isinstance(asked, ManagementAttention | NotPossible), asked
    assert not case.attention_requests.filter(state="waiting").exists()


@pytest.mark.rule("MGT-8")
def test_nothing_waits_in_a_closed_case(office):
    for _ in range(5):
        ask_while_closing(office)


@pytest.mark.servers
def test_without_the_lock_a_request_waits_in_a_closed_case(office, monkeypatch):
    unlock(monkeypatch)
    fails_at_least_once(ask_while_closing, office)
