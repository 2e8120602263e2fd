"""An entry of the case feed, with its words in the search and its effects on the clocks."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from ..actors import Actor
from ..models import Case, Entry, SearchText
from ..persistence import save_all
from .clocks import note_entries


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
    """Write one entry into the case feed and the search, and set the clocks.

    The case is locked, and already in the state that the entry tells of.
    """
    entry = new_entry(
        case,
        actor=actor,
        now=now,
        event=event,
        body=body,
        visibility=Entry.Visibility.INTERNAL if internal else Entry.Visibility.PUBLIC,
        from_value=from_value,
        to_value=to_value,
        submission=submission,
    )
    write_entries([entry], actor=actor, now=now, why=f"feed.{event}")
    return entry


def new_entry(case: Case, *, actor: Actor, now: dt.datetime, event: str, **fields: Any) -> Entry:
    """An entry for `write_entries`: by this actor at this time; public unless `fields` say else."""
    return Entry(
        **{"visibility": Entry.Visibility.PUBLIC, **fields},
        case=case,
        event=event,
        author=actor.person,
        author_side=actor.side.value,
        job=actor.job,
        created_at=now,
    )


def write_entries(entries: Sequence[Entry], *, actor: Actor, now: dt.datetime, why: str) -> None:
    """Like `write_entry`, for one entry in each of several cases."""
    save_all(entries, actor=actor, now=now, why=why)
    SearchText.objects.bulk_create(
        SearchText(case=each.case, entry=each, is_public=not each.is_internal, text=each.body)
        for each in entries
        if each.body
    )
    note_entries(entries, actor=actor, now=now)
