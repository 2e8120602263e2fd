"""Another severity or priority: asked for in the case, taken back, decided (SEV-2, SEV-5)."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible, SentBefore
from cases.models import Case, Entry, Notice
from cases.services.severity import change_severity
from escalations.models import OwnerReview
from escalations.services.owner_requests import (
    request_priority_change,
    request_severity_change,
    withdraw_request,
)
from escalations.services.owner_reviews import answer_review
from fedramp.redaction.places import redact_case
from tests.stored import everything_stored
from tests.world import NOW

from .asking import told

PHONE = "+1 212 555 0142"


def ask(office, case, severity, person=None, **fields):
    return request_severity_change(
        case_id=case.pk,
        actor=Actor.of(person or office.desk.designated),
        now=NOW,
        severity=severity,
        **{"details": "Forty agents now.", "callback_phone": PHONE, **fields},
    )


def designate(office, case, priority, person=None, **fields):
    return request_priority_change(
        case_id=case.pk,
        actor=Actor.of(person or office.desk.designated),
        now=NOW,
        priority=priority,
        **{"details": "It matters less to us.", "callback_phone": PHONE, **fields},
    )


def answer(office, review, *, done=True, words="Checked the numbers."):
    return answer_review(
        review_id=review.pk, actor=Actor.of(office.desk.expert), now=NOW, done=done, words=words
    )


def fresh(case):
    return Case.objects.get(pk=case.pk)


def refused(error, call, *, match=None):
    before = everything_stored()
    with pytest.raises(error, match=match) as caught:
        call()
    assert everything_stored() == before
    return caught.value


# --- Severity -----------------------------------------------------------------------------------


@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize("severity", [4, 3])
def test_to_high_is_asked_with_a_number_and_lands_with_the_case_owner(office, severity):
    case = office.case(severity=severity)
    review = ask(office, case, 2)
    assert (review.requested_severity, review.callback_phone) == (2, PHONE)
    assert list(OwnerReview.objects.all().queue_of(office.desk.expert)) == [review]
    assert told("review_requested") == {office.desk.expert.email}
    assert fresh(case).severity == severity, "only staff change it"
    assert answer(office, review).state == "done"
    assert fresh(case).severity == 2
    assert case.entries.get(event="severity").body == "Checked the numbers."


@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize(
    "phone", ["", "  ", "12345", "ask for Jo", "+1 212 555 0142 at night", "[PHONE-1]", "1" * 41]
)
def test_a_number_that_cannot_be_called_is_refused(office, phone):
    case = office.case()
    error = refused(Invalid, lambda: ask(office, case, 2, callback_phone=phone))
    assert error.field == "callback_phone"


@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize("phone", ["+44 (0)20 7946-0958", "2125550142 ext. 12", "212.555.0142"])
def test_a_number_is_taken_as_it_is_written(office, phone):
    assert ask(office, office.case(), 2, callback_phone=phone).callback_phone == phone


@pytest.mark.rule("SEV-5")
def test_for_medium_no_number_is_kept(office):
    assert ask(office, office.case(severity=4), 3).callback_phone == ""


@pytest.mark.rule("SEV-5")
@pytest.mark.rule("FED-13")
def test_the_number_stands_in_no_text_of_the_case_and_in_no_mail_of_fedramp(office):
    case = office.case()
    ask(office, case, 2)
    assert not Entry.objects.filter(body__contains="0142").exists()
    mails = "".join(Notice.objects.values_list("text", flat=True))
    assert (PHONE in mails) == realm.current().mails_carry_content


@pytest.mark.rule("FED-1")
@pytest.mark.rule("SEV-5")
def test_the_number_goes_with_the_words_of_the_case(office):
    case = office.case()
    review = ask(office, case, 2)
    with transaction.atomic():
        redact_case(case)
    assert OwnerReview.objects.get(pk=review.pk).callback_phone == "[redacted]"
    assert not review.history.filter(callback_phone=PHONE).exists()


@pytest.mark.rule("SEV-5")
def test_one_request_waits_at_a_time_and_the_refusal_says_what_to_do(office):
    case = office.case(severity=4)
    ask(office, case, 3)
    error = refused(NotPossible, lambda: ask(office, case, 2))
    assert "waits for the Case Owner" in error.message
    assert "Withdraw it to ask for something else." in error.message
    refused(NotPossible, lambda: ask(office, case, 3), match="waits for the Case Owner")
    designate(office, case, 3)  # of another kind


@pytest.mark.rule("SEV-5")
def test_the_database_holds_what_the_service_refuses(office):
    case = office.case()
    common = {"case": case, "requested_by": office.desk.designated, "requested_at": NOW}
    later = {"called_at": NOW.replace(hour=16), "recorded_by": office.desk.expert}
    for fields in (
        {"kind": "severity", "requested_severity": 2},
        {"kind": "severity", "requested_severity": 1, "callback_phone": PHONE},
        {"kind": "priority", "requested_priority": 1, "callback_phone": PHONE},
        {"kind": "severity", "requested_severity": 3, "called_at": NOW},
        {"kind": "severity", "requested_severity": 1, **later},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            OwnerReview.objects.create(**common, **fields)


@pytest.mark.rule("SEV-5")
def test_a_second_click_is_the_same_request(office):
    case, form = office.case(), uuid.uuid4()
    first = ask(office, case, 2, submission=form)
    before = everything_stored()
    assert ask(office, case, 2, submission=form) == first
    assert everything_stored() == before
    for fields in ({"callback_phone": "+1 212 555 0199"}, {"details": "Else."}):
        refused(SentBefore, lambda fields=fields: ask(office, case, 2, submission=form, **fields))


@pytest.mark.rule("SEV-5")
def test_done_never_lowers_what_was_raised_meanwhile(office):
    case = office.case()
    review = ask(office, case, 2)
    change_severity(
        case_id=case.pk,
        severity=1,
        reason="All lines are down.",
        actor=Actor.of(office.desk.expert),
        now=NOW,
        phone_24x7=PHONE,
    )
    answer(office, review)
    assert fresh(case).severity == 1


@pytest.mark.rule("ACC-1")
@pytest.mark.rule("SEV-5")
@pytest.mark.parametrize("who", ["read_only", "outsider", "expert"])
def test_nobody_but_a_designated_contact_asks_or_withdraws(office, who):
    case = office.case()
    review = ask(office, case, 2)
    person = getattr(office.desk, who)
    refused(NotAllowed, lambda: ask(office, case, 2, person))
    refused(NotAllowed, lambda: designate(office, case, 4, person))
    refused(NotAllowed, lambda: withdraw(review, person))


# --- Priority -----------------------------------------------------------------------------------


@pytest.mark.rule("SEV-2")
@pytest.mark.rule("MGT-6")
@pytest.mark.parametrize("done", [True, False])
def test_a_decision_applies_the_customers_priority_or_says_why_not(office, done):
    case = office.case()
    review = designate(office, case, 4)
    assert (review.kind, review.requested_priority) == ("priority", 4)
    assert fresh(case).priority == 3
    answer(office, review, done=done, words="As you wish.")
    changed = fresh(case)
    assert (changed.priority, changed.severity) == (4 if done else 3, 3)
    entry = case.entries.get(event="help_answer")
    assert (entry.body, entry.visibility) == ("As you wish.", "public")
    assert told("review_answered") == {office.desk.designated.email}
    if done:
        kept = changed.history.first()
        assert (kept.priority, kept.history_user) == (4, office.desk.expert)


@pytest.mark.rule("SEV-2")
@pytest.mark.rule("SEV-5")
def test_a_priority_goes_up_as_a_severity_does(office, settings):
    low = office.case(severity=4)
    error = refused(NotPossible, lambda: designate(office, low, 1), match="you need to call")
    assert settings.SUPPORT_PHONE in error.message
    error = refused(Invalid, lambda: designate(office, low, 2, callback_phone=""))
    assert error.field == "callback_phone"
    refused(Invalid, lambda: designate(office, low, 4), match="Choose a priority other")
    refused(Invalid, lambda: designate(office, low, 5), match="Choose a priority other")
    assert designate(office, low, 2).callback_phone == PHONE
    critical = office.case(severity=1)
    assert designate(office, critical, 2, callback_phone="").callback_phone == ""


# --- Withdrawing --------------------------------------------------------------------------------


def withdraw(review, person):
    return withdraw_request(review_id=review.pk, actor=Actor.of(person), now=NOW)


@pytest.mark.rule("SEV-5")
@pytest.mark.rule("MGT-6")
def test_a_withdrawn_request_ends_and_another_one_can_follow(office):
    case = office.case()
    review = ask(office, case, 2)
    assert withdraw(review, office.desk.designated).state == "withdrawn"
    assert not OwnerReview.objects.all().queue_of(office.desk.expert).exists()
    entry = case.entries.get(event="withdrawn")
    assert (entry.visibility, entry.from_value) == ("public", "Change the severity to 2 - High")
    assert told("review_withdrawn") == {office.desk.expert.email}
    before = everything_stored()
    withdraw(review, office.desk.designated)
    assert everything_stored() == before, "the second click"
    refused(NotPossible, lambda: answer(office, review), match="already Withdrawn")
    again = ask(office, case, 2)
    answer(office, again, done=False)
    refused(NotPossible, lambda: withdraw(again, office.desk.designated), match="declined")


@pytest.mark.rule("HELP-3")
@pytest.mark.rule("RESP-3")
def test_taking_back_a_request_is_no_answer(office):
    case = office.case()
    review = office.ask(case, reason="case_update")
    office.desk.act("ask", case, text="Which trunk?")
    running = case.clocks.running().count()
    withdraw(review, office.desk.designated)
    assert fresh(case).state == "awaiting_customer"
    assert case.clocks.running().count() == running
