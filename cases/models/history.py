"""History, the same on every model (CASE-9)."""

from functools import cache
from typing import Any

from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords


class KnownHistoryManager(HistoryManager):
    """The library makes a class anew each time that a history is asked for; one is enough."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type, class_name: str | None = None) -> type:
        made: type = super().from_queryset(queryset_class, class_name)
        return made


def history(**options: Any) -> HistoricalRecords:
    """Who, when and why for each change of each field of the model.

    The reason is a short code ("lifecycle.close", "job: deliver-notices"), never what a person
    wrote: words belong in the feed, where the realm's cleaner and its readers see them.
    """
    return HistoricalRecords(
        cascade_delete_history=False, history_manager=KnownHistoryManager, **options
    )
