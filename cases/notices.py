"""Who is told of what: one table, one function.

`notify` writes rows of the outbox in the caller's transaction; nothing leaves the process here.
`sweeps.deliver_one` sends them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from . import realm
from .actors import Actor
from .mail_messages import mail_host, mail_text
from .models import Case, Clock, Entry, Notice, Person
from .persistence import save_all
from .promises import closings
from .recipients import Rule, To, contacts_involved, owner_or_leads, queue_leads, told
from .rules.actions import Side

__all__ = ["TABLE", "Rule", "To", "contacts_involved", "notify", "queue_leads", "queue_mail"]


TABLE: dict[str, Rule] = {
    "opened": Rule(frozenset({To.OPENER}), always=True),
    "taken": Rule(frozenset({To.CONTACTS})),
    "assigned": Rule(frozenset({To.OWNER})),
    "question": Rule(frozenset({To.CONTACTS}), always=True),
    "third_party": Rule(frozenset({To.CONTACTS})),
    "resumed": Rule(frozenset({To.CONTACTS})),
    "resolution": Rule(frozenset({To.CONTACTS}), always=True),
    "accepted": Rule(frozenset({To.CONTACTS, To.OWNER})),
    "persists": Rule(frozenset({To.CONTACTS, To.OWNER})),
    "closed": Rule(frozenset({To.CONTACTS, To.OWNER}), always=True),
    "reopened": Rule(frozenset({To.CONTACTS, To.OWNER})),
    "entry": Rule(frozenset({To.CONTACTS, To.OWNER})),
    # A contact's words that stood in another feed; there the contacts were told of them.
    "moved": Rule(frozenset({To.OWNER_OR_LEADS})),
    "severity": Rule(frozenset({To.CONTACTS})),
    "clock_warning": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    "clock_breached": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    "closing_notice": Rule(frozenset({To.CONTACTS}), always=True),
    "closing_held": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    # RESP-1: no contact is left who can be told; staff decide.
    "closing_unheard": Rule(frozenset({To.OWNER_AND_LEADS}), always=True),
    "extended": Rule(frozenset({To.CONTACTS}), always=True),
    "notice_failed": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    "platform": Rule(frozenset({To.CONTACTS})),
    "single": Rule(frozenset({To.CONTACTS})),
    # RCA-1: the summary is for everybody whom the failure hit.
    "restored": Rule(frozenset({To.CONTACTS, To.OWNER}), always=True),
    # Whoever was told of the restoration is told of the correction.
    "not_restored": Rule(frozenset({To.CONTACTS, To.OWNER}), always=True),
    "analysis_asked": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    "analysis_delivered": Rule(frozenset({To.CONTACTS}), always=True),
    "meeting_recorded": Rule(frozenset({To.CONTACTS})),
    # PLAN-3: with every case that is Critical, from its opening or by a change of severity.
    "critical": Rule(frozenset({To.ACCOUNT_MANAGER})),
    # The owner left, or lost the role: the case waits for a new one.
    "released": Rule(frozenset({To.CONTACTS, To.OWNER_OR_LEADS})),
    # Nobody on the customer's side can answer: see `tell_unheard`.
    "unheard": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
}


def notify(event: str, *, case: Case, entry: Entry, actor: Actor, now: dt.datetime) -> list[Notice]:
    """A mail for each person whom `TABLE` names stands in the outbox, once per entry and person.

    The caller is in the transaction that caused it. An internal entry is refused: no table row
    may ever carry it out of the desk (FEED-3).
    """
    if entry.is_internal:
        raise ValueError("An internal entry is told to nobody.")
    return _notify(event, {case: entry}, actor=actor, now=now)


def notify_all(
    event: str, entries: Sequence[Entry], *, actor: Actor, now: dt.datetime
) -> list[Notice]:
    """As `notify`, for one entry in each of several cases."""
    return _notify(event, {entry.case: entry for entry in entries}, actor=actor, now=now)


def _notify(
    event: str, entries: Mapping[Case, Entry], *, actor: Actor, now: dt.datetime
) -> list[Notice]:
    if any(entry.is_internal for entry in entries.values()):
        raise ValueError("An internal entry is told to nobody.")
    people, unheard = told(TABLE[event], list(entries), actor=actor)
    if actor.side is not Side.CONTACT:
        tell_unheard(unheard, actor=actor, now=now)
    # Asked once, if the words name them at all.
    times = cache(partial(closings, list(entries), now))
    return _queue(
        [
            _about_case(
                event,
                case=case,
                entry=entry,
                person=person,
                actor=actor,
                now=now,
                key=f"{event}:{entry.pk}:{person.pk}",
                times=times,
            )
            for case, entry in entries.items()
            for person in people[case]
        ],
        actor=actor,
        now=now,
    )


def notify_of_clocks(
    event: str, clocks: Sequence[Clock], *, actor: Actor, now: dt.datetime, words: str = ""
) -> list[Notice]:
    """A mail about each clock for each person whom `TABLE` names, once per clock and person.

    One clock a case. A second call for the same clock queues nothing; a warning that was taken back
    and is given again is told again (SLA-6). The caller holds the locks of the cases.
    """
    cases = [clock.case for clock in clocks]
    people = recipients(event, cases, actor=actor)
    times = cache(partial(closings, cases, now))
    keys = {
        f"{event}:clock:{_occurrence(event, clock)}:{person.pk}": (clock, person)
        for clock in clocks
        for person in people[clock.case]
    }
    queued = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    return _queue(
        [
            _about_case(
                event,
                case=clock.case,
                person=person,
                actor=actor,
                now=now,
                key=key,
                times=times,
                clock=clock,
                words=words,
            )
            for key, (clock, person) in keys.items()
            if key not in queued
        ],
        actor=actor,
        now=now,
    )


def _occurrence(event: str, clock: Clock) -> str:
    if event == "clock_warning" and clock.warned_at:
        return f"{clock.pk}:{clock.warned_at.isoformat()}"
    return str(clock.pk)


def notify_of_failure(failed: Notice, *, actor: Actor, now: dt.datetime) -> list[Notice]:
    """Who owns the case is told that this mail about it was given up, once each time that it is.

    Where the mail was for the owner himself, those who lead the unassigned queue are told instead;
    of a mail that told of another one, nobody is. The caller holds the notice's lock.
    """
    case = failed.case
    if case is None or failed.event == "notice_failed":
        return []
    people = recipients("notice_failed", [case], actor=actor)[case]
    if failed.person_id in {person.pk for person in people}:
        people = [person for person in queue_leads() if person.pk != failed.person_id]
    occurrence = f"notice_failed:{failed.pk}:{now.isoformat()}"
    return _queue(
        [
            _about_case(
                "notice_failed",
                case=case,
                person=person,
                actor=actor,
                now=now,
                key=f"{occurrence}:{person.pk}",
                times=dict,
                words=f"{settings.SITE_URL}/admin/cases/notice/{failed.pk}/change/",
            )
            for person in people
        ],
        actor=actor,
        now=now,
    )


def recipients(event: str, cases: Iterable[Case], *, actor: Actor) -> dict[Case, list[Person]]:
    """The people whom the table names for this event in each of these cases, by primary key."""
    return told(TABLE[event], list(cases), actor=actor)[0]


def tell_unheard(cases: Iterable[Case], *, actor: Actor, now: dt.datetime) -> list[Notice]:
    """Who owns each of these cases, or who leads the unassigned queue, is told that nobody on the
    customer's side is left who could answer; once a day a case, also if he wrote it himself."""
    keys = {
        f"unheard:{case.pk}:{now.date()}:{person.pk}": (case, person)
        for case in cases
        for person in owner_or_leads(case)
    }
    queued = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    return _queue(
        [
            _about_case(
                "unheard", case=case, person=person, actor=actor, now=now, key=key, times=dict
            )
            for key, (case, person) in keys.items()
            if key not in queued
        ],
        actor=actor,
        now=now,
    )


def _about_case(
    event: str,
    *,
    case: Case,
    person: Person,
    actor: Actor,
    now: dt.datetime,
    key: str,
    times: Callable[[], Mapping[int, dt.datetime]],
    entry: Entry | None = None,
    clock: Clock | None = None,
    words: str = "",
) -> Notice:
    context = case_context(case=case, person=person, actor=actor)
    return _mail(
        key=key,
        event=event,
        template=f"mail/{event}",
        context={
            **context,
            "entry": entry,
            "clock": clock,
            "words": words,
            "closes_at": lambda: times().get(case.pk),
        },
        subject=context["subject"],
        email=person.email,
        now=now,
        case=case,
        person=person,
    )


def case_context(*, case: Case, person: Person, actor: Actor) -> dict[str, Any]:
    """What every mail about a case knows, its subject line included (FED-13)."""
    carries_content = realm.current().mails_carry_content
    path = f"/admin/cases/case/{case.pk}/change/" if person.is_staff else case.get_absolute_url()
    return {
        "case": case,
        "person": person,
        "actor": _name_of(actor, with_name=carries_content),
        "with_content": carries_content,
        "url": f"{settings.SITE_URL}{path}",
        "support_phone": settings.SUPPORT_PHONE,
        "portal_title": realm.current().portal_title,
        "subject": case.number + (f": {case.subject}" if carries_content else ""),
    }


def _name_of(actor: Actor, *, with_name: bool) -> str:
    """Who did it: by name only where mails may carry what the case holds (FED-13)."""
    if actor.person and with_name:
        return str(actor.person)
    return {
        Side.CONTACT: "A Designated Contact",
        Side.STAFF: "Product Support",
        Side.JOB: "The support desk",
    }[actor.side]


def queue_mail(*, actor: Actor, now: dt.datetime, **mail: Any) -> Notice:
    """The mail stands in the outbox; `mail` is what `_mail` makes one of."""
    (notice,) = _queue([_mail(now=now, **mail)], actor=actor, now=now)
    return notice


def _queue(notices: list[Notice], *, actor: Actor, now: dt.datetime) -> list[Notice]:
    """The mails, all of one event, stand in the outbox; a worker is told after the commit."""
    if notices:
        save_all(notices, actor=actor, now=now, why=f"notices.{notices[0].event}")
        _ring()
    return notices


def _mail(
    *,
    key: str,
    event: str,
    template: str,
    context: dict[str, Any],
    subject: str,
    email: str,
    now: dt.datetime,
    case: Case | None = None,
    person: Person | None = None,
    is_secret: bool = False,
) -> Notice:
    """A mail that is not stored yet: its subject, and the words that `<template>.txt` gives."""
    with timezone.override(person.time_zone if person else "UTC"):
        text = mail_text(f"{template}.txt", context)
    return Notice(
        key=key,
        event=event,
        case=case,
        person=person,
        email=email,
        subject=" ".join(subject.split())[:250],
        text=text,
        message_id=f"<{uuid4().hex}@{mail_host()}>",
        is_secret=is_secret,
        created_at=now,
        due_at=now,
    )


def _ring() -> None:
    from .tasks import ring_after_commit, ring_mail

    ring_after_commit(ring_mail)
