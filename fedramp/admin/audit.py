"""The audit log, only for auditors (AU-9): a list, without any way to change it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone

from cases.admin.base import ReadOnlyAdmin, staff_of

from ..models import AuditEntry

#: Details of the log that are codes; the rest says itself what it is.
WORDS = {
    "is_active True": "account enabled",
    "is_active False": "account disabled",
    "is_staff True": "made staff",
    "is_staff False": "no longer staff",
    "is_superuser True": "made superuser",
    "is_superuser False": "no longer superuser",
    "second factor totp added": "authenticator app added",
    "second factor totp removed": "authenticator app removed",
    "second factor webauthn added": "security key added",
    "second factor webauthn removed": "security key removed",
    "second factor recovery_codes added": "recovery codes created",
    "second factor recovery_codes removed": "recovery codes removed",
}


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("when", "event", "person", "address", "page", "about", "what")
    list_display_links = None
    list_select_related = ("person",)
    list_filter = ("event", ("at", admin.DateFieldListFilter))
    search_fields = ("=about", "=person__email", "=address")
    search_help_text = "A case number or other key, an e-mail address, or where it came from"
    ordering = ("-id",)

    @admin.display(description="Detail")
    def what(self, entry: AuditEntry) -> str:
        """The detail, with words for its codes."""
        return ", ".join(WORDS.get(part, part) for part in entry.detail.split(", "))

    @admin.display(description="When")
    def when(self, entry: AuditEntry) -> str:
        """To the second, so that logs can be compared."""
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By the role: a superuser who is not an auditor reads nothing here."""
        held = staff_of(request).groups.filter(permissions__codename="view_auditentry")
        return super().has_view_permission(request, obj) and held.exists()

    def get_urls(self) -> list[URLPattern]:
        """Only the list: an entry has no page, and no history."""
        return [each for each in super().get_urls() if each.name == "fedramp_auditentry_changelist"]
