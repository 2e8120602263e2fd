"""Opening a case (CASE-1)."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError

from .. import realm
from ..actors import Actor, staff_gate
from ..errors import Invalid, NotAllowed, NotPossible, SentBefore
from ..fields import is_scrubbed
from ..models import Case, Deployment, Entry, Person, SearchText, Severity, State
from ..notices import notify
from ..persistence import save
from ..rules.actions import Side
from .entries import write_entry
from .files import CheckedFile, files_in_transaction, store_files
from .locks import BELONGS_ELSEWHERE, lock_organization
from .submissions import same_files
from .texts import can_be_called, checked, checked_line

#: There are 34 thousand million numbers: a second draw is rare, a fifth means something broke.
NUMBERS_TRIED = 5
NO_PHONE = (
    "For a Critical case, a Designated Contact must be reachable at all times: give the 24x7 "
    "telephone number, with country code."
)
CALLER_UNKNOWN = (
    "Check the caller's PIN first: a match is valid for this call, for 30 minutes or until you "
    "check another one."
)


def open_case(
    *,
    actor: Actor,
    now: dt.datetime,
    deployment: Deployment,
    subject: str,
    description: str,
    business_impact: str,
    priority: int,
    conversation_id: str = "",
    phone_24x7: str = "",
    contact: Person | None = None,
    files: Sequence[CheckedFile] = (),
    submission: uuid.UUID | None = None,
) -> Case:
    """A New case is in the feed, in the search and in the unassigned queue (CASE-1, ACC-1).

    Severity starts from the customer's priority (SEV-2). A contact opens for themselves; staff open
    for `contact`, a Designated Contact who called. The contact is sent the number and what comes
    next. A second call with the same `submission` returns the first one's case and does nothing.

    Raises SentBefore if that first call was for another issue;
    NotPossible for staff who have not identified the caller yet (FED-5);
    NotAllowed for anybody who is not a Designated Contact of the deployment's organization, and
    for an organization whose cases belong in the other realm (FED-1);
    Invalid if a field is missing or too long or a Critical case lacks its 24x7 number (ACC-6).
    """
    _check_role(actor)
    if actor.side is Side.CONTACT and contact not in (None, actor.person):
        raise NotAllowed("You can open cases only in your own name.")
    contact = contact or actor.person
    if contact is None or not Actor.of(contact).is_designated_for(deployment.organization_id):
        raise NotAllowed("Only a Designated Contact of the organization can open a case.")
    staff = actor.person if actor.side is Side.STAFF else None
    if staff and not staff_gate().knows_caller(contact, staff=staff, now=now):
        raise NotPossible(CALLER_UNKNOWN)
    if not realm.current().may_open_for(deployment.organization):
        raise NotAllowed(BELONGS_ELSEWHERE)
    if priority not in Severity.values:
        raise Invalid("priority", "Choose a priority.")
    if not deployment.is_active:
        raise Invalid("deployment", "This deployment is no longer in use.")
    fields = {
        "organization_id": deployment.organization_id,
        "deployment": deployment,
        "contact": contact,
        "subject": checked_line(
            "subject", subject, most=200, needed="Say in a few words what the issue is."
        ),
        "description": checked("description", description, needed="Describe the issue."),
        "business_impact": checked(
            "business_impact", business_impact, needed="Say how the issue affects your business."
        ),
        "conversation_id": checked_line("conversation_id", conversation_id, most=100),
        "phone_24x7": checked_line(
            "phone_24x7",
            phone_24x7,
            most=40,
            needed=NO_PHONE if priority == Severity.CRITICAL else "",
        ),
        "priority": priority,
        "severity": priority,
        "created_at": now,
        "state_since_at": now,
        "updated_at": now,
        "submission": submission,
    }
    if priority == Severity.CRITICAL and not can_be_called(phone_24x7):
        raise Invalid("phone_24x7", NO_PHONE)
    for _ in range(NUMBERS_TRIED):
        if submission and (earlier := _already_opened(submission, contact)):
            if not _is_the_same(earlier, fields, files):
                raise SentBefore
            return earlier
        case = Case(**fields)
        try:
            with files_in_transaction():
                lock_organization(deployment.organization_id)
                _store(case, actor=actor, now=now, files=files)
        except IntegrityError:
            # Two clicks at once: the constraint let one of them win, and the loop finds it. Or the
            # number is taken: the next try draws another. Anything else is a fault.
            if not _is_known_collision(case):
                raise
        else:
            found: Case = case
            return found
    raise NotPossible("No free case number was found. Please try again.")


def _store(case: Case, *, actor: Actor, now: dt.datetime, files: Sequence[CheckedFile]) -> None:
    save(case, actor=actor, now=now, why="opening.open_case")
    entry = write_entry(
        case, actor=actor, now=now, event=Entry.Event.OPENED, to_value=State.NEW.label
    )
    SearchText.objects.create(case=case, is_public=True, text=case.opening_text)
    store_files(entry, files, actor=actor, now=now)
    notify("opened", case=case, entry=entry, actor=actor, now=now)
    if case.severity == Severity.CRITICAL:
        notify("critical", case=case, entry=entry, actor=actor, now=now)


def _check_role(actor: Actor) -> None:
    if actor.side is Side.CONTACT or actor.may("cases.work_case"):
        return
    raise NotAllowed("Your role does not allow you to open cases.")


def _is_known_collision(case: Case) -> bool:
    """Whether another case has this number, or came from the same form of the same contact."""
    if case.submission and _already_opened(case.submission, case.contact):
        return True
    found: bool = Case.objects.filter(number=case.number).exists()
    return found


def _already_opened(submission: uuid.UUID, contact: Person) -> Case | None:
    case = Case.objects.filter(submission=submission).first()
    if case and case.contact_id != contact.pk:
        raise NotPossible("This form has already been used. Please open a new one.")
    found: Case | None = case
    return found


#: The fields that two clicks of one form have in common.
TYPED = ("deployment", *Case.OPENING_TEXTS, "phone_24x7", "priority")


def _is_the_same(case: Case, fields: dict[str, Any], files: Sequence[CheckedFile]) -> bool:
    scrub = partial(realm.current().scrub, about=case)  # as the fields stored it
    for name in TYPED:
        value = fields[name]
        if is_scrubbed(Case._meta.get_field(name)):
            value = scrub(value)
        if getattr(case, name) != value:
            return False
    return same_files(case.entries.get(event=Entry.Event.OPENED), files)
