"""Problems that operations must attend to, in words: for every page of staff who run the desk."""

import datetime as dt

from django.db.models import Exists, Q

from . import jobs, workers
from .models import Heartbeat, Notice, WorkerPulse

#: Mail has been waiting for this long, and none was sent in this time.
MAIL_STANDS_AFTER = dt.timedelta(minutes=10)


def all_of(now: dt.datetime) -> list[str]:
    """Each alarm, the most important first; empty if all is well. Two queries: every page asks."""
    beats = list(Heartbeat.objects.annotate(mail_stands=_mail_stands(now)))
    pulses = [pulse for pulse in jobs.pulses(now, beats) if pulse.is_silent]
    silent = ", ".join(pulse.job.name for pulse in pulses if not pulse.is_ahead)
    ahead = ", ".join(pulse.job.name for pulse in pulses if pulse.is_ahead)
    gone = [each.name for each in WorkerPulse.objects.all() if workers.is_gone(each, now)]
    mail = any(beat.mail_stands for beat in beats)
    return [
        *([f"Background jobs are silent: {silent}"] if silent else []),
        *([f"The clock was set: jobs that ran in the future: {ahead}"] if ahead else []),
        *(f"A worker is gone: {name}" for name in gone),
        *(["Mail waits, and none left for ten minutes"] if mail else []),
    ]


def _mail_stands(now: dt.datetime) -> Q:
    """Whether mail has been waiting for ten minutes, in which none was sent; the same in each row
    of the query that it is part of."""
    since = now - MAIL_STANDS_AFTER
    waiting = Notice.objects.filter(state=Notice.State.QUEUED, created_at__lte=since)
    return Exists(waiting) & ~Exists(Notice.objects.filter(sent_at__gt=since))
