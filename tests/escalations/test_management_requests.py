"""One request to management waits at a time, and a case has so many a day (MGT-8)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.errors import NotPossible, SentBefore
from cases.models import Case, Notice
from cases.services.feeds import post_entry
from cases.services.severity import change_severity
from escalations.models import ManagementAttention
from escalations.services.attention import send_management_attention
from escalations.services.feeds import post_in_feed
from escalations.services.management import give_word
from tests.stored import everything_stored
from tests.world import NOW, membership, person

from .world import HOUR

pytestmark = pytest.mark.rule("MGT-8")

ATTENTION = {
    "problem": "No progress after an escalation",
    "region": "United States",
    "description": "Calls still drop.",
    "impact": "We lose a tenth of our calls.",
    "product": "Genesys Cloud CX",
}


@pytest.fixture(autouse=True)
def at_now(settings):
    settings.MANAGEMENT_ATTENTION_ADDRESS = "management@support.example"
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def contact(office, client):
    client.force_login(office.desk.designated)
    return client


def ask(office, case: Case, **fields) -> ManagementAttention:
    actor = Actor.of(fields.pop("person", office.desk.designated))
    fields = {"now": NOW, **ATTENTION, **fields}
    return send_management_attention(case_id=case.pk, actor=actor, **fields)


def refused(office, case: Case, **fields) -> str:
    before = everything_stored()
    with pytest.raises(NotPossible) as caught:
        ask(office, case, **fields)
    assert everything_stored() == before
    return caught.value.message


def address(case: Case) -> str:
    return reverse("escalations:management", args=[case.number])


def standing(case: Case) -> list[tuple[str, dt.datetime | None]]:
    return list(case.attention_requests.order_by("pk").values_list("state", "settled_at"))


# --- It waits -----------------------------------------------------------------------------------


def test_while_one_waits_another_is_refused_with_who_when_and_what_to_do(office, settings):
    case = office.accepted().case
    ask(office, case)
    colleague = person("carla@acme.example", name="Carla")
    membership(colleague, office.desk.organization, "designated")
    for who in (office.desk.designated, colleague):
        said = refused(office, case, person=who, now=NOW + 40 * HOUR)
        assert f"{office.desk.designated} asked for management attention on" in said
        assert "15:00 UTC" in said
        assert "e-mailed to Product Support management" in said
        assert "add anything new to the case" in said
        assert settings.SUPPORT_PHONE in said
        assert case.number in said
    assert Notice.objects.filter(event="management_attention").count() == 1


def test_another_case_does_not_wait_for_it(office):
    first, second = office.accepted().case, office.accepted().case
    ask(office, first)
    ask(office, second)
    assert standing(first) == standing(second) == [("waiting", None)]


def test_a_second_click_is_the_request_that_waits(office):
    case, form = office.accepted().case, uuid.uuid4()
    request = ask(office, case, submission=form)
    assert ask(office, case, submission=form) == request
    with pytest.raises(SentBefore):
        ask(office, case, submission=form, problem="Something else")
    assert case.attention_requests.count() == 1


def test_the_database_itself_holds_one_waiting_request_of_a_case(office):
    case = office.accepted().case
    request = ask(office, case)
    request.pk = request.submission = None
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save()
    request.state = "answered"
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save()  # answered, and nobody knows when


# --- It is settled ------------------------------------------------------------------------------


def word_in_the_case(office, escalation):
    office.update(escalation.case, now=NOW + HOUR)


def question_in_the_case(office, escalation):
    office.desk.act("ask", escalation.case, text="Which trunk?", now=NOW + HOUR)


def word_in_the_escalation(office, escalation):
    actor = Actor.of(office.owner)
    post_in_feed(escalation_id=escalation.pk, actor=actor, now=NOW + HOUR, body="I look at it.")


def promised_word(office, escalation):
    give_word(
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW + HOUR,
        body="Development has a fix.",
        next_word_due_at=NOW + 9 * HOUR,
    )


@pytest.mark.parametrize(
    "answer", [word_in_the_case, question_in_the_case, word_in_the_escalation, promised_word]
)
def test_the_next_public_word_of_staff_in_either_feed_answers_it(office, answer):
    escalation = office.accepted()
    request = ask(office, escalation.case)
    answer(office, escalation)
    assert standing(escalation.case) == [("answered", NOW + HOUR)]
    change = request.history.first()
    assert change.history_user in {office.desk.expert, office.owner}
    assert change.history_date == NOW + HOUR
    ask(office, escalation.case, now=NOW + 2 * HOUR)
    assert [state for state, _ in standing(escalation.case)] == ["answered", "waiting"]


def internal_note(office, escalation):
    office.update(escalation.case, internal=True)


def internal_note_of_the_escalation(office, escalation):
    actor = Actor.of(office.owner)
    post_in_feed(escalation_id=escalation.pk, actor=actor, now=NOW, body="Hm.", internal=True)


def words_of_the_contact(office, escalation):
    actor = Actor.of(office.desk.designated)
    post_entry(case_id=escalation.case.pk, actor=actor, now=NOW, body="We wait.")


def new_severity(office, escalation):
    actor = Actor.of(office.desk.expert)
    case = escalation.case
    change_severity(case_id=case.pk, severity=2, reason="It grew.", actor=actor, now=NOW)


@pytest.mark.rule("FEED-3")
@pytest.mark.parametrize(
    "event",
    [internal_note, internal_note_of_the_escalation, words_of_the_contact, new_severity],
)
def test_nothing_else_answers_it(office, event):
    escalation = office.accepted()
    ask(office, escalation.case)
    event(office, escalation)
    assert standing(escalation.case) == [("waiting", None)]


def test_it_ends_with_the_case_and_a_reopened_case_may_ask_again(office):
    case = office.accepted().case
    ask(office, case)
    office.desk.act("close", case, actor=office.desk.designated, text="We gave up.")
    assert standing(case) == [("lapsed", NOW)]
    assert "closed" in refused(office, case)
    office.desk.act("reopen", case, actor=office.desk.designated, text="No, we did not.")
    ask(office, case, now=NOW + HOUR)


# --- So many a day ------------------------------------------------------------------------------


def test_a_case_has_so_many_within_24_hours(office, settings):
    settings.MANAGEMENT_ATTENTION_PER_DAY = 2
    case, other = office.accepted().case, office.accepted().case
    for hour in (0, 2):
        ask(office, case, now=NOW + hour * HOUR)
        office.update(case, now=NOW + (hour + 1) * HOUR)
    ask(office, other, now=NOW + 4 * HOUR)  # each case has its own
    second = dt.timedelta(seconds=1)
    free_at = NOW + 24 * HOUR
    for now in (NOW + 4 * HOUR, free_at - second):
        said = refused(office, case, now=now)
        assert "2 times in the last 24 hours" in said
        assert "from Wednesday, 4 March 2026, 15:00 UTC" in said, said
        assert settings.SUPPORT_PHONE in said
    ask(office, case, now=free_at)
    office.update(case, now=free_at + second)
    assert "17:00 UTC" in refused(office, case, now=free_at + HOUR)


# --- The page -----------------------------------------------------------------------------------


def test_the_page_says_so_instead_of_a_form(office, contact):
    case = office.accepted().case
    assert "<textarea" in contact.get(address(case)).content.decode()
    ask(office, case)
    page = contact.get(address(case)).content.decode()
    assert "<textarea" not in page
    assert "is waiting for an answer" in page
    assert 'href="tel:+15550100"' in page
    details = contact.get(reverse("escalations:details", args=[case.number])).content.decode()
    assert f'href="{address(case)}"' not in details
    assert "is waiting for an answer" in details
    office.update(case)
    assert "<textarea" in contact.get(address(case)).content.decode()
    details = contact.get(reverse("escalations:details", args=[case.number])).content.decode()
    assert f'href="{address(case)}"' in details
    assert "Product Support replied" in details


def test_a_form_that_was_open_meanwhile_comes_back_with_every_word(office, contact):
    case = office.accepted().case
    ask(office, case)
    before = everything_stored()
    typed = {**ATTENTION, "description": "Calls drop & nobody writes."}
    answer = contact.post(address(case), {**typed, "submission": str(uuid.uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "is waiting for an answer" in page
    assert "Calls drop &amp; nobody writes." in page
    assert everything_stored() == before


def test_the_time_in_the_words_is_the_readers(office, contact):
    case = office.accepted().case
    ask(office, case)
    office.desk.designated.time_zone = "America/New_York"
    office.desk.designated.save()
    page = contact.get(address(case)).content.decode()
    assert timezone.now() == NOW
    assert "EST" in page


# --- Those that were sent before ----------------------------------------------------------------
