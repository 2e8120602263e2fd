"""An answer is moved to the case in the instant in which a job closes the case (RESP-3).

The race is run again without its lock, on PostgreSQL, where it must fail.
"""

import datetime as dt

import pytest

from cases import extension
from cases.actors import Actor
from cases.jobs.clocks import close_due
from cases.models import Case, Entry
from cases.models.clocks import ClockQuerySet
from cases.roles import ESCALATION_OWNER
from escalations.models import Escalation, EscalationEntry, EscalationReason
from escalations.receivers import veto_over_an_answer
from escalations.services.feeds import move_to_case
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together, unlocked_case
from tests.world import NOW, Desk, person

LATE = NOW + dt.timedelta(days=30)


@pytest.fixture
def mover(desk, monkeypatch):
    """Who moves; and no veto, so that nothing but the move keeps the case open."""
    vetoes = [each for each in extension.closing_vetoes if each is not veto_over_an_answer]
    monkeypatch.setattr(extension, "closing_vetoes", vetoes)
    return person("owen@support.example", roles=(ESCALATION_OWNER,))


def moved_answer_meets_closing(desk: Desk, mover) -> None:
    case = desk.case_in("resolution_proposed")
    escalation = Escalation.objects.create(
        case=case,
        state="declined",
        requested_by=desk.designated,
        requested_at=NOW,
        reason=EscalationReason.objects.get(code="other"),
        severity=3,
        owner=mover,
        answer_due_at=NOW,
        answered_at=NOW,
        decline_words="Not yet.",
    )
    entry = EscalationEntry.objects.create(
        escalation=escalation,
        visibility="public",
        author=desk.designated,
        author_side="contact",
        body="It persists.",
        created_at=NOW + dt.timedelta(hours=1),
    )

    def close_all() -> None:
        while close_due(LATE):
            pass

    moved, _ = together(
        [lambda: move_to_case(entry_id=entry.pk, actor=Actor.of(mover), now=LATE), close_all]
    )
    assert isinstance(moved, Entry), moved
    closings = case.entries.filter(event="closed").count()
    assert Case.objects.get(pk=case.pk).state == "in_progress", "whoever was first"
    assert case.entries.filter(event="reopened").count() == closings
    assert not case.clocks.running().filter(kind="proposal").exists()


@pytest.mark.rule("RESP-3")
def test_a_moved_answer_keeps_the_case_open_whoever_was_first(desk, mover):
    for _ in range(5):
        moved_answer_meets_closing(desk, mover)


@pytest.mark.servers
def test_without_the_lock_the_answer_is_overlooked(desk, mover, monkeypatch):
    monkeypatch.setattr("escalations.services.persistence.lock_case", unlocked_case)
    monkeypatch.setattr(ClockQuerySet, "select_for_update", lambda self, **options: self)
    fails_at_least_once(moved_answer_meets_closing, desk, mover)
