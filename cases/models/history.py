"""History, the same on every model (CASE-9)."""

from typing import Any

from simple_history.models import HistoricalRecords


def history(**options: Any) -> HistoricalRecords:
    """Who, when and why for each change of each field of the model.

    The reason is a short code ("lifecycle.close", "job: deliver-notices"), never what a person
    wrote: words belong in the feed, where the realm's cleaner and its readers see them.
    """
    return HistoricalRecords(cascade_delete_history=False, **options)
