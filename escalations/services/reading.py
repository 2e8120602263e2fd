"""What a contact was shown (ESC-3)."""

import datetime as dt

from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.errors import NotAllowed
from cases.models import Case, Entry
from cases.services.saving import save

from ..models import ReadMark


def mark_read(*, case: Case, entry_id: int, actor: Actor, now: dt.datetime) -> None:
    """The contact was shown this public entry by Product Support, and all before it (ESC-3).

    A mark never goes back. Nothing is stored where nothing is new. Raises NotAllowed for an entry
    that this contact does not see.
    """
    if actor.person is None or not actor.may_see(case):
        raise NotAllowed("You do not see this case.")
    known = ReadMark.objects.filter(person=actor.person, case=case)
    if known.filter(entry_id__gte=entry_id).exists():
        return
    shown = Entry.objects.public().filter(pk=entry_id, case=case, author_side=Entry.Side.STAFF)
    if not shown.exists():
        raise NotAllowed("There is no such update.")
    with transaction.atomic():
        mark = known.select_for_update().first()
        if mark is None:
            mark = ReadMark(person=actor.person, case=case, entry_id=entry_id, read_at=now)
            try:
                with transaction.atomic():
                    save(mark, actor=actor, now=now, why="reading.mark_read")
                return
            except IntegrityError:  # the same page in another tab was faster
                mark = known.select_for_update().get()
        if mark.entry_id < entry_id:
            mark.entry_id = entry_id
            mark.read_at = now
            save(mark, actor=actor, now=now, why="reading.mark_read", fields=["entry", "read_at"])
