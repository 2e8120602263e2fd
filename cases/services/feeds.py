"""Writing in the case feed (FEED-1, FEED-3)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django_fsm import can_proceed

from ..actors import Actor
from ..errors import NotAllowed, NotPossible
from ..models import Entry
from ..notices import notify
from ..persistence import save_case
from ..rules.actions import Side
from .entries import write_entry
from .files import CheckedFile, files_in_transaction, store_files
from .lifecycle import STATE_FIELDS
from .locks import check_version, lock_case
from .submissions import already_done
from .texts import BODY_MAX, checked

__all__ = ["BODY_MAX", "post_entry"]


def post_entry(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    body: str,
    internal: bool = False,
    files: Sequence[CheckedFile] = (),
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Entry:
    """The message is in the feed with its files, and those concerned are told.

    A Designated Contact's entry brings a case that waits for the customer, or whose resolution is
    proposed, back to In Progress (CASE-5, RESP-3). An internal entry is for staff only: it
    changes no public version and causes no mail (FEED-3). A second call with the same `submission`
    returns the first one's entry.

    Raises NotAllowed (role), NotPossible (a closed case must be reopened first), Invalid (nothing
    written), CaseChanged (and SentBefore, for another text under the same `submission`).
    """
    with files_in_transaction():
        case = lock_case(case_id)
        _check_role(actor, case.organization_id, internal=internal)
        if already_done(case, submission, actor=actor, text=body, files=files):
            return case.entries.get(submission=submission)
        check_version(case, seen_version, actor=actor)
        body = checked("body", body, needed="Write something first.")
        if not case.is_open and not internal:
            raise NotPossible("The case is closed: reopen it to write in it.")
        state_fields: list[str] = []
        before = case.get_state_display()
        if actor.side is Side.CONTACT and can_proceed(case.answer):
            case.answer(now=now)
            state_fields = STATE_FIELDS
        save_case(
            case,
            actor=actor,
            now=now,
            why="feeds.post_entry",
            public=not internal,
            fields=state_fields,
        )
        entry = write_entry(
            case,
            actor=actor,
            now=now,
            event=Entry.Event.MESSAGE,
            body=body,
            internal=internal,
            from_value=before if state_fields else "",
            to_value=case.get_state_display() if state_fields else "",
            submission=submission,
        )
        store_files(entry, files, actor=actor, now=now)
        if not internal:
            notify("entry", case=case, entry=entry, actor=actor, now=now)
    return entry


def _check_role(actor: Actor, organization_id: int, *, internal: bool) -> None:
    if actor.side is Side.CONTACT:
        if internal or not actor.is_designated_for(organization_id):
            raise NotAllowed("Only a Designated Contact of the organization can write here.")
        return
    permission = "cases.write_internal_entry" if internal else "cases.work_case"
    if not actor.may(permission):
        raise NotAllowed("Your role does not allow you to write here.")
