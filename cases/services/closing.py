"""Closing what nobody answers: with notice, once, and never over an answer (RESP-1 to RESP-6)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Max, Q

from ..actors import Actor
from ..errors import NotAllowed, NotPossible
from ..extension import cases_closed, vetoes_of
from ..models import Case, Clock, Entry, State
from ..notices import notify, notify_all, notify_of_clocks
from ..rules import closing
from ..rules.business_time import add_days
from ..rules.clocks import Kind
from . import clocks
from .lifecycle import STATE_FIELDS
from .saving import (
    already_done,
    check_version,
    lock_case,
    new_entry,
    save_case,
    save_cases,
    write_entries,
    write_entry,
)
from .texts import checked

#: The state in which a case must still be for a clock of this kind to act.
WAITS_IN = {
    Kind.REMINDER: State.AWAITING_CUSTOMER,
    Kind.CLOSURE: State.AWAITING_CUSTOMER,
    Kind.PROPOSAL: State.RESOLUTION_PROPOSED,
}
NOTICE_WORDS = (
    "No answer has come to the question. Without one, this case will be closed. "
    "Any answer of a Designated Contact here keeps it open."
)
CLOSED_WORDS = {
    Kind.CLOSURE: "No answer came, so the case was closed.",
    Kind.PROPOSAL: "Nobody reported that the issue persists, so the case was closed.",
}
REOPEN_WORDS = " A Designated Contact can reopen it here at any time, or by telephone."
#: What a closing changes in a case, besides what every change does. The owner stays.
CLOSING_FIELDS = [*(name for name in STATE_FIELDS if name != "owner"), "next_due_at"]
#: How long a closing waits that cannot be done yet: for the notice to be sent.
LOOK_AGAIN = dt.timedelta(hours=1)


def send_notices(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> None:
    """The contacts involved are told that these clocks' cases will be closed (RESP-1).

    The closing is a business day away at least, counted from now. Called on locked cases in
    Awaiting Customer, one clock a case. It is no change of what a contact may be answering just
    now: the public version stays. Jobs that were held up until the night wait for the day.
    """
    due = _by_day(due, now=now)
    cases = [clock.case for clock in due]
    clocks.meet_all(due, actor=actor, now=now)
    calendars = {case.pk: case.organization.calendar for case in cases}
    later = {}
    for closure in Clock.objects.running().filter(case__in=cases, kind=Kind.CLOSURE):
        calendar = calendars[closure.case_id].as_rule()
        due_at = closing.after_notice(calendar, closure.due_at, now, clocks.policy())
        if due_at > closure.due_at:
            later[closure] = due_at
    clocks.move_all(later, actor=actor, now=now)
    clocks.refresh_next_due(*cases)
    for case in cases:
        case.updated_at = now
    save_cases(
        cases, actor=actor, now=now, why="closing.notice", public=False, fields=["updated_at"]
    )
    entries = [
        new_entry(case, actor=actor, now=now, event=Entry.Event.NOTICE, body=NOTICE_WORDS)
        for case in cases
    ]
    write_entries(entries, actor=actor, now=now, why="closing.notice")
    notify_all("closing_notice", entries, actor=actor, now=now)


def close(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> None:
    """The cases of these clocks are closed by a job, which feed and mail say (RESP-5).

    Or they are put off: until a business day after the notice was sent (RESP-1), while the notice
    waits to be sent, until the day where jobs were held up, and where a registered veto holds one
    open (RESP-6: its owner is told, once).
    Called on locked cases, each in the state that its clock's kind waits in; one clock a case.
    """
    due = _by_day(due, now=now)
    due = _not_vetoed(due, actor=actor, now=now)
    due = _announced(due, actor=actor, now=now)
    cases = [clock.case for clock in due]
    clocks.meet_all(due, actor=actor, now=now)
    before = [case.get_state_display() for case in cases]
    for case in cases:
        case.close(now=now)
        case.next_due_at = None  # every clock ends with its case: one statement less for the rows
    save_cases(cases, actor=actor, now=now, why="closing.close", public=True, fields=CLOSING_FIELDS)
    entries = [
        new_entry(
            clock.case,
            actor=actor,
            now=now,
            event=Entry.Event.CLOSED,
            body=CLOSED_WORDS[Kind(clock.kind)] + REOPEN_WORDS,
            from_value=was,
            to_value=clock.case.get_state_display(),
        )
        for clock, was in zip(due, before, strict=True)
    ]
    write_entries(entries, actor=actor, now=now, why="closing.close")
    notify_all("closed", entries, actor=actor, now=now)
    cases_closed.send(Case, cases=cases, actor=actor, now=now)


def extend(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    reason: str,
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Case:
    """The closing is as far away as if the case began to wait now; once, with a reason (RESP-3).

    The contacts read the reason and the new time. A notice that was sent already is not repeated.

    Raises NotAllowed (role), NotPossible (nothing is about to be closed, or it was put off before),
    Invalid (no reason), CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not actor.may("cases.work_case"):
            raise NotAllowed("Your role does not put off the closing of cases.")
        if already_done(case, submission, actor=actor, text=reason):
            return case
        check_version(case, seen_version, actor=actor)
        running = {Kind(each.kind): each for each in Clock.objects.running().filter(case=case)}
        clock = running.get(Kind.CLOSURE) or running.get(Kind.PROPOSAL)
        if clock is None:
            raise NotPossible("Nothing is about to close this case.")
        if clock.extended_at is not None:
            raise NotPossible("The closing was put off before; that can be done once.")
        reason = checked("text", reason, needed="Give the reason; the customer can read it.")
        calendar, policy = case.organization.calendar.as_rule(), clocks.policy()
        if clock.kind == Kind.PROPOSAL:
            due_at = closing.proposal_closes_at(calendar, now, policy)
        else:
            due_at = closing.closes_at(calendar, now, policy)
        clocks.move(clock, max(due_at, clock.due_at), actor=actor, now=now, extended=True)
        if reminder := running.get(Kind.REMINDER):
            at = closing.notice_at(calendar, now, policy)
            clocks.move(reminder, at, actor=actor, now=now)
        save_case(case, actor=actor, now=now, why="closing.extend", public=True, fields=[])
        entry = write_entry(
            case,
            actor=actor,
            now=now,
            event=Entry.Event.EXTENDED,
            body=reason,
            submission=submission,
        )
        clocks.refresh_next_due(case)
        notify("extended", case=case, entry=entry, actor=actor, now=now)
    return case


def _by_day(due: Sequence[Clock], *, now: dt.datetime) -> list[Clock]:
    """Those on which a job acts now; the others wait for their calendar to open."""
    ready = []
    waiting: dict[dt.datetime, list[Clock]] = {}
    for clock in due:
        at = closing.by_day(clock.case.organization.calendar.as_rule(), clock.due_at, now)
        if at > now:
            waiting.setdefault(at, []).append(clock)
        else:
            ready.append(clock)
    for at, held in waiting.items():
        _put_off(held, at, "The business hours are over.")
    return ready


def _not_vetoed(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> list[Clock]:
    """RESP-6: those that nothing holds open; the others are looked at a business day later."""
    reasons = vetoes_of([clock.case for clock in due])
    for clock in due:
        if reason := reasons.get(clock.case_id):
            calendar = clock.case.organization.calendar.as_rule()
            _put_off([clock], add_days(calendar, now, 1), reason)
            notify_of_clocks("closing_held", [clock], actor=actor, now=now, words=reason)
    return [clock for clock in due if clock.case_id not in reasons]


def _announced(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> list[Clock]:
    """RESP-1: those whose notice was sent long enough ago: really sent, and not to be sent.

    A proposal announces its closing itself.
    """
    sent_at = _notices_sent(due)
    ready, waiting, later = [], [], {}
    for clock in due:
        if clock.kind == Kind.PROPOSAL:
            ready.append(clock)
        elif (sent := sent_at[clock.pk]) is None:
            waiting.append(clock)
        else:
            calendar = clock.case.organization.calendar.as_rule()
            earliest = closing.after_notice(calendar, clock.due_at, sent, clocks.policy())
            if earliest <= now:
                ready.append(clock)
            else:
                later[clock] = earliest
    clocks.move_all(later, actor=actor, now=now)
    clocks.refresh_next_due(*(clock.case for clock in later))
    _put_off(waiting, now + LOOK_AGAIN, "The notice was not sent yet.")
    return ready


def _notices_sent(due: Sequence[Clock]) -> dict[int, dt.datetime | None]:
    """When the newest notice of each of these clocks was sent, by the clock's primary key."""
    told = Q(case__notices__event="closing_notice", case__notices__created_at__gte=F("started_at"))
    found = Clock.objects.filter(pk__in=[clock.pk for clock in due]).order_by()
    sent = found.annotate(sent_at=Max("case__notices__sent_at", filter=told))
    return dict(sent.values_list("pk", "sent_at"))


def _put_off(due: Sequence[Clock], until: dt.datetime, because: str) -> None:
    # Columns outside of the history: putting off changes nothing that was promised.
    held = Clock.objects.filter(pk__in=[clock.pk for clock in due])
    held.update(acts_at=until, put_off_because=because[:120])
