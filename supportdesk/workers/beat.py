"""The scheduler of beat: each job rings after its period, by a clock that nobody can set.

Celery's own scheduler stores the times of the last ring, by the wall clock, in a file: it cannot
start without write access, and after the clock was a week ahead and is set back, it rings nothing
for a week. This one stores nothing: at its start it rings every job once, and each job finds what
is due.
"""

import time
from typing import Any

from celery.beat import Scheduler as CeleryScheduler


class Scheduler(CeleryScheduler):
    """Rings by `time.monotonic`; all entries of the schedule are plain periods."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._next: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Ring what is due; return the seconds until the next one is."""
        for name, entry in self.schedule.items():
            if time.monotonic() >= self._next.get(name, 0.0):
                self._next[name] = time.monotonic() + entry.schedule.seconds
                self.apply_entry(entry, producer=self.producer)
        soonest = min(self._next.values(), default=0.0) - time.monotonic()
        return float(max(0.0, min(soonest, self.max_interval)))
