"""Closing what nobody answers: with notice, once, and never over an answer (RESP-1 to RESP-6)."""

import datetime as dt
import uuid

from django.db import transaction

from ..actors import Actor
from ..errors import NotAllowed, NotPossible
from ..extension import case_closed, veto_of
from ..models import Case, Clock, Entry, Notice, State
from ..notices import notify, notify_of_clock
from ..rules import closing
from ..rules.business_time import add_days
from ..rules.clocks import Kind
from . import clocks
from .lifecycle import STATE_FIELDS
from .saving import already_done, check_version, lock_case, save_case, write_entry
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
#: How long a closing waits that cannot be done yet: for the notice to be sent.
LOOK_AGAIN = dt.timedelta(hours=1)


def send_notice(case: Case, clock: Clock, *, actor: Actor, now: dt.datetime) -> None:
    """The contacts involved are told that the case will be closed (RESP-1).

    The closing is a business day away at least, counted from now. Called on a locked case in
    Awaiting Customer. It is no change of what a contact may be answering just now: the public
    version stays.
    """
    entry = _write_notice(case, actor=actor, now=now)
    clocks.end(clock, Clock.State.MET, actor=actor, now=now)
    closure = Clock.objects.running().filter(case=case, kind=Kind.CLOSURE).first()
    if closure is not None:
        calendar = case.organization.calendar.as_rule()
        due_at = closing.after_notice(calendar, closure.due_at, now, clocks.policy())
        if due_at > closure.due_at:
            clocks.move(closure, due_at, actor=actor, now=now)
    clocks.refresh_next_due(case)
    notify("closing_notice", case=case, entry=entry, actor=actor, now=now)


def close(case: Case, clock: Clock, *, actor: Actor, now: dt.datetime) -> bool:
    """The case is closed by a job, which the feed and a mail say (RESP-5); or it is put off.

    Put off, and False: until a business day after the notice was sent (RESP-1), while the notice
    waits to be sent, and where a registered veto holds it open (RESP-6: its owner is told, once).
    Called on a locked case in the state that the clock's kind waits in.
    """
    if reason := veto_of(case):
        _hold(case, clock, reason, actor=actor, now=now)
        return False
    if clock.kind == Kind.CLOSURE and not _notice_is_old_enough(case, clock, actor=actor, now=now):
        return False
    clocks.end(clock, Clock.State.MET, actor=actor, now=now)
    before = case.get_state_display()
    case.close(now=now)
    save_case(case, actor=actor, now=now, why="closing.close", public=True, fields=STATE_FIELDS)
    entry = write_entry(
        case,
        actor=actor,
        now=now,
        event=Entry.Event.CLOSED,
        body=CLOSED_WORDS[Kind(clock.kind)] + REOPEN_WORDS,
        from_value=before,
        to_value=case.get_state_display(),
    )
    notify("closed", case=case, entry=entry, actor=actor, now=now)
    case_closed.send(Case, case=case, actor=actor, now=now)
    return True


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


def _write_notice(case: Case, *, actor: Actor, now: dt.datetime) -> Entry:
    case.updated_at = now
    save_case(case, actor=actor, now=now, why="closing.notice", public=False, fields=["updated_at"])
    return write_entry(case, actor=actor, now=now, event=Entry.Event.NOTICE, body=NOTICE_WORDS)


def _notice_is_old_enough(case: Case, clock: Clock, *, actor: Actor, now: dt.datetime) -> bool:
    """RESP-1: by when the notice was really sent, and not by when it should have been."""
    told = Notice.objects.filter(
        case=case, event="closing_notice", created_at__gte=clock.started_at
    )
    sent = told.filter(sent_at__isnull=False).order_by("-sent_at").first()
    if sent is None or sent.sent_at is None:
        _put_off(clock, now + LOOK_AGAIN, "The notice was not sent yet.")
        return False
    calendar = case.organization.calendar.as_rule()
    earliest = closing.after_notice(calendar, clock.due_at, sent.sent_at, clocks.policy())
    if earliest > now:
        clocks.move(clock, earliest, actor=actor, now=now)
        clocks.refresh_next_due(case)
        return False
    return True


def _hold(case: Case, clock: Clock, reason: str, *, actor: Actor, now: dt.datetime) -> None:
    calendar = case.organization.calendar.as_rule()
    _put_off(clock, add_days(calendar, now, 1), reason)
    notify_of_clock("closing_held", case=case, clock=clock, actor=actor, now=now, words=reason)


def _put_off(clock: Clock, until: dt.datetime, because: str) -> None:
    # Columns outside of the history: putting off changes nothing that was promised.
    Clock.objects.filter(pk=clock.pk).update(acts_at=until, put_off_because=because[:120])
