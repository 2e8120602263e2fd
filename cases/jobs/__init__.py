"""Running the background jobs, and their heartbeats, for workers, `manage.py sweep` and pages.

Each job is a sweep: it does the due work and ends. Any number of workers may run the same one. The
table of jobs is `cases.job_table`; this app's own jobs are in the modules beside this one.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from ..job_table import JOBS, Job
from ..models import Heartbeat

__all__ = ["JOBS", "Job", "Pulse", "beat", "expect", "pulses", "run", "sweep"]

#: How often a sweep with much to do reports that it is alive.
BEAT_SECONDS = 5.0


def run(name: str, *, seconds: float = 60.0) -> int:
    """Does the due work, for at most this long, with a heartbeat. Returns how much it was."""
    job = JOBS[name]
    beaten = time.monotonic()

    def some(now: dt.datetime) -> int:
        nonlocal beaten
        if time.monotonic() - beaten > BEAT_SECONDS:
            beaten = time.monotonic()
            beat(name, 0)
        return job.some(now)

    done = sweep(some, seconds=seconds)
    beat(name, done)
    return done


def sweep(some: Callable[[dt.datetime], int], *, seconds: float = 60.0) -> int:
    """Runs `some` until nothing is due or the time is up; returns how many things it did."""
    done = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and (just_done := some(timezone.now())):
        done += just_done
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
    """The state of a job: its last run, and whether it has been silent for too long."""

    job: Job
    beat: Heartbeat | None
    is_silent: bool
    #: It ran in the future: the clock was set back since, and its silence would go unnoticed.
    is_ahead: bool

    @property
    def did(self) -> str:
        """What it last did; empty before its first run."""
        return self.job.counted(self.beat.did) if self.beat else ""


def pulses(now: dt.datetime, beats_of_all: Iterable[Heartbeat] | None = None) -> list[Pulse]:
    """The pulse of each job, in the table's order. One query, or none if the beats are given."""
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


#: How far the clocks of two machines may differ.
CLOCKS_DIFFER = dt.timedelta(minutes=1)


def is_ahead(beat: Heartbeat | None, now: dt.datetime) -> bool:
    """Whether the job's last run, or the time it is expected from, is later than now."""
    return beat is not None and (beat.ran_at or beat.expected_at) > now + CLOCKS_DIFFER
