"""The background jobs: one table for workers, beat, `manage.py sweep` and the page that shows them.

Each is a sweep: it does what is due and ends. Any number of workers may run the same one.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from . import clock_sweeps, kept, sweeps
from .models import Heartbeat


@dataclass(frozen=True)
class Job:
    """`some(now)` does the next of what is due, and returns how much: 0 where nothing is."""

    name: str
    what: str
    some: Callable[[dt.datetime], int]
    #: How often beat rings, in seconds. Silence past twice this is an alarm.
    every: float


#: In the order in which `manage.py sweep` runs them: what a sweep queues is delivered in the end.
JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job("warn-of-clocks", "Warns before a promise is broken", clock_sweeps.warn_due, 30.0),
        Job("breach-clocks", "Marks broken promises", clock_sweeps.breach_due, 30.0),
        Job("send-closing-notices", "Announces closings", clock_sweeps.remind_due, 60.0),
        Job("close-silent-cases", "Closes what nobody answers", clock_sweeps.close_due, 60.0),
        Job("scan-attachments", "Scans files for viruses", sweeps.scan_one, 30.0),
        Job("clear-sessions", "Removes sessions that ran out", kept.clear_sessions, 3600.0),
        Job("deliver-notices", "Sends mail", sweeps.deliver_one, 15.0),
    )
}


def run(name: str, *, seconds: float = 60.0) -> int:
    """What is due is done, for at most so long; a heartbeat says so. Returns how much it was."""
    done = sweeps.sweep(JOBS[name].some, seconds=seconds)
    beat(name, done)
    return done


def beat(name: str, done: int) -> None:
    """The job has run now."""
    now = timezone.now()
    values: dict[str, object] = {"ran_at": now}
    if done:
        values |= {"did_at": now, "did": done}
    Heartbeat.objects.update_or_create(job=name, defaults=values)
