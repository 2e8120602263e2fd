"""A walk through everything that can happen on a desk: the rules hold after each step.

How many walks: WALKS in the environment, for a longer search by hand, of other walks each time.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from cases import extension, notices, recipients
from cases.rules import closures as closing_rules
from cases.services import clocks, closures, departures
from cases.services.lifecycle import act
from escalations.receivers import veto_while_escalated
from escalations.services import feeds
from tests.database import snapshot

from .walked import Walked
from .walking import build

pytestmark = pytest.mark.usefixtures("place")
WALKS = os.environ.get("WALKS", "")


@pytest.fixture
def place(db) -> None:
    Walked.place = snapshot.once(build)


@pytest.mark.rule("CASE-5")
@pytest.mark.rule("RESP-1")
@pytest.mark.rule("RESP-2")
@pytest.mark.rule("RESP-3")
@pytest.mark.rule("RESP-6")
@pytest.mark.rule("FEED-1")
@pytest.mark.rule("MGT-1")
@pytest.mark.rule("SLA-6")
def test_nothing_is_lost_and_nobody_is_overlooked():
    search(int(WALKS or 6))


def search(walks: int) -> None:
    drawn = settings(
        max_examples=walks,
        stateful_step_count=30,
        deadline=None,
        derandomize=not WALKS,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Walked, settings=drawn)


# --- Negative controls: with one part of the desk broken, a walk finds it ------------------------


class Script(Walked):
    """A walk along a known path, held to the rules after each step."""

    def staff(self, action: str) -> "Script":
        with self.moment() as now:
            word, actor = self.word(), self.actor(self.experts[0])
            fields = {"case_id": self.cases[0], "actor": actor, "now": now, "action": action}
            self.says(act, word, text=f"We say {word}.", **fields)
        return self.held()

    def step(self, name: str, number: int = 0, who: int = 0, what: int = 0) -> "Script":
        getattr(self, name)(number, who, what)
        return self.held()

    def contact_writes(self) -> "Script":
        return self.step("a_contact_acts", what=9)

    def days_pass(self, days: int, *, jobs: bool = True) -> "Script":
        for _ in range(days):
            self.step("time_passes", number=3)
            if jobs:
                self.step("all_jobs_run")
        return self

    def escalated(self) -> "Script":
        """The expert's case has an accepted escalation."""
        self.staff("take").days_pass(2).step("a_contact_escalates_or_writes_to_the_owner")
        for _ in range(2):
            self.step("an_escalation_owner_acts", what=4)
        escalation = self.escalation(self.case(0))
        assert getattr(escalation, "state", "") == "accepted"
        return self

    def held(self) -> "Script":
        self.the_rules_hold()
        return self


def an_owner_leaves(script: Script) -> None:
    script.staff("take").step("staff_leave_or_come_back", number=1)


def nobody_answers_an_escalated_case(script: Script) -> None:
    script.escalated().staff("ask").days_pass(6)


def the_answer_stands_in_the_other_feed(script: Script) -> None:
    script.escalated().staff("ask").step("a_contact_escalates_or_writes_to_the_owner")
    script.step("an_escalation_owner_acts", what=0).days_pass(6)


def an_entry_is_moved(script: Script) -> None:
    script.escalated().contact_writes().step("an_entry_is_moved")


def a_contact_closes_what_nobody_owned(script: Script) -> None:
    script.step("a_contact_acts", what=0)


def all_contacts_leave(script: Script) -> None:
    script.staff("take")
    for who in range(3):
        script.step("a_contact_leaves_or_comes_back", number=0, who=who)
    script.staff("ask")


def the_jobs_stand_still_until_saturday(script: Script) -> None:
    script.staff("take").staff("propose").days_pass(4, jobs=False).step("all_jobs_run")


def a_day_is_declared_closed(script: Script) -> None:
    script.staff("take").staff("ask").step("the_calendar_changes", number=1).step("all_jobs_run")


def nobody_answers(script: Script) -> None:
    script.staff("take").staff("ask").days_pass(4)


def nothing(*args, **kwargs) -> int:
    return 0


def close_without_notice(patch: pytest.MonkeyPatch) -> None:
    def send_nothing(due, *, actor, now):
        clocks.meet_all(due, actor=actor, now=now)
        clocks.refresh_next_due(*(clock.case for clock in due))

    patch.setattr(closures, "send_notices", send_nothing)
    patch.setattr(closures, "_announced", lambda due, **kwargs: list(due))


#: What is broken, the path on which it shows, and what is found.
BROKEN = {
    "the release of a leaver's cases": (
        lambda patch: patch.setattr(departures, "_release", nothing),
        an_owner_leaves,
        "lies with Erin",
    ),
    "the veto of an escalation": (
        lambda patch: patch.setattr(extension, "closing_vetoes", []),
        nobody_answers_an_escalated_case,
        "RESP-6",
    ),
    "the veto of an answer": (
        lambda patch: patch.setattr(extension, "closing_vetoes", [veto_while_escalated]),
        the_answer_stands_in_the_other_feed,
        "closed over",
    ),
    "the trace of what was moved": (
        lambda patch: patch.setattr(feeds, "_leave_trace", nothing),
        an_entry_is_moved,
        "stands twice",
    ),
    "the lead who is told": (
        lambda patch: patch.setattr(recipients, "_left_every_queue", nothing),
        a_contact_closes_what_nobody_owned,
        "nobody: 'I say",
    ),
    "the word that nobody hears": (
        lambda patch: patch.setattr(notices, "tell_unheard", nothing),
        all_contacts_leave,
        "nobody: 'We say",
    ),
    "the waiting for the day": (
        lambda patch: patch.setattr(closing_rules, "by_day", lambda calendar, due_at, now: now),
        the_jobs_stand_still_until_saturday,
        "closed on",
    ),
    "the counting anew": (
        lambda patch: patch.setattr(clocks, "_recompute_closing", nothing),
        a_day_is_declared_closed,
        "out of place",
    ),
    "the notice before a closing": (
        close_without_notice,
        nobody_answers,
        "closed .* without notice",
    ),
}
#: In the FedRAMP realm contacts do not write in the escalation's feed (FEED-2).
COMMERCIAL = {"the veto of an answer": [pytest.mark.realm("commercial")]}


@pytest.mark.parametrize("is_broken", [True, False])
@pytest.mark.parametrize(
    "what", [pytest.param(each, marks=COMMERCIAL.get(each, [])) for each in BROKEN]
)
def test_a_walk_finds_what_is_broken(monkeypatch, what, is_broken):
    break_it, go, found = BROKEN[what]
    if is_broken:
        break_it(monkeypatch)
    script = Script()
    try:
        if is_broken:
            with pytest.raises(AssertionError, match=found):
                go(script)
        else:
            go(script)
    finally:
        script.teardown()


def test_a_search_finds_it_by_itself(monkeypatch):
    monkeypatch.setattr(departures, "_release", nothing)
    with pytest.raises(AssertionError, match="lies with"):
        search(12)
