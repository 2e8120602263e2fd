"""The sweeps of the clocks: warn, mark as breached, send notices, close (SLA-7, RESP-1 to RESP-6).

Each `*_one(now)` takes the next clock that is due in one transaction: it locks the case, reads the
clock anew, acts, and commits. A case that somebody else has locked is left to him; a clock whose
action fails is put off for an hour, so that no bad row holds up the others.
"""

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from .actors import Actor
from .models import Case, Clock
from .notices import notify_of_clock
from .rules.clocks import Kind
from .services import clocks, closing
from .services.saving import lock_case, save

log = logging.getLogger(__name__)

WATCH = Actor.of_job("watch-clocks")
NOTIFIER = Actor.of_job("send-closing-notices")
CLOSER = Actor.of_job("close-silent-cases")

AFTER_A_FAILURE = dt.timedelta(hours=1)

_Act = Callable[[Case, Clock, dt.datetime], object]


def warn_one(now: dt.datetime) -> bool:
    """The owner is warned of the next clock that nears its due time (SLA-7). False: none does."""
    return _one(now, _warn, Kind.RESPONSE, only=Q(warned_at=None, due_at__gte=now))


def breach_one(now: dt.datetime) -> bool:
    """The next overdue clock is marked as breached, and the owner is told (SLA-7)."""
    return _one(now, _breach, Kind.RESPONSE, only=Q(due_at__lt=now))


def remind_one(now: dt.datetime) -> bool:
    """The next case without an answer gets its notice (RESP-1)."""
    return _one(now, _remind, Kind.REMINDER)


def close_one(now: dt.datetime) -> bool:
    """The next case without an answer, or with an unopposed resolution, is closed (RESP-1, 2)."""
    return _one(now, _close, Kind.CLOSURE, Kind.PROPOSAL)


def _one(now: dt.datetime, act: _Act, *kinds: Kind, only: Q | None = None) -> bool:
    taken: int | None = None
    try:
        with transaction.atomic():
            due = Clock.objects.to_act(now, *kinds).filter(only or Q())
            # The case's lock is the lock of its clocks; services take it first too.
            locked = due.select_related("case").select_for_update(skip_locked=True, of=("case",))
            found = locked.first()
            if found is None:
                return False
            taken = found.pk
            case = lock_case(found.case_id)
            # What was found may have been read before the lock was had.
            clock = Clock.objects.to_act(now, *kinds).filter(only or Q(), pk=taken).first()
            if clock is not None:
                clock.case = case
                act(case, clock, now)
    except Exception as error:
        if taken is None:
            raise
        # One bad row must not stop all the others. It is reported, and tried again later.
        log.exception("clock %s was put off: %s", taken, type(error).__name__)
        _put_off(taken, now, type(error).__name__)
    return True


def _warn(case: Case, clock: Clock, now: dt.datetime) -> None:
    clock.warned_at = now
    clock.acts_at = clock.due_at
    save(clock, actor=WATCH, now=now, why="", fields=["warned_at", "acts_at"])
    notify_of_clock("clock_warning", case=case, clock=clock, actor=WATCH, now=now)


def _breach(case: Case, clock: Clock, now: dt.datetime) -> None:
    clock.state = Clock.State.BREACHED
    clock.acts_at = None
    save(clock, actor=WATCH, now=now, why="", fields=["state", "acts_at"])
    notify_of_clock("clock_breached", case=case, clock=clock, actor=WATCH, now=now)


def _remind(case: Case, clock: Clock, now: dt.datetime) -> None:
    if _still_waits(case, clock, now, NOTIFIER):
        closing.send_notice(case, clock, actor=NOTIFIER, now=now)


def _close(case: Case, clock: Clock, now: dt.datetime) -> None:
    if _still_waits(case, clock, now, CLOSER):
        closing.close(case, clock, actor=CLOSER, now=now)


def _still_waits(case: Case, clock: Clock, now: dt.datetime, actor: Actor) -> bool:
    """Whether the case is in the state of this clock; the clock of another state is ended."""
    if case.state == closing.WAITS_IN[Kind(clock.kind)]:
        return True
    clocks.end(clock, Clock.State.CANCELLED, actor=actor, now=now)
    clocks.refresh_next_due(case)
    return False


def _put_off(clock_id: int, now: dt.datetime, because: str) -> None:
    running = Clock.objects.running().filter(pk=clock_id)
    running.update(acts_at=now + AFTER_A_FAILURE, put_off_because=because[:120])
