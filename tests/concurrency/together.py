"""Runs things at the same instant, each on a database connection of its own."""

import fcntl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from cases.models import Case


def together(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each job returned, or the exception that it raised, in the order of the jobs."""
    barrier = threading.Barrier(len(jobs))
    outcomes: list[Any] = [None] * len(jobs)

    def run(index: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            outcomes[index] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[index] = error
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(index, job), daemon=True)
        for index, job in enumerate(jobs)
    ]
    with _one_crowd():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return outcomes


@contextmanager
def _one_crowd() -> Iterator[None]:
    """Of all processes that run tests here one at a time: a database takes 100 connections."""
    with (Path(tempfile.gettempdir()) / "supportdesk-crowd.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def unlocked_case(case_id: int) -> Case:
    """`lock_case` without its lock: for the tests that show what the lock is for."""
    case = Case.objects.select_related("owner").get(pk=case_id)
    time.sleep(0.01)
    return case
