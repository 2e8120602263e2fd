"""Requests to the Case Owner: in the case, or by a call that staff record (HELP-3, SEV-5)."""

import datetime as dt
import uuid

from django.db import transaction

from cases.actors import Actor, staff_gate
from cases.errors import Invalid, NotAllowed, NotPossible, SentBefore
from cases.models import Case, Entry, Person, Priority, Severity
from cases.notices import notify
from cases.persistence import save, save_case
from cases.rules.texts import one_line
from cases.services.entries import write_entry
from cases.services.locks import lock_case
from cases.services.new_cases import CALLER_UNKNOWN
from cases.services.texts import can_be_called, checked, checked_phone

from .. import wording
from ..models import Escalation, OwnerReview
from .persistence import asker, earlier, require_designated, require_same, write_as_update

NUMBER_NEEDED = "Enter the number at which Product Support can call you back."
NUMBER_24X7 = (
    "For Critical, a Designated Contact must be reachable at all times: ask the caller for the "
    "24x7 telephone number, with country code."
)
WHAT_CHANGED = "Say what has changed."


def request_severity_change(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    severity: int,
    details: str,
    callback_phone: str = "",
    submission: uuid.UUID | None = None,
) -> OwnerReview:
    """The Case Owner is asked to raise the severity to Medium or High (SEV-5).

    High needs the number for calling back. Raises NotAllowed, NotPossible (closed, to Critical,
    which takes a call, not higher than now, or such a request waits), Invalid (no details, no
    number), CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        require_designated(actor, case)
        needs_number = severity == Severity.HIGH
        if made := _asked_before(case, submission, actor, details, callback_phone, needs_number):
            require_same(made, requested_severity=severity)
            return made
        if severity not in wording.severities_to_ask_for(case):
            raise NotPossible(wording.severity_cannot_be_asked())
        review = OwnerReview(
            kind=OwnerReview.Kind.SEVERITY,
            requested_severity=severity,
            details=checked("details", details, needed=WHAT_CHANGED),
            callback_phone=_number(callback_phone) if needs_number else "",
            submission=submission,
        )
        return ask_case_owner(review, case, actor=actor, now=now)


def request_priority_change(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    priority: int,
    details: str,
    callback_phone: str = "",
    submission: uuid.UUID | None = None,
) -> OwnerReview:
    """The customer designates another priority, and staff apply it or say why not (SEV-2, SEV-5).

    Up to High, which needs the number for calling back. Raises like `request_severity_change`.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        require_designated(actor, case)
        needs_number = priority == Priority.HIGH < case.priority
        if made := _asked_before(case, submission, actor, details, callback_phone, needs_number):
            require_same(made, requested_priority=priority)
            return made
        if priority == Priority.CRITICAL:
            raise NotPossible(wording.critical_takes_a_call())
        if priority not in wording.priorities_to_ask_for(case):
            other = f"Choose a priority other than {case.get_priority_display()}."
            raise Invalid("priority", other)
        review = OwnerReview(
            kind=OwnerReview.Kind.PRIORITY,
            requested_priority=priority,
            details=checked("details", details, needed=WHAT_CHANGED),
            callback_phone=_number(callback_phone) if needs_number else "",
            submission=submission,
        )
        return ask_case_owner(review, case, actor=actor, now=now)


def record_call(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    caller: Person | None,
    called_at: dt.datetime | None,
    kind: str,
    level: int,
    details: str,
    callback_phone: str = "",
    submission: uuid.UUID | None = None,
) -> OwnerReview:
    """A Designated Contact called for another severity or priority: the case says who and when,
    and the request waits for the Case Owner's answer (SEV-5).

    `kind` is that of an OwnerReview, `level` the severity or priority. The words are the caller's:
    neither an answer nor an update by Product Support (SLA-1, ESC-13). For Critical the number is
    the 24x7 number (ACC-6), unless the case has one.

    Raises NotAllowed, NotPossible (closed, the caller's PIN was not checked (FED-5), or such a
    request waits), Invalid (caller, called_at, wanted, details, callback_phone), CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not actor.may("cases.change_severity"):
            raise NotAllowed(
                "Your role does not allow you to record calls about severity and priority."
            )
        rows = OwnerReview.objects.filter(case=case)
        if made := earlier(rows, submission, actor=actor, author="recorded_by"):
            require_same(made, requested_by=caller, called_at=called_at, kind=kind)
            require_same(made, details=details)
            if level != made.level or made.callback_phone != one_line(callback_phone):
                raise SentBefore
            found: OwnerReview = made
            return found
        if not case.is_open:
            raise NotPossible("The case is closed: reopen it first.")
        caller = _caller(caller, case, actor, now)
        review = OwnerReview(
            case=case,
            kind=kind,
            called_at=_called_at(called_at, case, now),
            recorded_by=actor.person,
            requested_by=caller,
            requested_at=now,
            **_wanted(kind, level, case),
            details=checked("details", details, needed="Write down what the caller said."),
            callback_phone=_number_of_caller(callback_phone, level, case),
            submission=submission,
        )
        _require_no_other(review, case)
        why = "asking.record_call"
        save(review, actor=actor, now=now, why=why)
        save_case(case, actor=actor, now=now, why=why, public=True, fields=[], is_update=False)
        entry = write_entry(
            case,
            actor=actor,
            now=now,
            event=Entry.Event.CALLED,
            body=review.details,
            from_value=str(caller)[:120],
            to_value=wording.at_and_what(review)[:120],
        )
        _tell_owner("review_requested", review, case, entry, actor=actor, now=now)
    return review


def withdraw_request(*, review_id: int, actor: Actor, now: dt.datetime) -> OwnerReview:
    """The request no longer waits; the case says so, and the Case Owner is told (SEV-5).

    For any Designated Contact of the organization. A withdrawal answers no open question, just as a
    bare request does not (HELP-3). A second withdrawal changes nothing. Raises NotAllowed,
    NotPossible (it was answered, or ended with the case).
    """
    with transaction.atomic():
        case = lock_case(OwnerReview.objects.values_list("case_id", flat=True).get(pk=review_id))
        require_designated(actor, case)
        review = OwnerReview.objects.select_for_update().get(pk=review_id)
        review.case = case
        if review.state == OwnerReview.State.WITHDRAWN:
            found: OwnerReview = review
            return found
        if not review.is_open:
            raise NotPossible(f"This request is over: {review.get_state_display().lower()}.")
        review.state = OwnerReview.State.WITHDRAWN
        review.answered_at = now
        why = "asking.withdraw_request"
        save(review, actor=actor, now=now, why=why, fields=["state", "answered_at"])
        entry = write_as_update(
            case,
            actor=actor,
            now=now,
            why=why,
            event=Entry.Event.HELP_WITHDRAWN,
            body="",
            from_value=review.what[:120],
            is_answer=False,
        )
        _tell_owner("review_withdrawn", review, case, entry, actor=actor, now=now)
    found = review
    return found


# --- What the services of this app share --------------------------------------------------------


def ask_case_owner(
    review: OwnerReview, case: Case, *, actor: Actor, now: dt.datetime
) -> OwnerReview:
    """The request is in the Case Owner's queue and in the case. The case is locked."""
    if not case.is_open:
        raise NotPossible("The case is closed: reopen it first.")
    review.case = case
    review.requested_by = asker(actor)
    review.requested_at = now
    _require_no_other(review, case)
    save(review, actor=actor, now=now, why="asking.ask_case_owner")
    entry = write_as_update(
        case,
        actor=actor,
        now=now,
        why="asking.ask_case_owner",
        event=Entry.Event.HELP_ASKED,
        body="\n\n".join(filter(None, [review.answers, review.details])),
        to_value=review.what[:120],
        is_answer=review.tells_something,
    )
    _tell_owner("review_requested", review, case, entry, actor=actor, now=now)
    return review


def made_before(
    case: Case, submission: uuid.UUID | None, actor: Actor
) -> Escalation | OwnerReview | None:
    """What the first click of this contact's form made."""
    escalations = Escalation.objects.filter(case=case)
    reviews = OwnerReview.objects.filter(case=case)
    return earlier(escalations, submission, actor=actor, author="requested_by") or earlier(
        reviews, submission, actor=actor, author="requested_by"
    )


# --- Parts --------------------------------------------------------------------------------------


def _asked_before(
    case: Case,
    submission: uuid.UUID | None,
    actor: Actor,
    details: str,
    callback_phone: str,
    needs_number: bool,
) -> OwnerReview | None:
    """What the first click of this form made; raises SentBefore if the request differs."""
    made = made_before(case, submission, actor)
    if made is None:
        return None
    require_same(made, details=details)
    # The number is stored as typed, and compared as typed.
    if not isinstance(made, OwnerReview) or (
        needs_number and made.callback_phone != one_line(callback_phone)
    ):
        raise SentBefore
    return made


def _require_no_other(review: OwnerReview, case: Case) -> None:
    """One of a kind waits at a time; unique constraints hold the same in the database."""
    waiting = OwnerReview.objects.open().filter(case=case, kind=review.kind, reason=review.reason)
    if first := waiting.first():
        instead = ""
        if first.what != review.what:
            instead = f" It is for: {first.what.lower()}. Withdraw it to ask for something else."
        raise NotPossible(
            f"This was asked for on {wording.moment(first.requested_at)} and waits for the Case "
            f"Owner's answer.{instead}"
        )


def _tell_owner(
    event: str, review: OwnerReview, case: Case, entry: Entry, *, actor: Actor, now: dt.datetime
) -> None:
    notify(event, f"c{entry.pk}", case=case, actor=actor, now=now, entry=entry, review=review)


def _number(typed: str) -> str:
    return checked_phone("callback_phone", typed, needed=NUMBER_NEEDED)


def _number_of_caller(typed: str, level: int, case: Case) -> str:
    is_needed = level == Severity.CRITICAL and not can_be_called(case.phone_24x7)
    return checked_phone("callback_phone", typed, needed=NUMBER_24X7 if is_needed else "")


def _caller(caller: Person | None, case: Case, actor: Actor, now: dt.datetime) -> Person:
    """ACC-1, FED-5: a Designated Contact of the organization, whose identity was verified."""
    if caller is None or not Actor.of(caller).is_designated_for(case.organization_id):
        raise Invalid("caller", "Choose a Designated Contact of the organization.")
    if not staff_gate().knows_caller(caller, staff=asker(actor), now=now):
        raise NotPossible(CALLER_UNKNOWN)
    return caller


def _called_at(at: dt.datetime | None, case: Case, now: dt.datetime) -> dt.datetime:
    """The form knows minutes only: a call in the minute of the opening counts as after it."""
    if at is None:
        raise Invalid("called_at", "Say when the call came.")
    if at > now:
        raise Invalid("called_at", "This is in the future: record the call once it has come.")
    if at < case.created_at.replace(second=0, microsecond=0):
        raise Invalid("called_at", "The case was not open yet at that time.")
    return at


def _wanted(kind: str, level: int, case: Case) -> dict[str, int]:
    """What is asked for, by the name of its column. Raises Invalid("wanted")."""
    if kind == OwnerReview.Kind.SEVERITY and level in Severity.values:
        if level == case.severity:
            raise Invalid("wanted", f"The severity is already {case.get_severity_display()}.")
        return {"requested_severity": level}
    if kind == OwnerReview.Kind.PRIORITY and level in Priority.values:
        if level == case.priority:
            raise Invalid("wanted", f"The priority is already {case.get_priority_display()}.")
        return {"requested_priority": level}
    raise Invalid("wanted", "Choose what the caller asked for.")
