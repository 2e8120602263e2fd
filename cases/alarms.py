"""Problems that operations must attend to, in words: for every page of staff who run the desk."""

import datetime as dt

from django.db.models import Exists, Q

from . import jobs, workers
from .models import Heartbeat, Notice, WorkerPulse

#: Mail has been waiting for this long, and none was sent in this time.
MAIL_IS_STUCK_AFTER = dt.timedelta(minutes=10)


def all_of(now: dt.datetime) -> list[str]:
    """Each alarm, the most important first; empty if all is well. Two queries: every page asks."""
    beats = list(Heartbeat.objects.annotate(mail_is_stuck=_mail_is_stuck(now)))
    pulses = [pulse for pulse in jobs.pulses(now, beats) if pulse.is_silent]
    silent = ", ".join(pulse.job.title for pulse in pulses if not pulse.is_ahead)
    ahead = ", ".join(pulse.job.title for pulse in pulses if pulse.is_ahead)
    gone = [each.name for each in WorkerPulse.objects.all() if workers.is_gone(each, now)]
    stuck = any(beat.mail_is_stuck for beat in beats)
    return [
        *([f"Background jobs are silent: {silent}"] if silent else []),
        *([f"The clock was changed; jobs with a last run in the future: {ahead}"] if ahead else []),
        *(f"A worker has stopped responding: {name}" for name in gone),
        *(["Mail is waiting, and none was sent for ten minutes"] if stuck else []),
    ]


def _mail_is_stuck(now: dt.datetime) -> Q:
    """Whether mail has been waiting for ten minutes, in which none was sent; the same in each row
    of the query that it is part of."""
    since = now - MAIL_IS_STUCK_AFTER
    waiting = Notice.objects.filter(state=Notice.State.QUEUED, created_at__lte=since)
    return Exists(waiting) & ~Exists(Notice.objects.filter(sent_at__gt=since))
