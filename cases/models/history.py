"""History, the same on every model (CASE-9)."""

from functools import cache
from typing import Any

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class KnownHistoryManager(HistoryManager):
    """The library makes a new class each time that a history is asked for; one is enough."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> type:
        made: type = super().from_queryset(queryset_class, class_name)
        return made


class DeskHistoricalRecords(HistoricalRecords):
    """The library's records, without rows of sign-ins, and with those of both sides of a set."""

    def post_save(self, instance: Any, created: bool, using: Any = None, **kwargs: Any) -> None:
        """A sign-in changes nothing that a history is read for; the audit log has it."""
        if not created and set(kwargs.get("update_fields") or ()) == {"last_login"}:
            return
        super().post_save(instance, created, using, **kwargs)

    def m2m_changed(
        self, instance: Any, action: str, attr: str, pk_set: Any, reverse: bool, **kwargs: Any
    ) -> None:
        """`group.user_set.add(person)` is a change of the person, as `person.groups.add` is."""
        if not reverse:
            super().m2m_changed(instance, action, attr, pk_set, reverse, **kwargs)
            return
        model = kwargs["model"]
        held = instance.__dict__.setdefault("_cleared", {})
        if action == "pre_clear":
            rows = model._base_manager.filter(**{attr: instance})
            held[attr] = set(rows.values_list("pk", flat=True))
        if action in {"post_add", "post_remove", "post_clear"}:
            changed = held.pop(attr, set()) if action == "post_clear" else pk_set
            for row in model._base_manager.filter(pk__in=changed).order_by("pk"):
                super().m2m_changed(row, action, attr, changed, False, **kwargs)


def history(**options: Any) -> HistoricalRecords:
    """Who, when and why for each change of each field of the model.

    The reason is a short code ("lifecycle.close", "job: deliver-notices"), never a person's text:
    texts belong in the feed, where the realm's scrubber and the readers see them.
    """
    return DeskHistoricalRecords(
        cascade_delete_history=False, history_manager=KnownHistoryManager, **options
    )
