"""What an Escalation Owner does with an escalation, from the review to its close (MGT)."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django_fsm import can_proceed

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Person
from cases.services.texts import checked

from ..models import Escalation, EscalationEntry, Importance, Trend, Urgency
from ..notices import notify
from ..words import CRITERIA
from .saving import (
    check_version,
    earlier,
    lock_escalation,
    require_staff,
    save_escalation,
    write_feed,
)

Event = EscalationEntry.Event


def take_review(
    *, escalation_id: int, actor: Actor, now: dt.datetime, seen_version: int | None = None
) -> Escalation:
    """The escalation is Under Review by the actor, its Escalation Owner (MGT-1).

    Raises NotAllowed, NotPossible (it is not Requested any more), CaseChanged.
    """
    with transaction.atomic():
        _, escalation = lock_escalation(escalation_id)
        require_staff(actor, "manage_escalation")
        check_version(escalation, seen_version)
        _possible(escalation, "take", "taken for review")
        escalation.take(owner=_person(actor))
        save_escalation(
            escalation, actor=actor, now=now, why="managing.take", fields=["state", "owner"]
        )
        write_feed(escalation, actor=actor, now=now, event=Event.TAKEN, to_value=str(actor.person))
    return escalation


def accept(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    importance: int,
    urgency: int,
    next_steps: str,
    next_word_due_at: dt.datetime,
    seen_version: int | None = None,
) -> Escalation:
    """Accepted with a plan that the contact reads: next steps, and when the next word comes
    (MGT-3). The contacts are told.

    Raises NotAllowed (its owner alone), NotPossible (not Under Review), Invalid, CaseChanged.
    """
    with transaction.atomic():
        _, escalation = _locked_by_owner(escalation_id, actor, seen_version)
        _possible(escalation, "accept", "accepted")
        _check_assessment(importance, urgency)
        steps = checked("next_steps", next_steps, needed="Say what happens next.")
        _check_future(next_word_due_at, now)
        escalation.accept(
            now=now,
            importance=importance,
            urgency=urgency,
            next_steps=steps,
            next_word_due_at=next_word_due_at,
        )
        save_escalation(
            escalation,
            actor=actor,
            now=now,
            why="managing.accept",
            fields=[
                "state",
                "answered_at",
                "importance",
                "urgency",
                "next_steps",
                "next_word_due_at",
            ],
        )
        _say(escalation, "escalation_accepted", Event.ACCEPTED, actor, now, body=steps)
    return escalation


def decline(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    codes: Sequence[str],
    words: str,
    seen_version: int | None = None,
) -> Escalation:
    """Declined with the criteria that are not met, and words; the requestor is told (MGT-2).

    `codes` are names of criteria. Raises NotAllowed (its owner alone), NotPossible, Invalid,
    CaseChanged.
    """
    with transaction.atomic():
        _, escalation = _locked_by_owner(escalation_id, actor, seen_version)
        _possible(escalation, "decline", "declined")
        if unknown := sorted(set(codes) - set(CRITERIA)):
            raise Invalid("codes", f"There is no such criterion: {', '.join(unknown)}.")
        said = checked("words", words, needed="Say why; the customer reads it.")
        chosen = [code for code in CRITERIA if code in codes]
        escalation.decline(now=now, codes=chosen, words=said)
        save_escalation(
            escalation,
            actor=actor,
            now=now,
            why="managing.decline",
            fields=["state", "answered_at", "decline_codes", "decline_words"],
        )
        _say(
            escalation,
            "escalation_declined",
            Event.DECLINED,
            actor,
            now,
            body=said,
            not_met=[CRITERIA[code] for code in chosen],
        )
    return escalation


def hand_over(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    owner: Person | None,
    note: str = "",
    seen_version: int | None = None,
) -> Escalation:
    """Another Escalation Owner has it; the note is internal, and both sides are told who.

    Any Escalation Owner may hand over, so that nothing waits for one who is away. Raises
    NotAllowed, NotPossible (nobody owns it, or it is over), Invalid, CaseChanged.
    """
    with transaction.atomic():
        _, escalation = lock_escalation(escalation_id)
        require_staff(actor, "manage_escalation")
        check_version(escalation, seen_version)
        if escalation.owner is None or not escalation.is_active:
            raise NotPossible("Only an active escalation with an owner is handed over.")
        if owner is None or not Actor.of(owner).may("escalations.manage_escalation"):
            raise Invalid("owner", "Choose somebody who manages escalations.")
        if owner.pk == escalation.owner_id:
            raise Invalid("owner", f"{owner} has it already.")
        text = checked("note", note)
        before = str(escalation.owner)
        escalation.owner = owner
        save_escalation(
            escalation, actor=actor, now=now, why="managing.hand_over", fields=["owner"]
        )
        if text:
            write_feed(
                escalation, actor=actor, now=now, event=Event.MESSAGE, body=text, internal=True
            )
        _say(
            escalation,
            "escalation_handed_over",
            Event.HANDED_OVER,
            actor,
            now,
            from_value=before,
            to_value=str(owner),
        )
    return escalation


def assess(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    importance: int,
    urgency: int,
    trend: str,
    on_watch: bool,
    seen_version: int | None = None,
) -> Escalation:
    """Ranked anew, with its trend and its place on the watch list (MGT-3, MGT-9); for staff only.

    Raises NotAllowed (its owner alone), NotPossible (not Accepted), Invalid, CaseChanged.
    """
    with transaction.atomic():
        _, escalation = _locked_by_owner(escalation_id, actor, seen_version)
        _require_accepted(escalation)
        _check_assessment(importance, urgency)
        if trend not in Trend.values:
            raise Invalid("trend", "Choose a trend.")
        escalation.importance = importance
        escalation.urgency = urgency
        escalation.trend = trend
        escalation.on_watch = on_watch
        fields = ["importance", "urgency", "trend", "on_watch"]
        save_escalation(escalation, actor=actor, now=now, why="managing.assess", fields=fields)
        write_feed(
            escalation,
            actor=actor,
            now=now,
            event=Event.ASSESSED,
            internal=True,
            to_value=(
                f"importance {escalation.get_importance_display()}, "
                f"urgency {escalation.get_urgency_display()}, {escalation.get_trend_display()}"
            ),
        )
    return escalation


def give_word(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    body: str,
    next_word_due_at: dt.datetime,
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Escalation:
    """The promised word stands in the escalation's feed, and the next one is promised (MGT-4).

    Raises NotAllowed (its owner alone), NotPossible (not Accepted), Invalid, CaseChanged.
    """
    with transaction.atomic():
        _, escalation = lock_escalation(escalation_id)
        _require_owner(escalation, actor)
        if earlier(escalation.entries, submission, actor=actor, author="author", body=body):
            return escalation
        check_version(escalation, seen_version)
        _require_accepted(escalation)
        text = checked("body", body, needed="Write something first.")
        _check_future(next_word_due_at, now)
        escalation.next_word_due_at = next_word_due_at
        save_escalation(
            escalation, actor=actor, now=now, why="managing.give_word", fields=["next_word_due_at"]
        )
        _say(
            escalation,
            "escalation_word",
            Event.WORD,
            actor,
            now,
            body=text,
            submission=submission,
        )
    return escalation


def close(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    justification: str,
    seen_version: int | None = None,
) -> Escalation:
    """Closed with a justification that the contacts read; another one is possible (MGT-5).

    Raises NotAllowed (its owner alone), NotPossible (not Accepted), Invalid, CaseChanged.
    """
    with transaction.atomic():
        _, escalation = _locked_by_owner(escalation_id, actor, seen_version)
        _possible(escalation, "close", "closed")
        text = checked(
            "justification", justification, needed="Say why it is closed; the customer reads it."
        )
        escalation.close(now=now, justification=text)
        _save_closed(escalation, actor, now, "managing.close")
        _say(escalation, "escalation_closed", Event.CLOSED, actor, now, body=text)
    return escalation


def close_with_case(*, escalation_id: int, actor: Actor, now: dt.datetime) -> Escalation:
    """The case was closed, and with it its active escalation (MGT-5).

    In the transaction that closed the case. Its owner is told; the contacts are told of the case.
    """
    _, escalation = lock_escalation(escalation_id)
    escalation.close_with_case(now=now, justification="The case was closed.")
    _save_closed(escalation, actor, now, "managing.close_with_case")
    text = escalation.closing_justification
    _say(escalation, "escalation_ended", Event.CLOSED, actor, now, body=text)
    return escalation


# --- Parts --------------------------------------------------------------------------------------


def _locked_by_owner(
    escalation_id: int, actor: Actor, seen_version: int | None
) -> tuple[object, Escalation]:
    case, escalation = lock_escalation(escalation_id)
    _require_owner(escalation, actor)
    check_version(escalation, seen_version)
    return case, escalation


def _require_owner(escalation: Escalation, actor: Actor) -> None:
    require_staff(actor, "manage_escalation")
    if escalation.owner is None:
        raise NotPossible("Take the escalation for review first.")
    if actor.person is None or escalation.owner_id != actor.person.pk:
        raise NotAllowed(
            f"{escalation.owner} owns this escalation: have it handed over to you first."
        )


def _possible(escalation: Escalation, transition: str, done: str) -> None:
    if not can_proceed(getattr(escalation, transition)):
        raise NotPossible(f"It cannot be {done}: it is {escalation.get_state_display()}.")


def _require_accepted(escalation: Escalation) -> None:
    if escalation.state != "accepted":
        raise NotPossible(f"It is {escalation.get_state_display()}, not Accepted.")


def _check_assessment(importance: int, urgency: int) -> None:
    if importance not in Importance.values:
        raise Invalid("importance", "Choose the importance.")
    if urgency not in Urgency.values:
        raise Invalid("urgency", "Choose the urgency.")


def _check_future(at: dt.datetime, now: dt.datetime) -> None:
    if at <= now:
        raise Invalid("next_word_due_at", "The next word is promised for a time to come.")


def _save_closed(escalation: Escalation, actor: Actor, now: dt.datetime, why: str) -> None:
    save_escalation(
        escalation,
        actor=actor,
        now=now,
        why=why,
        fields=["state", "closed_at", "closing_justification", "next_word_due_at"],
    )


def _say(
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
    """Writes the public entry and tells whom the table names."""
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
        occurrence=f"e{entry.pk}",
        case=escalation.case,
        actor=actor,
        now=now,
        escalation=escalation,
        entry=entry,
        **words,
    )


def _person(actor: Actor) -> Person:
    assert actor.person is not None, "a member of staff is a person"
    return actor.person
