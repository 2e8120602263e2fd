"""The entries that a contact was shown (ESC-3)."""

import datetime as dt

from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.errors import NotAllowed
from cases.models import Case, Entry
from cases.persistence import save

from ..models import ReadMark


def mark_read(*, case: Case, entry_id: int, actor: Actor, now: dt.datetime) -> None:
    """The contact was shown this public entry by Product Support, and all before it (ESC-3).

    A mark never goes back. Nothing is stored if nothing is new. Raises NotAllowed for an entry
    that this contact does not see.
    """
    if actor.person is None or not actor.may_see(case):
        raise NotAllowed("You do not have access to this case.")
    shown = Entry.objects.public().filter(pk=entry_id, case=case, author_side=Entry.Side.STAFF)
    entry = shown.first()
    known = ReadMark.objects.filter(person=actor.person, case=case).select_related("entry")
    if entry and (mark := known.first()) and _reaches(mark, entry):
        return
    if entry is None:
        raise NotAllowed("There is no such update.")
    with transaction.atomic():
        mark = known.select_for_update(of=("self",)).first()
        if mark is None:
            mark = ReadMark(person=actor.person, case=case, entry=entry, read_at=now)
            try:
                with transaction.atomic():
                    save(mark, actor=actor, now=now, why="reading.mark_read")
                return
            except IntegrityError:  # the same page in another tab was faster
                mark = known.select_for_update(of=("self",)).get()
        if not _reaches(mark, entry):
            mark.entry = entry
            mark.read_at = now
            save(mark, actor=actor, now=now, why="reading.mark_read", fields=["entry", "read_at"])


def _reaches(mark: ReadMark, entry: Entry) -> bool:
    """By the times of writing: an entry that was moved here may be an old one."""
    read = mark.entry
    return (read.created_at, read.pk) >= (entry.created_at, entry.pk)
