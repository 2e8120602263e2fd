"""Writing in the escalation's feed, and moving entries from the wrong feed (FEED-1/2)."""

import datetime as dt
import uuid

from django.db import transaction

from cases import realm
from cases.actors import Actor
from cases.errors import NotAllowed, NotPossible
from cases.models import Case, Entry
from cases.notices import notify
from cases.persistence import save
from cases.rules.actions import Side
from cases.services.moved_entries import take_in
from cases.services.texts import checked

from ..models import EscalationEntry
from .persistence import (
    check_version,
    earlier,
    lock_escalation,
    require_designated,
    require_staff,
    save_escalation,
    write_feed,
)

READ_ONLY = (
    "In this portal you can only read the escalation's feed: write in the case, or call Product "
    "Support."
)


def post_in_feed(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    body: str,
    internal: bool = False,
    seen_version: int | None = None,
    submission: uuid.UUID | None = None,
) -> EscalationEntry:
    """The message is in the escalation's feed, and the other side is told (FEED-2).

    Contacts write if the realm allows it. An internal note is for staff, and nobody is told.
    Raises NotAllowed, NotPossible (the escalation is over), Invalid (nothing written), CaseChanged.
    """
    with transaction.atomic():
        case, escalation = lock_escalation(escalation_id)
        if actor.side is Side.CONTACT:
            require_designated(actor, case)
            if internal or not realm.current().contacts_write_in_escalations:
                raise NotAllowed(READ_ONLY)
        elif not internal:
            require_staff(actor, "manage_escalation")
        elif not actor.may("cases.write_internal_entry"):
            raise NotAllowed("Your role does not allow you to write here.")
        if made := earlier(escalation.entries, submission, actor=actor, author="author", body=body):
            return made
        check_version(escalation, seen_version)
        if not escalation.is_active and not internal:
            raise NotPossible("The escalation is over: write in the case.")
        text = checked("body", body, needed="Write something first.")
        save_escalation(escalation, actor=actor, now=now, why="feeds.post_in_feed", fields=[])
        entry = write_feed(
            escalation,
            actor=actor,
            now=now,
            event=EscalationEntry.Event.MESSAGE,
            body=text,
            internal=internal,
            submission=submission,
        )
        if not internal:
            notify(
                "escalation_message",
                f"e{entry.pk}",
                case=case,
                actor=actor,
                now=now,
                escalation=escalation,
                entry=entry,
            )
    return entry


def move_to_escalation(
    *,
    entry_id: int,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    seen_version: int | None = None,
) -> EscalationEntry:
    """A message of the case feed is in the escalation's feed, with its author and its time.

    Its row stays in the case feed, as a trace of who moved it and when; its files stay there too,
    and so do its effects on the case. The Escalation Owner is told of a contact's words. Raises
    NotAllowed, NotPossible (not a message, moved already, another case), CaseChanged.
    """
    with transaction.atomic():
        case, escalation = lock_escalation(escalation_id)
        require_staff(actor, "move_entry")
        entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if entry.case_id != case.pk or not is_movable(entry):
            raise NotPossible("This message cannot be moved.")
        check_version(escalation, seen_version)
        _leave_trace(entry, actor, now)
        moved = EscalationEntry(
            escalation=escalation,
            visibility=entry.visibility,
            event=EscalationEntry.Event.MOVED,
            author=entry.author,
            author_side=entry.author_side,
            job=entry.job,
            body=entry.body,
            from_value=str(actor.person),
            created_at=entry.created_at,
        )
        save(moved, actor=actor, now=now, why="feeds.move_to_escalation")
        _touch(case, actor, now, public=not entry.is_internal)
        if moved.author_side == Side.CONTACT and escalation.is_active:
            notify(
                "escalation_moved",
                f"e{moved.pk}",
                case=case,
                actor=actor,
                now=now,
                escalation=escalation,
                entry=moved,
            )
        save_escalation(escalation, actor=actor, now=now, why="feeds.move_to_escalation", fields=[])
    return moved


def move_to_case(
    *, entry_id: int, actor: Actor, now: dt.datetime, seen_version: int | None = None
) -> Entry:
    """A message of the escalation's feed is in the case feed, with its author and its time.

    Its row stays as a trace. In the case it counts from when it was written: see
    `cases.services.moved_entries.take_in` (CASE-5, RESP-3). Raises NotAllowed, NotPossible (not a
    message, or moved already), CaseChanged.
    """
    with transaction.atomic():
        found = EscalationEntry.objects.values_list("escalation_id", flat=True).get(pk=entry_id)
        case, escalation = lock_escalation(found)
        require_staff(actor, "move_entry")
        entry = EscalationEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if not is_movable(entry):
            raise NotPossible("This message cannot be moved.")
        check_version(escalation, seen_version)
        _leave_trace(entry, actor, now)
        moved = Entry(
            case=case,
            visibility=entry.visibility,
            event=Entry.Event.MOVED,
            author=entry.author,
            author_side=entry.author_side,
            job=entry.job,
            body=entry.body,
            from_value=str(actor.person),
            created_at=entry.created_at,
        )
        take_in(moved, case=case, actor=actor, now=now)
        save_escalation(escalation, actor=actor, now=now, why="feeds.move_to_case", fields=[])
    return moved


def is_movable(entry: Entry | EscalationEntry) -> bool:
    """Whether it is a message with words that was not moved away already."""
    return entry.event in {"message", "moved"} and bool(entry.body) and entry.moved_at is None


def _leave_trace(entry: Entry | EscalationEntry, actor: Actor, now: dt.datetime) -> None:
    entry.moved_at = now
    entry.moved_by = actor.person
    save(entry, actor=actor, now=now, why="feeds.move", fields=["moved_at", "moved_by"])


def _touch(case: Case, actor: Actor, now: dt.datetime, *, public: bool) -> None:
    """The case has a new version, so that a stale page is noticed; no update by Product Support."""
    case.version += 1
    fields = ["version"]
    if public:
        case.public_version += 1
        fields.append("public_version")
    save(case, actor=actor, now=now, why="feeds.move", fields=fields)
