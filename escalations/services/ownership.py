"""The checks that every service of an escalation's owner begins with, and its public entry."""

import datetime as dt
import uuid
from typing import Any

from django_fsm import can_proceed

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.notices import notify

from ..models import Escalation, Importance, Urgency
from .persistence import check_version, earlier, lock_escalation, require_staff, write_feed


def lock_for_owner(
    escalation_id: int,
    actor: Actor,
    seen_version: int | None,
    submission: uuid.UUID | None,
    *,
    any_owner: bool = False,
    **said: object,
) -> tuple[Escalation, bool]:
    """The escalation under its lock, and whether this form was carried out before.

    The actor is its Escalation Owner, or any Escalation Owner with `any_owner`. `said` is what a
    second click must repeat, by the names of the feed entry's fields. Raises NotAllowed,
    NotPossible (nobody owns it), CaseChanged, SentBefore.
    """
    _, escalation = lock_escalation(escalation_id)
    require_staff(actor, "manage_escalation")
    if earlier(escalation.entries, submission, actor=actor, author="author", **said):
        return escalation, True
    if not any_owner:
        _require_owner(escalation, actor)
    check_version(escalation, seen_version)
    return escalation, False


def _require_owner(escalation: Escalation, actor: Actor) -> None:
    if escalation.owner is None and escalation.state == "accepted":
        raise NotPossible("Its owner has left: have it handed over to you first.")
    if escalation.owner is None:
        raise NotPossible("Take the escalation for review first.")
    if actor.person is None or escalation.owner_id != actor.person.pk:
        raise NotAllowed(
            f"{escalation.owner} owns this escalation: have it handed over to you first."
        )


def require_possible(escalation: Escalation, transition: str, done: str) -> None:
    """Raises NotPossible."""
    if not can_proceed(getattr(escalation, transition)):
        raise NotPossible(f"It cannot be {done}: it is {escalation.get_state_display()}.")


def require_accepted(escalation: Escalation) -> None:
    """Raises NotPossible."""
    if escalation.state != "accepted":
        raise NotPossible(f"It is {escalation.get_state_display()}, not Accepted.")


def check_assessment(importance: int, urgency: int) -> None:
    """Raises Invalid."""
    if importance not in Importance.values:
        raise Invalid("importance", "Choose the importance.")
    if urgency not in Urgency.values:
        raise Invalid("urgency", "Choose the urgency.")


def check_future(at: dt.datetime, now: dt.datetime) -> None:
    """Raises Invalid."""
    if at <= now:
        raise Invalid(
            "next_word_due_at", "The next update must be promised for a time in the future."
        )


def say(
    escalation: Escalation,
    notice: str,
    event: str,
    actor: Actor,
    now: dt.datetime,
    *,
    body: str = "",
    from_value: str = "",
    to_value: str = "",
    submission: uuid.UUID | None = None,
    **words: Any,
) -> None:
    """Write the public entry and tell the people whom the table names."""
    entry = write_feed(
        escalation,
        actor=actor,
        now=now,
        event=event,
        body=body,
        from_value=from_value,
        to_value=to_value,
        submission=submission,
    )
    notify(
        notice,
        f"e{entry.pk}",
        case=escalation.case,
        actor=actor,
        now=now,
        escalation=escalation,
        entry=entry,
        **words,
    )
