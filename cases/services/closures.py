"""Closing cases without an answer: with notice, once, and never over an answer (RESP-1 to 6)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from ..actors import Actor
from ..errors import NotAllowed, NotPossible
from ..extension import cases_closed, vetoes_of
from ..late_notices import OVERTAKEN
from ..models import Case, Clock, Entry, Notice, State
from ..notices import notify, notify_all, notify_of_clocks, recipients
from ..persistence import save, save_case, save_cases
from ..promises import closing_policy, note_telephone_support
from ..rules import closures
from ..rules.business_time import add_days
from ..rules.clocks import CLOSINGS, Kind
from . import clocks
from .analyses import NOT_DELIVERED
from .entries import new_entry, write_entries, write_entry
from .lifecycle import STATE_FIELDS
from .locks import check_version, lock_case
from .submissions import already_done
from .texts import checked

#: The state in which a case must still be when a clock of this kind acts.
WAITS_IN = {
    Kind.REMINDER: (State.AWAITING_CUSTOMER, State.RESOLUTION_PROPOSED),
    Kind.CLOSURE: (State.AWAITING_CUSTOMER,),
    Kind.PROPOSAL: (State.RESOLUTION_PROPOSED,),
}
NOTICE_WORDS = {
    State.AWAITING_CUSTOMER: "The question has not been answered. Without an answer, this case "
    "will be closed. Any answer from a Designated Contact here keeps it open.",
    State.RESOLUTION_PROPOSED: "Nobody has said whether the proposed resolution helps. Unless "
    "somebody reports that the issue persists, this case will be closed. Any message from a "
    "Designated Contact here keeps it open.",
}
NOBODY_TO_TELL = "There is nobody at the organization who can be told that the case will be closed."
CLOSED_WORDS = {
    Kind.CLOSURE: "Nobody answered, so the case was closed.",
    Kind.PROPOSAL: "Nobody reported that the issue persists, so the case was closed.",
}
REOPEN_WORDS = " A Designated Contact can reopen it here at any time{}."
#: The fields that a closing changes, besides those of every change. The owner stays.
CLOSING_FIELDS = [*(name for name in STATE_FIELDS if name != "owner"), "next_due_at"]
#: How long a closing is put off if it is not possible yet: the notice was not sent.
LOOK_AGAIN = dt.timedelta(hours=1)


def send_notices(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> None:
    """The contacts involved are told that these clocks' cases will be closed (RESP-1).

    The closing is at least a business day away, counted from now. No notice goes out if a
    registered veto holds the case open (RESP-6), or if no contact is left who can be told: the
    owner is asked instead, once, and in the latter case those who lead the queue too. Called on
    locked cases that wait for the customer, one clock a case. The public version stays, since this
    changes nothing that a contact may be answering. Jobs that were delayed into the night wait for
    the day.
    """
    due = _by_day(due, now=now)
    due = _not_vetoed(due, actor=actor, now=now)
    due = _with_somebody_to_tell(due, actor=actor, now=now)
    cases = [clock.case for clock in due]
    clocks.meet_all(due, actor=actor, now=now)
    later = {}
    for closing_clock in _closings_of(cases).values():
        calendar = closing_clock.case.organization.calendar.as_rule()
        due_at = closures.after_notice(calendar, closing_clock.due_at, now, closing_policy())
        if due_at > closing_clock.due_at:
            later[closing_clock] = due_at
    clocks.move_all(later, actor=actor, now=now)
    clocks.refresh_next_due(*cases)
    for case in cases:
        case.updated_at = now
    save_cases(
        cases, actor=actor, now=now, why="closing.notice", public=False, fields=["updated_at"]
    )
    note_telephone_support(case.organization for case in cases)
    entries = [
        new_entry(
            case, actor=actor, now=now, event=Entry.Event.NOTICE, body=NOTICE_WORDS[case.state]
        )
        for case in cases
    ]
    write_entries(entries, actor=actor, now=now, why="closing.notice")
    notify_all("closing_notice", entries, actor=actor, now=now)


def close(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> None:
    """The cases of these clocks are closed by a job, and feed and mail say so (RESP-5).

    Or they are put off: until a business day after the notice was sent (RESP-1), while the notice
    waits to be sent or could be sent to nobody, until the day if jobs were delayed, and if a
    registered veto holds one open (RESP-6: its owner is asked, once, and when the veto is gone the
    notice comes first).
    Called on locked cases, each in the state that its clock's kind waits in; one clock a case.
    """
    due = _by_day(due, now=now)
    due = _not_vetoed(due, actor=actor, now=now)
    due = _announced(due, actor=actor, now=now)
    cases = [clock.case for clock in due]
    clocks.meet_all(due, actor=actor, now=now)
    before = [case.get_state_display() for case in cases]
    note_telephone_support(case.organization for case in cases)
    for case in cases:
        case.close(now=now)
        case.next_due_at = None  # every clock ends with its case: one statement fewer for the rows
    save_cases(cases, actor=actor, now=now, why="closing.close", public=True, fields=CLOSING_FIELDS)
    entries = [
        new_entry(
            clock.case,
            actor=actor,
            now=now,
            event=Entry.Event.CLOSED,
            body=CLOSED_WORDS[Kind(clock.kind)] + _reopen_words(clock.case),
            from_value=was,
            to_value=clock.case.get_state_display(),
        )
        for clock, was in zip(due, before, strict=True)
    ]
    write_entries(entries, actor=actor, now=now, why="closing.close")
    notify_all("closed", entries, actor=actor, now=now)
    cases_closed.send(Case, cases=cases, actor=actor, now=now)


def _reopen_words(case: Case) -> str:
    """PLAN-2: by telephone if the plan includes it."""
    return REOPEN_WORDS.format(", or by telephone" if case.takes_calls else "")


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

    The contacts read the reason and the new time. A notice that was already sent is not repeated.

    Raises NotAllowed (role), NotPossible (no closing is planned, or it was put off before),
    Invalid (no reason), CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not actor.may("cases.work_case"):
            raise NotAllowed("Your role does not allow you to postpone the closing of cases.")
        if already_done(case, submission, actor=actor, text=reason):
            return case
        check_version(case, seen_version, actor=actor)
        running = {Kind(each.kind): each for each in Clock.objects.running().filter(case=case)}
        clock = running.get(Kind.CLOSURE) or running.get(Kind.PROPOSAL)
        if clock is None:
            raise NotPossible("This case is not about to be closed.")
        if clock.extended_at is not None:
            raise NotPossible("The closing has been postponed before; that can be done only once.")
        reason = checked("text", reason, needed="Give the reason; the customer can read it.")
        calendar, policy = case.organization.calendar.as_rule(), closing_policy()
        if clock.kind == Kind.PROPOSAL:
            due_at = closures.proposal_closes_at(calendar, now, policy)
        else:
            due_at = closures.closes_at(calendar, now, policy)
        clocks.move(clock, max(due_at, clock.due_at), actor=actor, now=now, extended=True)
        if reminder := running.get(Kind.REMINDER):
            at = closures.notice_at(calendar, now, policy)
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
    """The clocks on which a job acts now; the others wait for their calendar to open."""
    ready = []
    waiting: dict[dt.datetime, list[Clock]] = {}
    for clock in due:
        at = closures.by_day(clock.case.organization.calendar.as_rule(), clock.due_at, now)
        if at > now:
            waiting.setdefault(at, []).append(clock)
        else:
            ready.append(clock)
    for at, held in waiting.items():
        _put_off(held, at, "The business hours are over.")
    return ready


def _not_vetoed(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> list[Clock]:
    """RESP-6: the clocks without a veto; the others are checked again a business day later.

    Their owner is asked once a closing, whether the notice or the closing was due first.
    """
    reasons = vetoes_of([clock.case for clock in due])
    held = [clock for clock in due if clock.case_id in reasons]
    closings = _closings_of([clock.case for clock in held])
    for clock in held:
        reason = reasons[clock.case_id]
        until = add_days(clock.case.organization.calendar.as_rule(), now, 1)
        _put_off([clock], until, reason)
        if closing_clock := closings.get(clock.case_id):
            _ask("closing_held", closing_clock, reason, actor=actor, now=now)
            # The delivery of an analysis tells the customer itself.
            if clock.kind in CLOSINGS and reason != NOT_DELIVERED:
                notice_first(closing_clock, at=until, actor=actor, now=now)
    return [clock for clock in due if clock.case_id not in reasons]


def notice_first(closing_clock: Clock, *, at: dt.datetime, actor: Actor, now: dt.datetime) -> None:
    """The notice is sent at `at`, or sent again, before this closing, unless one waits already."""
    case = closing_clock.case
    if Clock.objects.running().filter(case=case, kind=Kind.REMINDER).exists():
        return
    calendar = case.organization.calendar.as_rule()
    since = closing_clock.extended_at or closing_clock.started_at
    planned = closures.notice_at(calendar, since, closing_policy())
    at = closures.in_hours(calendar, max(at, planned))
    clock = Clock(
        case=case,
        kind=Kind.REMINDER.value,
        started_at=closing_clock.started_at,
        due_at=at,
        acts_at=at,
    )
    save(clock, actor=actor, now=now, why="closing.notice_first")
    clocks.refresh_next_due(case)


def hold_no_longer(case: Case, *, actor: Actor, now: dt.datetime) -> None:
    """The closing of the case is no longer held open: the notice comes first, then a full day.

    RESP-6. A notice that was sent is sent again, and one that waited goes out now. Called on the
    locked case when a veto ends; does nothing if another veto remains, or nothing waits.
    """
    closing_clock = _closings_of([case]).get(case.pk)
    if closing_clock is None or vetoes_of([case]):
        return
    waiting = Clock.objects.running().filter(case=case, kind=Kind.REMINDER).first()
    if waiting is None:
        notice_first(closing_clock, at=now, actor=actor, now=now)
    elif waiting.put_off_because:
        calendar = case.organization.calendar.as_rule()
        at = closures.in_hours(calendar, max(now, waiting.due_at))
        Clock.objects.filter(pk=waiting.pk).update(acts_at=at, put_off_because="")


def _closings_of(cases: Sequence[Case]) -> dict[int, Clock]:
    """The running closing of each of these cases, by the case's primary key. One query."""
    by_pk = {case.pk: case for case in cases}
    found = {}
    for clock in Clock.objects.running().filter(case__in=by_pk, kind__in=CLOSINGS):
        clock.case = by_pk[clock.case_id]
        found[clock.case_id] = clock
    return found


def _ask(event: str, clock: Clock, words: str, *, actor: Actor, now: dt.datetime) -> None:
    """Staff are asked to decide what the job cannot: once for each closing."""
    notify_of_clocks(event, [clock], actor=actor, now=now, words=words)


def _with_somebody_to_tell(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> list[Clock]:
    """RESP-1: the clocks with a contact who can be told; for the others staff are asked."""
    told = recipients("closing_notice", [clock.case for clock in due], actor=actor)
    for clock in due:
        if not told[clock.case]:
            _nobody_to_tell(clock, actor=actor, now=now)
    return [clock for clock in due if told[clock.case]]


def _nobody_to_tell(clock: Clock, *, actor: Actor, now: dt.datetime) -> None:
    """The owner and the leads of the queue are asked, once; a contact added later is told then."""
    until = add_days(clock.case.organization.calendar.as_rule(), now, 1)
    _put_off([clock], until, NOBODY_TO_TELL)
    if closing_clock := _closings_of([clock.case]).get(clock.case_id):
        _ask("closing_unheard", closing_clock, NOBODY_TO_TELL, actor=actor, now=now)


def _announced(due: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> list[Clock]:
    """RESP-1: the clocks whose notice was sent long enough ago, to its last recipient.

    A proposal announces its closing itself, unless something held it open meanwhile.
    """
    rounds = _newest_notices(due)
    cases = [clock.case for clock in due]
    reminders = Clock.objects.running().filter(case__in=cases, kind=Kind.REMINDER)
    acts_at = dict(reminders.values_list("case_id", "acts_at"))
    ready, waiting, later = [], [], {}
    for clock in due:
        calendar = clock.case.organization.calendar.as_rule()
        told = rounds[clock.pk]
        sent_at = [notice.sent_at for notice in told if notice.sent_at]
        if clock.case_id in acts_at:
            until = add_days(calendar, max(now, acts_at[clock.case_id] or now), 1)
            _put_off([clock], until, "The notice was not sent yet.")
        elif not told and clock.kind == Kind.PROPOSAL:
            ready.append(clock)
        elif not told:
            notice_first(clock, at=now, actor=actor, now=now)
            _put_off([clock], now + LOOK_AGAIN, "The notice was not sent yet.")
        elif any(notice.state == Notice.State.QUEUED for notice in told):
            waiting.append(clock)
        elif not sent_at:
            _tell_others(clock, told, actor=actor, now=now)
        else:
            policy = closing_policy()
            earliest = closures.after_notice(calendar, clock.due_at, max(sent_at), policy)
            if earliest <= now:
                ready.append(clock)
            else:
                later[clock] = earliest
    clocks.move_all(later, actor=actor, now=now)
    clocks.refresh_next_due(*(clock.case for clock in later))
    _put_off(waiting, now + LOOK_AGAIN, "The notice was not sent yet.")
    return ready


def _tell_others(clock: Clock, told: Sequence[Notice], *, actor: Actor, now: dt.datetime) -> None:
    """Every notice was given up: other contacts who can be told are told, else staff are asked."""
    in_vain = {notice.email for notice in told if notice.last_error != OVERTAKEN}
    people = recipients("closing_notice", [clock.case], actor=actor)[clock.case]
    if all(person.email in in_vain for person in people):
        _nobody_to_tell(clock, actor=actor, now=now)
        return
    notice_first(clock, at=now, actor=actor, now=now)
    _put_off([clock], now + LOOK_AGAIN, "The notice was not sent yet.")


def _newest_notices(due: Sequence[Clock]) -> dict[int, list[Notice]]:
    """The newest notices of each of these closings, by the clock's primary key."""
    rows = Notice.objects.filter(
        event="closing_notice", case__in=[clock.case_id for clock in due]
    ).only("case", "created_at", "state", "sent_at", "email", "last_error")
    by_case: dict[int | None, list[Notice]] = {}
    for row in rows:
        by_case.setdefault(row.case_id, []).append(row)
    found = {}
    for clock in due:
        own = [
            each for each in by_case.get(clock.case_id, []) if each.created_at >= clock.started_at
        ]
        newest = max((each.created_at for each in own), default=None)
        found[clock.pk] = [each for each in own if each.created_at == newest]
    return found


def _put_off(due: Sequence[Clock], until: dt.datetime, because: str) -> None:
    # Columns outside the history: putting off changes nothing that was promised.
    held = Clock.objects.filter(pk__in=[clock.pk for clock in due])
    held.update(acts_at=until, put_off_because=because[:120])
