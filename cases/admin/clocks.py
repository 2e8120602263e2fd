"""Targets and clocks: what is promised, and how a case's clocks stand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.models import Case, Clock, SlaTarget

from .recalculations import RecomputingAdmin

#: The clocks that the case page shows, the newest first.
SHOWN = 12


def clocks_of(case: Case) -> list[Clock]:
    """How the clocks of the case stand: those that still count first, by due time. One query."""
    newest = list(case.clocks.order_by("-started_at", "-pk")[:SHOWN])
    return sorted(newest, key=lambda clock: (not clock.is_open, clock.due_at))


def can_be_put_off(clocks: list[Clock]) -> bool:
    """RESP-3: a closing runs, and nobody has put it off yet. The service checks again."""
    closings = {Clock.Kind.CLOSURE, Clock.Kind.PROPOSAL}
    return any(
        clock.kind in closings and clock.is_open and clock.extended_at is None for clock in clocks
    )


@admin.register(SlaTarget)
class SlaTargetAdmin(RecomputingAdmin):
    """SLA-1 to SLA-3, RCA-3: what is promised."""

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
        return False  # each promise has its row for each severity that it knows
