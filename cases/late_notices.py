"""Mails that name a closing, brought up to date as they leave (RESP-1).

A mail may wait for days, while the mail server is down. What it names must lie ahead then, and must
be going to happen: else the sentence goes, and of a notice before closing the mail itself.
"""

import datetime as dt

from .actors import Actor
from .extension import vetoes_of
from .models import Clock, Entry, Notice
from .notices import rendered
from .persistence import save
from .promises import after_notice, closings
from .recipients import Occasion

#: Why a notice before a closing does not leave: nothing is about to close the case any more.
OVERTAKEN = "nothing is about to close the case"
NOTICE = "closing_notice"
NAMING_A_CLOSING = frozenset({NOTICE, "question", "resolution", "extended"})


def bring_up_to_date(notice: Notice, *, actor: Actor, now: dt.datetime) -> bool:
    """The words of the queued mail hold now; False where there is nothing left to tell.

    The caller holds the notice's lock.
    """
    if notice.event not in NAMING_A_CLOSING or notice.case is None or notice.person is None:
        return True
    case = notice.case
    if notice.event == NOTICE:
        at = _of_notice(notice, now)
        if at is None:
            return False
    else:
        at = closings([case], now).get(case.pk)
    entry = _entry_of(notice)
    if entry is None:
        return True
    said_by = Actor.of(entry.author) if entry.author else Actor.of_job(entry.job)
    occasion = Occasion("", case, {"entry": entry, "closes_at": at})
    _, text = rendered(notice.event, occasion, person=notice.person, actor=said_by)
    if text != notice.text:
        notice.text = text
        save(notice, actor=actor, now=now, why="", fields=["text"])
    return True


def _of_notice(notice: Notice, now: dt.datetime) -> dt.datetime | None:
    """When the case is closed that is told of it now: a full day later at the soonest.

    None where no job will close it, or something holds it open (RESP-6).
    """
    case = notice.case
    assert case is not None
    kinds = [Clock.Kind.CLOSURE, Clock.Kind.PROPOSAL]
    clock = Clock.objects.running().filter(case=case, kind__in=kinds).first()
    if clock is None or clock.started_at > notice.created_at or vetoes_of([case]):
        return None
    return after_notice(case, clock.due_at, now)


def _entry_of(notice: Notice) -> Entry | None:
    """The entry that the mail tells of: its key names it."""
    told = notice.key.split(":")[1]
    return Entry.objects.filter(pk=told, case=notice.case_id).select_related("author").first()
