"""What the services of this app share: locks, versions, and the escalation's feed."""

import datetime as dt
import uuid
from functools import partial
from typing import TypeVar

from django.db import models
from django_fsm import can_proceed

from cases import realm
from cases.actors import Actor
from cases.errors import CaseChanged, NotAllowed, SentBefore
from cases.models import Case, Entry, Person, SearchText
from cases.persistence import save, save_case
from cases.rules.actions import Side
from cases.rules.clocks import ONLY_ASKED, Event
from cases.rules.texts import one_line, tidied
from cases.services import clocks
from cases.services.entries import write_entry
from cases.services.lifecycle import STATE_FIELDS
from cases.services.locks import lock_case

from ..models import Escalation, EscalationEntry
from .settlements import settle_attention

#: An escalation's optimistic lock works like the case's: see `cases.services.locks`.
Row = TypeVar("Row", bound=models.Model)


def lock_escalation(
    escalation_id: int, *, wherever_it_belongs: bool = False
) -> tuple[Case, Escalation]:
    """The case and the escalation under their locks, in that order; the caller is in a
    transaction. Raises Escalation.DoesNotExist, and NotPossible like `lock_case` (FED-1)."""
    case_id = Escalation.objects.values_list("case_id", flat=True).get(pk=escalation_id)
    case = lock_case(case_id, wherever_it_belongs=wherever_it_belongs)
    escalation: Escalation = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("owner", "requested_by", "reason")
        .get(pk=escalation_id)
    )
    escalation.case = case
    return case, escalation


def check_version(escalation: Escalation, seen: int | None) -> None:
    """Raises CaseChanged if a form was shown for an older version of the escalation."""
    if seen is not None and seen != escalation.version:
        raise CaseChanged


def save_escalation(
    escalation: Escalation, *, actor: Actor, now: dt.datetime, why: str, fields: list[str]
) -> None:
    """Store the named fields and increase the version."""
    escalation.version += 1
    save(escalation, actor=actor, now=now, why=why, fields=[*fields, "version"])


def write_feed(
    escalation: Escalation,
    *,
    actor: Actor,
    now: dt.datetime,
    event: str,
    body: str = "",
    internal: bool = False,
    from_value: str = "",
    to_value: str = "",
    submission: uuid.UUID | None = None,
) -> EscalationEntry:
    """Write one entry into the escalation's feed, and its words into the case's search.

    Public words of staff answer a waiting request to management (MGT-8); the entry about an owner
    who left does not.
    """
    entry = EscalationEntry(
        escalation=escalation,
        visibility=Entry.Visibility.INTERNAL if internal else Entry.Visibility.PUBLIC,
        event=event,
        author=actor.person,
        author_side=actor.side.value,
        job=actor.job,
        body=body,
        from_value=from_value,
        to_value=to_value,
        created_at=now,
        submission=submission,
    )
    save(entry, actor=actor, now=now, why=f"escalation.{event}")
    if entry.body:
        SearchText.objects.create(
            case_id=escalation.case_id, is_public=not entry.is_internal, text=entry.body
        )
    by_staff = actor.side is Side.STAFF and event != EscalationEntry.Event.RELEASED
    if by_staff and entry.body and not internal:
        settle_attention(cases=[escalation.case], actor=actor, now=now)
    return entry


def earlier(
    rows: models.Manager[Row] | models.QuerySet[Row],
    submission: uuid.UUID | None,
    *,
    actor: Actor,
    author: str,
    **said: object,
) -> Row | None:
    """What the first click of this form made, for the second one. The case is locked.

    Raises CaseChanged if the form was used by somebody else, or for another case; SentBefore
    if what it made differs from what is `said` now, by the names of its fields.
    """
    if submission is None:
        return None
    if (found := rows.filter(submission=submission).first()) is not None:
        if actor.person is None or getattr(found, f"{author}_id") != actor.person.pk:
            raise CaseChanged
        require_same(found, **said)
        return found
    if rows.model._default_manager.filter(submission=submission).exists():
        raise CaseChanged
    return None


def require_same(made: models.Model, **said: object) -> None:
    """Raises SentBefore if a field of what was made differs; outer white space does not count."""
    for name, value in said.items():
        if isinstance(value, str):
            # As the fields stored it, of many lines or of one.
            scrub = partial(realm.current().scrub, about=made)
            if getattr(made, name) in {scrub(tidied(value)), scrub(one_line(value))}:
                continue
            raise SentBefore
        if getattr(made, name) != value:
            raise SentBefore


def require_designated(actor: Actor, case: Case) -> None:
    """ACC-1. Raises NotAllowed."""
    if actor.side is not Side.CONTACT or not actor.is_designated_for(case.organization_id):
        raise NotAllowed("Only a Designated Contact of the organization can ask for help.")


def require_staff(actor: Actor, permission: str) -> None:
    """ACC-7. Raises NotAllowed."""
    if not actor.may(f"escalations.{permission}"):
        raise NotAllowed("Your role does not allow this.")


def asker(actor: Actor) -> Person:
    """The person who asks: always a person, since only Designated Contacts ask."""
    assert actor.person is not None, "a Designated Contact is a person"
    return actor.person


def write_as_update(
    case: Case,
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    event: str,
    body: str,
    from_value: str = "",
    to_value: str = "",
    is_answer: bool = True,
) -> Entry:
    """A public entry by the contact, with the usual effects on a case that waits (CASE-5).

    One that is not an answer leaves the case waiting, and its clocks unchanged (HELP-3).
    """
    fields: list[str] = []
    if is_answer and can_proceed(case.answer):
        case.answer(now=now)
        fields = STATE_FIELDS
    save_case(case, actor=actor, now=now, why=why, public=True, fields=fields)
    entry = write_entry(
        case, actor=actor, now=now, event=event, body=body, from_value=from_value, to_value=to_value
    )
    if is_answer and event in ONLY_ASKED:
        clocks.note(case, Event.CONTACT_WROTE, actor=actor, now=now)
    return entry
