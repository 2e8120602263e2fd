"""Who is told of what: one table, one function.

`notify` writes rows of the outbox in the caller's transaction; nothing leaves the process here.
`sweeps.deliver_one` sends them.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from . import realm
from .actors import Actor
from .models import Case, Clock, Entry, Membership, Notice, Person
from .rules.actions import Side
from .services.promises import closes_at
from .services.saving import save


class To(StrEnum):
    """Groups of people who can be told."""

    OPENER = "who opened the case, as a receipt"
    CONTACTS = "contacts involved, and those who want mail about all cases"
    OWNER = "the Case Owner"
    OWNER_OR_LEADS = "the Case Owner; of a case without one, who leads the unassigned queue"
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
    "severity": Rule(frozenset({To.CONTACTS})),
    "clock_warning": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    "clock_breached": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    "closing_notice": Rule(frozenset({To.CONTACTS}), always=True),
    "closing_held": Rule(frozenset({To.OWNER_OR_LEADS}), always=True),
    "extended": Rule(frozenset({To.CONTACTS}), always=True),
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
    return [
        _queue(
            event,
            case=case,
            entry=entry,
            person=person,
            actor=actor,
            now=now,
            key=f"{event}:{entry.pk}:{person.pk}",
        )
        for person in recipients(event, case=case, actor=actor)
    ]


def notify_of_clock(
    event: str, *, case: Case, clock: Clock, actor: Actor, now: dt.datetime, words: str = ""
) -> list[Notice]:
    """A mail about this clock for each person whom `TABLE` names, once per clock and person.

    A second call for the same clock queues nothing. The caller holds the case's lock.
    """
    people = recipients(event, case=case, actor=actor)
    keys = {f"{event}:clock:{clock.pk}:{person.pk}": person for person in people}
    told = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    return [
        _queue(
            event, case=case, person=person, actor=actor, now=now, key=key, clock=clock, words=words
        )
        for key, person in keys.items()
        if key not in told
    ]


def recipients(event: str, *, case: Case, actor: Actor) -> list[Person]:
    """The people whom the table names for this event, by primary key."""
    rule = TABLE[event]
    people: dict[int, Person] = {}
    if To.OPENER in rule.to:
        people[case.contact_id] = case.contact
    if To.CONTACTS in rule.to:
        people |= {person.pk: person for person in contacts_involved(case, always=rule.always)}
    owner = case.owner
    if To.OWNER in rule.to and owner and (rule.always or owner.mail_my_cases):
        people[owner.pk] = owner
    if To.OWNER_OR_LEADS in rule.to:
        leads = [owner] if owner and realm.current().admits_staff(owner) else queue_leads()
        people |= {person.pk: person for person in leads}
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


def contacts_involved(case: Case, *, always: bool) -> QuerySet[Person]:
    """Members of the organization who opened the case or wrote in it, or want mail about all.

    `always` takes in those involved who chose to get no mail.
    """
    wrote = Entry.objects.public().filter(case=case, author=OuterRef("pk"), author_side="contact")
    involved = Q(pk=case.contact_id) | Q(Exists(wrote))
    if not always:
        involved &= Q(mail_my_cases=True)
    member = Membership.objects.filter(person=OuterRef("pk"), organization_id=case.organization_id)
    return Person.objects.filter(
        Exists(member), involved | Q(mail_all_cases=True), is_active=True, is_staff=False
    )


def _queue(
    event: str,
    *,
    case: Case,
    person: Person,
    actor: Actor,
    now: dt.datetime,
    key: str,
    entry: Entry | None = None,
    clock: Clock | None = None,
    words: str = "",
) -> Notice:
    context = case_context(case=case, person=person, actor=actor)
    return queue_mail(
        key=key,
        event=event,
        template=f"mail/{event}",
        context={
            **context,
            "entry": entry,
            "clock": clock,
            "words": words,
            "closes_at": partial(closes_at, case),
        },
        subject=context["subject"],
        email=person.email,
        now=now,
        actor=actor,
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


def queue_mail(
    *,
    key: str,
    event: str,
    template: str,
    context: dict[str, Any],
    subject: str,
    email: str,
    now: dt.datetime,
    actor: Actor,
    case: Case | None = None,
    person: Person | None = None,
    is_secret: bool = False,
) -> Notice:
    """The mail stands in the outbox: subject, text and HTML from `<template>.txt`.

    The text template gives the words; the HTML is the same words in `mail/frame.html`.
    """
    zone = person.time_zone if person else "UTC"
    with timezone.override(zone):
        text = render_to_string(f"{template}.txt", context).strip() + "\n"
        html = render_to_string("mail/frame.html", {**context, "text": text, "subject": subject})
    notice = Notice(
        key=key,
        event=event,
        case=case,
        person=person,
        email=email,
        subject=" ".join(subject.split())[:250],
        text=text,
        html=html,
        message_id=f"<{uuid4().hex}@{settings.ALLOWED_HOSTS[0].lstrip('.*') or 'localhost'}>",
        is_secret=is_secret,
        created_at=now,
        due_at=now,
    )
    save(notice, actor=actor, now=now, why=f"notices.{event}")
    _ring()
    return notice


def _ring() -> None:
    from .tasks import ring_after_commit, ring_mail

    ring_after_commit(ring_mail)
