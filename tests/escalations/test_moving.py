"""What is moved to the case feed counts as what it is, from when it was written (CASE-5, RESP-3).

The escalation feed is written to here as staff find it: in the FedRAMP realm contacts write in the
case alone, and their message is first moved away and then back.
"""

import datetime as dt

import pytest

from cases import extension, realm
from cases.actors import Actor
from cases.jobs.clocks import close_due, remind_due
from cases.jobs.sweeps import deliver_one
from cases.models import Case, Clock, Entry, Membership, Notice
from cases.models.search import matching
from cases.services.feeds import post_entry
from cases.services.lifecycle import act
from escalations.models import Escalation, EscalationEntry
from escalations.receivers import veto_over_an_answer
from escalations.selectors import has_unread_update
from escalations.services.feeds import move_to_case, move_to_escalation, post_in_feed
from escalations.services.management import close
from tests.world import NOW

from .world import HOUR, Office

DAY = dt.timedelta(days=1)
WORDS = "It is trunk 4."


def answer_in_the_escalation(
    office: Office, escalation: Escalation, at: dt.datetime
) -> EscalationEntry:
    """The contact's words stand in the escalation's feed, written then."""
    contact = Actor.of(office.desk.designated)
    if realm.current().contacts_write_in_escalations:
        return post_in_feed(escalation_id=escalation.pk, actor=contact, now=at, body=WORDS)
    return EscalationEntry.objects.create(
        escalation=escalation,
        visibility="public",
        event="moved",
        author=office.desk.designated,
        author_side="contact",
        body=WORDS,
        created_at=at,
    )


def waiting(office: Office, action: str = "ask") -> tuple[Case, Escalation]:
    """An accepted escalation whose case waits for the customer since NOW + 1 hour."""
    escalation = office.accepted()
    case = office.desk.act(action, escalation.case, text="Which trunk?", now=NOW + HOUR)
    return case, escalation


def move(office: Office, entry: EscalationEntry, at: dt.datetime) -> Entry:
    return move_to_case(entry_id=entry.pk, actor=Actor.of(office.owner), now=at)


@pytest.mark.rule("CASE-5")
@pytest.mark.rule("RESP-3")
@pytest.mark.parametrize("action", ["ask", "propose"])
@pytest.mark.parametrize("after", [dt.timedelta(0), HOUR], ids=["at once", "later"])
def test_a_moved_answer_brings_the_case_back_since_it_was_written(office, action, after):
    case, escalation = waiting(office, action)
    at = NOW + HOUR + after
    moved = move(office, answer_in_the_escalation(office, escalation, at), NOW + DAY)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.state_since_at, stored.updated_at) == ("in_progress", at, at)
    assert stored.staff_updated_at == NOW + HOUR, "moving is no update (ESC-13)"
    assert (moved.created_at, moved.to_value) == (at, "In Progress")
    ended = stored.clocks.filter(kind__in=["reminder", "closure", "proposal"])
    assert {(each.state, each.ended_at) for each in ended} == {("cancelled", at)}
    for job in (remind_due, close_due):
        assert not job(NOW + 30 * DAY)
    assert stored.next_due_at is None or stored.next_due_at not in {each.due_at for each in ended}
    assert stored.history.first().history_change_reason == "moving.take_in"
    assert Notice.objects.get(event="moved").email == office.desk.expert.email
    assert matching(Case.objects.all(), "trunk 4", internal=False).get() == stored


@pytest.mark.rule("CASE-5")
def test_what_was_written_before_the_question_answers_nothing(office):
    case, escalation = waiting(office)
    entry = answer_in_the_escalation(office, escalation, NOW + HOUR - dt.timedelta(seconds=1))
    clocks = list(Clock.objects.values())
    moved = move(office, entry, NOW + DAY)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.state_since_at) == ("awaiting_customer", NOW + HOUR)
    assert list(Clock.objects.values()) == clocks
    assert moved.to_value == ""
    assert Notice.objects.filter(event="moved").count() == 1, "but it is told of"


@pytest.mark.rule("CASE-5")
def test_an_answer_to_the_first_question_answers_no_second_one(office):
    case, escalation = waiting(office)
    entry = answer_in_the_escalation(office, escalation, NOW + 2 * HOUR)
    office.desk.act("resume", case, text="I go on.", now=NOW + 3 * HOUR)
    office.desk.act("ask", case, text="And which codec?", now=NOW + 4 * HOUR)
    move(office, entry, NOW + DAY)
    assert Case.objects.get(pk=case.pk).state == "awaiting_customer"


@pytest.mark.rule("CASE-5")
def test_the_role_at_the_time_of_writing_counts(office):
    """Who is Read-Only today was Designated when he wrote: nobody else could have (ACC-1)."""
    case, escalation = waiting(office)
    entry = answer_in_the_escalation(office, escalation, NOW + 2 * HOUR)
    role = Membership.objects.get(person=office.desk.designated)
    role.role = Membership.Role.READ_ONLY
    role.save()
    move(office, entry, NOW + DAY)
    assert Case.objects.get(pk=case.pk).state == "in_progress"


@pytest.mark.rule("FEED-3")
@pytest.mark.parametrize("internal", [True, False])
def test_words_of_staff_are_no_answer(office, internal):
    case, escalation = waiting(office)
    word = post_in_feed(
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW + 2 * HOUR,
        body="The fix is built.",
        internal=internal,
    )
    before = case.public_version
    mails = Notice.objects.count()
    move(office, word, NOW + DAY)
    stored = Case.objects.get(pk=case.pk)
    assert stored.state == "awaiting_customer"
    assert (stored.public_version == before) is internal
    assert Notice.objects.count() == mails


def ended(office: Office, escalation: Escalation, at: dt.datetime) -> None:
    close(escalation_id=escalation.pk, actor=Actor.of(office.owner), now=at, justification="Over.")


@pytest.mark.realm("commercial")  # elsewhere contacts write in the case alone (FEED-4)
@pytest.mark.rule("RESP-3")
@pytest.mark.parametrize("action", ["ask", "propose"])
def test_no_job_closes_a_case_over_an_answer_in_the_other_feed(office, action):
    case, escalation = waiting(office, action)
    answer_in_the_escalation(office, escalation, NOW + 2 * HOUR)
    ended(office, escalation, NOW + 3 * HOUR)
    closes_silently(case)
    assert Case.objects.get(pk=case.pk).is_open
    held = Notice.objects.get(event="closing_held")
    assert held.email == office.desk.expert.email
    assert "written in the escalation's feed" in held.text


def closes_silently(case: Case) -> None:
    """The jobs run on for two weeks, with the mails between them."""
    for hours in range(0, 14 * 24, 6):
        at = NOW + hours * HOUR
        due = Clock.objects.running().filter(acts_at__lte=at)
        if not (due.exists() or Notice.objects.due(at).exists()):
            continue  # the jobs would find nothing to do
        remind_due(at)
        while deliver_one(at):
            pass
        Notice.objects.filter(case=case, sent_at__gt=at).update(sent_at=at)
        close_due(at)


@pytest.mark.rule("RESP-3")
@pytest.mark.rule("CASE-8")
@pytest.mark.parametrize("action", ["ask", "propose"])
@pytest.mark.parametrize("owner", ["here", "gone"])
def test_a_case_that_a_job_closed_over_an_answer_is_open_again(office, monkeypatch, action, owner):
    """Such as one from before the jobs looked into the other feed."""
    case, escalation = waiting(office, action)
    entry = answer_in_the_escalation(office, escalation, NOW + 2 * HOUR)
    ended(office, escalation, NOW + 3 * HOUR)
    vetoes = [each for each in extension.closing_vetoes if each is not veto_over_an_answer]
    monkeypatch.setattr(extension, "closing_vetoes", vetoes)
    monkeypatch.setattr("cases.services.closures.vetoes_of", extension.vetoes_of)
    closes_silently(case)
    assert Case.objects.get(pk=case.pk).state == "closed"
    if owner == "gone":
        office.desk.expert.groups.clear()
    moved = move(office, entry, NOW + 20 * DAY)
    stored = Case.objects.get(pk=case.pk)
    state = "in_progress" if owner == "here" else "new"
    assert (stored.state, stored.closed_at) == (state, None)
    assert stored.owner == (office.desk.expert if owner == "here" else None)
    assert moved.to_value == stored.get_state_display()
    said = stored.entries.get(event="reopened")
    assert "had come before the case was closed" in said.body
    assert stored.clocks.running().filter(kind__in=["closure", "proposal"]).count() == 0
    told = set(Notice.objects.filter(event="reopened").values_list("email", flat=True))
    assert office.desk.designated.email in told
    again = move_to_escalation(
        entry_id=moved.pk,
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW + 21 * DAY,
    )
    move(office, again, NOW + 21 * DAY)
    assert stored.entries.filter(event="reopened").count() == 1


@pytest.mark.rule("CASE-7")
def test_a_case_that_a_person_closed_stays_closed(office):
    case, escalation = waiting(office)
    entry = answer_in_the_escalation(office, escalation, NOW + 2 * HOUR)
    office.desk.act("close", case, text="As agreed.", now=NOW + 3 * HOUR)
    move(office, entry, NOW + DAY)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.closed_at) == ("closed", NOW + 3 * HOUR)
    assert stored.entries.filter(event="moved").exists()


@pytest.mark.rule("SLA-1")
@pytest.mark.parametrize(("after", "state"), [(HOUR, "met"), (30 * HOUR, "breached")])
def test_moved_words_of_staff_are_the_response_when_they_were_written(office, after, state):
    plan = office.desk.organization.plan
    plan.features.add(*plan.features.model.objects.filter(code="response_targets"))
    case = office.case()
    escalation = office.accepted(case)
    clock, _ = Clock.objects.update_or_create(
        case=case,
        kind="response",
        defaults={
            "started_at": NOW,
            "due_at": NOW + 2 * HOUR,
            "state": "running",
            "ended_at": None,
            "acts_at": NOW + 2 * HOUR,
        },
    )
    word = post_in_feed(
        escalation_id=escalation.pk, actor=Actor.of(office.owner), now=NOW + after, body="We know."
    )
    move(office, word, NOW + 3 * DAY)
    clock.refresh_from_db()
    assert (clock.state, clock.ended_at) == (state, NOW + after)


@pytest.mark.rule("ESC-3")
def test_an_old_word_that_is_moved_is_not_the_newest_update(office):
    escalation = office.accepted()
    word = post_in_feed(
        escalation_id=escalation.pk, actor=Actor.of(office.owner), now=NOW, body="We know."
    )
    office.update(escalation.case, now=NOW + HOUR)
    office.read(escalation.case)
    move(office, word, NOW + DAY)
    assert not has_unread_update(escalation.case, office.desk.designated)


@pytest.mark.rule("FEED-1")
def test_the_escalation_owner_is_told_of_a_contacts_words_that_are_moved_to_him(office):
    escalation = office.accepted()
    desk = office.desk
    message = post_entry(
        case_id=escalation.case_id, actor=Actor.of(desk.designated), now=NOW, body=WORDS
    )
    move_to_escalation(
        entry_id=message.pk, escalation_id=escalation.pk, actor=Actor.of(desk.expert), now=NOW
    )
    told = Notice.objects.get(event="escalation_moved")
    assert told.email == office.owner.email
    assert (WORDS in told.text) is realm.current().mails_carry_content


@pytest.mark.rule("CASE-5")
def test_what_an_answer_did_stays_done_when_it_is_moved_away(office):
    case, escalation = waiting(office)
    message = post_entry(
        case_id=case.pk, actor=Actor.of(office.desk.designated), now=NOW + 2 * HOUR, body=WORDS
    )
    moved = move_to_escalation(
        entry_id=message.pk,
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW + DAY,
    )
    assert Case.objects.get(pk=case.pk).state == "in_progress"
    act(
        case_id=case.pk,
        action="ask",
        actor=Actor.of(office.desk.expert),
        now=NOW + 2 * DAY,
        text="And the codec?",
    )
    move(office, moved, NOW + 3 * DAY)
    assert Case.objects.get(pk=case.pk).state == "awaiting_customer", "there and back is no answer"
