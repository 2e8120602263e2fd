"""Who is told of what: one table, one function.

`notify` writes rows of the outbox in the caller's transaction; nothing leaves the process here.
`sweeps.deliver_one` sends them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils import timezone

from . import realm
from .actors import Actor
from .messages import mail_host, mail_text
from .models import Case, Clock, Entry, Membership, Notice, Person
from .rules.actions import Side
from .services.promises import closings
from .services.saving import save_all


class To(StrEnum):
    """Groups of people who can be told."""

    OPENER = "who opened the case, as a receipt"
    CONTACTS = "contacts involved, and those who want mail about all cases"
    OWNER = "the Case Owner"
    OWNER_OR_LEADS = "the Case Owner; of a case without one, who leads the unassigned queue"
    OWNER_AND_LEADS = "the Case Owner, and who leads the unassigned queue"
    ACCOUNT_MANAGER = "the organization's Technical Account Manager"


@dataclass(frozen=True)
class Rule:
    """One row: an event, whom it is told, and in which words (`mail/<template>.*`).

    The person who did it is not told, except by a receipt. `always` goes past the choice of a
    contact to get no mail: for what he must not miss.
    """

    to: frozenset[To]
    always: bool = False


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
    people = recipients(event, entries, actor=actor)
    times = cache(
        partial(closings, list(entries), now)
    )  # asked once, if the words name them at all
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
    told = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
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
            if key not in told
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
    rule = TABLE[event]
    involved: dict[int, list[Person]] = {}
    if To.CONTACTS in rule.to:
        involved = contacts_involved(*cases, always=rule.always)
    return {case: _reachable(case, rule, involved.get(case.pk, []), actor=actor) for case in cases}


def _reachable(case: Case, rule: Rule, contacts: list[Person], *, actor: Actor) -> list[Person]:
    people = {person.pk: person for person in contacts}
    if To.OPENER in rule.to:
        people[case.contact_id] = case.contact
    owner = case.owner
    if To.OWNER in rule.to and owner and (rule.always or owner.mail_my_cases):
        people[owner.pk] = owner
    if To.OWNER_OR_LEADS in rule.to:
        leads = [owner] if owner and realm.current().admits_staff(owner) else queue_leads()
        people |= {person.pk: person for person in leads}
    if To.OWNER_AND_LEADS in rule.to:
        people |= {person.pk: person for person in [*queue_leads(), *([owner] if owner else [])]}
    if To.ACCOUNT_MANAGER in rule.to and (manager := case.organization.technical_account_manager):
        people[manager.pk] = manager
    if actor.person and To.OPENER not in rule.to:
        people.pop(actor.person.pk, None)
    admits = realm.current().admits_staff
    return [
        people[pk]
        for pk in sorted(people)
        if people[pk].is_active and (not people[pk].is_staff or admits(people[pk]))
    ]


def queue_leads() -> QuerySet[Person]:
    """Staff who lead the queue of cases without an owner, by permission."""
    lead = Q(content_type__app_label="cases", codename="lead_unassigned")
    permission = Permission.objects.filter(lead)
    leads = Person.objects.filter(
        Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    )
    return realm.current().admitted(leads).distinct()


def contacts_involved(*cases: Case, always: bool) -> dict[int, list[Person]]:
    """For each case, the members of its organization who opened it or wrote in it, or want mail
    about all.

    `always` takes in those involved who chose to get no mail. Two queries, however many cases.
    """
    involved = {case.pk: {case.contact_id} for case in cases}
    wrote = Entry.objects.public().filter(case__in=cases, author_side="contact")
    for case_id, author_id in wrote.order_by().values_list("case_id", "author_id").distinct():
        involved[case_id].add(author_id)
    members = Membership.objects.filter(
        Q(person__in=set().union(*involved.values())) | Q(person__mail_all_cases=True),
        organization__in={case.organization_id for case in cases},
        person__is_active=True,
        person__is_staff=False,
    )
    of_organization: dict[int, list[Person]] = {case.organization_id: [] for case in cases}
    for membership in members.select_related("person").order_by("person"):
        of_organization[membership.organization_id].append(membership.person)
    return {
        case.pk: [
            person
            for person in of_organization[case.organization_id]
            if person.mail_all_cases
            or (person.pk in involved[case.pk] and (always or person.mail_my_cases))
        ]
        for case in cases
    }


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
