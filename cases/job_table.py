"""The table of background jobs: one row for each, and the bell that wakes it.

Each app registers its rows when it is ready (`AppConfig.ready`). Beat's schedule, the workers,
`manage.py sweep` and the Jobs page are made from them. This module knows no job, no task and no
model, so that services can wake a job without importing its work.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet
from django.template.defaultfilters import pluralize
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

#: The one task, in `cases.tasks`. It takes the name of a job, and no content.
TASK = "cases.tasks.run_job"
#: The job that sends mail: it is the last, since the others queue mail.
MAIL = "deliver-notices"


@dataclass(frozen=True)
class PutOff:
    """A row that a job could not do yet."""

    what: str
    address: str
    why: str
    #: When it is tried again; None if it was given up.
    until: dt.datetime | None


@dataclass(frozen=True)
class Progress:
    """The progress of a long piece of work."""

    what: str
    address: str
    done: int
    total: int


def nothing(now: dt.datetime) -> list[Any]:
    """For a job that has none of these."""
    return []


@dataclass(frozen=True)
class Source:
    """What the Jobs page reads to see what waits for a job."""

    due: Callable[[dt.datetime], QuerySet[Any]]
    #: The column with the time at which a row became due.
    since: str
    put_off: Callable[[dt.datetime], list[PutOff]] = nothing
    at_work: Callable[[dt.datetime], list[Progress]] = nothing
    #: The due times of things that are in no table.
    elsewhere: Callable[[dt.datetime], list[dt.datetime]] = nothing


@dataclass(frozen=True, kw_only=True)
class Job:
    """One row. Heartbeats and history are stored under `name`; people read `title` and `what`."""

    name: str
    title: str
    #: A sentence that says what it does.
    what: str
    #: `some(now)` does the next due work, and returns how much: 0 if nothing is due.
    some: Callable[[dt.datetime], int]
    #: How often beat rings, in seconds. Silence for more than twice this is an alarm.
    every: float
    #: The word for one of the things it counts.
    thing: str
    #: What is overdue and put off. None: not counted.
    source: Source | None = None
    #: A worker is killed after this many seconds. None: the settings' limit for all.
    time_limit: int | None = None
    #: The last part of the name of its own queue, with its own workers. Empty: the common one.
    queue: str = ""

    def counted(self, number: int) -> str:
        """The number of its things, in words: “1 mail”."""
        return f"{number} {self.thing}{pluralize(number)}"

    def options(self) -> dict[str, Any]:
        """The options for sending its message."""
        common = current_app.conf.task_default_queue
        queue = f"{common}-{self.queue}" if self.queue else common
        return {"queue": queue, **({"time_limit": self.time_limit} if self.time_limit else {})}


#: By name, in the order in which `manage.py sweep` runs them.
JOBS: dict[str, Job] = {}


def register(*jobs: Job) -> None:
    """Adds an app's jobs, when it is ready. Mail stays last."""
    JOBS.update({job.name: job for job in jobs})
    if MAIL in JOBS:
        JOBS[MAIL] = JOBS.pop(MAIL)


def schedule() -> dict[str, dict[str, Any]]:
    """Beat's schedule: each job rings after its period."""
    return {
        job.name: {
            "task": TASK,
            "args": [job.name],
            "schedule": job.every,
            "options": job.options(),
        }
        for job in JOBS.values()
    }


def wake(name: str) -> None:
    """A worker runs this job when the transaction commits, however often this is called.

    A job does everything that is due: a thousand mails of one transaction need one ring.
    """
    bell = _bell(JOBS[name])
    waiting = transaction.get_connection().run_on_commit
    if not any(function is bell for _, function, _ in waiting):
        transaction.on_commit(bell, robust=True)


@cache
def _bell(job: Job) -> Callable[[], None]:
    """The same function for each call, so that two of them are seen to be one."""

    def rung() -> None:
        ring(job)

    return rung


def ring(job: Job) -> None:
    """Sends the job's message now. If the broker is away, beat rings again: nothing is lost."""
    try:
        current_app.send_task(TASK, [job.name], ignore_result=True, **job.options())
    except (OperationalError, OSError) as error:
        log.warning("the broker did not take %s: %s", job.name, type(error).__name__)
