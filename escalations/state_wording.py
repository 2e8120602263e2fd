"""An escalation in plain words, as contacts read it. It decides nothing."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from . import wording
from .models import Escalation, EscalationEntry, EscalationState, OwnerReview

#: FEED-1: the purpose of the feed.
FEED = (
    "The conversation between you and the Escalation Owner: what is at stake, what happens next, "
    "and when. Technical observations, logs and files belong in Case Details."
)


@dataclass(frozen=True)
class Situation:
    """A state in plain words: what is going on, and what happens next and by when."""

    headline: str
    expected: str
    #: Whether the time of a promise has passed.
    is_late: bool = False


def situation(escalation: Escalation, now: dt.datetime) -> Situation:
    """The escalation's state, with the promised answer or next update (MGT-3, MGT-9)."""
    owner = escalation.owner
    match escalation.state:
        case EscalationState.REQUESTED:
            headline = "It has been received, and is waiting for an Escalation Owner"
        case EscalationState.UNDER_REVIEW:
            headline = f"{owner} is reviewing it"
        case EscalationState.ACCEPTED:
            headline = f"It has been accepted: {owner} is leading it"
            if owner is None:
                headline = "It has been accepted, and is waiting for a new Escalation Owner"
        case EscalationState.DECLINED:
            return Situation("It was declined", "See below why, and what you can do now.")
        case _:
            return Situation("It is over", "See below why it was closed.")
    late = escalation.is_answer_overdue(now) or escalation.is_word_overdue(now)
    at = escalation.next_word_due_at or escalation.answer_due_at
    what = "The next update" if escalation.state == EscalationState.ACCEPTED else "The answer"
    if late:
        instead = (
            f": call {settings.SUPPORT_PHONE} if it cannot wait"
            if escalation.case.takes_calls
            else ""
        )
        expected = (
            f"{what} was promised by {wording.moment(at)} and is late. We are sorry{instead}."
        )
    else:
        expected = f"{what} comes by {wording.moment(at)} and will appear here."
    return Situation(headline, expected, late)


def happened(entry: EscalationEntry) -> str:
    """What happened, as the rest of a sentence that begins with the author; empty for a message."""
    events = EscalationEntry.Event
    match entry.event:
        case events.REQUESTED:
            return f"requested the escalation: {entry.to_value}"
        case events.TAKEN:
            return "took it for review"
        case events.ACCEPTED:
            return "accepted the escalation"
        case events.DECLINED:
            return "declined the escalation"
        case events.WORD:
            return "posted the promised update"
        case events.HANDED_OVER:
            return f"handed it over to {entry.to_value}"
        case events.CLOSED:
            return "closed the escalation"
        case events.MOVED:
            return "wrote in the case; it was moved here"
        case events.RELEASED:
            return "is looking for a new Escalation Owner"
    return ""


def reviewer(review: OwnerReview) -> str:
    """Who will answer an open request (MGT-6)."""
    owner = review.case.owner
    return (
        f"{owner}, the Case Owner, is reviewing it" if owner else ("it is waiting for a Case Owner")
    )
