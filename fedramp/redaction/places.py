"""Every place in which a text of a case is stored, and how it is redacted beyond recovery.

The places are found from the models: each scrubbed text field of each model that belongs to a case,
with its history. A model that is added later is found as well.
"""

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models import QuerySet

from cases.fields import PersonCharField, PersonTextField, ScrubbedText
from cases.models import Attachment, Case, Entry, Incident, Notice, SearchText
from cases.services.files import write_content

from ..models import QuarantinedFile

REDACTED = "[redacted]"
APPS = ("cases", "escalations", "fedramp")
#: Plain columns that may hold the name of a third party or of a file, or a telephone number; by
#: the label of the model.
MORE_FIELDS: dict[str, tuple[str, ...]] = {
    "cases.case": ("phone_24x7",),
    "cases.entry": ("from_value", "to_value"),
    "escalations.ownerreview": ("callback_phone",),
}

#: A shorter value may occur in another text by chance.
SHORT = 10

Redacted = list[dict[str, Any]]
#: The writers of a model's texts, by the lookup that leads to the person. Texts without an entry
#: have no writer who could ask: mails, and names that the desk wrote.
WRITERS: dict[str, dict[str, tuple[str, ...]]] = {
    "cases.case": {"entries__author": Case.OPENING_TEXTS},
    "cases.entry": {"author": ("body",)},
    "cases.attachment": {"entry__author": ("name",)},
    "escalations.escalation": {
        "requested_by": ("answers", "details", "impact"),
        "owner": ("next_steps", "decline_words", "closing_justification"),
    },
    "escalations.escalationentry": {"author": ("body",)},
    "escalations.ownerreview": {"requested_by": ("answers", "details"), "answered_by": ("answer",)},
    "escalations.managerengagement": {"engaged_by": ("note",)},
    "escalations.managementattention": {
        "requested_by": ("customer_name", "problem", "region", "description", "impact", "product")
    },
}


@dataclass(frozen=True)
class Place:
    """A model with rows of a case: the lookup to the case, and the columns with people's words."""

    model: Any
    lookup: str
    fields: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    def rows(self, case: Case) -> QuerySet[Any]:
        found: QuerySet[Any] = self.model._base_manager.filter(**{self.lookup: case.pk})
        return found


def places() -> Iterator[Place]:
    """Every model with people's words that leads to a case, except the search's copies."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if model is SearchText or model.__name__.startswith("Historical"):
                continue
            fields = [
                field.name
                for field in model._meta.fields
                if isinstance(field, PersonTextField | PersonCharField)
            ]
            lookup = _lookup(model)
            if fields and lookup:
                more = MORE_FIELDS.get(model._meta.label_lower, ())
                yield Place(model, lookup, (*fields, *more))


def _lookup(model: type[models.Model]) -> str:
    """How the model's rows name their case, such as "entry__case"; empty if they have none."""
    waiting: deque[tuple[Any, tuple[str, ...]]] = deque([(model, ())])
    seen = {model}
    while waiting:
        here, path = waiting.popleft()
        if here is Case:
            return "__".join(path) or "pk"
        for field in here._meta.fields:
            to = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(to, type) and to not in seen:
                seen.add(to)
                waiting.append((to, (*path, field.name)))
    return ""


def redact_case(case: Case) -> Redacted:
    """No word of the case is left anywhere in the database or the files; times and people stay.

    The caller holds the case's lock, in a transaction. Mails that wait are given up.
    """
    forget_freed_pages()
    redacted: Redacted = []
    for place in places():
        rows = place.rows(case)
        ids = list(rows.values_list("pk", flat=True))
        for field in place.fields:
            redacted += _blank(place, field, ids)
        blank_log(place.model, ids)
    for attachment in Attachment.objects.filter(entry__case=case):
        redacted.append(redact_file(attachment))
    SearchText.objects.filter(case=case).delete()
    Notice._base_manager.filter(case=case, state=Notice.State.QUEUED).update(
        state=Notice.State.FAILED, due_at=None, last_error="redacted"
    )
    _forget_drafts(case)
    return redacted


def redact_text(case: Case, place: Place, row_id: int, field: str) -> Redacted:
    """This one text is gone, with its history and every text of the case that repeats it.

    Copies are in the search, in mails, and in the feed's entry of a request. The caller holds
    the case's lock, in a transaction.
    """
    forget_freed_pages()
    value = place.rows(case).values_list(field, flat=True).get(pk=row_id)
    redacted = _blank(place, field, [row_id])
    blank_log(place.model, [row_id])
    for other in places():
        for name in other.fields:
            rows = other.rows(case).exclude(**{name: ""}).values_list("pk", name)
            copies = [pk for pk, text in rows if _repeats(text, value)]
            redacted += _blank(other, name, copies)
    for draft in drafts_of(case):
        draft.change(lambda text: _without(text, value))
    search_anew(case)
    return redacted


def _without(text: str, value: str) -> str:
    """The draft without the value; the rest stays for its writer."""
    if not _repeats(text, value):
        return text
    return text.replace(value, REDACTED) if value in text else REDACTED


def _repeats(text: str, value: str) -> bool:
    """Whether the text contains the value; for a short value, whether it equals it."""
    if len(value) < SHORT:
        return text == value
    return value in text or " ".join(value.split()) in text


def search_anew(case: Case) -> None:
    """The search has the present texts of the case and its feeds, by entry, and nothing else.

    The caller holds the case's lock, in a transaction.
    """
    now = Case.objects.get(pk=case.pk)
    rows = [SearchText(case=case, is_public=True, text=ScrubbedText(now.opening_text))]
    for feed in filter(_is_feed, places()):
        said = feed.rows(case).exclude(body__in=("", REDACTED)).order_by("pk")
        rows += [
            SearchText(
                case=case,
                entry=each if feed.model is Entry else None,
                is_public=not each.is_internal,
                text=each.body,
            )
            for each in said
        ]
    SearchText.objects.filter(case=case).delete()
    SearchText.objects.bulk_create(rows)


def _is_feed(place: Place) -> bool:
    """Whether its rows are entries in the search: the case's, or those of an app above."""
    return "body" in place.fields and hasattr(place.model, "is_internal")


def redact_file(attachment: Attachment) -> dict[str, Any]:
    """The file's content and name are gone; what can still be fetched says so.

    A quarantined file can no longer be opened, and a job that is working on it stores nothing. The
    old content is deleted on commit, since after a rollback the row still names it. The caller is
    in a `files_in_transaction`.
    """
    forget_freed_pages()
    length, old = attachment.size, str(attachment.file.name)
    QuarantinedFile.objects.filter(attachment=attachment).delete()
    if attachment.is_quarantined:
        attachment.scan_state = Attachment.ScanState.NOT_SCANNED
    attachment.name = "redacted"
    write_content(attachment, ContentFile(REDACTED.encode()))
    # Without the history, which would keep the text; `Redaction` says who, when and why.
    Attachment._base_manager.filter(pk=attachment.pk).update(
        file=attachment.file.name,
        name=REDACTED,
        size=len(REDACTED),
        sha256="",
        content_type="text/plain",
        scan_state=attachment.scan_state,
        note="",
    )
    Attachment.history.filter(id=attachment.pk).update(name=REDACTED, sha256="", size=0, note="")
    if old:
        # If it cannot be deleted then, `stray_files` finds it: no row names it.
        transaction.on_commit(partial(default_storage.delete, old), robust=True)
    return {"what": "cases.attachment.file", "length": length}


def _blank(place: Place, field: str, ids: list[int]) -> Redacted:
    """The column of these rows, and of their history, is a mark; returns the earlier lengths."""
    rows = place.model._base_manager.filter(pk__in=ids).exclude(**{field: ""})
    rows = rows.exclude(**{field: REDACTED})
    found = [
        {"what": f"{place.label}.{field}", "length": len(value)}
        for value in rows.values_list(field, flat=True)
    ]
    rows.update(**{field: REDACTED})
    past = getattr(place.model, "history", None)
    if past is not None and any(each.name == field for each in past.model._meta.fields):
        past.filter(id__in=ids).exclude(**{field: ""}).update(**{field: REDACTED})
    return found


def blank_log(model: type[models.Model], ids: list[int]) -> None:
    """The log of Django's admin, if somebody wrote to it."""
    kind = ContentType.objects.get_for_model(model)
    rows = LogEntry.objects.filter(content_type=kind, object_id__in=[str(pk) for pk in ids])
    for row in rows:
        row.object_repr, row.change_message = REDACTED, ""
        row.save(update_fields=["object_repr", "change_message"])


def _forget_drafts(case: Case) -> None:
    """No session keeps what somebody typed for this case and did not send (`cases.drafts`)."""
    for draft in drafts_of(case):
        draft.forget()


@dataclass(frozen=True)
class Draft:
    """The unsent texts in one session for forms of one case (`cases.drafts`)."""

    session: Session
    data: dict[str, Any]
    #: The addresses of those forms that are about the case.
    forms: list[str]

    def forget(self) -> None:
        left = {at: form for at, form in self.data["kept"].items() if at not in self.forms}
        self._store(left)

    def change(self, change: Callable[[str], str]) -> None:
        """Each of its texts is replaced by the result of `change`."""
        kept = dict(self.data["kept"])
        for at in self.forms:
            texts = {name: change(text) for name, text in kept[at].get("texts", {}).items()}
            kept[at] = {**kept[at], "texts": texts}
        if kept != self.data["kept"]:
            self._store(kept)

    def _store(self, kept: dict[str, Any]) -> None:
        self.session.session_data = SessionStore().encode({**self.data, "kept": kept})
        self.session.save(update_fields=["session_data"])


def drafts_of(case: Case, *, writers: Collection[int] | None = None) -> Iterator[Draft]:
    """The drafts for this case in all sessions; only those of `writers`, if given."""
    known: dict[str, bool] = {}
    for session in Session.objects.iterator():
        data = session.get_decoded()
        forms = []
        for at, form in data.get("kept", {}).items():
            if at not in known:
                known[at] = _is_about(at, case)
            if known[at] and (writers is None or form.get("person") in writers):
                forms.append(at)
        if forms:
            yield Draft(session, data, forms)


_OBJECT = re.compile(r"/admin/([a-z]+)/([a-z]+)/(\d+)/")


def _is_about(address: str, case: Case) -> bool:
    """Whether the form at this address is about the case, or about something that belongs to it."""
    if any(mark in address for mark in (f"/{case.number}/", f"/case/{case.pk}/")):
        return True
    if f"/of/{case.pk}/" in address:
        return True
    found = _OBJECT.search(address)
    if found is None:
        return False
    label = f"{found.group(1)}.{found.group(2)}"
    if label == Incident._meta.label_lower:
        return case.incident_id == int(found.group(3))
    place = next((each for each in places() if each.label == label), None)
    return place is not None and place.rows(case).filter(pk=int(found.group(3))).exists()


def forget_freed_pages() -> None:
    """SQLite writes zeros over freed pages; PostgreSQL clears them at the next VACUUM."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
