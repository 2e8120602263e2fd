"""Which workers there are: each reports every half minute that it is alive, and when it ends."""

import datetime as dt

from .models import WorkerPulse

#: How often a worker reports that it is alive.
EVERY = dt.timedelta(seconds=30)
#: If it is silent for this long, or ahead of the clock by as much, something is wrong.
SILENT_AFTER = dt.timedelta(seconds=90)
#: A worker that did not come back for this long is no longer expected.
FORGOTTEN_AFTER = dt.timedelta(days=1)


def beat(name: str, now: dt.datetime) -> None:
    """The worker of this name is alive. Forgets those that were silent for a day."""
    WorkerPulse.objects.update_or_create(name=name, defaults={"seen_at": now})
    WorkerPulse.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def say_goodbye(name: str) -> None:
    """The worker was ended and is no longer expected."""
    WorkerPulse.objects.filter(name=name).delete()


def is_gone(pulse: WorkerPulse, now: dt.datetime) -> bool:
    return abs(now - pulse.seen_at) > SILENT_AFTER
