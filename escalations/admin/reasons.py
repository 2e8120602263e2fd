"""Reasons, their prompts and their routing, for operations administrators (HELP-2)."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from cases.admin.base import DeskModelAdmin, DeskTabularInline

from ..models import EscalationReason, ReasonPrompt


class PromptInline(DeskTabularInline):
    """A prompt is made inactive, not deleted; its earlier answers stay as they were."""

    model = ReasonPrompt
    fields = ("question", "help_text", "is_required", "position", "is_active")
    extra = 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(EscalationReason)
class EscalationReasonAdmin(DeskModelAdmin):
    list_display = ("label", "routing", "concerns_analysis", "prompt_count", "is_active")
    list_display_links = ("label",)
    list_filter = ("routing", "is_active")
    ordering = ("position", "id")
    fields = (
        ("label", "code"),
        "help_text",
        ("routing", "concerns_analysis"),
        ("needs_details", "needs_impact"),
        ("position", "is_active"),
    )
    inlines = (PromptInline,)
    history_with = ((ReasonPrompt, "reason"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(prompt_number=Count("prompts"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code names the reason in earlier requests, and in the history."""
        return ("code",) if obj else ()

    @admin.display(description="Prompts")
    def prompt_count(self, reason: EscalationReason) -> int:
        number: int = reason.prompt_number  # type: ignore[attr-defined]
        return number
