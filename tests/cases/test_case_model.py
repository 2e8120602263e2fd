"""Any events on a case, in any order: the case agrees with a simple model of it.

Hypothesis draws the events and the hours between them. The model is a few plain values; the
invariants of the rules must hold after each step.
"""

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases.actors import Actor
from cases.errors import Invalid, NotPossible
from cases.jobs.clocks import close_due, remind_due
from cases.jobs.sweeps import deliver_one
from cases.models import Case, Clock, Incident, Notice
from cases.rules.business_time import Calendar, add, add_days, end_of_day_after
from cases.services.closures import extend
from cases.services.feeds import post_entry
from cases.services.incidents import withdraw_restoration
from tests.incidents import restore, to_severity
from tests.world import NOW, Desk

HOUR, MOMENT = dt.timedelta(hours=1), dt.timedelta.resolution
WAITING = ("awaiting_customer", "resolution_proposed")
OPEN = ("in_progress", "awaiting_third_party", *WAITING)


def happens(*states: str):
    return precondition(lambda self: self.state in states)


class CaseLife(RuleBasedStateMachine):
    """A case, what people and jobs do with it, and the model: the values below."""

    desk: Desk
    calendar: Calendar

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = NOW
        self.case = self.desk.owned_case()
        # The model.
        self.state = "in_progress"
        self.version = 2
        self.public = 2
        self.answered = False  # by Product Support, since it was opened or reopened
        self.notice_at: dt.datetime | None = None
        self.closes_at: dt.datetime | None = None
        self.extended = False
        self.notices = self.closings = 0
        self.severity = self.case.severity
        self.began = NOW  # opened, or reopened last
        self.incident: Incident | None = None
        self.restored_at: dt.datetime | None = None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def act(self, action: str, actor=None, **fields) -> None:
        self.desk.act(action, self.case, actor=actor, now=self.now, text="Words.", **fields)

    def came_to(self, state: str, *, public: bool = True) -> None:
        self.state = state
        self.version += 1
        self.public += public
        self.notice_at = self.closes_at = None
        self.extended = False

    # --- What happens

    @rule(hours=st.sampled_from([0.25, 1, 5, 16, 24, 48, 90]))
    def time_passes(self, hours):
        self.now += hours * HOUR

    @happens("in_progress")
    @rule()
    def staff_ask(self):
        self.act("ask")
        self.came_to("awaiting_customer")
        self.answered = True
        self.notice_at = add_days(self.calendar, self.now, 2)
        self.closes_at = add_days(self.calendar, self.now, 3)

    @happens("in_progress", "awaiting_customer", "awaiting_third_party")
    @rule()
    def staff_propose(self):
        self.act("propose")
        self.came_to("resolution_proposed")
        self.answered = True
        self.closes_at = end_of_day_after(self.calendar, self.now, 3)

    @happens("in_progress")
    @rule()
    def staff_engage(self):
        self.act("engage", third_party="development")
        self.came_to("awaiting_third_party")
        self.answered = True

    @happens("awaiting_third_party", *WAITING)
    @rule()
    def staff_go_on(self):
        self.act("resume")
        self.came_to("in_progress")
        self.answered = True

    @happens("in_progress", "awaiting_third_party", *WAITING)
    @rule(internal=st.booleans())
    def staff_write(self, internal):
        """Moves no closing, whatever it says."""
        actor = Actor.of(self.desk.expert)
        post_entry(
            case_id=self.case.pk, actor=actor, now=self.now, body="Words.", internal=internal
        )
        self.version += 1
        self.public += not internal
        self.answered |= not internal

    @happens("in_progress", "awaiting_third_party", *WAITING)
    @rule()
    def contact_writes(self):
        actor = Actor.of(self.desk.designated)
        post_entry(case_id=self.case.pk, actor=actor, now=self.now, body="Words.")
        if self.state in WAITING:
            self.came_to("in_progress")
        else:
            self.version += 1
            self.public += 1

    @happens("resolution_proposed")
    @rule(accepts=st.booleans())
    def contact_judges(self, accepts):
        self.act("accept" if accepts else "persist", actor=self.desk.designated)
        self.came_to("closed" if accepts else "in_progress")
        self.closings += accepts

    @happens("closed")
    @rule()
    def contact_reopens(self):
        actor = Actor.of(self.desk.designated)
        with pytest.raises(NotPossible):
            post_entry(case_id=self.case.pk, actor=actor, now=self.now, body="Words.")
        self.act("reopen", actor=self.desk.designated)
        self.came_to("in_progress")
        self.answered = False
        self.began = self.now

    @happens(*OPEN)
    @rule(severity=st.sampled_from([1, 2, 3, 4]))
    def staff_change_the_severity(self, severity):
        """Says why, and answers nothing."""
        if severity == self.severity:
            with pytest.raises(Invalid):
                to_severity(self.desk, self.case, severity, self.now)
            return
        to_severity(self.desk, self.case, severity, self.now)
        self.severity = severity
        self.version += 1
        self.public += 1

    @happens(*OPEN)
    @rule()
    def staff_mark_the_platform_or_take_it_back(self):
        if self.incident is None:
            self.act("join_incident", incident=None, title="Media in us-east-2")
            self.incident = Case.objects.get(pk=self.case.pk).incident
        else:
            self.act("leave_incident")
            self.incident = None
        self.restored_at = None
        self.version += 1
        self.public += 1

    @precondition(lambda self: self.incident is not None and self.restored_at is None)
    @rule()
    def staff_restore_the_service(self):
        """Of a closed case too: whoever it hit is told."""
        restore(self.desk, self.incident, self.now)
        self.restored_at = self.now
        self.answered = True
        self.version += 1
        self.public += 1

    @precondition(lambda self: self.restored_at is not None)
    @rule()
    def staff_take_the_restoration_back(self):
        withdraw_restoration(
            incident_id=self.incident.pk,
            seen=self.restored_at,
            reason="Words.",
            actor=Actor.of(self.desk.expert),
            now=self.now,
        )
        self.restored_at = None
        self.version += 1
        self.public += 1

    @happens(*WAITING)
    @rule()
    def staff_put_it_off(self):
        actor = Actor.of(self.desk.expert)
        put_off = {"case_id": self.case.pk, "actor": actor, "now": self.now, "reason": "Words."}
        if self.extended:
            with pytest.raises(NotPossible):
                extend(**put_off)
            return
        extend(**put_off)
        self.extended = True
        self.version += 1
        self.public += 1
        if self.state == "resolution_proposed":
            later = end_of_day_after(self.calendar, self.now, 3)
        else:
            later = add_days(self.calendar, self.now, 3)
        self.closes_at = max(self.closes_at, later)
        if self.notice_at:
            self.notice_at = add_days(self.calendar, self.now, 2)

    @rule()
    def jobs_run(self):
        """Notice first, then what is due to be closed; the mail leaves in the end."""
        for some in (remind_due, close_due):
            while some(self.now):
                pass
        with time_machine.travel(self.now, tick=False):
            while deliver_one(self.now):
                pass
        if self.is_time(self.notice_at):
            self.notice_at = None
            self.notices += 1
            self.version += 1
            self.closes_at = max(self.closes_at, add_days(self.calendar, self.now, 1))
        if self.is_time(self.closes_at):
            self.came_to("closed")
            self.closings += 1

    def is_time(self, at: dt.datetime | None) -> bool:
        """Due; and by day, where the jobs come late."""
        if at is None or at > self.now:
            return False
        is_open = add(self.calendar, self.now, MOMENT) - MOMENT == self.now
        return is_open or self.now - at < HOUR

    def promised(self) -> dict[str, dt.datetime]:
        """SLA-3, SLA-4, RCA-3: what counts down for a platform-level case, and until when."""
        if self.incident is None or self.state == "closed":
            return {}
        if self.restored_at is not None:
            since = max(self.restored_at, self.began)
            return {"rca": add_days(self.calendar, since, 5)} if self.severity <= 2 else {}
        if self.severity == 1:
            return {"restoration": self.began + 4 * HOUR}
        days = {2: 2, 3: 5}.get(self.severity)
        return {"restoration": add_days(self.calendar, self.began, days)} if days else {}

    # --- What holds after each step

    @invariant()
    def it_stands_as_the_model_says(self):
        stored = Case.objects.get(pk=self.case.pk)
        assert (stored.state, stored.severity) == (self.state, self.severity)
        assert (stored.version, stored.public_version) == (self.version, self.public)
        assert (stored.closed_at is None) == (self.state != "closed")

    @invariant()
    def every_version_is_in_the_history(self):
        rows = self.case.history.order_by("version").values_list("version", flat=True)
        assert list(rows) == list(range(1, self.version + 1))

    @invariant()
    def each_clock_runs_when_it_must_and_no_longer(self):
        running = {clock.kind: clock for clock in Clock.objects.running().filter(case=self.case)}
        expected = set()
        if self.state == "awaiting_customer":
            expected = {"closure"} | ({"reminder"} if self.notice_at else set())
        elif self.state == "resolution_proposed":
            expected = {"proposal"}
        promised = self.promised()
        assert set(running) - {"response"} == expected | set(promised)
        assert {kind: running[kind].due_at for kind in promised} == promised
        assert ("response" in running) <= (not self.answered and self.state != "closed")
        closing = running.get("closure") or running.get("proposal")
        assert (closing.due_at if closing else None) == self.closes_at
        if "reminder" in running:
            assert running["reminder"].due_at == self.notice_at

    @invariant()
    def the_queue_knows_what_is_due_next(self):
        due = Clock.objects.open().filter(case=self.case).values_list("due_at", flat=True)
        stored = Case.objects.values_list("next_due_at", flat=True).get(pk=self.case.pk)
        assert stored == min(due, default=None)

    @invariant()
    def notices_and_closings_are_counted_once(self):
        entries = list(self.case.entries.values_list("event", flat=True))
        assert entries.count("notice") == self.notices
        assert entries.count("closed") + entries.count("accepted") == self.closings
        told = Notice.objects.filter(case=self.case, event="closing_notice")
        assert told.count() == self.notices


@pytest.mark.rule("SLA-3")
@pytest.mark.rule("SLA-4")
@pytest.mark.rule("SLA-6")
@pytest.mark.rule("RCA-3")
@pytest.mark.rule("RESP-1")
@pytest.mark.rule("RESP-2")
@pytest.mark.rule("RESP-3")
@pytest.mark.rule("RESP-4")
@pytest.mark.rule("CASE-9")
def test_a_case_stands_as_its_model(desk):
    CaseLife.desk, CaseLife.calendar = desk, desk.organization.calendar.as_rule()
    run_state_machine_as_test(
        CaseLife,
        settings=settings(
            max_examples=24,
            stateful_step_count=18,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
