"""Pages of long lists: nobody pages far, and a full count would cost more than a page."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.utils.functional import cached_property

COUNT_CAP = 5_000


class CappedPaginator(Paginator):
    """Counts at most one row past COUNT_CAP; pages after that are not offered."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        if not isinstance(rows, models.QuerySet):
            return len(rows)
        return rows.order_by()[: COUNT_CAP + 1].count()

    @property
    def in_words(self) -> str:
        """The number in words for the reader."""
        return f"{self.count:,}" if self.count <= COUNT_CAP else f"More than {COUNT_CAP:,}"
