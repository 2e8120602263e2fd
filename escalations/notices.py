"""The notices about an escalation and their readers: rows of the registry of notices."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from cases.actors import Actor
from cases.models import Person
from cases.notice_types import NoticeType
from cases.notices import case_page, rendered
from cases.recipients import (
    Addressee,
    Audience,
    Groups,
    Occasion,
    account_manager,
    admitted,
    holders,
    owner_or_leads,
)

from .models import Escalation
from .wording import CRITERIA


def requester(groups: Groups, occasion: Occasion) -> list[Person]:
    """The contact who asked; if they have left, the contacts who take part in the case."""
    source = occasion.words.get("escalation") or occasion.words["review"]
    if Actor.of(source.requested_by).may_see(occasion.case):
        return [source.requested_by]
    found = groups.contacts(always=True).of[occasion.case.pk]
    if not found:
        groups.unheard.add(occasion.case.pk)
    return found


def contacts(groups: Groups, occasion: Occasion) -> list[Person]:
    """The contacts involved, and those who want mail about all cases."""
    return groups.contacts(always=False).of[occasion.case.pk]


def reviewers(groups: Groups, occasion: Occasion) -> list[Person]:
    """Everybody who reviews escalations."""
    return admitted(owners())


def escalation_owner(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Escalation Owner; everybody who reviews escalations, if there is none."""
    owner = occasion.words["escalation"].owner
    if owner is not None and Actor.of(owner).may("escalations.manage_escalation"):
        return [owner]
    return reviewers(groups, occasion)


def case_owner(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Case Owner, if there is one; the leads of the queue for one who cannot work the case."""
    return groups.owner_or_leads(occasion.case) if occasion.case.owner_id else []


def engaged_manager(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Product Support Manager who is engaged."""
    return [occasion.words["manager"]]


def management(groups: Groups, occasion: Occasion) -> list[Addressee]:
    """The address of management."""
    return [Addressee(management_address())]


def answer_page(occasion: Occasion, person: Person | None) -> str:
    """Staff get the page on which they answer. The Technical Account Manager reads the case."""
    manager_id = occasion.case.organization.technical_account_manager_id
    if person and person.is_staff and person.pk != manager_id:
        for name, page in (("escalation", "escalation"), ("review", "ownerreview")):
            if found := occasion.words.get(name):
                return reverse(f"admin:escalations_{page}_change", args=[found.pk])
    return case_page(occasion, person)


def _row(event: str, what: str, *to: Audience, **more: Any) -> NoticeType:
    return NoticeType(event, what, to, page=answer_page, **more)


TYPES = [
    _row("escalation_received", "An escalation was asked for.", requester, receipt=True),
    _row(
        "escalation_requested", "It waits for its review.", reviewers, case_owner, account_manager
    ),
    _row("escalation_accepted", "It was accepted.", requester, contacts, case_owner),
    _row("escalation_declined", "It was declined.", requester, case_owner),
    _row("escalation_word", "The Escalation Owner gave an update.", requester, contacts),
    _row("escalation_message", "Somebody wrote in it.", requester, contacts, escalation_owner),
    # The contacts were told when the words were written in the other feed.
    _row("escalation_moved", "A contact's entry was moved into it.", escalation_owner),
    _row("escalation_handed_over", "It has another owner.", requester, escalation_owner),
    _row("escalation_released", "Its owner left, or lost the role.", requester, reviewers),
    _row("manager_left", "The engaged manager can no longer look after the case.", case_owner),
    _row("escalation_closed", "It was closed.", requester, contacts, escalation_owner, case_owner),
    _row("escalation_answer_due", "Its answer is due soon (MGT-9).", escalation_owner),
    _row("escalation_answer_late", "Its answer is late (MGT-9).", escalation_owner),
    _row("escalation_ended", "It ended with its case.", escalation_owner),
    _row("review_requested", "A contact asks the Case Owner for a review.", owner_or_leads),
    _row("review_withdrawn", "The contact took the request back.", owner_or_leads),
    _row("review_answered", "The Case Owner answered it.", requester),
    _row("manager_engaged", "A Product Support Manager was engaged.", engaged_manager),
    _row(
        "management_attention",
        "A contact asks for management attention (MGT-8).",
        management,
        subject="{request.customer_name} - {case.number} - {request.problem}",
    ),
]


def preview_decline(
    escalation: Escalation, *, actor: Actor, codes: Sequence[str], words: str
) -> dict[str, Any]:
    """What the requestor will read of this decline: in the portal, and by mail (MGT-2).

    Nothing is stored; the escalation in memory must not be saved afterwards.
    """
    person = escalation.requested_by
    escalation.decline_words = words
    not_met = [CRITERIA[code] for code in CRITERIA if code in codes]
    occasion = Occasion("", escalation.case, {"escalation": escalation, "not_met": not_met})
    subject, mail = rendered("escalation_declined", occasion, person=person, actor=actor)
    return {
        "person": person,
        "words": words,
        "not_met": not_met,
        "subject": subject,
        "mail": mail.strip(),
    }


def owners() -> QuerySet[Person]:
    """Staff of the realm who may manage escalations, by name."""
    return holders("escalations", "manage_escalation").order_by("name", "pk")


def managers() -> QuerySet[Person]:
    """Staff of the realm who can be engaged as Product Support Manager, by name (MGT-7)."""
    return holders("escalations", "be_engaged").order_by("name", "pk")


def management_address() -> str:
    """MGT-8: where urgency requests go; empty if the deployment names no address."""
    return str(settings.MANAGEMENT_ATTENTION_ADDRESS)
