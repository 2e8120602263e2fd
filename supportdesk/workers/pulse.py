"""Workers report that they are alive, from a thread that is not blocked by their jobs."""

import logging
import threading
from typing import Any

from celery.signals import worker_ready, worker_shutdown
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

log = logging.getLogger(__name__)

_ended = threading.Event()


@worker_ready.connect
def begin(sender: Any, **kwargs: Any) -> None:
    """From now on the worker is expected to be alive."""
    _ended.clear()
    threading.Thread(target=_go_on, args=[str(sender.hostname)], daemon=True).start()


@worker_shutdown.connect
def end(sender: Any, **kwargs: Any) -> None:
    """The worker was asked to end: nobody needs to look for it."""
    # Celery's application loads this module before the models.
    from cases import workers

    _ended.set()
    _write(workers.say_goodbye, str(sender.hostname))


def _go_on(name: str) -> None:
    from cases import workers  # as above

    while not _ended.is_set():
        _write(workers.beat, name, timezone.now())
        _ended.wait(workers.EVERY.total_seconds())


def _write(what: Any, *values: Any) -> None:
    """Write on a connection that is not kept: the pool's processes are forked from this one."""
    try:
        what(*values)
    except (DatabaseError, InterfaceError) as error:
        log.warning("a worker could not say how it is: %s", type(error).__name__)
    finally:
        connection.close()
