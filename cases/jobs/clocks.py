"""The sweeps of the clocks: warn, mark as breached, send notices, close (SLA-7, RESP-1 to RESP-6).

Each `*_due(now)` takes the next due clocks, at most `BATCH`, in one transaction: it locks their
cases, reads the clocks again, acts, and commits. It skips a case that is locked elsewhere. If the
action fails, none of the batch is done; it is tried again in halves, down to the clock that fails
alone: that one is put off for an hour, so that no bad row holds up the others. See
docs/decisions/0040-sweeps-take-batches.md.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Q

from ..actors import Actor
from ..extension import further_clocks
from ..faults import Fault, fault_of
from ..models import Clock
from ..models.clocks import ClockQuerySet
from ..notices import notify_of_clocks
from ..persistence import save_all
from ..rules.clocks import PROMISES, Kind
from ..services import clocks, closures

log = logging.getLogger(__name__)

WATCH = Actor.of_job("watch-clocks")
NOTIFIER = Actor.of_job("send-closing-notices")
CLOSER = Actor.of_job("close-silent-cases")

#: The number of locks held at once: an answer in one of these cases waits a fifth of a second.
BATCH = 100
AFTER_A_FAILURE = dt.timedelta(hours=1)
#: The case, or its organization, is in use at this moment.
AFTER_A_LOCK = dt.timedelta(minutes=1)

#: Acts on clocks, one for each case; each has its case, which is locked.
_Act = Callable[[Sequence[Clock], dt.datetime], None]


def warn_due(now: dt.datetime) -> int:
    """Warns the owners of the next clocks that are close to their due time (SLA-7)."""
    own = _act_on_due(now, _warn, *PROMISES, only=Q(warned_at=None, due_at__gte=now))
    return own or next(filter(None, (each.warn(now) for each in further_clocks)), 0)


def breach_due(now: dt.datetime) -> int:
    """Marks the next overdue clocks as breached, and tells the owners (SLA-7)."""
    own = _act_on_due(now, _breach, *PROMISES, only=Q(due_at__lt=now))
    return own or next(filter(None, (each.breach(now) for each in further_clocks)), 0)


def remind_due(now: dt.datetime) -> int:
    """Sends the notice for the next cases without an answer (RESP-1)."""
    return _act_on_due(now, _remind, Kind.REMINDER)


def close_due(now: dt.datetime) -> int:
    """Closes the next cases without an answer, or with an unopposed resolution (RESP-1, RESP-2)."""
    return _act_on_due(now, _close, Kind.CLOSURE, Kind.PROPOSAL)


def _act_on_due(now: dt.datetime, act: _Act, *kinds: Kind, only: Q | None = None) -> int:
    """How many due clocks were handled: acted on, or put off. 0 if none is left.

    Clocks of one kind are in the order of the index. With two kinds, each batch would read and sort
    all that are due.
    """
    for kind in kinds:
        due = Clock.objects.to_act(now, kind).filter(only or Q())
        if looked_at := _act_on(due, act, now, at_most=BATCH):
            return looked_at
    return 0


def _act_on(due: ClockQuerySet, act: _Act, now: dt.datetime, *, at_most: int) -> int:
    taken: list[int] = []
    try:
        with transaction.atomic():
            # The case's lock is the lock of its clocks; services take it first too. The clock is
            # locked with it so that PostgreSQL skips the clocks that another worker just ended.
            rows = due.select_related("case").only("case__state")
            locked = rows.select_for_update(skip_locked=True, of=("self", "case"))
            taken = [clock.pk for clock in locked[:at_most]]
            if not taken:
                return 0
            # The rest may have been read before the lock was taken.
            ready = _one_a_case(due.filter(pk__in=taken))
            act(ready, now)
    except Exception as error:
        fault = fault_of(error)
        if not taken or (fault and fault is not Fault.LOCKED):
            raise  # nothing is wrong with these rows, and the next run finds them again
        failure = error
    else:
        return len(ready)
    # One bad row must not stop all the others. It is reported, and tried again later.
    if len(taken) == 1:
        because = type(failure).__name__
        log.error("clock %s was put off: %s", taken[0], because, exc_info=failure)
        _put_off(taken[0], now + (AFTER_A_LOCK if fault else AFTER_A_FAILURE), because)
    else:
        middle = len(taken) // 2
        for half in (taken[:middle], taken[middle:]):
            _act_on(due.filter(pk__in=half), act, now, at_most=len(half))
    return len(taken)


def _one_a_case(due: ClockQuerySet) -> list[Clock]:
    """The clocks with all that the actions read of their cases; a case's second clock waits.

    People and organizations are few, and fetched once each, not once for each case; so the realm is
    also asked only once whether it admits an owner.
    """
    few = ("case__owner", "case__contact", "case__organization__calendar")
    by_case: dict[int, Clock] = {}
    for clock in due.select_related("case").prefetch_related(*few):
        by_case.setdefault(clock.case_id, clock)
    return list(by_case.values())


def _warn(due: Sequence[Clock], now: dt.datetime) -> None:
    for clock in due:
        clock.warned_at = now
        clock.acts_at = clock.due_at
    save_all(due, actor=WATCH, now=now, why="", fields=["warned_at", "acts_at"])
    notify_of_clocks("clock_warning", due, actor=WATCH, now=now)


def _breach(due: Sequence[Clock], now: dt.datetime) -> None:
    for clock in due:
        clock.state = Clock.State.BREACHED
        clock.acts_at = None
    save_all(due, actor=WATCH, now=now, why="", fields=["state", "acts_at"])
    notify_of_clocks("clock_breached", due, actor=WATCH, now=now)


def _remind(due: Sequence[Clock], now: dt.datetime) -> None:
    closures.send_notices(_still_waiting(due, now, NOTIFIER), actor=NOTIFIER, now=now)


def _close(due: Sequence[Clock], now: dt.datetime) -> None:
    closures.close(_still_waiting(due, now, CLOSER), actor=CLOSER, now=now)


def _still_waiting(due: Sequence[Clock], now: dt.datetime, actor: Actor) -> list[Clock]:
    """Those whose case is still in the clock's state; the other clocks are ended."""
    waiting = []
    for clock in due:
        if clock.case.state in closures.WAITS_IN[Kind(clock.kind)]:
            waiting.append(clock)
        else:
            clocks.end(clock, Clock.State.CANCELLED, actor=actor, now=now)
            clocks.refresh_next_due(clock.case)
    return waiting


def _put_off(clock_id: int, until: dt.datetime, because: str) -> None:
    running = Clock.objects.running().filter(pk=clock_id)
    running.update(acts_at=until, put_off_because=because[:120])
