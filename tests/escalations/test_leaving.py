"""An Escalation Owner, an engaged manager or who asked has left (MGT-1, MGT-3, MGT-7)."""

import pytest

from cases.actors import Actor
from cases.errors import NotPossible
from cases.models import Membership, Notice, Person
from cases.services.departures import give_back, release_one
from escalations.models import Escalation
from escalations.services.management import decline, give_word, hand_over, take_review
from escalations.services.owner_reviews import engage_manager
from escalations.state_wording import situation
from tests.world import NOW

from .world import HOUR

LATER = NOW + HOUR


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


def leave(someone: Person) -> None:
    """Past every service and signal, by which a realm may give the work back at once."""
    Person.objects.filter(pk=someone.pk).update(is_active=False)


@pytest.mark.rule("MGT-1")
def test_what_was_under_review_stands_in_the_review_queue_again(office):
    escalation = office.under_review()
    leave(office.owner)
    assert release_one(LATER) == 1
    stored = Escalation.objects.get(pk=escalation.pk)
    assert (stored.state, stored.owner) == ("requested", None)
    assert stored in Escalation.objects.all().to_review()
    entry = stored.entries.get(event="released")
    assert "Owen Owner is no longer looking after this escalation" in entry.body
    assert office.other_owner.email in told("escalation_released")
    assert office.owner.email not in told("escalation_released")
    assert release_one(LATER) == 0
    take_review(escalation_id=stored.pk, actor=Actor.of(office.other_owner), now=LATER)


@pytest.mark.rule("MGT-3")
def test_what_was_accepted_keeps_its_promise_and_is_handed_over(office):
    escalation = office.accepted()
    promised = escalation.next_word_due_at
    leave(office.owner)
    give_back(person_id=office.owner.pk, now=LATER)
    stored = Escalation.objects.get(pk=escalation.pk)
    assert (stored.state, stored.owner, stored.next_word_due_at) == ("accepted", None, promised)
    assert "waiting for a new Escalation Owner" in situation(stored, LATER).headline
    other = Actor.of(office.other_owner)
    with pytest.raises(NotPossible, match="handed over"):
        give_word(
            escalation_id=stored.pk,
            actor=other,
            now=LATER,
            body="News.",
            next_word_due_at=LATER + HOUR,
        )
    hand_over(escalation_id=stored.pk, actor=other, now=LATER, owner=office.other_owner)
    assert Escalation.objects.get(pk=stored.pk).owner == office.other_owner


@pytest.mark.realm("commercial")
@pytest.mark.rule("FEED-2")
def test_until_then_what_a_contact_writes_goes_to_all_escalation_owners(office):
    from escalations.services.feeds import post_in_feed

    escalation = office.accepted()
    office.owner.groups.clear()
    post_in_feed(
        escalation_id=escalation.pk, actor=Actor.of(office.desk.designated), now=LATER, body="And?"
    )
    assert told("escalation_message") == {office.other_owner.email}


@pytest.mark.rule("MGT-6")
def test_a_request_to_an_owner_who_left_goes_to_the_leads(office):
    case = office.case()
    leave(office.desk.expert)
    office.ask(case, reason="urgency_changed")
    assert told("review_requested") == {office.manager.email, office.account_manager.email}


@pytest.mark.rule("MGT-7")
def test_the_case_owner_hears_that_the_engaged_manager_left_once(office):
    case = office.case(severity=1)
    engage_manager(
        case_id=case.pk, actor=Actor.of(office.desk.expert), now=NOW, manager=office.manager
    )
    leave(office.manager)
    for _ in range(2):
        give_back(person_id=office.manager.pk, now=LATER)
    assert told("manager_left") == {office.desk.expert.email}


@pytest.mark.rule("MGT-2")
@pytest.mark.parametrize("other", [True, False])
def test_with_the_requester_gone_somebody_else_reads_the_answer(office, other):
    escalation = office.under_review()
    Membership.objects.filter(person=office.desk.designated).delete()
    if other:
        Membership.objects.filter(person=office.desk.read_only).update(role="designated")
    decline(
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=LATER,
        codes=["the_case_is_open"],
        words="Not yet.",
    )
    expert, reader = office.desk.expert.email, office.desk.read_only.email
    assert (reader in told("escalation_declined")) is other
    assert told("unheard") == (set() if other else {expert})
