"""What happens to a clock when something happens to its case: a table of events by kind of clock.

Pure. `services.clocks` applies it; a test checks every cell.
"""

from collections.abc import Mapping
from enum import StrEnum

from .actions import Side


class Kind(StrEnum):
    """What a clock counts down to."""

    #: SLA-1: Product Support's first words to the customer.
    RESPONSE = "response"
    #: SLA-3: the platform works again.
    RESTORATION = "restoration"
    #: RCA-3: the root cause analysis is delivered.
    RCA = "rca"
    #: RESP-1: the notice that a case without an answer will be closed.
    REMINDER = "reminder"
    #: RESP-1: the closing of a case without an answer.
    CLOSURE = "closure"
    #: RESP-2: the closing of a case whose proposed resolution nobody objected to.
    PROPOSAL = "proposal"


#: Clocks of these kinds end with the action of a job; the others are promises that people keep.
DONE_BY_JOBS = frozenset({Kind.REMINDER, Kind.CLOSURE, Kind.PROPOSAL})
CLOSINGS = (Kind.CLOSURE, Kind.PROPOSAL)
PROMISES = (Kind.RESPONSE, Kind.RESTORATION, Kind.RCA)


class Event(StrEnum):
    """The events of a case that matter to clocks."""

    OPENED = "opened"
    STAFF_WROTE = "staff wrote to the customer"
    STAFF_ACTED = "staff changed something that the customer sees, without words"
    STAFF_NOTED = "staff wrote an internal entry"
    CONTACT_WROTE = "a Designated Contact wrote"
    ASKED = "a question was asked"
    WORK_WENT_ON = "the case no longer waits for the customer"
    PROPOSED = "a resolution was proposed"
    CLOSED = "closed"
    REOPENED = "reopened"
    TERMS_CHANGED = "severity, plan, targets, calendar or deployment changed"
    PLATFORM_CHANGED = "the case became platform-level, or no longer is"
    RESTORED = "the service was restored"
    RESTORATION_WITHDRAWN = "the restoration was withdrawn: the service was not restored"
    ANALYSIS_ASKED = "a Designated Contact asked for the root cause analysis"
    ANALYSIS_DELIVERED = "the root cause analysis was delivered"


class Effect(StrEnum):
    NOTHING = "-"
    #: A clock starts now, if something is promised.
    START = "start"
    #: The promise was fulfilled: met in time, or breached earlier.
    MEET = "meet"
    #: SLA-6: new due times, counted from when the clock started. A new promise starts; a promise
    #: that no longer applies ends. Clocks of jobs start and end with the state.
    RECOMPUTE = "recompute"
    #: A promise that counted as met was not: the clock continues from its original start.
    RESUME = "resume"
    CANCEL = "cancel"
    #: It counted from something that never happened: cancelled, even if marked as breached.
    VOID = "void"


def _row(
    response: Effect = Effect.NOTHING,
    reminder: Effect = Effect.NOTHING,
    closure: Effect = Effect.NOTHING,
    proposal: Effect = Effect.NOTHING,
    *,
    restoration: Effect = Effect.NOTHING,
    rca: Effect = Effect.NOTHING,
) -> Mapping[Kind, Effect]:
    return {
        Kind.RESPONSE: response,
        Kind.RESTORATION: restoration,
        Kind.RCA: rca,
        Kind.REMINDER: reminder,
        Kind.CLOSURE: closure,
        Kind.PROPOSAL: proposal,
    }


_NOTHING, _START, _CANCEL = Effect.NOTHING, Effect.START, Effect.CANCEL
_ANEW = Effect.RECOMPUTE

TABLE: Mapping[Event, Mapping[Kind, Effect]] = {
    Event.OPENED: _row(response=Effect.START),
    Event.STAFF_WROTE: _row(response=Effect.MEET),
    # An assignment or a change of severity does not answer the customer.
    Event.STAFF_ACTED: _row(),
    # FEED-3: the customer never saw it.
    Event.STAFF_NOTED: _row(),
    # A second message changes no promise, but it answers whatever was asked (RESP-3).
    Event.CONTACT_WROTE: _row(_NOTHING, _CANCEL, _CANCEL, _CANCEL),
    Event.ASKED: _row(_NOTHING, _START, _START, _CANCEL),
    Event.WORK_WENT_ON: _row(_NOTHING, _CANCEL, _CANCEL, _CANCEL),
    Event.PROPOSED: _row(_NOTHING, _CANCEL, _CANCEL, _START),
    Event.CLOSED: _row(_CANCEL, _CANCEL, _CANCEL, _CANCEL, restoration=_CANCEL, rca=_CANCEL),
    # A fresh start: earlier lateness no longer counts. The analysis counts from the restoration,
    # which reopening does not change (RCA-3).
    Event.REOPENED: _row(_START, _CANCEL, _CANCEL, _CANCEL, restoration=_START, rca=_ANEW),
    # SLA-6: every kind of running clock.
    Event.TERMS_CHANGED: _row(_ANEW, _ANEW, _ANEW, _ANEW, restoration=_ANEW, rca=_ANEW),
    Event.PLATFORM_CHANGED: _row(_ANEW, _ANEW, _ANEW, _ANEW, restoration=_ANEW, rca=_ANEW),
    # From now on the analysis is owed, if the severity requires it or the contact has asked for it.
    Event.RESTORED: _row(restoration=Effect.MEET, rca=_ANEW),
    # An analysis that was delivered stays delivered.
    Event.RESTORATION_WITHDRAWN: _row(restoration=Effect.RESUME, rca=Effect.VOID),
    # Asking does not postpone a clock that the severity started.
    Event.ANALYSIS_ASKED: _row(rca=_ANEW),
    Event.ANALYSIS_DELIVERED: _row(rca=Effect.MEET),
}


#: The meaning of an entry in the case feed, whoever wrote it.
_MEANS: Mapping[str, Event] = {
    "opened": Event.OPENED,
    "question": Event.ASKED,
    "third_party": Event.WORK_WENT_ON,
    "resumed": Event.WORK_WENT_ON,
    "persists": Event.WORK_WENT_ON,
    "released": Event.WORK_WENT_ON,
    "resolution": Event.PROPOSED,
    "accepted": Event.CLOSED,
    "closed": Event.CLOSED,
    "reopened": Event.REOPENED,
    "severity": Event.TERMS_CHANGED,
    "platform": Event.PLATFORM_CHANGED,
    "single": Event.PLATFORM_CHANGED,
    "restored": Event.RESTORED,
    "not_restored": Event.RESTORATION_WITHDRAWN,
    "rca_asked": Event.ANALYSIS_ASKED,
    "rca_given": Event.ANALYSIS_DELIVERED,
}
#: Changes of the case that carry words: the words give the reason and answer nothing.
NO_ANSWER = frozenset({"severity", "opened", "platform", "single", "not_restored", "called"})
#: HELP-3: a contact's request to the Case Owner is not an answer in itself. If it contains one,
#: the service that writes the entry says so.
ONLY_ASKED = frozenset({"help_asked", "withdrawn"})


def events_of(entry_event: str, *, side: Side, is_internal: bool, has_words: bool) -> list[Event]:
    """The meaning of an entry in the case feed for the clocks, as events in order.

    If staff reopen a case with words, it is first reopened, then answered; if they close it with
    words, it is first answered, then closed.
    """
    if is_internal:
        return [Event.STAFF_NOTED]
    meant = [_MEANS[entry_event]] if entry_event in _MEANS else []
    if side is Side.CONTACT:
        if entry_event in ONLY_ASKED:
            return []
        if meant == [Event.ANALYSIS_ASKED]:
            return [Event.CONTACT_WROTE, *meant]
        return meant or [Event.CONTACT_WROTE]
    if side is Side.JOB:
        return meant
    wrote = has_words and entry_event not in NO_ANSWER
    said = [Event.STAFF_WROTE if wrote else Event.STAFF_ACTED]
    return meant + said if meant == [Event.REOPENED] else said + meant
