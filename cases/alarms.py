"""What operations must see to, in words: for every page of staff who look after the desk."""

import datetime as dt

from . import jobs, workers
from .models import Notice, WorkerPulse

#: Mail waits, and none left for so long.
MAIL_STANDS_AFTER = dt.timedelta(minutes=10)


def all_of(now: dt.datetime) -> list[str]:
    """Each alarm, most telling first; empty where all is well. Four queries."""
    pulses = [pulse for pulse in jobs.pulses(now) if pulse.is_silent]
    silent = ", ".join(pulse.job.name for pulse in pulses if not pulse.is_ahead)
    ahead = ", ".join(pulse.job.name for pulse in pulses if pulse.is_ahead)
    gone = [each.name for each in WorkerPulse.objects.all() if workers.is_gone(each, now)]
    return [
        *([f"Background jobs are silent: {silent}"] if silent else []),
        *([f"The clock was set: jobs that ran in the future: {ahead}"] if ahead else []),
        *(f"A worker is gone: {name}" for name in gone),
        *mail_stands(now),
    ]


def mail_stands(now: dt.datetime) -> list[str]:
    """Mail waits for ten minutes, and in these ten minutes none was sent."""
    since = now - MAIL_STANDS_AFTER
    waiting = Notice.objects.filter(state=Notice.State.QUEUED, created_at__lte=since)
    if not waiting.exists() or Notice.objects.filter(sent_at__gt=since).exists():
        return []
    return ["Mail waits, and none left for ten minutes"]
