"""One value is removed from every text of a case after it was stored: a placeholder replaces it.

Belongs here: where the value can be (texts, history, mails, search, drafts), and writing there
without the history, which would keep the value. `scrubber.passages` decides what the same value is.
"""

import enum
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet

from cases.fields import ScrubbedText, fitting
from cases.models import Case, Entry, Incident, Membership, Notice

from ..scrubber.passages import letters, passages, replaced
from .places import (
    MORE_FIELDS,
    WRITERS,
    Place,
    blank_log,
    drafts_of,
    forget_freed_pages,
    places,
    search_anew,
)

#: A shorter value occurs in other texts by chance: it is removed only where it was marked.
SHORT = 3
#: Numbers to call, which are not texts of the case: see `Case.phone_24x7`, and SEV-5.
KEPT = {"phone_24x7", "callback_phone"}

Target = tuple[str, int, str]
Without = Callable[[str], str | None]


class Reach(enum.Enum):
    """Whose words a mark changes (decision 51)."""

    #: What contacts of the organization wrote in the case.
    ORGANIZATION = enum.auto()
    #: All of the case; but not the platform incident, which other organizations read.
    CASE = enum.auto()
    #: The platform incident of the case as well.
    INCIDENT = enum.auto()


#: Columns that contacts wrote, besides the texts that they may mark (`WRITERS`).
MORE_WRITERS = {"fedramp.scrubreport": {"said_by": ("reason",)}}


def redact(
    case: Case, *, passage: str, kind: str, placeholder: str, target: Target, reach: Reach
) -> list[dict[str, Any]]:
    """The placeholder replaces the passage within `reach`; returns how often, and its lengths.

    `target` is the text in which it was marked: the model's label, the row, the field. The caller
    holds the case's lock, in a transaction. The content of files is not changed.
    """
    forget_freed_pages()
    seen: dict[str, str | None] = {}

    def without(text: str) -> str | None:
        if text not in seen:
            found = passages(text, passage, kind)
            seen[text] = replaced(text, found, placeholder) if found else None
        return seen[text]

    redacted = []
    everywhere = is_looked_for(passage)
    for place, all_rows, fields in _reached(case, reach):
        label, row, only = target
        if not everywhere and place.label != label:
            continue
        rows = all_rows if everywhere else all_rows.filter(pk=row)
        ids = list(rows.values_list("pk", flat=True))
        rows = place.model._base_manager.filter(pk__in=ids)
        changed: set[int] = set()
        for field in fields:
            if field in KEPT or not (everywhere or field == only):
                continue
            lost = _rewrite(rows, field, without)
            changed |= set(lost)
            for text in lost.values():
                found = passages(text, passage, kind)
                redacted.append(
                    {
                        "what": f"{place.label}.{field}",
                        "times": len(found),
                        "length": sum(end - start for start, end in found),
                    }
                )
            past = getattr(place.model, "history", None)
            if past is not None and any(each.name == field for each in past.model._meta.fields):
                _rewrite(past.filter(id__in=ids), field, without)
        blank_log(place.model, sorted(changed))
    search_anew(case)
    if everywhere:
        for draft in drafts_of(case, writers=_writers(case, reach)):
            draft.change(lambda text: without(text) or text)
    return redacted


def is_looked_for(passage: str) -> bool:
    """Whether it is removed beyond the text in which it was marked."""
    return len(letters(passage)) >= SHORT


def _reached(case: Case, reach: Reach) -> Iterator[tuple[Place, QuerySet[Any], tuple[str, ...]]]:
    """The places with their rows and columns."""
    for place in places():
        if reach is not Reach.ORGANIZATION:
            yield place, place.rows(case), place.fields
            continue
        for rows, fields in written_by_contacts(place, case):
            yield place, rows, fields
    if reach is Reach.INCIDENT:
        place = Place(Incident, "cases", ("title", "summary"))
        yield place, place.rows(case), place.fields


def written_by_contacts(
    place: Place, case: Case
) -> Iterator[tuple[QuerySet[Any], tuple[str, ...]]]:
    """What contacts wrote in this place, and what the desk repeats of it in its own entries."""
    lines = {**WRITERS.get(place.label, {}), **MORE_WRITERS.get(place.label, {})}
    for path, fields in lines.items():
        theirs = Q(**{f"{path}__is_staff": False})
        if place.model is Case:
            theirs &= Q(entries__event=Entry.Event.OPENED)
        if place.model is Entry:
            fields = (*fields, *MORE_FIELDS[place.label])
        yield place.rows(case).filter(theirs), fields
    if place.model is Entry:  # the name of a file of theirs that was not kept
        refused = Q(event=Entry.Event.FILE_REFUSED, visibility=Entry.Visibility.PUBLIC, author=None)
        yield place.rows(case).filter(refused), ("to_value",)


def _writers(case: Case, reach: Reach) -> set[int] | None:
    if reach is not Reach.ORGANIZATION:
        return None
    members = Membership.objects.filter(organization=case.organization_id)
    return set(members.values_list("person", flat=True))


def stands_elsewhere(case: Case, passage: str, kind: str) -> list[dict[str, Any]]:
    """Where the passage occurs in what no contact wrote; places, but no words."""
    found = []
    for place in places():
        if place.model is Notice or not is_looked_for(passage):
            continue
        theirs = {
            (pk, field)
            for rows, fields in written_by_contacts(place, case)
            for pk in rows.values_list("pk", flat=True)
            for field in fields
        }
        for row in place.rows(case).order_by("pk").values("pk", *place.fields):
            for field in place.fields:
                if field in KEPT or (row["pk"], field) in theirs:
                    continue
                for start, end in passages(row[field] or "", passage, kind):
                    key = f"{place.label}:{row['pk']}:{field}"
                    found.append({"text": key, "start": start, "end": end})
    return found


def same_at(case: Case, place: dict[str, Any], is_it: Callable[[str], bool]) -> str | None:
    """The passage as it is in this text now, at any position; None if it is gone."""
    label, row, field = place["text"].split(":")
    found = next((each for each in places() if each.label == label), None)
    if found is None or field not in found.fields:
        return None
    text = found.rows(case).filter(pk=int(row)).values_list(field, flat=True).first() or ""
    start, length = place["start"], place["end"] - place["start"]
    if is_it(text[start : start + length]):
        return str(text[start : start + length])
    starts = (each.start() for each in _WORD_START.finditer(text))
    return next((text[at : at + length] for at in starts if is_it(text[at : at + length])), None)


_WORD_START = re.compile(r"(?<![^\W_])[^\W_]|[+(]")


def _rewrite(rows: QuerySet[Any], field: str, without: Without) -> dict[int, str]:
    """Store the texts without the passage; returns the earlier ones, by primary key."""
    most = rows.model._meta.get_field(field).max_length
    before: dict[int, str] = {}
    for pk, text in rows.exclude(**{field: ""}).values_list("pk", field):
        if text and (new := without(text)) is not None:
            before[pk] = text
            row = rows.model._base_manager.filter(pk=pk)
            row.update(**{field: ScrubbedText(fitting(new, most))})
    return before
