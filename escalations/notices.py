"""Who is told of what happens to an escalation: a table of the shape of `cases.notices`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.mail_messages import mail_text
from cases.models import Case, Notice, Person
from cases.notices import case_context, queue_mail, tell_unheard
from cases.recipients import (
    contacts_involved,
    holders,
    is_reachable,
    manager_or_leads,
    owner_or_leads,
)
from cases.rules.actions import Side

from .models import Escalation, OwnerReview
from .wording import CRITERIA


class To(StrEnum):
    """Groups of people who can be told."""

    REQUESTER = "who asked"
    CONTACTS = "contacts involved, and those who want mail about all cases"
    OWNERS = "everybody who reviews escalations"
    OWNER = "the Escalation Owner"
    CASE_OWNER = "the Case Owner; for one who cannot work it, who leads the unassigned queue"
    CASE_OWNER_OR_LEADS = "the same, and the leads also of a case without an owner"
    ACCOUNT_MANAGER = "the Technical Account Manager"
    MANAGER = "the Product Support Manager who is engaged"


@dataclass(frozen=True)
class Rule:
    """One row: an event, whom it is told, in the words of `mail/<event>.txt`.

    The person who did it is not told, except by a receipt.
    """

    to: frozenset[To]
    receipt: bool = False


TABLE: dict[str, Rule] = {
    "escalation_received": Rule(frozenset({To.REQUESTER}), receipt=True),
    "escalation_requested": Rule(frozenset({To.OWNERS, To.CASE_OWNER, To.ACCOUNT_MANAGER})),
    "escalation_accepted": Rule(frozenset({To.REQUESTER, To.CONTACTS, To.CASE_OWNER})),
    "escalation_declined": Rule(frozenset({To.REQUESTER, To.CASE_OWNER})),
    "escalation_word": Rule(frozenset({To.REQUESTER, To.CONTACTS})),
    "escalation_message": Rule(frozenset({To.REQUESTER, To.CONTACTS, To.OWNER})),
    # A contact's words that stood in the case feed; there the contacts were told of them.
    "escalation_moved": Rule(frozenset({To.OWNER})),
    "escalation_handed_over": Rule(frozenset({To.REQUESTER, To.OWNER})),
    # Its owner left, or lost the role.
    "escalation_released": Rule(frozenset({To.REQUESTER, To.OWNERS})),
    "manager_left": Rule(frozenset({To.CASE_OWNER})),
    "escalation_closed": Rule(frozenset({To.REQUESTER, To.CONTACTS, To.OWNER, To.CASE_OWNER})),
    # MGT-9: the clock of the answer.
    "escalation_answer_due": Rule(frozenset({To.OWNER})),
    "escalation_answer_late": Rule(frozenset({To.OWNER})),
    "escalation_ended": Rule(frozenset({To.OWNER})),
    "review_requested": Rule(frozenset({To.CASE_OWNER_OR_LEADS})),
    "review_withdrawn": Rule(frozenset({To.CASE_OWNER_OR_LEADS})),
    "review_answered": Rule(frozenset({To.REQUESTER})),
    "manager_engaged": Rule(frozenset({To.MANAGER})),
}


def notify(
    event: str,
    *,
    occurrence: str,
    case: Case,
    actor: Actor,
    now: dt.datetime,
    escalation: Escalation | None = None,
    requester: Person | None = None,
    manager: Person | None = None,
    **words: Any,
) -> list[Notice]:
    """A mail for each person whom `TABLE` names stands in the outbox, once per occurrence.

    The caller is in the transaction that caused it. What people wrote is in `words`, and a realm
    whose mails carry no content gets a case number and a link (FED-13).
    """
    people, unheard = _people(event, case, escalation, requester, manager)
    if unheard and actor.side is not Side.CONTACT:
        tell_unheard([case], actor=actor, now=now)
    if actor.person and not TABLE[event].receipt:
        people.pop(actor.person.pk, None)
    told = []
    for pk in sorted(people):
        person = people[pk]
        if not is_reachable(person):
            continue
        context = case_context(case=case, person=person, actor=actor)
        told.append(
            queue_mail(
                key=f"{event}:{occurrence}:{person.pk}",
                event=event,
                template=f"mail/{event}",
                context={
                    **context,
                    "escalation": escalation,
                    **words,
                    **_address(person, case, escalation, words.get("review")),
                },
                subject=context["subject"],
                email=person.email,
                now=now,
                actor=actor,
                case=case,
                person=person,
            )
        )
    return told


def preview_decline(
    escalation: Escalation, *, actor: Actor, codes: Sequence[str], words: str
) -> dict[str, Any]:
    """What who asked will read of this decline: in the portal, and by mail (MGT-2).

    Nothing is stored; the escalation in memory is not for saving afterwards.
    """
    person = escalation.requested_by
    escalation.decline_words = words
    not_met = [CRITERIA[code] for code in CRITERIA if code in codes]
    context = case_context(case=escalation.case, person=person, actor=actor)
    with timezone.override(person.time_zone):
        mail = mail_text(
            "mail/escalation_declined.txt",
            {**context, "escalation": escalation, "not_met": not_met},
        )
    return {
        "person": person,
        "words": words,
        "not_met": not_met,
        "subject": context["subject"],
        "mail": mail.strip(),
    }


def _address(
    person: Person, case: Case, escalation: Escalation | None, review: OwnerReview | None
) -> dict[str, str]:
    """Staff are led to where they answer. The Technical Account Manager reads the case."""
    if not person.is_staff or person.pk == case.organization.technical_account_manager_id:
        return {}
    if escalation:
        path = reverse("admin:escalations_escalation_change", args=[escalation.pk])
    elif review:
        path = reverse("admin:escalations_ownerreview_change", args=[review.pk])
    else:
        return {}
    return {"url": f"{settings.SITE_URL}{path}"}


def _people(
    event: str,
    case: Case,
    escalation: Escalation | None,
    requester: Person | None,
    manager: Person | None,
) -> tuple[dict[int, Person], bool]:
    """Who is told; and whether nobody on the customer's side is left who could answer."""
    to = TABLE[event].to
    named: list[Person] = []
    unheard = False
    if To.REQUESTER in to:
        asked = requester or (escalation.requested_by if escalation else None)
        if asked and Actor.of(asked).may_see(case):
            named.append(asked)
        else:  # who asked has left: those who take part in the case hear it instead
            named += contacts_involved(case, always=True)[case.pk]
    if To.CONTACTS in to:
        named += contacts_involved(case, always=False)[case.pk]
    if to & {To.REQUESTER, To.CONTACTS}:
        unheard = not any(not each.is_staff for each in named)
    if To.OWNERS in to:
        named += owners()
    if To.OWNER in to and escalation:
        # Before anybody took it, and after its owner left, it concerns all who could.
        owner = escalation.owner
        able = owner is not None and Actor.of(owner).may("escalations.manage_escalation")
        named += [owner] if owner is not None and able else list(owners())
    if To.CASE_OWNER in to:
        named += owner_or_leads(case) if case.owner_id else []
    if To.CASE_OWNER_OR_LEADS in to:
        named += owner_or_leads(case)
    if To.ACCOUNT_MANAGER in to:
        named += manager_or_leads(case)
    if To.MANAGER in to and manager:
        named.append(manager)
    return {person.pk: person for person in named}, unheard


def owners() -> QuerySet[Person]:
    """Staff of the realm who may manage escalations, by name."""
    return holders("escalations", "manage_escalation").order_by("name", "pk")


def managers() -> QuerySet[Person]:
    """Staff of the realm who can be engaged as Product Support Manager, by name (MGT-7)."""
    return holders("escalations", "be_engaged").order_by("name", "pk")


def management_address() -> str:
    """MGT-8: where urgency requests go; empty where the deployment names none."""
    return str(settings.MANAGEMENT_ATTENTION_ADDRESS)
