"""A form is carried out once: the second of two clicks finds the result of the first."""

import uuid
from collections.abc import Sequence
from functools import partial

from .. import realm
from ..actors import Actor
from ..errors import CaseChanged, SentBefore
from ..models import Attachment, Case, Entry
from ..rules.texts import tidied
from .files import CheckedFile, file_scrubber


def already_done(
    case: Case,
    submission: uuid.UUID | None,
    *,
    actor: Actor,
    text: str,
    event: str = "",
    to_value: str = "",
    files: Sequence[CheckedFile] = (),
) -> bool:
    """Whether this form was carried out before: the second of two clicks. The case is locked.

    Raises CaseChanged if the form was shown to somebody else, or for another case; SentBefore
    if it was sent with another text, value or file, which makes it no second click.
    """
    if submission is None:
        return False
    earlier = Entry.objects.filter(submission=submission).first()
    if earlier is None:
        return False
    if earlier.case_id != case.pk or actor.person is None or earlier.author_id != actor.person.pk:
        raise CaseChanged
    note = _note_of(earlier) or earlier
    scrub = partial(realm.current().scrub, about=case)  # as the fields stored it
    same = note.body == scrub(tidied(text)) and same_files(note, files)
    if (
        not same
        or event not in ("", earlier.event)
        or (to_value and earlier.to_value not in (to_value, scrub(to_value)))
    ):
        raise SentBefore
    return True


def same_files(entry: Entry, files: Sequence[CheckedFile]) -> bool:
    """Whether these are the files that came with the entry."""
    stored = entry.attachments.values_list("name", "sha256")
    return sorted(stored) == sorted(
        (
            realm.current().scrub(each.name, about=Attachment(entry=entry)),
            file_scrubber().digest(each),
        )
        for each in files
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
