"""How a service saves: with who, when and why in the history (CASE-9)."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from .. import realm
from ..actors import Actor
from ..errors import CaseChanged, SentBefore
from ..models import Case, Entry, SearchText
from ..rules.actions import Side

if TYPE_CHECKING:
    from .files import CheckedFile


def save(
    instance: models.Model,
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    fields: list[str] | None = None,
) -> None:
    """Stores the instance; its history row names the actor, `now` and the reason code `why`.

    With `fields` only these columns are written; the caller holds the row's lock.
    """
    carrier: Any = instance
    carrier._history_user = actor.person
    carrier._history_date = now
    carrier._change_reason = f"job: {actor.job}" if actor.side is Side.JOB else why
    try:
        if fields is None:
            instance.save()
        else:
            instance.save(update_fields=fields)
    finally:
        # The next change of the same object has a who, when and why of its own.
        del carrier._history_user, carrier._history_date, carrier._change_reason


def lock_case(case_id: int) -> Case:
    """The case, freshly read under its row lock; the caller is in a transaction."""
    assert transaction.get_connection().in_atomic_block, "a lock needs a transaction"
    return Case.objects.select_for_update(of=("self",)).select_related("owner").get(pk=case_id)


def check_version(case: Case, seen: int | None, *, actor: Actor) -> None:
    """Raises CaseChanged where a form was shown for an older version of this locked case.

    Staff see `version`, contacts `public_version`; None means that no form was shown.
    """
    current = case.public_version if actor.side is Side.CONTACT else case.version
    if seen is not None and seen != current:
        raise CaseChanged


def already_done(
    case: Case,
    submission: uuid.UUID | None,
    *,
    actor: Actor,
    text: str,
    event: str = "",
    to_value: str = "",
    files: "Sequence[CheckedFile]" = (),
) -> bool:
    """Whether this form was carried out before: the second of two clicks. Case is locked.

    Raises CaseChanged where the form was shown to somebody else, or for another case; SentBefore
    where it was sent with another text, value or file: that is no second click.
    """
    if submission is None:
        return False
    earlier = Entry.objects.filter(submission=submission).first()
    if earlier is None:
        return False
    if earlier.case_id != case.pk or actor.person is None or earlier.author_id != actor.person.pk:
        raise CaseChanged
    note = _note_of(earlier) or earlier
    clean = realm.current().clean  # as the fields stored it
    same = note.body == clean(text.strip()) and same_files(note, files)
    if (
        not same
        or event not in ("", earlier.event)
        or clean(to_value) not in ("", earlier.to_value)
    ):
        raise SentBefore
    return True


def same_files(entry: Entry, files: "Sequence[CheckedFile]") -> bool:
    """Whether these are the files that came with the entry."""
    stored = entry.attachments.values_list("name", "sha256")
    return sorted(stored) == sorted(
        (realm.current().clean(each.name), each.sha256) for each in files
    )


def _note_of(entry: Entry) -> Entry | None:
    """The internal note that was written with an assignment."""
    if entry.event != Entry.Event.ASSIGNED:
        return None
    notes = Entry.objects.filter(
        case=entry.case_id,
        author=entry.author_id,
        created_at=entry.created_at,
        event=Entry.Event.MESSAGE,
        visibility=Entry.Visibility.INTERNAL,
        pk__gt=entry.pk,
    )
    return notes.order_by("pk").first()


def save_case(
    case: Case, *, actor: Actor, now: dt.datetime, why: str, public: bool, fields: list[str]
) -> None:
    """Stores the named fields and bumps the versions; `public` where contacts see the change."""
    case.version += 1
    touched = [*fields, "version"]
    if public:
        case.public_version += 1
        case.updated_at = now
        touched += ["public_version", "updated_at"]
        if actor.side is Side.STAFF:
            case.staff_updated_at = now
            touched.append("staff_updated_at")
    save(case, actor=actor, now=now, why=why, fields=touched)


def write_entry(
    case: Case,
    *,
    actor: Actor,
    now: dt.datetime,
    event: str,
    body: str = "",
    internal: bool = False,
    from_value: str = "",
    to_value: str = "",
    submission: uuid.UUID | None = None,
) -> Entry:
    """Writes one entry into the case feed and into the search, and sets the clocks by it.

    The case is locked, and stands as it does after what the entry tells.
    """
    from .clocks import note_entry  # it saves clocks through this module

    entry = Entry(
        case=case,
        visibility=Entry.Visibility.INTERNAL if internal else Entry.Visibility.PUBLIC,
        event=event,
        author=actor.person,
        author_side=actor.side.value,
        job=actor.job,
        body=body,
        from_value=from_value,
        to_value=to_value,
        created_at=now,
        submission=submission,
    )
    save(entry, actor=actor, now=now, why=f"feed.{event}")
    if entry.body:
        SearchText.objects.create(
            case=case, entry=entry, is_public=not entry.is_internal, text=entry.body
        )
    note_entry(case, entry, actor=actor, now=now)
    return entry
