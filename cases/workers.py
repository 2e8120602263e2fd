"""Which workers there are: each says every half minute that it is alive, and that it ends."""

import datetime as dt

from .models import WorkerPulse

#: So often a worker says that it is alive.
EVERY = dt.timedelta(seconds=30)
#: Silent for so long, or ahead of the clock by as much, something is wrong.
SILENT_AFTER = dt.timedelta(seconds=90)
#: One that never came back is not expected any more.
FORGOTTEN_AFTER = dt.timedelta(days=1)


def beat(name: str, now: dt.datetime) -> None:
    """The worker of this name is alive. Those that were silent for a day are forgotten."""
    WorkerPulse.objects.update_or_create(name=name, defaults={"seen_at": now})
    WorkerPulse.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def say_goodbye(name: str) -> None:
    """The worker was ended, and is not expected."""
    WorkerPulse.objects.filter(name=name).delete()


def is_gone(pulse: WorkerPulse, now: dt.datetime) -> bool:
    return abs(now - pulse.seen_at) > SILENT_AFTER
