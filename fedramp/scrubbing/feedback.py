"""What was removed from a person's texts of a case, and the reports about it (FED-7).

Reads only. For the writers of a text see `redaction.places`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.text import capfirst

from cases.models import Attachment, Case, Entry, Notice, Person
from cases.models.attachments import SCRUBBED_NOTE

from ..models import Placeholder, ScrubReport
from ..redaction.places import MORE_FIELDS, REDACTED, WRITERS, Place, places
from ..scrubber.passages import PLACEHOLDER
from .case_numbers import is_internal
from .texts import WORDS

#: The characters around a placeholder that identify it.
_AROUND = 60
_TIMES = ("created_at", "requested_at", "sent_at", "engaged_at", "asked_at")


@dataclass(frozen=True)
class Text:
    """One stored text of a case."""

    label: str
    row: int
    field: str
    text: str
    name: str
    at: Any = None
    is_internal: bool = False

    @property
    def key(self) -> str:
        return f"{self.label}:{self.row}:{self.field}"


@dataclass(frozen=True)
class Mark:
    """One placeholder in a text, and the reports about it."""

    text: Text
    kind: str
    number: int
    around: str
    report: ScrubReport | None = None

    @property
    def key(self) -> str:
        return f"{self.text.key} {self.kind}-{self.number}"

    @property
    def placeholder(self) -> str:
        return f"[{self.kind}-{self.number}]"

    @property
    def word(self) -> str:
        return WORDS.get(self.kind, (self.kind.lower(),))[0]


def texts_of(case: Case, writer: Person | None = None) -> list[Text]:
    """Every text of the case that is not empty, the newest first; only `writer`'s, if given."""
    found = [text for place in places() for text in _texts(place, case, writer)]
    return sorted(found, key=lambda each: (each.at is None, each.at and -each.at.timestamp()))


def _texts(place: Place, case: Case, writer: Person | None) -> Iterator[Text]:
    for rows, fields in _rows(place, case, writer):
        for row in rows.order_by("pk"):
            at = next((getattr(row, each) for each in _TIMES if hasattr(row, each)), None)
            for field in fields:
                text = getattr(row, field)
                if text and text != REDACTED:
                    yield Text(
                        place.label, row.pk, field, text, _name(row, field), at, is_internal(row)
                    )


def _rows(
    place: Place, case: Case, writer: Person | None
) -> Iterator[tuple[QuerySet[Any], tuple[str, ...]]]:
    if writer is None:
        if place.model is not Notice and place.model._meta.app_label != "fedramp":
            more = MORE_FIELDS.get(place.label, ())
            yield place.rows(case), tuple(each for each in place.fields if each not in more)
        return
    for path, fields in WRITERS.get(place.label, {}).items():
        mine = Q(**{path: writer})
        if place.model is Case:
            mine &= Q(entries__event=Entry.Event.OPENED)
        yield place.rows(case).filter(mine), fields


def _name(row: Any, field: str) -> str:
    """The label of the text for people."""
    if isinstance(row, Entry):
        note = " (internal)" if row.is_internal else ""
        return f"{row.get_event_display()}{note}"
    words = str(row._meta.get_field(field).verbose_name)
    what = "" if isinstance(row, Case) else f"{row._meta.verbose_name}: "
    return capfirst(f"{what}{words}")


def marks_of(case: Case, writer: Person) -> list[Mark]:
    """The placeholders in this person's texts, each once a text, with the reports about them."""
    known = known_placeholders(case, writer)
    said = {
        (each.target, each.kind, each.number): each
        for each in ScrubReport.objects.filter(case=case, said=ScrubReport.Said.NOT_PERSONAL)
    }
    found: dict[str, Mark] = {}
    for text in texts_of(case, writer):
        for match in PLACEHOLDER.finditer(text.text):
            kind, number = match.group(1), int(match.group(2))
            if (kind, number) in known:
                report = said.get((text.key, kind, number))
                mark = Mark(text, kind, number, around(text.text, *match.span()), report)
                found.setdefault(mark.key, mark)
    return list(found.values())


def known_placeholders(case: Case, reader: Person) -> set[tuple[str, int]]:
    """Kind and number of what was removed from what this person can read (FEED-3)."""
    rows = Placeholder.objects.filter(case=case)
    if not reader.is_staff:
        rows = rows.filter(is_internal=False)
    return set(rows.values_list("kind", "number"))


#: The field of an attachment that means its content, in the target of a report.
CONTENT = "file"


def files_of(case: Case, writer: Person) -> list[Attachment]:
    """The files of this person from which something was removed, the newest first."""
    files = Attachment.objects.servable().filter(entry__case=case, entry__author=writer)
    return list(files.filter(note__startswith=SCRUBBED_NOTE).order_by("-pk"))


def around(text: str, start: int, end: int) -> str:
    """The words about this place, on one line."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if start > _AROUND:
        before = "…" + before[before.find(" ") + 1 :]
    if len(text) > end + _AROUND:
        after = after[: after.rfind(" ") + 1] + "…"
    return " ".join(f"{before}{text[start:end]}{after}".split())


def context_of(report: ScrubReport) -> str:
    """The words around a report's placeholder, as the text is now; empty if it is gone."""
    label, row, field = report.target.split(":")
    if field == CONTENT:
        name = Attachment.objects.filter(pk=int(row)).values_list("name", flat=True).first()
        return f"in the file “{name}”"
    place = next((each for each in places() if each.label == label), None)
    if place is None or field not in place.fields:
        return ""
    text = place.rows(report.case).filter(pk=int(row)).values_list(field, flat=True).first() or ""
    at = text.find(report.placeholder)
    return around(text, at, at + len(report.placeholder)) if at >= 0 else ""


@dataclass(frozen=True)
class Figure:
    """How many reports of a kind agree, by the result of the review."""

    kind: str
    said: str
    asked: int
    not_personal: int
    personal: int

    @property
    def word(self) -> str:
        return WORDS.get(self.kind, ("", self.kind.lower()))[1]

    @property
    def said_in_words(self) -> str:
        return str(ScrubReport.Said(self.said).label)


def figures() -> list[Figure]:
    """Where the engine is wrong, by kind and count: the basis of its improvement."""
    rows = ScrubReport.objects.order_by().values_list("kind", "said", "state")
    counts = Counter(
        {(kind, said, state): n for kind, said, state, n in rows.annotate(Count("pk"))}
    )
    return [
        Figure(
            kind,
            said,
            *(counts[kind, said, state] for state in ("asked", "not_personal", "personal")),
        )
        for kind, said in sorted({(kind, said) for kind, said, _ in counts})
    ]
