"""Running the clocks by the table of `rules.clocks` (SLA-1, SLA-6, SLA-7, RESP-1, RESP-2).

Every function here is called in a transaction that holds the case's lock, which is also the lock
of the case's clocks.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import Max

from ..actors import Actor
from ..extension import further_clocks, staff_wrote
from ..models import Case, Clock, Entry
from ..persistence import save, save_all, update_all
from ..promises import closing_policy, target_of
from ..rules import closures
from ..rules.analysis import not_due_before, owed_since
from ..rules.business_time import Calendar
from ..rules.clocks import CLOSINGS, DONE_BY_JOBS, NO_ANSWER, TABLE, Effect, Event, Kind, events_of
from ..rules.targets import Chosen, Promise
from .analyses import facts_of

#: The fields that change when a clock ends.
ENDING = ["state", "ended_at", "acts_at"]


def note_entries(entries: Sequence[Entry], *, actor: Actor, now: dt.datetime) -> None:
    """The clocks of the entries' cases are as they must be after them; one entry a case."""
    happened = {
        entry.case: events_of(
            entry.event, side=actor.side, is_internal=entry.is_internal, has_words=bool(entry.body)
        )
        for entry in entries
    }
    _note(happened, actor=actor, now=now)


def note(case: Case, *events: Event, actor: Actor, now: dt.datetime) -> None:
    """The clocks of the case are as they must be after these events, in their order."""
    _note({case: events}, actor=actor, now=now)


def _note(happened: Mapping[Case, Sequence[Event]], *, actor: Actor, now: dt.datetime) -> None:
    for case, events in happened.items():
        if Event.TERMS_CHANGED in events:
            for further in further_clocks:
                further.count_anew(case, actor, now)
    if wrote := [case for case, events in happened.items() if Event.STAFF_WROTE in events]:
        staff_wrote.send(Case, cases=wrote, actor=actor, now=now)
    effects = {
        case: found
        for case, events in happened.items()
        if (
            found := [
                (kind, effect)
                for event in events
                for kind, effect in TABLE[event].items()
                if effect is not Effect.NOTHING
            ]
        )
    }
    if not effects:
        return
    clocks: dict[int, dict[Kind, Clock]] = {case.pk: {} for case in effects}
    for clock in Clock.objects.open().filter(case__in=effects):
        clocks[clock.case_id][Kind(clock.kind)] = clock
    for case, found in effects.items():
        _apply(case, found, clocks[case.pk], actor=actor, now=now)
    set_next_due({case: clocks[case.pk].values() for case in effects})


def _apply(
    case: Case,
    effects: Iterable[tuple[Kind, Effect]],
    clocks: dict[Kind, Clock],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Apply the effects to the open clocks of the case; `clocks` are those still open."""
    for kind, effect in effects:
        clock = clocks.pop(kind, None)
        if effect is Effect.RECOMPUTE and kind in DONE_BY_JOBS:
            # If put off once, the wait began again then, for the notice too (RESP-3).
            closure = clock if kind is not Kind.REMINDER else clocks.get(Kind.CLOSURE)
            _recompute_closing(case, clock, closure, actor=actor, now=now)
        elif effect is Effect.RECOMPUTE:
            clock = _recompute(case, kind, clock, actor=actor, now=now)
        elif effect is Effect.RESUME:
            clock = clock or _resume(case, kind, actor=actor, now=now)
        else:
            if clock is not None:
                met = effect is Effect.MEET
                state = Clock.State.MET if met else Clock.State.CANCELLED
                if effect is Effect.VOID:  # what never ran was not breached
                    clock.state = Clock.State.RUNNING
                end(clock, state, actor=actor, now=now, at=_met_at(case, clock) if met else None)
            started = effect is Effect.START
            clock = _start(case, kind, now, actor=actor, now=now) if started else None
        if clock is not None and clock.is_open:
            clocks[kind] = clock


def end(
    clock: Clock,
    state: Clock.State,
    *,
    actor: Actor,
    now: dt.datetime,
    at: dt.datetime | None = None,
) -> None:
    """The clock ended at `at`, or now.

    A promise that was kept too late is breached, even if no sweep had noticed it yet; one that
    was kept in time but recorded later is met, even if a sweep had marked it as breached.
    """
    at = at or now
    if state == Clock.State.MET and clock.kind not in DONE_BY_JOBS:
        clock.state = Clock.State.BREACHED if at > clock.due_at else state
    elif clock.state == Clock.State.RUNNING:
        clock.state = state
    clock.ended_at = at
    clock.acts_at = None
    save(clock, actor=actor, now=now, why=f"clocks.{clock.state}", fields=ENDING)


def meet_all(clocks: Sequence[Clock], *, actor: Actor, now: dt.datetime) -> None:
    """The job of these running clocks was done: they are met."""
    for clock in clocks:
        clock.state = Clock.State.MET
        clock.ended_at = now
        clock.acts_at = None
    save_all(clocks, actor=actor, now=now, why="clocks.met", fields=ENDING)


def set_next_due(open_clocks: Mapping[Case, Iterable[Clock]]) -> None:
    """Each case has the due time of the earliest of its open clocks."""
    changed = []
    for case, clocks in open_clocks.items():
        earliest = min((clock.due_at for clock in clocks), default=None)
        if earliest != case.next_due_at:
            case.next_due_at = earliest
            changed.append(case)
    if changed:
        update_all(changed, ["next_due_at"])


def refresh_next_due(*cases: Case) -> None:
    """Like `set_next_due`, from the rows."""
    clocks: dict[int, list[Clock]] = {case.pk: [] for case in cases}
    for clock in Clock.objects.open().filter(case__in=cases):
        clocks[clock.case_id].append(clock)
    set_next_due({case: clocks[case.pk] for case in cases})


def move(
    clock: Clock,
    due_at: dt.datetime,
    *,
    actor: Actor,
    now: dt.datetime,
    extended: bool = False,
    why: str = "clocks.moved",
) -> None:
    """A running clock of a job is due at the new time."""
    clock.due_at = clock.acts_at = due_at
    clock.put_off_because = ""
    fields = ["due_at", "acts_at", "put_off_because"]
    if extended:
        clock.extended_at = now
        fields.append("extended_at")
    save(clock, actor=actor, now=now, why=why, fields=fields)


def leave_a_full_day(case: Case, *, actor: Actor, now: dt.datetime) -> None:
    """The closing of the case, if one runs, is at least a business day away (RESP-6)."""
    calendar = case.organization.calendar.as_rule()
    for clock in Clock.objects.running().filter(case=case, kind__in=CLOSINGS):
        due_at = closures.after_notice(calendar, clock.due_at, now, closing_policy())
        if due_at > clock.due_at or clock.put_off_because:
            move(clock, due_at, actor=actor, now=now)
    refresh_next_due(case)


def move_all(due_at: Mapping[Clock, dt.datetime], *, actor: Actor, now: dt.datetime) -> None:
    """Like `move`, for several clocks, each with its own time."""
    for clock, at in due_at.items():
        clock.due_at = clock.acts_at = at
        clock.put_off_because = ""
    fields = ["due_at", "acts_at", "put_off_because"]
    save_all(list(due_at), actor=actor, now=now, why="clocks.moved", fields=fields)


def _start(
    case: Case, kind: Kind, started: dt.datetime, *, actor: Actor, now: dt.datetime
) -> Clock | None:
    clock = Clock(case=case, kind=kind.value, started_at=started)
    if kind in DONE_BY_JOBS:
        calendar = case.organization.calendar.as_rule()
        clock.due_at = clock.acts_at = _WORKS_OUT[kind](calendar, started, closing_policy())
    else:
        target = _promised(case, kind)
        if target is None:
            return None
        _count(clock, case, target, now=now)
    save(clock, actor=actor, now=now, why="clocks.started")
    return clock


_WORKS_OUT: Mapping[Kind, Callable[[Calendar, dt.datetime, closures.Policy], dt.datetime]] = {
    Kind.REMINDER: closures.notice_at,
    Kind.CLOSURE: closures.closes_at,
    Kind.PROPOSAL: closures.proposal_closes_at,
}


def _promised(case: Case, kind: Kind) -> Chosen | None:
    """The target of this case now; None if nothing is promised, or it was done before."""
    if kind is Kind.RESTORATION and (case.incident is None or case.incident.restored_at):
        return None
    if kind is Kind.RCA and owed_since(facts_of(case)) is None:
        return None
    return target_of(case, Promise(kind.value)) if case.is_open else None


def _count(clock: Clock, case: Case, target: Chosen, *, now: dt.datetime) -> None:
    """The due time and the warning of the running clock follow this target.

    SLA-6: a warning is withdrawn if the new span has not come that far.
    """
    calendar = case.organization.calendar.as_rule()
    floor = None
    if clock.kind == Kind.RCA:
        floor = not_due_before(facts_of(case), calendar)
    clock.due_at = target.due_at(calendar, clock.started_at, floor)
    clock.warns_at = target.warns_at(calendar, clock.started_at, floor)
    if clock.warned_at and clock.warns_at > now:
        clock.warned_at = None
    clock.acts_at = clock.due_at if clock.warned_at else clock.warns_at


def _recompute_closing(
    case: Case, clock: Clock | None, closure: Clock | None, *, actor: Actor, now: dt.datetime
) -> None:
    """SLA-6: the due time of a job follows the present calendar, if the clock runs.

    A delay by staff stays, counted from when they put it off (RESP-3); a notice that was sent
    keeps its full day (RESP-1).
    """
    if clock is None:
        return
    calendar = case.organization.calendar.as_rule()
    since = (closure and closure.extended_at) or clock.started_at
    if clock.kind == Kind.CLOSURE:
        told = told_at(case, clock.started_at)
        announced = clock.due_at if told else None
        due_at = closures.counts_anew(
            calendar, since, closing_policy(), announced=announced, told=told
        )
    else:
        due_at = _WORKS_OUT[Kind(clock.kind)](calendar, since, closing_policy())
    if due_at != clock.due_at:
        move(clock, due_at, actor=actor, now=now, why="clocks.recomputed")


def told_at(case: Case, since: dt.datetime) -> dt.datetime | None:
    """When the newest notice of a closing since then was sent to its last recipient (RESP-1).

    If it was not sent yet, when it was written; None if there is none.
    """
    notices = case.notices.filter(event="closing_notice", created_at__gte=since)
    found = notices.aggregate(sent=Max("sent_at"), written=Max("created_at"))
    return max((at for at in found.values() if at), default=None)


def _recompute(
    case: Case, kind: Kind, clock: Clock | None, *, actor: Actor, now: dt.datetime
) -> Clock | None:
    """SLA-6: a running clock is counted again from its start; a breached one stays breached.

    If nothing was promised until now, a clock starts: see `_counts_from`. If nothing is promised
    any longer, the clock ends.
    """
    if clock is None:
        start = _counts_from(case, kind)
        if start and kind is Kind.RCA and (late := _breached_before(case, kind, start)):
            late.ended_at = None
            save(late, actor=actor, now=now, why="clocks.resumed", fields=["ended_at"])
            return late
        return _start(case, kind, start, actor=actor, now=now) if start else None
    target = _promised(case, kind)
    if target is None:
        end(clock, Clock.State.CANCELLED, actor=actor, now=now)
        return clock
    if clock.state != Clock.State.RUNNING:
        return clock
    before = (clock.due_at, clock.warns_at)
    _count(clock, case, target, now=now)
    if before != (clock.due_at, clock.warns_at):
        fields = ["due_at", "warns_at", "warned_at", "acts_at"]
        save(clock, actor=actor, now=now, why="clocks.recomputed", fields=fields)
    return clock


def _resume(case: Case, kind: Kind, *, actor: Actor, now: dt.datetime) -> Clock | None:
    """The newest clock of this kind goes on as if it had not been met, if it is still promised.

    A breached one stays breached. If the case was reopened since, or has no such clock, one starts
    like a promise that is new now. If it is no longer promised, it no longer counts as met either.
    """
    last = case.clocks.filter(kind=kind.value).order_by("-started_at", "-pk").first()
    target, began = _promised(case, kind), _life_began(case)
    ended = {Clock.State.MET, Clock.State.BREACHED}
    if last is not None and target and last.state in ended and last.started_at >= began:
        last.ended_at = None
        if last.state == Clock.State.MET:
            last.state = Clock.State.RUNNING
            _count(last, case, target, now=now)
        fields = ["state", "ended_at", "due_at", "warns_at", "warned_at", "acts_at"]
        save(last, actor=actor, now=now, why="clocks.resumed", fields=fields)
        return last
    if last is not None and last.state == Clock.State.MET:
        last.state = Clock.State.CANCELLED
        save(last, actor=actor, now=now, why="clocks.cancelled", fields=["state"])
    return _start(case, kind, began, actor=actor, now=now) if target else None


def _counts_from(case: Case, kind: Kind) -> dt.datetime | None:
    """From when a new promise counts: the creation of the case or its last reopening.

    None for a response that was given or counted before. The analysis counts from the restoration,
    even if the case was reopened since (RCA-3).
    """
    if kind is Kind.RCA:
        return owed_since(facts_of(case))
    began = _life_began(case)
    if kind is Kind.RESPONSE and (_was_answered(case, began) or _was_counted(case, kind, began)):
        return None
    return began


def _breached_before(case: Case, kind: Kind, started: dt.datetime) -> Clock | None:
    """The clock that was overdue when the case was closed: it stays so, and is counted once."""
    late = case.clocks.filter(kind=kind.value, state=Clock.State.BREACHED, started_at=started)
    return late.order_by("-pk").first()


def _met_at(case: Case, clock: Clock) -> dt.datetime | None:
    """When a promise was kept, if not now: service was restored at the time that staff state."""
    if clock.kind != Kind.RESTORATION or case.incident is None or not case.incident.restored_at:
        return None
    return max(case.incident.restored_at, clock.started_at)


def _life_began(case: Case) -> dt.datetime:
    """When the case was opened, or last reopened."""
    reopened = case.entries.filter(event=Entry.Event.REOPENED).order_by("-created_at", "-pk")
    return reopened.values_list("created_at", flat=True).first() or case.created_at


def _was_answered(case: Case, since: dt.datetime) -> bool:
    said = case.entries.filter(
        visibility="public", author_side="staff", created_at__gte=since
    ).exclude(body="")
    return said.exclude(event__in=NO_ANSWER).exists()


def _was_counted(case: Case, kind: Kind, since: dt.datetime) -> bool:
    ended = [Clock.State.MET.value, Clock.State.BREACHED.value]
    return case.clocks.filter(kind=kind.value, state__in=ended, started_at__gte=since).exists()
