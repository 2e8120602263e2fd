"""Entries written elsewhere that belong in the case feed (FEED-1, CASE-5, RESP-3).

The feed from which they come is in an app above this one, which leaves its own trace there.
"""

import datetime as dt

from django_fsm import can_proceed

from .. import realm
from ..actors import Actor
from ..models import Case, Clock, Entry, SearchText
from ..notices import notify
from ..persistence import save
from ..rules.actions import Side
from ..rules.clocks import Event, Kind
from . import clocks
from .lifecycle import STATE_FIELDS, can_own

#: The clocks that end with a closing by a job, if no answer comes.
_WAITING = (Kind.REMINDER, Kind.CLOSURE, Kind.PROPOSAL)


def take_in(entry: Entry, *, case: Case, actor: Actor, now: dt.datetime) -> Entry:
    """The entry is in the case feed and in its search, and counts from when it was written
    (`entry.created_at`).

    A contact's public entry answers the question or the proposal that was open when it was
    written: the case is In Progress since then, and the clock that would have closed it ends. If a
    job closed it over that answer, it is open again, as by CASE-8. An older entry answers nothing.
    Its author was a Designated Contact then, or could not have written it; their role today does
    not matter. Words of staff meet the response clock if they came in time. Nothing moves the last
    update by Product Support (ESC-13): the words were not said in the case. The Case Owner is told
    of a contact's words, or the leads of the unassigned queue.

    The caller holds the case's lock, and has checked the mover's right.
    """
    fields = ["version"]
    case.version += 1
    came_back = reopened = False
    if not entry.is_internal:
        case.public_version += 1
        case.updated_at = max(case.updated_at, entry.created_at)
        fields += ["public_version", "updated_at"]
        if entry.author_side == Side.CONTACT:
            came_back = _answers(case, entry)
            reopened = not came_back and _was_closed_over(case, entry)
    if came_back:
        case.answer(now=entry.created_at)
        fields += STATE_FIELDS
    elif reopened:
        if case.owner and not can_own(case.owner):
            case.owner = None
        case.reopen(now=now)
        case.updated_at = now
        fields += STATE_FIELDS
    save(case, actor=actor, now=now, why="moving.take_in", fields=fields)
    if came_back or reopened:
        entry.to_value = case.get_state_display()
    save(entry, actor=actor, now=now, why="moving.take_in")
    if entry.body:
        SearchText.objects.create(
            case=case, entry=entry, is_public=not entry.is_internal, text=entry.body
        )
    if reopened:
        _say_reopened(case, entry, actor=actor, now=now)
    elif not entry.is_internal:
        _note(case, entry, came_back=came_back, actor=actor, now=now)
    if not entry.is_internal and entry.author_side == Side.CONTACT:
        notify("moved", case=case, entry=entry, actor=actor, now=now)
    return entry


def _answers(case: Case, entry: Entry) -> bool:
    """Whether it was written since the case began to wait for the customer."""
    return can_proceed(case.answer) and entry.created_at >= case.state_since_at


def _was_closed_over(case: Case, entry: Entry) -> bool:
    """RESP-3: whether a job closed the case although this had been written, and nobody has
    decided otherwise since. False if the case belongs in the other realm (FED-1)."""
    if case.is_open or not realm.current().may_open_for(case.organization):
        return False
    closed = case.entries.filter(event=Entry.Event.CLOSED).order_by("-created_at", "-pk").first()
    if closed is None or closed.author_side != Side.JOB or closed.created_at != case.closed_at:
        return False
    waited = case.clocks.filter(
        kind__in=(Kind.CLOSURE.value, Kind.PROPOSAL.value), ended_at=case.closed_at
    )
    asked_at = waited.order_by("-started_at").values_list("started_at", flat=True).first()
    return asked_at is not None and asked_at <= entry.created_at <= closed.created_at


def _note(case: Case, entry: Entry, *, came_back: bool, actor: Actor, now: dt.datetime) -> None:
    """The case's clocks are as if the entry had been in this feed from the beginning."""
    ended = False
    for clock in Clock.objects.open().filter(case=case):
        if came_back and clock.kind in _WAITING:
            at = max(entry.created_at, clock.started_at)
            clocks.end(clock, Clock.State.CANCELLED, actor=actor, now=now, at=at)
            ended = True
        elif clock.kind == Kind.RESPONSE and _is_response(entry, clock):
            clocks.end(clock, Clock.State.MET, actor=actor, now=now, at=entry.created_at)
            ended = True
    if ended:
        clocks.refresh_next_due(case)


def _is_response(entry: Entry, clock: Clock) -> bool:
    """SLA-1: public words of Product Support since the clock started."""
    by_staff = entry.author_side == Side.STAFF
    return by_staff and bool(entry.body) and entry.created_at >= clock.started_at


def _say_reopened(case: Case, entry: Entry, *, actor: Actor, now: dt.datetime) -> None:
    """The feed says that and why the case is open again; the clocks start again, none is met."""
    reopened = Entry(
        case=case,
        visibility=Entry.Visibility.PUBLIC,
        event=Entry.Event.REOPENED,
        author=actor.person,
        author_side=actor.side.value,
        body=(
            f"An answer of {entry.author} had come before the case was closed, in another place. "
            "It is now in the case, and the case is open again."
        ),
        from_value="Closed",
        to_value=case.get_state_display(),
        created_at=now,
    )
    save(reopened, actor=actor, now=now, why="moving.reopen")
    SearchText.objects.create(case=case, entry=reopened, is_public=True, text=reopened.body)
    # The words explain, and answer nothing: no `STAFF_WROTE`.
    clocks.note(case, Event.REOPENED, actor=actor, now=now)
    notify("reopened", case=case, entry=reopened, actor=actor, now=now)
