"""The life of a case: the actions of `rules.actions`, carried out (CASE-3 to CASE-8)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django_fsm import can_proceed

from .. import realm
from ..actors import Actor
from ..errors import Invalid, NotAllowed, NotPossible
from ..extension import cases_closed, vetoes_of
from ..models import Case, Entry, Incident, Person, ThirdParty
from ..notices import notify
from ..persistence import save_case
from ..rules import analysis
from ..rules.actions import ACTIONS, Action, Ask, Side
from ..rules.texts import has_words
from .analyses import Given, carry_out, facts_of
from .clocks import leave_a_full_day
from .entries import write_entry
from .files import CheckedFile, files_in_transaction, store_files
from .incidents import lock_incident
from .locks import BELONGS_ELSEWHERE, check_version, lock_case
from .submissions import already_done
from .texts import checked, checked_line

STATE_FIELDS = ["state", "state_since_at", "owner", "third_party", "third_party_name", "closed_at"]


def may(action: Action, *, actor: Actor, case: Case) -> bool:
    """Whether this actor's role allows the action on this case, whatever its state."""
    if actor.side not in action.sides:
        return False
    if actor.side is Side.CONTACT:
        return actor.is_designated_for(case.organization_id)
    return actor.may(action.permission)


def possible_actions(
    case: Case, *, actor: Actor, is_designated: bool | None = None
) -> list[Action]:
    """The actions that are possible for this actor on this case now, in the table's order.

    For a page; the service checks again on the locked row. A page that already knows
    `is_designated` passes it, which saves a query.
    """
    if not realm.current().may_open_for(case.organization):
        return []  # FED-1: it is redirected, and nothing else is done with it here
    facts = facts_of(case)
    possible = [
        action
        for action in ACTIONS.values()
        if actor.side in action.sides
        and (
            not analysis.why_not(action.name, facts)
            if action.keeps_state
            else can_proceed(getattr(case, action.transition))
        )
    ]
    if actor.side is Side.CONTACT:
        # One query for all: a page must not ask once for each action.
        if is_designated is None:
            is_designated = bool(possible) and actor.is_designated_for(case.organization_id)
        return possible if is_designated else []
    return [action for action in possible if may(action, actor=actor, case=case)]


def why_not_possible(action: Action, case: Case) -> str:
    """Why this action is not possible, as a sentence: the state of the case, or its analysis."""
    if not realm.current().may_open_for(case.organization):
        return BELONGS_ELSEWHERE
    if action.keeps_state:
        reason = analysis.why_not(action.name, facts_of(case))
    else:
        reason = f"the case is {case.get_state_display()}."
    return f"“{action.label}” is not possible: {reason}"


def act(
    *,
    case_id: int,
    action: str,
    actor: Actor,
    now: dt.datetime,
    text: str = "",
    owner: Person | None = None,
    third_party: str = "",
    third_party_name: str = "",
    incident: Incident | None = None,
    title: str = "",
    held_at: dt.datetime | None = None,
    files: Sequence[CheckedFile] = (),
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Case:
    """The action is done: state, feed, files, history and notices, or nothing at all.

    The text becomes the body of the feed's entry: public, except the note of an assignment.
    A second call with the same `submission` changes nothing and returns the case. If an
    `incident` is given, its lock is taken before the case's.

    Raises NotAllowed (role), NotPossible (state), Invalid (something that the action needs is
    missing), CaseChanged (the form was shown for an older version of the case).
    """
    what = ACTIONS[action]
    with files_in_transaction():
        given = Given(lock_incident(incident.pk) if incident else None, title, held_at)
        case = lock_case(case_id)
        if not actor.may_see(case) or not may(what, actor=actor, case=case):
            raise NotAllowed(_why_not(actor))
        if what.name == "deliver_analysis" and files and not has_words(text):
            text = "The document is attached."
        if already_done(
            case,
            submission,
            actor=actor,
            text=text,
            event=what.event,
            to_value=str(owner) if owner else "",
            files=files,
        ):
            return case
        check_version(case, seen_version, actor=actor)
        if what.keeps_state:
            return _take(case, what, given, text, files, actor=actor, now=now, key=submission)
        transition = getattr(case, what.transition)
        if not can_proceed(transition):
            raise NotPossible(why_not_possible(what, case))
        needed = f"{what.text_label}: please fill this in." if what.text_required else ""
        text = checked("text", text, needed=needed)
        if Ask.OWNER in what.asks and files and not text:
            raise Invalid("text", "Write a note to go with the files.")
        if what.name == "reopen" and case.owner and not can_own(case.owner):
            case.owner = None  # CASE-8: to New, and not to somebody who can no longer work it
        before = case.get_state_display()
        transition(now=now, **_arguments(what, actor, owner, third_party, third_party_name))
        save_case(
            case, actor=actor, now=now, why=f"lifecycle.{action}", public=True, fields=STATE_FIELDS
        )
        entry, with_files = _write(
            case, what, actor=actor, now=now, text=text, before=before, key=submission
        )
        store_files(with_files, files, actor=actor, now=now)
        if what.notice:
            notify(what.notice, case=case, entry=entry, actor=actor, now=now)
        if not case.is_open:
            cases_closed.send(Case, cases=[case], actor=actor, now=now)
    return case


def _take(
    case: Case,
    what: Action,
    given: Given,
    text: str,
    files: Sequence[CheckedFile],
    *,
    actor: Actor,
    now: dt.datetime,
    key: uuid.UUID | None,
) -> Case:
    """An action that changes no state; but a contact's words bring the case back (CASE-5)."""
    needed = f"{what.text_label}: please fill this in." if what.text_required else ""
    text = checked("text", text, needed=needed)
    if what.name == "deliver_analysis" and not text:
        raise Invalid("text", "Write the analysis, or attach the document.")
    was_held = what.name == "deliver_analysis" and bool(vetoes_of([case]))
    named = carry_out(case, what, given, actor=actor, now=now)
    fields, before = ["incident"], ""
    if actor.side is Side.CONTACT and can_proceed(case.answer):
        before = case.get_state_display()
        case.answer(now=now)
        fields += STATE_FIELDS
    why = f"lifecycle.{what.name}"
    save_case(case, actor=actor, now=now, why=why, public=True, fields=fields)
    entry = write_entry(
        case,
        actor=actor,
        now=now,
        event=what.event,
        body=text,
        from_value=before,
        to_value=case.get_state_display() if before else named,
        submission=key,
    )
    store_files(entry, files, actor=actor, now=now)
    if was_held:
        leave_a_full_day(case, actor=actor, now=now)
    notify(what.notice, case=case, entry=entry, actor=actor, now=now)
    return case


def reassign(
    *,
    case_id: int,
    owner: Person,
    actor: Actor,
    now: dt.datetime,
    text: str = "",
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Case:
    """The case has this owner: assigned from New (CASE-4), or handed over in any open state.

    The note is an internal entry; the new owner is told. Raises as `act` does.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        if not actor.may("cases.assign_case"):
            raise NotAllowed("Your role does not allow you to assign cases.")
        if can_proceed(case.assign):
            return act(
                case_id=case_id,
                action="assign",
                actor=actor,
                now=now,
                text=text,
                owner=owner,
                seen_version=seen_version,
                submission=submission,
            )
        if already_done(case, submission, actor=actor, text=text, to_value=str(owner)):
            return case
        check_version(case, seen_version, actor=actor)
        if not case.is_open:
            raise NotPossible("Nobody works on a closed case: reopen it first.")
        check_owner(owner)
        if case.owner_id == owner.pk:
            raise Invalid("owner", f"{owner} is already the Case Owner.")
        note = checked("text", text)
        before = str(case.owner or "")
        case.owner = owner
        save_case(
            case, actor=actor, now=now, why="lifecycle.reassign", public=True, fields=["owner"]
        )
        entry, _ = _write_assignment(case, actor, now, note, before, submission)
        notify("assigned", case=case, entry=entry, actor=actor, now=now)
    return case


def check_owner(owner: Person | None) -> Person:
    """The person, who can own cases: active staff who may work cases. Raises Invalid."""
    if owner is None:
        raise Invalid("owner", "Choose the new Case Owner.")
    if not can_own(owner):
        raise Invalid("owner", f"{owner} cannot work on cases.")
    return owner


def can_own(person: Person) -> bool:
    """Whether this person can own cases now."""
    return Actor.of(person).may("cases.work_case")


def _arguments(
    what: Action, actor: Actor, owner: Person | None, third_party: str, third_party_name: str
) -> dict[str, object]:
    if what.name == "take":
        return {"owner": actor.person}
    if Ask.OWNER in what.asks:
        return {"owner": check_owner(owner)}
    if Ask.THIRD_PARTY in what.asks:
        if third_party not in ThirdParty.values:
            raise Invalid("third_party", "Choose whom the case is waiting for.")
        name = checked_line("third_party_name", third_party_name, most=100)
        if third_party == ThirdParty.OTHER and not name:
            raise Invalid("third_party_name", "Name the 3rd party.")
        return {"third_party": third_party, "third_party_name": name}
    return {}


def _write(
    case: Case,
    what: Action,
    *,
    actor: Actor,
    now: dt.datetime,
    text: str,
    before: str,
    key: uuid.UUID | None,
) -> tuple[Entry, Entry]:
    """The entry that tells what happened, and the one that holds the files."""
    if Ask.OWNER in what.asks:
        return _write_assignment(case, actor, now, text, "", key)
    is_assignment = what.event == Entry.Event.ASSIGNED
    entry = write_entry(
        case,
        actor=actor,
        now=now,
        event=what.event,
        body=text,
        from_value="" if is_assignment else before,
        to_value=str(case.owner) if is_assignment else _where(case),
        submission=key,
    )
    return entry, entry


def _where(case: Case) -> str:
    """The new status of a case: for whom it waits, else its state."""
    return case.waits_for or case.get_state_display()


def _write_assignment(
    case: Case, actor: Actor, now: dt.datetime, note: str, before: str, key: uuid.UUID | None
) -> tuple[Entry, Entry]:
    """The assignment is public; its note and files are for staff."""
    entry = write_entry(
        case,
        actor=actor,
        now=now,
        event=Entry.Event.ASSIGNED,
        from_value=before,
        to_value=str(case.owner),
        submission=key,
    )
    if not note:
        return entry, entry
    internal = write_entry(
        case, actor=actor, now=now, event=Entry.Event.MESSAGE, body=note, internal=True
    )
    return entry, internal


def _why_not(actor: Actor) -> str:
    if actor.side is Side.CONTACT:
        return "Only a Designated Contact of the organization can do this."
    return "Your role does not allow this."
