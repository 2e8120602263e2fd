"""The Case Owner's answers to requests, and the engagement of a manager (MGT-6, MGT-7)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from cases.actors import Actor
from cases.errors import Invalid, NotPossible
from cases.models import Case, Entry, Person, Severity
from cases.notices import notify
from cases.persistence import save, save_case
from cases.services.entries import write_entry
from cases.services.locks import lock_case
from cases.services.severity import change_severity
from cases.services.submissions import already_done
from cases.services.texts import checked

from ..models import ManagerEngagement, OwnerReview
from .persistence import earlier, require_same, require_staff


def answer_review(
    *,
    review_id: int,
    actor: Actor,
    now: dt.datetime,
    done: bool,
    words: str,
    submission: uuid.UUID | None = None,
) -> OwnerReview:
    """The request is Done or Declined, with words that are in the case and are mailed (MGT-6).

    Done for a change of severity or priority changes it, with these words as the reason (SEV-2,
    SEV-5); declined, they say why not. Raises NotAllowed, NotPossible (it is over already),
    Invalid, SentBefore.
    """
    with transaction.atomic():
        case = lock_case(OwnerReview.objects.values_list("case_id", flat=True).get(pk=review_id))
        require_staff(actor, "answer_review")
        review = OwnerReview.objects.select_for_update().get(pk=review_id)
        state = OwnerReview.State.DONE if done else OwnerReview.State.DECLINED
        if already_done(case, submission, actor=actor, text=words, to_value=state.label):
            found: OwnerReview = review
            return found
        if not review.is_open:
            raise NotPossible(f"This request is already {review.get_state_display()}.")
        text = checked("words", words, needed="Write an answer; the customer can read it.")
        review.state = state
        review.answer = text
        review.answered_by = actor.person
        review.answered_at = now
        fields = ["state", "answer", "answered_by", "answered_at"]
        save(review, actor=actor, now=now, why="reviewing.answer_review", fields=fields)
        if done and _changes_severity(review, case):
            change_severity(
                case_id=case.pk,
                severity=review.requested_severity or case.severity,
                reason=text,
                actor=actor,
                now=now,
                phone_24x7=_phone_24x7(review, case),
            )
            case = lock_case(case.pk)
        changed = _change_priority(review, case) if done else []
        save_case(
            case, actor=actor, now=now, why="reviewing.answer_review", public=True, fields=changed
        )
        entry = write_entry(
            case,
            actor=actor,
            now=now,
            event=Entry.Event.HELP_ANSWERED,
            body=text,
            from_value=review.what[:120],
            to_value=review.get_state_display(),
            submission=submission,
        )
        notify(
            "review_answered",
            f"c{entry.pk}",
            case=case,
            actor=actor,
            now=now,
            entry=entry,
            review=review,
        )
    found = review
    return found


def _changes_severity(review: OwnerReview, case: Case) -> bool:
    """A request in the case only raises the severity, which may already be higher by now.

    A caller may have asked for a lower one.
    """
    wanted = review.requested_severity
    if wanted is None:
        return False
    return wanted != case.severity if review.called_at else wanted < case.severity


def _change_priority(review: OwnerReview, case: Case) -> list[str]:
    """SEV-2: the priority is what the customer now designates; returns the fields that changed."""
    wanted = review.requested_priority
    if wanted is None or wanted == case.priority:
        return []
    case.priority = wanted
    case.phone_24x7 = _phone_24x7(review, case) or case.phone_24x7
    return ["priority", "phone_24x7"]


def _phone_24x7(review: OwnerReview, case: Case) -> str:
    """ACC-6: for Critical the number that the caller gave; any other is for this request only."""
    return review.callback_phone if review.level == Severity.CRITICAL else ""


def lapse_reviews(*, cases: Sequence[Case], actor: Actor, now: dt.datetime) -> None:
    """The cases were closed: requests to their owners no longer wait. In that transaction."""
    waiting = OwnerReview.objects.open().filter(case__in=cases).order_by("pk")
    for review in waiting.select_for_update(of=("self",)):
        review.state = OwnerReview.State.LAPSED
        review.answered_at = now
        fields = ["state", "answered_at"]
        save(review, actor=actor, now=now, why="reviewing.lapse_reviews", fields=fields)


def engage_manager(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    manager: Person | None,
    note: str = "",
    submission: uuid.UUID | None = None,
) -> ManagerEngagement:
    """A Product Support Manager is engaged in the Critical case, and is told (MGT-7).

    The contacts read that and who; the note is internal. Raises NotAllowed, NotPossible (not an
    open Critical case, or that manager is engaged already), Invalid, CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        require_staff(actor, "engage_manager")
        engaged = ManagerEngagement.objects.filter(case=case)
        if made := earlier(engaged, submission, actor=actor, author="engaged_by"):
            require_same(made, manager=manager, note=note)
            found: ManagerEngagement = made
            return found
        if not case.is_open or case.severity != Severity.CRITICAL:
            raise NotPossible("A manager can be engaged only on open Critical cases.")
        if manager is None or not Actor.of(manager).may("escalations.be_engaged"):
            raise Invalid("manager", "Choose a Product Support Manager.")
        if engaged.filter(manager=manager).exists():
            raise NotPossible(f"{manager} is already engaged on this case.")
        engagement = ManagerEngagement(
            case=case,
            manager=manager,
            engaged_by=actor.person,
            engaged_at=now,
            note=checked("note", note),
            submission=submission,
        )
        save(engagement, actor=actor, now=now, why="reviewing.engage_manager")
        save_case(
            case, actor=actor, now=now, why="reviewing.engage_manager", public=True, fields=[]
        )
        entry = write_entry(
            case, actor=actor, now=now, event=Entry.Event.MANAGER, to_value=str(manager)
        )
        if engagement.note:
            write_entry(
                case,
                actor=actor,
                now=now,
                event=Entry.Event.MESSAGE,
                body=engagement.note,
                internal=True,
            )
        notify(
            "manager_engaged",
            f"c{entry.pk}",
            case=case,
            actor=actor,
            now=now,
            manager=manager,
            note=engagement.note,
        )
    return engagement
