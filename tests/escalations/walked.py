"""What is true of a desk after each step of the walk, whatever the steps were.

No word is lost, each public word finds a reader on the other side, no job closes over an answer,
on a closed day or without notice, and each clock is where the calendar puts it.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis.stateful import invariant

from cases.actors import Actor
from cases.models import BusinessCalendar, Case, Clock, Entry, Notice, Person, Recomputation
from cases.rules import closures
from cases.rules.business_time import Calendar, add, add_days, between
from escalations.models import Escalation, EscalationEntry

from .walking import HOUR, Walk

POLICY = closures.Policy()
#: What a contact wrote with it is no answer to what was asked (HELP-3), or came before it.
NO_ANSWERS = {"help_asked", "requested", "opened"}
#: Staff are told with these that the customer's side cannot hear.
NOBODY_HEARS = {"unheard", "closing_unheard", "notice_failed"}
#: One of the walk's own words; see `Walk.word`.
WORD = re.compile(r"\bq[b-z]{3}q\b")


@dataclass
class Desk:
    """The rows, as they stand after a step."""

    calendar: Calendar
    cases: dict[int, Case] = field(default_factory=dict)
    #: Of both feeds, with their case; those that were moved away stand as traces.
    entries: list[tuple[int, Any]] = field(default_factory=list)
    clocks: dict[int, list[Clock]] = field(default_factory=dict)
    notices: dict[int, list[Notice]] = field(default_factory=dict)
    escalations: list[Escalation] = field(default_factory=list)
    is_settled: bool = True
    able: dict[tuple[int, str], bool] = field(default_factory=dict)

    @classmethod
    def read(cls, walk: Walk) -> "Desk":
        calendar = BusinessCalendar.objects.get(pk=walk.calendar_id).as_rule()
        desk = cls(calendar)
        for case in Case.objects.filter(pk__in=walk.cases).select_related("owner"):
            desk.cases[case.pk] = case
        desk.entries = [(each.case_id, each) for each in Entry.objects.all()]
        feed = EscalationEntry.objects.select_related("escalation")
        desk.entries += [(each.escalation.case_id, each) for each in feed]
        for clock in Clock.objects.all():
            desk.clocks.setdefault(clock.case_id, []).append(clock)
        for notice in Notice.objects.select_related("person").defer("text"):
            if notice.case_id is not None:
                desk.notices.setdefault(notice.case_id, []).append(notice)
        desk.escalations = list(Escalation.objects.active().select_related("owner"))
        desk.is_settled = not Recomputation.objects.filter(finished_at=None).exists()
        return desk

    def may(self, someone: Person, permission: str) -> bool:
        """Whether this member of staff is there and may; asked once a step."""
        key = (someone.pk, permission)
        if key not in self.able:
            self.able[key] = Actor.of(Person.objects.get(pk=someone.pk)).may(permission)
        return self.able[key]

    def was_acted_on(self, said: Any, case_id: int) -> bool:
        """Whether staff did something in the case since: they had it before them."""
        return any(
            of_case == case_id and each.author_side == "staff" and each.created_at > said.created_at
            for of_case, each in self.entries
        )

    @staticmethod
    def reads(notice: Notice) -> bool:
        """Whether it was read, or will be. Of one whose addressee left, the job that gives it up
        tells somebody else."""
        return notice.state != "failed"


class Walked(Walk):
    """The walk, held to the rules after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.closings: set[int] = set()

    @invariant()
    def the_rules_hold(self) -> None:
        desk = Desk.read(self)
        for check in (
            self.no_word_is_lost,
            self.each_public_word_has_a_reader,
            self.work_lies_where_somebody_sees_it,
            self.no_job_closed_wrongly,
            self.clocks_are_where_the_calendar_puts_them,
        ):
            check(desk)

    def no_word_is_lost(self, desk: Desk) -> None:
        """Each stands once, in one feed, and in that row's history; of a refused one nothing."""
        found: dict[str, int] = {}
        for _, entry in desk.entries:
            if entry.moved_at is None:
                for word in WORD.findall(entry.body):
                    found[word] = found.get(word, 0) + 1
        for case in desk.cases.values():
            for word in WORD.findall(case.description):
                found[word] = found.get(word, 0) + 1
        assert found == dict.fromkeys(self.said, 1), "a word is lost, or stands twice"

    def each_public_word_has_a_reader(self, desk: Desk) -> None:
        for case_id, entry in desk.entries:
            if entry.visibility != "public" or not WORD.search(entry.body):
                continue
            if entry.event == "moved":
                continue  # its readers had it where and when it was written
            case = desk.cases[case_id]
            mails = desk.notices.get(case_id, [])
            since = [each for each in mails if each.created_at >= entry.created_at]
            if entry.author_side == "contact":
                # An open case has an owner, or stands in the queue; see below.
                to_staff = (each for each in since if each.person.is_staff)
                is_read = case.is_open or any(desk.reads(each) for each in to_staff)
                assert is_read or desk.was_acted_on(entry, case_id), f"nobody: {entry.body!r}"
                continue
            own = [each for each in since if each.created_at == entry.created_at]
            is_read = any(desk.reads(each) for each in own if not each.person.is_staff)
            assert is_read or self.somebody_knows(desk, mails, entry), f"nobody: {entry.body!r}"

    @staticmethod
    def somebody_knows(desk: Desk, mails: Iterable[Notice], entry: Any) -> bool:
        """Whether staff were told, today or since, that nobody on the customer's side hears."""
        day = entry.created_at.replace(hour=0, minute=0, second=0)
        told = [each for each in mails if each.event in NOBODY_HEARS and each.created_at >= day]
        return any(desk.reads(each) for each in told)

    def work_lies_where_somebody_sees_it(self, desk: Desk) -> None:
        """Until the job has run, mails go past whoever lost his right without a word."""
        for case in desk.cases.values():
            if case.owner is None:
                assert case.state in ("new", "closed")
            elif case.is_open and not self.is_pending:
                assert desk.may(case.owner, "cases.work_case"), f"{case} lies with {case.owner}"
            if case.state in ("awaiting_customer", "resolution_proposed"):
                running = [each.kind for each in desk.clocks[case.pk] if each.state == "running"]
                assert {"closure", "proposal"} & {*running}, f"{case} waits for ever"
        for each in desk.escalations:
            if each.owner is None:
                assert each.state in ("requested", "accepted")
            elif not self.is_pending:
                assert desk.may(each.owner, "escalations.manage_escalation")

    def no_job_closed_wrongly(self, desk: Desk) -> None:
        for case_id, entry in desk.entries:
            is_closing = isinstance(entry, Entry) and entry.event == "closed"
            if not is_closing or entry.author_side != "job" or entry.pk in self.closings:
                continue
            self.closings.add(entry.pk)
            at = entry.created_at
            (clock,) = [
                each
                for each in desk.clocks[case_id]
                if each.kind in ("closure", "proposal") and each.ended_at == at
            ]
            self.it_was_by_day(desk.calendar, at)
            self.nobody_had_answered(desk, case_id, clock, at)
            if clock.kind == "closure":
                told = [
                    each
                    for each in desk.notices.get(case_id, [])
                    if each.event == "closing_notice" and each.created_at >= clock.started_at
                ]
                newest = max((each.created_at for each in told), default=None)
                sent = [each.sent_at for each in told if each.created_at == newest]
                assert any(sent), f"closed {at} without notice"
                assert add_days(desk.calendar, max(filter(None, sent)), 1) <= at, "no full day"
            open_then = [
                each
                for each in Escalation.objects.filter(case=case_id, closed_at=at)
                if each.requested_at < at
            ]
            assert not open_then, "RESP-6"

    @staticmethod
    def it_was_by_day(calendar: Calendar, at: dt.datetime) -> None:
        """What is due when the day ends is done soon after."""
        assert between(calendar, at - HOUR, at + dt.timedelta.resolution), f"closed on {at}"

    @staticmethod
    def nobody_had_answered(desk: Desk, case_id: int, clock: Clock, at: dt.datetime) -> None:
        for of_case, entry in desk.entries:
            if of_case != case_id or entry.author_side != "contact" or entry.event in NO_ANSWERS:
                continue
            came = clock.started_at <= entry.created_at <= at
            assert not came or entry.moved_at is not None, f"closed over {entry.body!r}"

    def clocks_are_where_the_calendar_puts_them(self, desk: Desk) -> None:
        """Once the job has counted them anew (SLA-6)."""
        for case in desk.cases.values():
            own = desk.clocks.get(case.pk, [])
            due = [each.due_at for each in own if each.is_open]
            assert case.next_due_at == min(due, default=None), "the queue shows another time"
        if not desk.is_settled:
            return
        for case_id, clocks in desk.clocks.items():
            running = {each.kind: each for each in clocks if each.state == "running"}
            closing_clock = running.get("closure") or running.get("proposal")
            for clock in running.values():
                self.is_in_its_place(desk, clock, closing_clock, desk.notices.get(case_id, []))
        for each in desk.escalations:
            if each.answered_at is None and each.answer_breached_at is None:
                due_at = add(desk.calendar, each.requested_at, 2 * HOUR)
                assert each.answer_due_at == due_at, "the answer's clock is out of place"

    @staticmethod
    def is_in_its_place(
        desk: Desk, clock: Clock, closing_clock: Clock | None, notices: Iterable[Notice]
    ) -> None:
        since = (closing_clock and closing_clock.extended_at) or clock.started_at
        if clock.kind == "response":
            due_at = add(desk.calendar, clock.started_at, 2 * HOUR)
            assert clock.due_at == due_at, f"{clock} is out of place"
            return
        planned = {
            "reminder": closures.notice_at,
            "closure": closures.closes_at,
            "proposal": closures.proposal_closes_at,
        }[clock.kind](desk.calendar, since, POLICY)
        # Until the closing comes up: then it waits for a full day after the mail really left.
        told = [
            each.created_at
            for each in notices
            if each.event == "closing_notice" and each.created_at >= clock.started_at
        ]
        if clock.kind == "closure" and not told:
            assert clock.due_at == planned, f"{clock} is out of place"
            return
        # A notice that is sent again, or a full day after one: later, and never sooner.
        assert clock.due_at >= planned, f"{clock} is out of place"
        if told and clock.kind == "closure":
            assert clock.due_at >= add_days(desk.calendar, max(told), 1), "no full day"
