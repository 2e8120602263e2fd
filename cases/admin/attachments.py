"""Files across all cases, for staff: those on hold, and those that were refused."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.models import Attachment

from .base import ReadOnlyAdmin


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ("name", "case_link", "size_shown", "scan_state", "created_at")
    list_select_related = ("entry__case",)
    list_filter = ("scan_state",)
    search_fields = ("entry__case__number__exact", "sha256__exact")
    search_help_text = "Case number, or SHA-256 of the content"
    ordering = ("-id",)
    fields = (
        "name",
        "case_link",
        "content_type",
        "size_shown",
        "sha256",
        "scan_state",
        "scan_attempts",
        "scanned_at",
        "created_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("entry__case")

    @admin.display(description="Case")
    def case_link(self, attachment: Attachment) -> SafeString:
        case = attachment.entry.case
        address = reverse("admin:cases_case_change", args=[case.pk])
        return format_html(
            '<a href="{}#entry-{}">{}</a>', address, attachment.entry_id, case.number
        )

    @admin.display(description="Size")
    def size_shown(self, attachment: Attachment) -> str:
        return filesizeformat(attachment.size)
