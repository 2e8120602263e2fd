"""Managing an escalation: who does what in which state, and what is told (MGT)."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from cases import extension
from cases.actors import Actor
from cases.errors import CaseChanged, Invalid, NotAllowed, NotPossible, Refused
from cases.models import Case, Notice
from escalations.models import Escalation, EscalationState, OwnerReview
from escalations.services import management
from tests.stored import everything_stored
from tests.world import NOW, staff_of_every_role

from .world import HOUR

STATES = [state.value for state in EscalationState]
PLAN = {
    "importance": 1,
    "urgency": 2,
    "next_steps": "Development looks at the trace today.",
    "next_word_due_at": NOW + 4 * HOUR,
}
#: What each service is given, and the states from which it works.
CALLS = {
    "take_review": ({}, {"requested"}),
    "accept": (PLAN, {"under_review"}),
    "decline": ({"codes": ["the_severity_is_not_low"], "words": "It is Low."}, {"under_review"}),
    "hand_over": ({"owner": "other_owner"}, {"under_review", "accepted"}),
    "assess": (
        {"importance": 2, "urgency": 3, "trend": "improving", "on_watch": True},
        {"accepted"},
    ),
    "give_word": ({"body": "The fix is built.", "next_word_due_at": NOW + 8 * HOUR}, {"accepted"}),
    "close": ({"justification": "The fix works."}, {"accepted"}),
}
#: What any Escalation Owner may do, and not the escalation's own alone.
FOR_ANY_OWNER = {"take_review", "hand_over"}


def do(office, escalation, name, actor=None, **changes):
    given = {**CALLS[name][0], **changes}
    if isinstance(given.get("owner"), str):
        given["owner"] = getattr(office, given["owner"])
    return getattr(management, name)(
        escalation_id=escalation.pk,
        actor=Actor.of(actor or office.owner),
        now=changes.pop("now", NOW),
        **given,
    )


def escalation_in(office, state: str) -> Escalation:
    if state == "requested":
        return office.ask(office.case())
    if state == "under_review":
        return office.under_review()
    if state == "declined":
        return do(office, office.under_review(), "decline")
    escalation = office.accepted()
    return do(office, escalation, "close") if state == "closed" else escalation


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


def refused(office, escalation, name, *, error=Refused, actor=None, **changes):
    before = everything_stored()
    with pytest.raises(error) as caught:
        do(office, escalation, name, actor, **changes)
    assert everything_stored() == before
    return caught.value


@pytest.mark.rule("MGT-1")
@pytest.mark.parametrize("state", STATES)
def test_each_service_works_from_its_states_and_from_no_other(office, state):
    escalation = escalation_in(office, state)
    for name, (_, states) in CALLS.items():
        if state in states:
            with transaction.atomic():
                do(office, escalation, name)
                transaction.set_rollback(True)
        else:
            refused(office, escalation, name, error=NotPossible)


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("name", CALLS)
def test_nobody_but_an_escalation_owner_manages(office, name):
    escalation = escalation_in(office, sorted(CALLS[name][1])[-1])
    others = [
        person for role, person in staff_of_every_role().items() if role != "Escalation Owner"
    ]
    desk = office.desk
    for actor in [*others, desk.designated, desk.read_only, desk.outsider]:
        refused(office, escalation, name, error=NotAllowed, actor=actor)


@pytest.mark.parametrize(
    "name", [name for name in CALLS if name not in {"take_review", "hand_over"}]
)
def test_an_escalation_is_managed_by_its_own_owner(office, name):
    escalation = escalation_in(office, sorted(CALLS[name][1])[-1])
    error = refused(office, escalation, name, error=NotAllowed, actor=office.other_owner)
    assert "Owen Owner" in error.message
    do(office, escalation, "hand_over", office.other_owner)
    do(office, escalation, name, office.other_owner)


@pytest.mark.parametrize("name", CALLS)
def test_a_stale_page_is_told(office, name):
    escalation = escalation_in(office, sorted(CALLS[name][1])[-1])
    seen = Escalation.objects.get(pk=escalation.pk).version
    refused(office, escalation, name, error=CaseChanged, seen_version=seen - 1)
    do(office, escalation, name, seen_version=seen)


@pytest.mark.rule("MGT-1")
def test_the_review_queue_is_ordered_by_what_is_due_first(office):
    late = office.ask(office.case(), now=NOW + HOUR)
    soon = office.ask(office.case(), now=NOW)
    taken = office.under_review()
    assert list(Escalation.objects.all().to_review()) == [soon, taken, late]
    office.accepted()
    assert Escalation.objects.all().to_review().count() == 3


@pytest.mark.rule("MGT-9")
@pytest.mark.parametrize(("seconds", "overdue"), [(-1, False), (0, False), (1, True)])
def test_an_answer_is_overdue_after_its_time(office, seconds, overdue):
    escalation = office.ask(office.case())
    at = escalation.answer_due_at + dt.timedelta(seconds=seconds)
    assert escalation.is_answer_overdue(at) == overdue
    assert not office.accepted().is_answer_overdue(at + 100 * HOUR)


@pytest.mark.rule("MGT-2")
def test_declined_says_why_to_who_asked(office, settings):
    escalation = do(office, office.under_review(), "decline")
    assert (escalation.state, escalation.answered_at) == ("declined", NOW)
    assert escalation.decline_codes == ["the_severity_is_not_low"]
    mail = Notice.objects.get(event="escalation_declined", email=office.desk.designated.email)
    assert "The severity is not Low" in mail.text
    assert settings.SUPPORT_PHONE in mail.text
    assert escalation.entries.get(event="declined").body == "It is Low."
    assert not escalation.is_active


@pytest.mark.rule("MGT-2")
@pytest.mark.parametrize("changes", [{"words": " "}, {"codes": ["nonsense"]}])
def test_declining_needs_words_and_known_criteria(office, changes):
    refused(office, office.under_review(), "decline", error=Invalid, **changes)


@pytest.mark.rule("MGT-3")
def test_accepted_promises_a_next_word(office):
    escalation = office.accepted()
    assert (escalation.state, escalation.answered_at) == ("accepted", NOW)
    assert escalation.next_word_due_at == NOW + 4 * HOUR
    assert escalation.entries.get(event="accepted").body == PLAN["next_steps"]
    assert told("escalation_accepted") == {office.desk.designated.email, office.desk.expert.email}


@pytest.mark.rule("MGT-3")
@pytest.mark.parametrize(
    "changes",
    [
        {"importance": 0},
        {"urgency": 4},
        {"next_steps": " "},
        {"next_word_due_at": NOW},
        {"next_word_due_at": NOW - dt.timedelta(seconds=1)},
    ],
)
def test_accepting_needs_a_whole_plan(office, changes):
    refused(office, office.under_review(), "accept", error=Invalid, **changes)


@pytest.mark.rule("MGT-3")
@pytest.mark.rule("MGT-4")
def test_the_queue_ranks_overdue_words_first_then_importance_and_urgency(office):
    def accepted(importance, urgency, hours):
        escalation = office.under_review()
        return do(
            office,
            escalation,
            "accept",
            importance=importance,
            urgency=urgency,
            next_word_due_at=NOW + hours * HOUR,
        )

    low = accepted(3, 3, 9)
    urgent = accepted(1, 1, 9)
    overdue = accepted(3, 3, 1)
    important = accepted(1, 2, 8)
    assert list(Escalation.objects.all().ranked(NOW + 2 * HOUR)) == [
        overdue,
        urgent,
        important,
        low,
    ]
    assert overdue.is_word_overdue(NOW + 2 * HOUR)
    assert not urgent.is_word_overdue(NOW + 2 * HOUR)


@pytest.mark.rule("MGT-4")
def test_the_promised_word_moves_the_promise(office):
    escalation, form = office.accepted(), uuid.uuid4()
    do(office, escalation, "give_word", submission=form)
    before = everything_stored()
    do(office, escalation, "give_word", submission=form)
    assert everything_stored() == before, "the second click"
    fresh = Escalation.objects.get(pk=escalation.pk)
    assert fresh.next_word_due_at == NOW + 8 * HOUR
    assert fresh.entries.get(event="word").body == "The fix is built."
    assert told("escalation_word") == {office.desk.designated.email}
    refused(office, escalation, "give_word", error=Invalid, body=" ")
    refused(office, escalation, "give_word", error=Invalid, next_word_due_at=NOW)


@pytest.mark.rule("MGT-9")
@pytest.mark.rule("FEED-3")
def test_an_assessment_is_for_staff_alone(office):
    escalation = office.accepted()
    mails = Notice.objects.count()
    escalation = do(office, escalation, "assess")
    assert (escalation.trend, escalation.on_watch) == ("improving", True)
    assert escalation.entries.get(event="assessed").is_internal
    assert Notice.objects.count() == mails
    refused(office, escalation, "assess", error=Invalid, trend="nonsense")


def test_handing_over_tells_the_new_owner_and_keeps_the_note_internal(office):
    escalation = office.accepted()
    escalation = do(office, escalation, "hand_over", note="He is upset.")
    assert escalation.owner == office.other_owner
    assert escalation.entries.get(body="He is upset.").is_internal
    mails = Notice.objects.filter(event="escalation_handed_over")
    assert {mail.email for mail in mails} == {
        office.other_owner.email,
        office.desk.designated.email,
    }
    assert not any("upset" in mail.text for mail in mails)
    for nobody in (None, office.desk.expert, office.other_owner):
        refused(office, escalation, "hand_over", error=Invalid, owner=nobody, actor=office.owner)


@pytest.mark.rule("MGT-5")
def test_closing_needs_a_justification_that_the_contacts_read(office):
    escalation = office.accepted()
    refused(office, escalation, "close", error=Invalid, justification="  ")
    escalation = do(office, escalation, "close")
    assert (escalation.state, escalation.closed_at) == ("closed", NOW)
    assert escalation.next_word_due_at is None
    assert escalation.entries.get(event="closed").visibility == "public"
    assert told("escalation_closed") == {office.desk.designated.email, office.desk.expert.email}


# --- The case and its escalation ----------------------------------------------------------------


@pytest.mark.rule("MGT-5")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("by", ["expert", "designated"])
def test_closing_the_case_closes_its_escalation(office, state, by):
    escalation = escalation_in(office, state)
    actor = getattr(office.desk, by)
    office.desk.act("close", escalation.case, actor=actor, text="Done.", now=NOW + HOUR)
    fresh = Escalation.objects.get(pk=escalation.pk)
    if state == "declined":
        assert fresh.state == "declined"
        return
    assert fresh.state == "closed"
    if state != "closed":
        assert fresh.closed_at == NOW + HOUR
        assert fresh.closing_justification
        newest = fresh.history.first()
        assert (newest.history_user, newest.history_change_reason) == (
            actor,
            "managing.close_with_case",
        )
    told_to = {office.owner.email} if state in {"under_review", "accepted"} else set()
    if state == "requested":
        told_to = {office.owner.email, office.other_owner.email}
    assert told("escalation_ended") == told_to


@pytest.mark.rule("MGT-5")
def test_accepting_the_resolution_closes_it_too_and_reopening_brings_none_back(office):
    escalation = office.accepted()
    office.desk.act("propose", escalation.case, text="Set the codec.")
    office.desk.act("accept", escalation.case, actor=office.desk.designated)
    office.desk.act("reopen", escalation.case, text="It is back.")
    assert Escalation.objects.get(pk=escalation.pk).state == "closed"
    assert not Escalation.objects.filter(case=escalation.case).active().exists()


def test_what_the_case_owner_was_asked_ends_with_the_case(office):
    case = office.case()
    review = office.ask(case, reason="case_update")
    office.desk.act("close", case, text="Done.")
    assert OwnerReview.objects.get(pk=review.pk).state == "lapsed"


@pytest.mark.rule("RESP-6")
@pytest.mark.parametrize("state", STATES)
def test_no_job_closes_a_case_whose_escalation_is_active(office, state):
    escalation = escalation_in(office, state)
    vetoed = extension.vetoes_of([escalation.case])
    assert bool(vetoed) == (state in {"requested", "under_review", "accepted"})


# --- The database -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "broken"),
    [
        ("requested", {"state": "nonsense"}),
        ("requested", {"state": "accepted"}),
        ("requested", {"state": "closed"}),
        ("under_review", {"owner": None}),
        ("accepted", {"next_word_due_at": None}),
        ("accepted", {"next_steps": ""}),
        ("accepted", {"importance": 9}),
        ("declined", {"decline_words": ""}),
        ("closed", {"closing_justification": ""}),
        ("closed", {"closed_at": None}),
    ],
)
def test_the_database_refuses_what_no_service_makes(office, state, broken):
    escalation = escalation_in(office, state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.filter(pk=escalation.pk).update(**broken)


@pytest.mark.rule("CASE-9")
def test_every_change_has_its_who_when_and_why(office):
    escalation = office.accepted()
    do(office, escalation, "give_word")
    do(office, escalation, "close")
    rows = Escalation.objects.get(pk=escalation.pk).history.order_by("history_date", "history_id")
    assert [(row.history_change_reason, row.history_user, row.state) for row in rows] == [
        ("requesting.request_help", office.desk.designated, "requested"),
        ("managing.take", office.owner, "under_review"),
        ("managing.accept", office.owner, "accepted"),
        ("managing.give_word", office.owner, "accepted"),
        ("managing.close", office.owner, "closed"),
    ]
    assert Case.objects.get(pk=escalation.case_id).state == "in_progress"
