"""The clock of the answer to an escalation warns, is marked, and counts anew (MGT-9)."""

import datetime as dt

import pytest

from cases.actors import Actor
from cases.jobs.clocks import breach_due, warn_due
from cases.models import CalendarDay, Notice
from cases.services import recalculations
from cases.services.recalculations import ask_to_recompute, recompute_some
from escalations.models import Escalation
from escalations.services.management import decline, take_review
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = pytest.mark.django_db

SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)
WARNS, DUE = NOW + 90 * MINUTE, NOW + 2 * HOUR


def told(event):
    return sorted(Notice.objects.filter(event=event).values_list("email", flat=True))


def fresh(escalation):
    return Escalation.objects.get(pk=escalation.pk)


def sweep(now):
    for one in (warn_due, breach_due):
        while one(now):
            pass


@pytest.fixture
def escalation(office) -> Escalation:
    asked = office.ask(office.case())
    # The case's own clocks are met: what the sweeps do here is for the escalation.
    assert not asked.case.clocks.running().exists()
    return asked


@pytest.mark.rule("MGT-9")
@pytest.mark.parametrize(("seconds", "warned"), [(-1, False), (0, True), (1, True)])
def test_it_warns_at_three_quarters(office, escalation, seconds, warned):
    assert (escalation.answer_warns_at, escalation.answer_due_at) == (WARNS, DUE)
    now = WARNS + seconds * SECOND
    sweep(now)
    stored = everything_stored()
    sweep(now)
    assert everything_stored() == stored  # once
    everybody = sorted([office.owner.email, office.other_owner.email])
    assert told("escalation_answer_due") == (everybody if warned else [])
    assert fresh(escalation).answer_warned_at == (now if warned else None)
    assert fresh(escalation).version == escalation.version  # an open form stays good


@pytest.mark.rule("MGT-9")
@pytest.mark.parametrize(("seconds", "broken"), [(0, False), (1, True)])
def test_it_is_marked_when_it_is_overdue(office, escalation, seconds, broken):
    take_review(escalation_id=escalation.pk, actor=Actor.of(office.owner), now=NOW + HOUR)
    now = DUE + seconds * SECOND
    sweep(now)
    sweep(now + SECOND * broken)
    assert told("escalation_answer_late") == ([office.owner.email] if broken else [])
    assert bool(fresh(escalation).answer_breached_at) == broken
    assert told("escalation_answer_due") == ([] if broken else [office.owner.email])


@pytest.mark.rule("MGT-9")
def test_one_that_was_answered_is_left_alone(office, escalation):
    owner = Actor.of(office.owner)
    take_review(escalation_id=escalation.pk, actor=owner, now=NOW)
    decline(escalation_id=escalation.pk, actor=owner, now=NOW, codes=[], words="It moves.")
    sweep(WARNS)
    sweep(DUE + HOUR)
    assert told("escalation_answer_due") == told("escalation_answer_late") == []
    assert fresh(escalation).answer_breached_at is None


@pytest.mark.rule("MGT-9")
@pytest.mark.rule("SLA-6")
def test_another_calendar_counts_it_anew_and_takes_the_warning_back(office, escalation):
    sweep(WARNS)
    calendar = office.desk.organization.calendar
    assert recalculations.number_running(calendar) == 1
    CalendarDay.objects.create(calendar=calendar, date=dt.date(2026, 3, 3))
    ask_to_recompute(calendar, actor=Actor.of(office.desk.expert), now=WARNS)
    while recompute_some(WARNS):
        pass
    found = fresh(escalation)
    opening = dt.datetime(2026, 3, 4, 14, 0, tzinfo=dt.UTC)  # Wednesday, 09:00 in New York
    assert (found.answer_due_at, found.answer_warned_at) == (opening + 2 * HOUR, None)
    sweep(DUE + HOUR)
    assert len(told("escalation_answer_due")) == 2
    sweep(opening + 90 * MINUTE)
    assert len(told("escalation_answer_due")) == 4
    sweep(opening + 2 * HOUR + SECOND)
    assert len(told("escalation_answer_late")) == 2
