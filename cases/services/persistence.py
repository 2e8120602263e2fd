"""How a service saves: with who, when and why in the history (CASE-9)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from .. import realm
from ..actors import Actor
from ..errors import CaseChanged, NotPossible, SentBefore
from ..fields import clean_texts
from ..models import Attachment, Case, Entry, Organization, SearchText
from ..rules.actions import Side
from ..rules.texts import tidied

if TYPE_CHECKING:
    from .files import CheckedFile

BELONGS_ELSEWHERE = (
    "This is a FedRAMP organization: its cases belong in the FedRAMP portal. Please open the case "
    "there; Product Support redirects one that stands here. Nothing of this was stored."
)


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
    with _signed(instance, actor, now, why):
        if fields is None:
            instance.save()
        else:
            instance.save(update_fields=fields)


def save_all(
    instances: Sequence[models.Model],
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    fields: list[str] | None = None,
) -> None:
    """As `save`, for rows of one model, in a few statements however many rows.

    With `fields` these columns of stored rows are written; without, the rows are new.
    """
    if not instances:
        return
    for each in instances:
        clean_texts(each)  # so that the row and what is made of the object are one text
    with transaction.atomic(savepoint=False):
        if fields is None:
            type(instances[0])._base_manager.bulk_create(instances)
        else:
            update_all(instances, fields)
        _copy_to_history(instances, "+" if fields is None else "~", actor=actor, now=now, why=why)


def update_all(instances: Sequence[models.Model], fields: list[str]) -> None:
    """These columns of the stored rows are as on the instances; the history is the caller's.

    What is the same for all rows is one plain UPDATE: `bulk_update` writes a branch for each row
    and column, which made half of the cost of a closure.
    """
    rows = type(instances[0])._base_manager.filter(pk__in=[each.pk for each in instances])
    values = {name: {getattr(each, name) for each in instances} for name in fields}
    same = {name: found.pop() for name, found in values.items() if len(found) == 1}
    if same:
        rows.update(**same)
    if differing := [name for name in fields if name not in same]:
        rows.bulk_update(instances, differing)


def _copy_to_history(
    instances: Sequence[models.Model], kind: str, *, actor: Actor, now: dt.datetime, why: str
) -> None:
    """The rows of these objects, as they are stored now, stand in the history.

    The database copies them, in one statement. Sent there and back as objects they were a third of
    the cost of a closure: each value of each row once more.
    """
    model: Any = type(instances[0])
    history = model.history.model
    signed = {
        "history_date": now,
        "history_type": kind,
        "history_change_reason": _reason(actor, why),
        "history_user": actor.person and actor.person.pk,
    }
    fields = {name: history._meta.get_field(name) for name in signed}
    values = [fields[name].get_db_prep_save(each, connection) for name, each in signed.items()]
    quoted = connection.ops.quote_name
    copied = ", ".join(quoted(field.column) for field in history.tracked_fields)
    added = ", ".join(quoted(field.column) for field in fields.values())
    keys = [each.pk for each in instances]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quoted(history._meta.db_table)} ({copied}, {added}) "  # noqa: S608 - names of columns
            f"SELECT {copied}{', %s' * len(values)} FROM {quoted(model._meta.db_table)} "
            f"WHERE {quoted(model._meta.pk.column)} IN ({', '.join(['%s'] * len(keys))})",
            [*values, *keys],
        )


@contextmanager
def _signed(carrier: Any, actor: Actor, now: dt.datetime, why: str) -> Iterator[None]:
    """Within, the history of this object is written with who, when and why."""
    clean_texts(carrier)  # so that the row and its history are one text
    carrier._history_user = actor.person
    carrier._history_date = now
    carrier._change_reason = _reason(actor, why)
    try:
        yield
    finally:
        # The next change of the same object has a who, when and why of its own.
        del carrier._history_user, carrier._history_date, carrier._change_reason


def _reason(actor: Actor, why: str) -> str:
    return f"job: {actor.job}" if actor.side is Side.JOB else why


def lock_case(case_id: int, *, wherever_it_belongs: bool = False) -> Case:
    """The case, freshly read under its row lock, with owner and organization; the caller is in a
    transaction.

    FED-1: this is the gate. Nobody writes in a case that belongs in the other realm, neither its
    contacts nor staff for them: raises NotPossible. Only what takes its words away, and jobs that
    bring none, go on `wherever_it_belongs`.
    """
    assert transaction.get_connection().in_atomic_block, "a lock needs a transaction"
    cases = Case.objects.select_related("owner", "organization")
    case = cases.select_for_update(of=("self",)).get(pk=case_id)
    # Read after the lock: the row that was joined may be older than who held the lock before.
    case.organization.refresh_from_db(fields=["is_fedramp"])
    if not wherever_it_belongs:
        check_belongs_here(case.organization)
    return case


def lock_organization(organization_id: int) -> Organization:
    """FED-1: the organization under its lock, in whose realm nothing changes meanwhile.

    The lock comes before that of any case. Raises NotPossible where its cases belong elsewhere.
    """
    rows = Organization.objects.select_for_update(no_key=True, of=("self",))
    organization: Organization = rows.get(pk=organization_id)
    check_belongs_here(organization)
    return organization


def check_version(case: Case, seen: int | None, *, actor: Actor) -> None:
    """Raises CaseChanged where a form was shown for an older version of this locked case.

    Staff see `version`, contacts `public_version`; None means that no form was shown.
    """
    current = case.public_version if actor.side is Side.CONTACT else case.version
    if seen is not None and seen != current:
        raise CaseChanged


def check_belongs_here(organization: Organization) -> None:
    """FED-1: raises NotPossible where this organization's cases belong in the other realm."""
    if not realm.current().may_open_for(organization):
        raise NotPossible(BELONGS_ELSEWHERE)


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
    clean = partial(realm.current().clean, about=case)  # as the fields stored it
    same = note.body == clean(tidied(text)) and same_files(note, files)
    if (
        not same
        or event not in ("", earlier.event)
        or (to_value and earlier.to_value not in (to_value, clean(to_value)))
    ):
        raise SentBefore
    return True


def same_files(entry: Entry, files: "Sequence[CheckedFile]") -> bool:
    """Whether these are the files that came with the entry."""
    stored = entry.attachments.values_list("name", "sha256")
    return sorted(stored) == sorted(
        (
            realm.current().clean(each.name, about=Attachment(entry=entry)),
            realm.current().file_digest(each),
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


def save_case(
    case: Case,
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    public: bool,
    fields: list[str],
    is_update: bool = True,
) -> None:
    """Stores the named fields and bumps the versions; `public` where contacts see the change.

    What staff write down for a contact is no update by Product Support (ESC-13): `is_update`.
    """
    touched = _touch(case, actor=actor, now=now, public=public, is_update=is_update)
    save(case, actor=actor, now=now, why=why, fields=[*fields, *touched])


def save_cases(
    cases: Sequence[Case],
    *,
    actor: Actor,
    now: dt.datetime,
    why: str,
    public: bool,
    fields: list[str],
) -> None:
    """As `save_case`, for many at once."""
    touched: list[str] = []
    for case in cases:
        touched = _touch(case, actor=actor, now=now, public=public)
    save_all(cases, actor=actor, now=now, why=why, fields=[*fields, *touched])


def _touch(
    case: Case, *, actor: Actor, now: dt.datetime, public: bool, is_update: bool = True
) -> list[str]:
    """Bumps the versions; returns the names of the fields that changed."""
    case.version += 1
    if not public:
        return ["version"]
    case.public_version += 1
    case.updated_at = now
    if actor.side is not Side.STAFF or not is_update:
        return ["version", "public_version", "updated_at"]
    case.staff_updated_at = now
    return ["version", "public_version", "updated_at", "staff_updated_at"]


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
    """What `write_entries` writes: said by this actor at this time; public, unless told."""
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
    """As `write_entry`, for one entry in each of several cases."""
    from .clocks import note_entries  # it saves clocks through this module

    save_all(entries, actor=actor, now=now, why=why)
    SearchText.objects.bulk_create(
        SearchText(case=each.case, entry=each, is_public=not each.is_internal, text=each.body)
        for each in entries
        if each.body
    )
    note_entries(entries, actor=actor, now=now)
