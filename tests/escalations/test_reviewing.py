"""The Case Owner's review queue and the manager on a Critical case (MGT-6, MGT-7, PLAN-3)."""

import pytest

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Case, Notice
from cases.services.severity import change_severity
from escalations.models import ManagerEngagement, OwnerReview
from escalations.services.owner_requests import request_severity_change
from escalations.services.owner_reviews import answer_review, engage_manager
from tests.stored import everything_stored
from tests.world import NOW, staff_of_every_role


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


def answer(office, review, actor=None, **fields):
    return answer_review(
        review_id=review.pk,
        actor=Actor.of(actor or office.desk.expert),
        now=NOW,
        **{"done": True, "words": "I wrote to Development again.", **fields},
    )


@pytest.mark.rule("MGT-6")
@pytest.mark.parametrize(("done", "state"), [(True, "done"), (False, "declined")])
def test_a_request_is_answered_once_with_words_to_the_contact(office, done, state):
    case = office.case()
    review = answer(office, office.ask(case, reason="case_update"), done=done)
    assert (review.state, review.answered_by) == (state, office.desk.expert)
    assert case.entries.get(event="help_answer").body == "I wrote to Development again."
    assert told("review_answered") == {office.desk.designated.email}
    before = everything_stored()
    with pytest.raises(NotPossible):
        answer(office, review)
    assert everything_stored() == before
    assert not OwnerReview.objects.all().queue_of(office.desk.expert).exists()


@pytest.mark.rule("MGT-6")
def test_an_answer_has_words(office):
    review = office.ask(office.case(), reason="case_update")
    before = everything_stored()
    with pytest.raises(Invalid):
        answer(office, review, words=" ")
    assert everything_stored() == before


@pytest.mark.rule("MGT-6")
@pytest.mark.rule("ACC-7")
def test_only_those_who_work_cases_answer(office):
    review = office.ask(office.case(), reason="case_update")
    others = [person for role, person in staff_of_every_role().items() if role != "Support Expert"]
    before = everything_stored()
    for actor in [*others, office.desk.designated, office.desk.read_only]:
        with pytest.raises(NotAllowed):
            answer(office, review, actor)
    assert everything_stored() == before


@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize(("done", "severity"), [(True, 3), (False, 4)])
def test_done_changes_the_severity_and_declined_does_not(office, done, severity):
    case = office.case(severity=4)
    review = request_severity_change(
        case_id=case.pk,
        actor=Actor.of(office.desk.designated),
        now=NOW,
        severity=3,
        details="It is more than one agent now.",
    )
    answer(office, review, done=done, words="Checked the numbers.")
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.severity == severity
    if done:
        assert fresh.entries.get(event="severity").body == "Checked the numbers."


def engage(office, case, actor=None, **fields):
    return engage_manager(
        case_id=case.pk,
        actor=Actor.of(actor or office.desk.expert),
        now=NOW,
        **{"manager": office.manager, "note": "Their lines are down.", **fields},
    )


@pytest.mark.rule("MGT-7")
def test_a_manager_is_engaged_and_stands_on_the_critical_case(office):
    case = office.case(severity=1)
    engage(office, case)
    assert ManagerEngagement.objects.get(case=case).manager == office.manager
    assert told("manager_engaged") == {office.manager.email}
    assert case.entries.get(event="manager").to_value == "Mia Manager"
    note = case.entries.get(body="Their lines are down.")
    assert note.is_internal


@pytest.mark.rule("MGT-7")
def test_a_manager_is_engaged_on_open_critical_cases_by_those_who_may(office):
    case, high = office.case(severity=1), office.case(severity=2)
    closed = office.case(severity=1)
    office.desk.act("close", closed, text="Done.")
    before = everything_stored()
    for refusal in (
        lambda: engage(office, high),
        lambda: engage(office, closed),
    ):
        with pytest.raises(NotPossible):
            refusal()
    for nobody in (None, office.desk.expert, office.owner, office.desk.designated):
        with pytest.raises(Invalid):
            engage(office, case, manager=nobody)
    for actor in (office.owner, office.desk.designated):
        with pytest.raises(NotAllowed):
            engage(office, case, actor)
    assert everything_stored() == before
    engage(office, case)
    with pytest.raises(NotPossible):
        engage(office, case)


@pytest.mark.rule("PLAN-3")
@pytest.mark.rule("SEV-4")
def test_the_account_manager_is_told_of_every_critical_case(office):
    office.case(severity=2)
    assert told("critical") == set()
    opened = office.case(severity=1)
    mail = Notice.objects.get(event="critical")
    assert (mail.email, mail.case) == (office.account_manager.email, opened)
    raised = office.case(severity=2)
    change_severity(
        case_id=raised.pk,
        severity=1,
        reason="Lines are down.",
        actor=Actor.of(office.desk.expert),
        now=NOW,
        phone_24x7="+1 555 0142",
    )
    assert Notice.objects.filter(event="critical", case=raised).count() == 1
    contact = Notice.objects.get(event="opened", case=opened)
    assert f"quote {opened.number}" in contact.text
