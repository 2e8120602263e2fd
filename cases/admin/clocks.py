"""Targets and clocks: the promises, and the state of a case's clocks."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.models import Case, Clock, SlaTarget

from .recalculations import RecomputingAdmin

#: The number of clocks on the case page, the newest first.
SHOWN = 12


def clocks_of(case: Case) -> list[Clock]:
    """The clocks of the case: those that still count first, by due time. One query."""
    newest = list(case.clocks.order_by("-started_at", "-pk")[:SHOWN])
    return sorted(newest, key=lambda clock: (not clock.is_open, clock.due_at))


def can_be_put_off(clocks: list[Clock]) -> bool:
    """RESP-3: a closing is running, and has not been put off yet. The service checks again."""
    closings = {Clock.Kind.CLOSURE, Clock.Kind.PROPOSAL}
    return any(
        clock.kind in closings and clock.is_open and clock.extended_at is None for clock in clocks
    )


@admin.register(SlaTarget)
class SlaTargetAdmin(RecomputingAdmin):
    """SLA-1 to SLA-3, RCA-3: the promises."""

    list_display = ("target", "amount", "unit", "enhanced", "on_premises", "warn_percent")
    list_display_links = ("target",)
    list_filter = ("promise",)
    ordering = ("promise", "severity", "id")
    fields = (
        ("promise", "severity"),
        ("amount", "unit"),
        ("enhanced", "on_premises"),
        "warn_percent",
    )

    @admin.display(description="Target")
    def target(self, target: SlaTarget) -> str:
        return str(target)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("promise", "severity") if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # each promise has a row for each of its severities
