"""News for the portal (PORT-2)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.models import Announcement

from .base import DeskModelAdmin


@admin.register(Announcement)
class AnnouncementAdmin(DeskModelAdmin):
    list_display = ("title", "is_pinned", "published_at", "expires_at")
    search_fields = ("title", "body")
    ordering = ("-published_at", "-id")
    fields = ("title", "body", "is_pinned", "published_at", "expires_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # News can be deleted: the role decides, not this class's parent.
        return super(DeskModelAdmin, self).has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Announcement) -> None:
        obj._change_reason = "admin.delete"  # type: ignore[attr-defined]
        super().delete_model(request, obj)
