"""Thin Celery wrappers: a task is a sweep over due rows, and carries no content."""

import logging
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from . import jobs

log = logging.getLogger(__name__)


def ring(task: Any) -> None:
    """Wakes a worker. Where the broker is away the next beat does it: nothing is lost."""
    try:
        task.delay()
    except (OperationalError, OSError) as error:
        log.warning("the broker did not take %s: %s", task.name, type(error).__name__)


def ring_after_commit(bell: Callable[[], None]) -> None:
    """`bell` is called once when the transaction commits, however often this is asked for.

    A sweep takes all that is due: a thousand mails of one transaction need one ring and not a
    thousand. A bell is a function of a module, so that two requests for it are the same one.
    """
    waiting = transaction.get_connection().run_on_commit
    if not any(function is bell for _, function, _ in waiting):
        transaction.on_commit(bell, robust=True)


def ring_mail() -> None:
    """Wakes the delivery of notices."""
    ring(deliver_notices)


def ring_scanner() -> None:
    """Wakes the virus scan."""
    ring(scan_attachments)


def ring_recomputer() -> None:
    """Wakes the recomputing of clocks."""
    ring(recompute_clocks)


@shared_task
def deliver_notices() -> int:
    """Sends what is due in the outbox."""
    return jobs.run("deliver-notices")


@shared_task
def scan_attachments() -> int:
    """Checks the files that are held."""
    return jobs.run("scan-attachments")


@shared_task
def clear_sessions() -> int:
    """Removes sessions that ran out, and the drafts in them."""
    return jobs.run("clear-sessions")


@shared_task
def remove_stray_files() -> int:
    """Removes files that no row names."""
    return jobs.run("remove-stray-files")


@shared_task
def warn_of_clocks() -> int:
    """Warns of clocks that near their due time."""
    return jobs.run("warn-of-clocks")


@shared_task
def breach_clocks() -> int:
    """Marks clocks that are overdue."""
    return jobs.run("breach-clocks")


@shared_task
def send_closing_notices() -> int:
    """Tells customers whose answer is missing that the case will be closed."""
    return jobs.run("send-closing-notices")


@shared_task
def close_silent_cases() -> int:
    """Closes the cases whose time is up."""
    return jobs.run("close-silent-cases")


@shared_task
def recompute_clocks() -> int:
    """Lets clocks count anew after a change of what is promised."""
    return jobs.run("recompute-clocks")


@shared_task
def release_cases() -> int:
    """Gives back the work of those who cannot do it any more."""
    return jobs.run("release-cases")
