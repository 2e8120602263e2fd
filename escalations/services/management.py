"""The Escalation Owner's actions on an escalation, from the review to its close (MGT)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from cases.actors import Actor
from cases.errors import Invalid, NotPossible
from cases.models import Person
from cases.services.closures import hold_no_longer
from cases.services.texts import checked

from ..models import Escalation, EscalationEntry, Trend
from ..wording import CRITERIA
from .ownership import (
    check_assessment,
    check_future,
    lock_for_owner,
    require_accepted,
    require_possible,
    say,
)
from .persistence import lock_escalation, save_escalation, write_feed

Event = EscalationEntry.Event


def take_review(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Escalation:
    """The escalation is Under Review by the actor, its Escalation Owner (MGT-1).

    Raises NotAllowed, NotPossible (it is no longer Requested), CaseChanged.
    """
    with transaction.atomic():
        escalation, done = lock_for_owner(
            escalation_id, actor, seen_version, submission, any_owner=True
        )
        if done:
            return escalation
        require_possible(escalation, "take", "taken for review")
        escalation.take(owner=_person(actor))
        save_escalation(
            escalation, actor=actor, now=now, why="managing.take", fields=["state", "owner"]
        )
        write_feed(
            escalation,
            actor=actor,
            now=now,
            event=Event.TAKEN,
            to_value=str(actor.person),
            submission=submission,
        )
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
    submission: uuid.UUID | None = None,
) -> Escalation:
    """Accepted with a plan that the contact reads: next steps, and when the next word comes
    (MGT-3). The contacts are told.

    Raises NotAllowed (only its owner may), NotPossible (not Under Review), Invalid, CaseChanged.
    """
    with transaction.atomic():
        escalation, done = lock_for_owner(
            escalation_id, actor, seen_version, submission, body=next_steps
        )
        if done:
            return escalation
        require_possible(escalation, "accept", "accepted")
        check_assessment(importance, urgency)
        steps = checked("next_steps", next_steps, needed="Say what happens next.")
        check_future(next_word_due_at, now)
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
        say(
            escalation,
            "escalation_accepted",
            Event.ACCEPTED,
            actor,
            now,
            body=steps,
            submission=submission,
        )
    return escalation


def decline(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    codes: Sequence[str],
    words: str,
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Escalation:
    """Declined with the criteria that are not met, and words; the requestor is told (MGT-2).

    `codes` are names of criteria. Raises NotAllowed (only its owner may), NotPossible, Invalid,
    CaseChanged.
    """
    with transaction.atomic():
        escalation, done = lock_for_owner(
            escalation_id, actor, seen_version, submission, body=words
        )
        if done:
            return escalation
        require_possible(escalation, "decline", "declined")
        if unknown := sorted(set(codes) - set(CRITERIA)):
            raise Invalid("codes", f"There is no such criterion: {', '.join(unknown)}.")
        said = checked("words", words, needed="Say why; the customer can read it.")
        chosen = [code for code in CRITERIA if code in codes]
        escalation.decline(now=now, codes=chosen, words=said)
        save_escalation(
            escalation,
            actor=actor,
            now=now,
            why="managing.decline",
            fields=["state", "answered_at", "decline_codes", "decline_words"],
        )
        say(
            escalation,
            "escalation_declined",
            Event.DECLINED,
            actor,
            now,
            body=said,
            submission=submission,
            not_met=[CRITERIA[code] for code in chosen],
        )
        hold_no_longer(escalation.case, actor=actor, now=now)
    return escalation


def hand_over(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    owner: Person | None,
    note: str = "",
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Escalation:
    """Another Escalation Owner has it; the note is internal, and both sides are told who.

    Any Escalation Owner may hand over, so that nothing waits for one who is away or left.
    Raises NotAllowed, NotPossible (nobody took it, or it is over), Invalid, CaseChanged.
    """
    with transaction.atomic():
        escalation, done = lock_for_owner(
            escalation_id, actor, seen_version, submission, any_owner=True
        )
        if done:
            return escalation
        if escalation.state not in ("under_review", "accepted"):
            raise NotPossible("Only an active escalation that has an owner can be handed over.")
        if owner is None or not Actor.of(owner).may("escalations.manage_escalation"):
            raise Invalid("owner", "Choose somebody who manages escalations.")
        if owner.pk == escalation.owner_id:
            raise Invalid("owner", f"{owner} already owns it.")
        text = checked("note", note)
        before = str(escalation.owner or "")
        escalation.owner = owner
        save_escalation(
            escalation, actor=actor, now=now, why="managing.hand_over", fields=["owner"]
        )
        if text:
            write_feed(
                escalation, actor=actor, now=now, event=Event.MESSAGE, body=text, internal=True
            )
        say(
            escalation,
            "escalation_handed_over",
            Event.HANDED_OVER,
            actor,
            now,
            from_value=before,
            to_value=str(owner),
            submission=submission,
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
    submission: uuid.UUID | None = None,
) -> Escalation:
    """It has a new rank, trend and place on the watch list (MGT-3, MGT-9); for staff only.

    Raises NotAllowed (only its owner may), NotPossible (not Accepted), Invalid, CaseChanged.
    """
    with transaction.atomic():
        escalation, done = lock_for_owner(escalation_id, actor, seen_version, submission)
        if done:
            return escalation
        require_accepted(escalation)
        check_assessment(importance, urgency)
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
            to_value=_assessment(escalation),
            submission=submission,
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
    """The promised word is in the escalation's feed, and the next one is promised (MGT-4).

    Raises NotAllowed (only its owner may), NotPossible (not Accepted), Invalid, CaseChanged.
    """
    with transaction.atomic():
        escalation, done = lock_for_owner(escalation_id, actor, seen_version, submission, body=body)
        if done:
            return escalation
        require_accepted(escalation)
        text = checked("body", body, needed="Write something first.")
        check_future(next_word_due_at, now)
        escalation.next_word_due_at = next_word_due_at
        save_escalation(
            escalation, actor=actor, now=now, why="managing.give_word", fields=["next_word_due_at"]
        )
        say(escalation, "escalation_word", Event.WORD, actor, now, body=text, submission=submission)
    return escalation


def close(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    justification: str,
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Escalation:
    """Closed with a justification that the contacts read; another one is possible (MGT-5).

    Raises NotAllowed (only its owner may), NotPossible (not Accepted), Invalid, CaseChanged.
    """
    with transaction.atomic():
        escalation, done = lock_for_owner(
            escalation_id, actor, seen_version, submission, body=justification
        )
        if done:
            return escalation
        require_possible(escalation, "close", "closed")
        text = checked(
            "justification", justification, needed="Say why it is closed; the customer can read it."
        )
        escalation.close(now=now, justification=text)
        _save_closed(escalation, actor, now, "managing.close")
        say(
            escalation,
            "escalation_closed",
            Event.CLOSED,
            actor,
            now,
            body=text,
            submission=submission,
        )
        hold_no_longer(escalation.case, actor=actor, now=now)
    return escalation


def close_with_case(*, escalation_id: int, actor: Actor, now: dt.datetime) -> Escalation:
    """The case was closed, and its active escalation with it (MGT-5).

    In the transaction that closed the case. Its owner is told; the contacts are told of the case.
    """
    _, escalation = lock_escalation(escalation_id, wherever_it_belongs=True)
    escalation.close_with_case(now=now, justification="The case was closed.")
    _save_closed(escalation, actor, now, "managing.close_with_case")
    text = escalation.closing_justification
    say(escalation, "escalation_ended", Event.CLOSED, actor, now, body=text)
    return escalation


def _assessment(escalation: Escalation) -> str:
    watched = "on" if escalation.on_watch else "not on"
    return (
        f"importance {escalation.get_importance_display()}, "
        f"urgency {escalation.get_urgency_display()}, {escalation.get_trend_display()}, "
        f"{watched} the watch list"
    )


def _save_closed(escalation: Escalation, actor: Actor, now: dt.datetime, why: str) -> None:
    save_escalation(
        escalation,
        actor=actor,
        now=now,
        why=why,
        fields=["state", "closed_at", "closing_justification", "next_word_due_at"],
    )


def _person(actor: Actor) -> Person:
    assert actor.person is not None, "a member of staff is a person"
    return actor.person
