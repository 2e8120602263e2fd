"""On PYTHONPATH of a desk whose clock is moved on: every process of it lives that much later."""

import datetime as dt
import os

import time_machine

if offset := os.environ.get("CLOCK_MOVED_BY_HOURS"):
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=float(offset))
    time_machine.travel(later, tick=True).start()
