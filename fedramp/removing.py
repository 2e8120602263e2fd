"""One value removed from every text of a case after it was stored: a placeholder takes its place.

Belongs here: where the value can stand (texts, history, mails, search, drafts), and writing there
past the history, which would keep what is to go. What counts as the same value: `rules.passages`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from cases.fields import Cleaned, fitting
from cases.models import Case, Entry, Incident, SearchText

from .erasing import Place, blank_log, drafts_of, forget_freed_pages, places
from .rules.passages import letters, passages, replaced

#: A shorter value stands in other texts by chance: it is removed where it was marked alone.
SHORT = 3
#: Called by telephone, and no text of the case: see `Case.phone_24x7`.
KEPT = {"phone_24x7"}

Target = tuple[str, int, str]
Without = Callable[[str], str | None]


def remove(
    case: Case, *, passage: str, kind: str, placeholder: str, target: Target
) -> list[dict[str, Any]]:
    """The placeholder stands wherever the case said the passage; how often, and how long it was.

    `target` is the text in which it was marked: the model's label, the row, the field. The caller
    holds the case's lock, in a transaction. What files hold stays as it is.
    """
    forget_freed_pages()
    seen: dict[str, str | None] = {}

    def without(text: str) -> str | None:
        if text not in seen:
            found = passages(text, passage, kind)
            seen[text] = replaced(text, found, placeholder) if found else None
        return seen[text]

    removed = []
    everywhere = len(letters(passage)) >= SHORT
    for place in _places():
        label, row, only = target
        if not everywhere and place.label != label:
            continue
        rows = place.rows(case) if everywhere else place.rows(case).filter(pk=row)
        ids = list(rows.values_list("pk", flat=True))
        changed: set[int] = set()
        for field in place.fields:
            if field in KEPT or not (everywhere or field == only):
                continue
            lost = _rewrite(rows, field, without)
            changed |= set(lost)
            for text in lost.values():
                found = passages(text, passage, kind)
                removed.append(
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
        _search_anew(case, place, changed)
    if everywhere:
        for draft in drafts_of(case):
            draft.change(lambda text: without(text) or text)
    return removed


def _places() -> Iterator[Place]:
    """As for a redaction, and the platform incident of the case, which other cases share."""
    yield from places()
    yield Place(Incident, "cases", ("title", "summary"))


def _rewrite(rows: QuerySet, field: str, without: Without) -> dict[int, str]:
    """Stores the texts without the passage; what they were, by primary key."""
    most = rows.model._meta.get_field(field).max_length
    before: dict[int, str] = {}
    for pk, text in rows.exclude(**{field: ""}).values_list("pk", field):
        if text and (new := without(text)) is not None:
            before[pk] = text
            row = rows.model._base_manager.filter(pk=pk)
            row.update(**{field: Cleaned(fitting(new, most))})
    return before


def _search_anew(case: Case, place: Place, changed: set[int]) -> None:
    """The search knows what the changed rows say now."""
    if place.model is Case and changed:
        now = Case.objects.get(pk=case.pk)
        words = (now.subject, now.description, now.business_impact, now.conversation_id)
        rows = SearchText.objects.filter(case=case, entry=None)
        rows.update(text=Cleaned("\n".join(words)))
    if place.model is Entry:
        for pk, body in Entry.objects.filter(pk__in=changed).values_list("pk", "body"):
            SearchText.objects.filter(entry=pk).update(text=Cleaned(body))
