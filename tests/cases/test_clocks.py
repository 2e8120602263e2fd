"""Clocks as the services run them: the initial response, from opening to answer (SLA-1, SLA-6)."""

import datetime as dt
import zoneinfo

import pytest
from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.models import CarePlan, Case, Clock, SlaTarget
from cases.promises import promised_response_at
from cases.rules.clocks import Event
from cases.rules.targets import SHIPPED
from cases.services import clocks
from cases.services.feeds import post_entry
from cases.services.locks import lock_case
from cases.services.severity import change_severity
from tests.world import NOW

pytestmark = pytest.mark.django_db

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
CRITICAL, HIGH, MEDIUM, LOW = 1, 2, 3, 4
PHONE = {"phone_24x7": "+1 555 0199"}


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def response(case: Case) -> Clock:
    return case.clocks.filter(kind="response").latest("pk")


def write(case, who, now, **fields):
    return post_entry(case_id=case.pk, actor=Actor.of(who), now=now, body="Words.", **fields)


def to_severity(desk, case, severity, now):
    return change_severity(
        case_id=case.pk,
        severity=severity,
        reason="As agreed by telephone.",
        actor=Actor.of(desk.expert),
        now=now,
        **PHONE,
    )


def give_plan(desk, code):
    desk.organization.plan = CarePlan.objects.get(code=code)
    desk.organization.save()


def test_the_shipped_targets_are_those_of_the_sources():
    assert {target.as_rule() for target in SlaTarget.objects.all()} == set(SHIPPED)


@pytest.mark.rule("SLA-1")
def test_opening_starts_the_clock_and_the_queue_sees_it(desk):
    case = desk.case(priority=HIGH)
    clock = response(case)
    assert (clock.state, clock.started_at) == ("running", NOW)
    assert clock.due_at == local("2026-03-03T12:00")
    assert clock.warns_at == clock.acts_at == local("2026-03-03T11:30")
    assert Case.objects.get(pk=case.pk).next_due_at == case.next_due_at == clock.due_at
    assert promised_response_at(case) == clock.due_at


@pytest.mark.rule("SLA-5")
def test_a_plan_without_targets_starts_no_clock(desk):
    give_plan(desk, "care_for_cloud")
    case = desk.case(priority=HIGH)
    assert not case.clocks.exists()
    assert (case.next_due_at, promised_response_at(case)) == (None, None)


@pytest.mark.rule("SLA-1")
@pytest.mark.rule("FEED-3")
def test_only_public_words_of_staff_meet_the_response(desk):
    case = desk.case()
    for who, fields in [(desk.expert, {"internal": True}), (desk.designated, {})]:
        write(case, who, NOW + MINUTE, **fields)
        assert response(case).state == "running"
    desk.act("take", case, now=NOW + 2 * MINUTE)
    desk.act("assign", desk.case(), owner=desk.colleague, text="Yours.", now=NOW)
    to_severity(desk, case, HIGH, NOW + 3 * MINUTE)
    assert response(case).state == "running"
    write(case, desk.expert, NOW + 4 * MINUTE)
    clock = response(case)
    assert (clock.state, clock.ended_at) == ("met", NOW + 4 * MINUTE)
    assert Case.objects.get(pk=case.pk).next_due_at is None


@pytest.mark.rule("SLA-1")
def test_first_words_with_the_taking_are_an_answer(desk):
    case = desk.act("take", desk.case(), text="I am on it.", now=NOW + MINUTE)
    assert response(case).state == "met"


@pytest.mark.rule("SLA-1")
@pytest.mark.parametrize(("seconds", "state"), [(-1, "met"), (0, "met"), (1, "breached")])
def test_an_answer_is_in_time_until_the_due_instant(desk, seconds, state):
    case = desk.case(priority=HIGH)
    answered = response(case).due_at + dt.timedelta(seconds=seconds)
    write(case, desk.expert, answered)
    clock = response(case)
    assert (clock.state, clock.ended_at, clock.is_open) == (state, answered, False)


@pytest.mark.rule("SLA-1")
def test_a_second_message_of_the_customer_moves_nothing(desk):
    case = desk.case()
    due = response(case).due_at
    write(case, desk.designated, NOW + HOUR)
    write(case, desk.expert, NOW + 70 * MINUTE)
    write(case, desk.designated, NOW + 80 * MINUTE)
    assert [(clock.state, clock.due_at) for clock in case.clocks.all()] == [("met", due)]


@pytest.mark.rule("SLA-6")
def test_another_severity_counts_from_the_creation(desk):
    case = desk.case(priority=HIGH)
    to_severity(desk, case, CRITICAL, NOW + 4 * MINUTE)
    clock = response(case)
    assert (clock.started_at, clock.due_at) == (NOW, NOW + 10 * MINUTE)
    assert clock.warns_at == clock.acts_at == NOW + 7.5 * MINUTE
    to_severity(desk, case, LOW, NOW + 5 * MINUTE)
    assert response(case).due_at == local("2026-03-03T12:00")
    assert case.clocks.count() == 1
    assert Case.objects.get(pk=case.pk).next_due_at == local("2026-03-03T12:00")


@pytest.mark.rule("SLA-6")
def test_a_clock_met_stays_met_and_a_breached_one_stays_breached(desk):
    met = desk.owned_case(priority=HIGH)
    write(met, desk.expert, NOW + MINUTE)
    before = Clock.objects.values().get(pk=response(met).pk)
    to_severity(desk, met, CRITICAL, NOW + HOUR)
    assert Clock.objects.values().get(case=met) == before

    late = desk.case(priority=CRITICAL, **PHONE)
    response(late)
    late.clocks.update(state="breached", acts_at=None)
    to_severity(desk, late, LOW, NOW + HOUR)
    assert (response(late).state, response(late).due_at) == ("breached", NOW + 10 * MINUTE)
    assert late.clocks.count() == 1


@pytest.mark.rule("SLA-6")
def test_another_plan_takes_the_promise_away_or_makes_one(desk):
    case = desk.case(priority=HIGH)

    def terms_changed(plan):
        give_plan(desk, plan)
        with transaction.atomic():
            actor = Actor.of(desk.expert)
            clocks.note(lock_case(case.pk), Event.TERMS_CHANGED, actor=actor, now=NOW + MINUTE)

    terms_changed("premium_care")
    assert response(case).due_at == local("2026-03-03T11:00")
    terms_changed("care_for_cloud")
    assert response(case).state == "cancelled"
    assert Case.objects.get(pk=case.pk).next_due_at is None
    terms_changed("business_care")
    assert (response(case).state, response(case).due_at) == ("running", local("2026-03-03T12:00"))
    assert response(case).started_at == NOW
    write(case, desk.expert, NOW + 2 * MINUTE)
    terms_changed("care_for_cloud")
    terms_changed("business_care")
    assert not case.clocks.running().exists()


@pytest.mark.rule("CASE-8")
@pytest.mark.rule("SLA-1")
def test_a_reopened_case_starts_afresh_and_is_not_overdue(desk):
    case = desk.case(priority=HIGH)
    desk.act("close", case, actor=desk.designated, text="Solved itself.", now=NOW + MINUTE)
    assert response(case).state == "cancelled"
    assert Case.objects.get(pk=case.pk).next_due_at is None
    again = local("2026-03-10T09:30")
    case = desk.act("reopen", case, actor=desk.designated, text="It is back.", now=again)
    clock = response(case)
    assert (clock.state, clock.started_at, clock.due_at) == ("running", again, again + 2 * HOUR)
    to_severity(desk, case, MEDIUM, again + MINUTE)
    assert response(case).due_at == again + 2 * HOUR  # and not from the creation
    desk.act("close", case, text="Explained.", now=again + HOUR)
    assert response(case).state == "met"  # the reason was an answer


@pytest.mark.rule("SLA-7")
def test_the_history_tells_what_became_of_a_clock(desk):
    case = desk.case(priority=HIGH)
    write(case, desk.expert, NOW + MINUTE)
    rows = response(case).history.order_by("history_id")
    assert [(row.history_change_reason, row.state) for row in rows] == [
        ("clocks.started", "running"),
        ("clocks.met", "met"),
    ]
    assert rows[1].history_user == desk.expert


def test_the_database_refuses_a_second_running_clock(desk):
    case = desk.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.create(case=case, kind="response", started_at=NOW, due_at=NOW, acts_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        case.clocks.update(state="met")
