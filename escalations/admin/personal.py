"""Lists that begin with what is one's own: `?queue=mine`, `?queue=open` for everybody's, or all."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.admin.base import ReadOnlyAdmin
from cases.admin.lists import DeskChangeList

QUEUES = ("mine", "open", "")


def queue_of(request: HttpRequest) -> str:
    """mine, open, or empty for all."""
    typed = request.GET.get("queue", "")
    return typed if typed in QUEUES else ""


class PersonalChangeList(DeskChangeList):
    own_parameters = ("queue",)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        queue = queue_of(request)
        self.empty_words = self.model_admin.empty[queue]
        self.whole_list = f"?queue={queue}" if queue else "?"


class PersonalQueueAdmin(ReadOnlyAdmin):
    """`titles` and `empty` hold the words of each queue. Nothing here saves a row."""

    titles: Mapping[str, str]
    empty: Mapping[str, str]
    list_display_links = None

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = self.titles[queue_of(request)]
        context = {"heading": title, "title": title}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return PersonalChangeList
