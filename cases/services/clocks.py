"""Clocks run as the table of `rules.clocks` says (SLA-1, SLA-6, SLA-7, RESP-1, RESP-2).

Every function here is called in a transaction that holds the case's lock: it is the lock of the
case's clocks too.
"""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from ..actors import Actor
from ..models import Case, Clock, Entry
from ..rules import closing
from ..rules.clocks import DONE_BY_JOBS, TABLE, Effect, Event, Kind, events_of
from ..rules.targets import Chosen
from .promises import response_target
from .saving import save


def policy() -> closing.Policy:
    """RESP-1, RESP-2: after how many business days a case without an answer is closed."""
    return closing.Policy(
        notice_days=settings.CLOSING_NOTICE_AFTER_DAYS,
        closing_days=settings.CLOSING_AFTER_DAYS,
        days_after_notice=settings.CLOSING_DAYS_AFTER_NOTICE,
    )


def note_entry(case: Case, entry: Entry, *, actor: Actor, now: dt.datetime) -> None:
    """The clocks of the case stand as they must after this entry."""
    events = events_of(
        entry.event, side=actor.side, is_internal=entry.is_internal, has_words=bool(entry.body)
    )
    note(case, *events, actor=actor, now=now)


def note(case: Case, *events: Event, actor: Actor, now: dt.datetime) -> None:
    """The clocks of the case stand as they must after these events, in their order."""
    effects = [
        (kind, effect)
        for event in events
        for kind, effect in TABLE[event].items()
        if effect is not Effect.NOTHING
    ]
    if not effects:
        return
    clocks = {Kind(clock.kind): clock for clock in Clock.objects.open().filter(case=case)}
    for kind, effect in effects:
        clock = clocks.pop(kind, None)
        if effect is Effect.RECOMPUTE:
            clock = _recompute(case, kind, clock, actor=actor, now=now)
        else:
            if clock is not None:
                met = effect is Effect.MEET
                end(clock, Clock.State.MET if met else Clock.State.CANCELLED, actor=actor, now=now)
            started = effect is Effect.START
            clock = _start(case, kind, now, actor=actor, now=now) if started else None
        if clock is not None and clock.is_open:
            clocks[kind] = clock
    set_next_due(case, clocks.values())


def end(clock: Clock, state: Clock.State, *, actor: Actor, now: dt.datetime) -> None:
    """The clock counts no longer. A promise that was kept too late is breached, also where no
    sweep had noticed it yet.
    """
    if clock.state == Clock.State.RUNNING:
        late = state == Clock.State.MET and now > clock.due_at and clock.kind not in DONE_BY_JOBS
        clock.state = Clock.State.BREACHED if late else state
    clock.ended_at = now
    clock.acts_at = None
    save(
        clock,
        actor=actor,
        now=now,
        why=f"clocks.{clock.state}",
        fields=["state", "ended_at", "acts_at"],
    )


def set_next_due(case: Case, open_clocks: Iterable[Clock]) -> None:
    """The case carries the earliest of its open clocks."""
    earliest = min((clock.due_at for clock in open_clocks), default=None)
    if earliest != case.next_due_at:
        case.next_due_at = earliest
        Case.objects.filter(pk=case.pk).update(next_due_at=earliest)


def refresh_next_due(case: Case) -> None:
    """As `set_next_due`, from the rows."""
    set_next_due(case, Clock.objects.open().filter(case=case))


def move(
    clock: Clock, due_at: dt.datetime, *, actor: Actor, now: dt.datetime, extended: bool = False
) -> None:
    """A running clock of a job is due then."""
    clock.due_at = clock.acts_at = due_at
    clock.put_off_because = ""
    fields = ["due_at", "acts_at", "put_off_because"]
    if extended:
        clock.extended_at = now
        fields.append("extended_at")
    save(clock, actor=actor, now=now, why="clocks.moved", fields=fields)


def _start(
    case: Case, kind: Kind, started: dt.datetime, *, actor: Actor, now: dt.datetime
) -> Clock | None:
    clock = Clock(case=case, kind=kind.value, started_at=started)
    if kind is Kind.RESPONSE:
        target = response_target(case)
        if target is None:
            return None
        _count(clock, case, target)
    else:
        calendar = case.organization.calendar.as_rule()
        work_out = {
            Kind.REMINDER: closing.notice_at,
            Kind.CLOSURE: closing.closes_at,
            Kind.PROPOSAL: closing.proposal_closes_at,
        }[kind]
        clock.due_at = clock.acts_at = work_out(calendar, started, policy())
    save(clock, actor=actor, now=now, why="clocks.started")
    return clock


def _count(clock: Clock, case: Case, target: Chosen) -> None:
    calendar = case.organization.calendar.as_rule()
    clock.due_at = target.due_at(calendar, clock.started_at)
    clock.warns_at = target.warns_at(calendar, clock.started_at)
    clock.acts_at = clock.due_at if clock.warned_at else clock.warns_at


def _recompute(
    case: Case, kind: Kind, clock: Clock | None, *, actor: Actor, now: dt.datetime
) -> Clock | None:
    """SLA-6: a running clock counts anew from its start; a breached one stays breached.

    Where none was promised until now and nobody has answered, one starts, from the creation or
    the last reopening.
    """
    if clock is None:
        began = _life_began(case)
        if _was_answered(case, began) or _was_counted(case, kind, began):
            return None
        return _start(case, kind, began, actor=actor, now=now)
    if clock.state != Clock.State.RUNNING:
        return clock
    target = response_target(case)
    if target is None:
        end(clock, Clock.State.CANCELLED, actor=actor, now=now)
        return clock
    before = (clock.due_at, clock.warns_at)
    _count(clock, case, target)
    if before != (clock.due_at, clock.warns_at):
        fields = ["due_at", "warns_at", "acts_at"]
        save(clock, actor=actor, now=now, why="clocks.recomputed", fields=fields)
    return clock


def _life_began(case: Case) -> dt.datetime:
    """When the case was opened, or reopened last."""
    reopened = case.entries.filter(event=Entry.Event.REOPENED).order_by("-created_at", "-pk")
    return reopened.values_list("created_at", flat=True).first() or case.created_at


def _was_answered(case: Case, since: dt.datetime) -> bool:
    said = case.entries.filter(
        visibility="public", author_side="staff", created_at__gte=since
    ).exclude(body="")
    return said.exclude(event__in=[Entry.Event.SEVERITY, Entry.Event.OPENED]).exists()


def _was_counted(case: Case, kind: Kind, since: dt.datetime) -> bool:
    ended = [Clock.State.MET.value, Clock.State.BREACHED.value]
    return case.clocks.filter(kind=kind.value, state__in=ended, started_at__gte=since).exists()
