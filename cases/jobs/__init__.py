"""The background jobs: one table for workers, beat, `manage.py sweep` and the page that shows them.

Each is a sweep: it does what is due and ends. Any number of workers may run the same one.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.template.defaultfilters import pluralize
from django.utils import timezone

from .. import drafts
from ..models import Heartbeat
from ..services import departures, recalculations, stray_files
from . import clocks, sweeps


@dataclass(frozen=True)
class Job:
    """`some(now)` does the next of what is due, and returns how much: 0 where nothing is."""

    name: str
    what: str
    some: Callable[[dt.datetime], int]
    #: How often beat rings, in seconds. Silence past twice this is an alarm.
    every: float
    #: One of what it counts.
    thing: str

    def counted(self, number: int) -> str:
        """So many of its things, in words: “1 mail”."""
        return f"{number} {self.thing}{pluralize(number)}"


#: In the order in which `manage.py sweep` runs them: what a sweep queues is delivered in the end.
JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job(
            "recompute-clocks",
            "Counts clocks anew after a change of what is promised",
            recalculations.recompute_some,
            30.0,
            "case",
        ),
        Job(
            "warn-of-clocks",
            "Warns before a promise is broken",
            clocks.warn_due,
            30.0,
            "clock",
        ),
        Job("breach-clocks", "Marks broken promises", clocks.breach_due, 30.0, "clock"),
        Job("send-closing-notices", "Announces closings", clocks.remind_due, 60.0, "case"),
        Job("close-silent-cases", "Closes what nobody answers", clocks.close_due, 60.0, "case"),
        Job(
            "release-cases",
            "Gives back the work of who cannot do it any more",
            departures.release_one,
            60.0,
            "case",
        ),
        Job("scan-attachments", "Scans files for viruses", sweeps.scan_one, 30.0, "file"),
        Job(
            "clear-sessions",
            "Removes sessions that ran out",
            drafts.clear_sessions,
            3600.0,
            "session",
        ),
        Job(
            "remove-stray-files",
            "Removes files that belong to nothing",
            stray_files.remove_some,
            3600.0,
            "file",
        ),
        Job("deliver-notices", "Sends mail", sweeps.deliver_one, 15.0, "mail"),
    )
}


def register(job: Job) -> None:
    """An app above this one brings a job of its own, when it is ready; mail goes out after it."""
    delivery = JOBS.pop("deliver-notices")
    JOBS.update({job.name: job, delivery.name: delivery})


#: So often a sweep that has much to do says that it is alive.
BEAT_SECONDS = 5.0


def run(name: str, *, seconds: float = 60.0) -> int:
    """What is due is done, for at most so long; a heartbeat says so. Returns how much it was."""
    job = JOBS[name]
    beaten = time.monotonic()

    def some(now: dt.datetime) -> int:
        nonlocal beaten
        if time.monotonic() - beaten > BEAT_SECONDS:
            beaten = time.monotonic()
            beat(name, 0)
        return job.some(now)

    done = sweeps.sweep(some, seconds=seconds)
    beat(name, done)
    return done


def beat(name: str, done: int) -> None:
    """The job has run now."""
    now = timezone.now()
    values: dict[str, object] = {"ran_at": now}
    if done:
        values |= {"did_at": now, "did": done}
    Heartbeat.objects.update_or_create(job=name, defaults=values)


def expect(now: dt.datetime) -> None:
    """Every job is known, and expected to run from now on. Idempotent."""
    for name in JOBS:
        Heartbeat.objects.get_or_create(job=name, defaults={"expected_at": now})


@dataclass(frozen=True)
class Pulse:
    """How a job is: its last run, and whether it has been silent for too long."""

    job: Job
    beat: Heartbeat | None
    is_silent: bool
    #: It ran in the future: the clock was set back since, and no silence of it would be seen.
    is_ahead: bool

    @property
    def did(self) -> str:
        """What it last did; empty before its first run."""
        return self.job.counted(self.beat.did) if self.beat else ""


def pulses(now: dt.datetime, beats_of_all: Iterable[Heartbeat] | None = None) -> list[Pulse]:
    """The pulse of each job, in the table's order. One query, or none where the beats are given."""
    if beats_of_all is None:
        beats_of_all = Heartbeat.objects.all()
    beats = {beat.job: beat for beat in beats_of_all}
    return [
        Pulse(
            job,
            beats.get(name),
            is_silent(job, beats.get(name), now),
            is_ahead(beats.get(name), now),
        )
        for name, job in JOBS.items()
    ]


def is_silent(job: Job, beat: Heartbeat | None, now: dt.datetime) -> bool:
    """Whether nothing was heard of the job for more than twice its period, or never, or only from
    the future."""
    if beat is None or is_ahead(beat, now):
        return True
    return now - (beat.ran_at or beat.expected_at) > dt.timedelta(seconds=2 * job.every)


#: The clocks of two machines may differ by so much.
CLOCKS_DIFFER = dt.timedelta(minutes=1)


def is_ahead(beat: Heartbeat | None, now: dt.datetime) -> bool:
    """Whether the job says that it ran, or will be expected, later than now."""
    return beat is not None and (beat.ran_at or beat.expected_at) > now + CLOCKS_DIFFER
