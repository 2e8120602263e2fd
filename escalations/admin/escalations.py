"""The queues of escalations, and the addresses of one escalation.

The page is `page`; the actions are in `actions`.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from cases.admin.base import READING
from cases.admin.lists import DeskChangeList
from cases.admin.object_actions import ObjectActionsAdmin
from cases.admin.queues import QueueAdmin, QueueChangeList, of_request
from cases.rules.search import case_number_in
from cases.templatetags.staff import ago, until

from .. import wording
from ..criterion_status import verdicts_now
from ..models import Escalation, EscalationEntry
from ..rules.criteria import Eligibility
from ..templatetags.escalations_staff import (
    escalation_chip,
    rank_chips,
    severity_then_and_now,
    trend_chip,
)
from . import operations, page
from .actions import ESCALATION_ACTIONS
from .case_actions import CASE_ACTIONS

#: How much of a text the list shows; the page shows all of it.
SHOWN = 160


class EscalationChangeList(QueueChangeList):
    """In the review queue, the criteria of all rows shown are evaluated together."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if of_request(request, Escalation).name == "review":
            rows: list[Any] = list(self.result_list)  # type: ignore[has-type]
            verdicts = verdicts_now(rows, timezone.now())
            for row in rows:
                row.verdict = verdicts[row.pk]
            self.result_list = rows


@admin.register(Escalation)
class EscalationAdmin(ObjectActionsAdmin, QueueAdmin):
    """Every queue is this list, with a `queue` in its address. Nothing here saves an escalation."""

    escalation_actions = ESCALATION_ACTIONS
    object_actions = (*ESCALATION_ACTIONS, *CASE_ACTIONS)
    addresses_need_view = True
    list_display = ("case_shown", "state_shown", "customer", "why", "owner_shown", "asked")
    list_select_related = (
        "case__organization__plan",
        "case__organization__calendar",
        "case__deployment",
        "case__owner",
        "owner",
        "reason",
        "requested_by",
    )
    list_filter = ("state", "trend")
    search_fields = ("case__number", "case__organization__name", "case__subject")
    search_help_text = "Case number, subject or organization"
    history_with = ((EscalationEntry, "escalation"),)

    # --- The lists -----------------------------------------------------------------------------

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        typed = search_term.replace("\x00", "")[:200]
        if not typed:
            return queryset, False
        number = case_number_in(typed)
        if number and queryset.filter(case__number=number).exists():
            return queryset.filter(case__number=number), False
        return super().get_search_results(request, queryset, typed)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DeskChangeList]:
        return EscalationChangeList

    @admin.display(description="Case")
    def case_shown(self, escalation: Escalation) -> SafeString:
        return format_html(
            '<a class="case-link" href="{}"><span class="number">{}</span> {}</a>',
            reverse("admin:escalations_escalation_change", args=[escalation.pk]),
            escalation.case.number,
            escalation.case.subject,
        )

    @admin.display(description="Severity")
    def severity_shown(self, escalation: Escalation) -> SafeString:
        return format_html("<div>{}</div>", severity_then_and_now(escalation))

    @admin.display(description="State")
    def state_shown(self, escalation: Escalation) -> SafeString:
        return escalation_chip(escalation)

    @admin.display(description="Customer")
    def customer(self, escalation: Escalation) -> SafeString:
        organization = escalation.case.organization
        return format_html(
            '<div>{}<span class="quiet below">{}</span></div>', organization, organization.plan
        )

    @admin.display(description="Reason and impact")
    def why(self, escalation: Escalation) -> SafeString:
        said = escalation.impact or escalation.details
        return format_html(
            '<div class="why"><strong>{}</strong><span class="below">{}</span></div>',
            escalation.reason,
            Truncator(said).chars(SHOWN),
        )

    @admin.display(description="Criteria")
    def criteria_shown(self, escalation: Escalation) -> SafeString:
        not_met = [each["rule"] for each in escalation.criteria if not each["met"]]
        verdict: Eligibility = escalation.verdict  # type: ignore[attr-defined]
        now = [f"{each.rule} {wording.CRITERIA[each.criterion]}" for each in verdict.refusals]
        then = f"not met: {', '.join(not_met)}" if not_met else "all met"
        if not now:
            return format_html(
                '<div><span class="quiet below">Then {}</span>Now all met</div>', then
            )
        return format_html(
            '<div><span class="quiet below">Then {}</span>'
            '<span class="due-soon">Now not met:</span>{}</div>',
            then,
            format_html_join("", '<span class="below">{}</span>', ((each,) for each in now)),
        )

    @admin.display(description="Answer")
    def answer_due(self, escalation: Escalation) -> SafeString:
        who = escalation.owner or "not assigned yet"
        return format_html(
            '<div>{}<span class="quiet below">{}</span></div>', until(escalation.answer_due_at), who
        )

    @admin.display(description="Rank")
    def rank(self, escalation: Escalation) -> SafeString:
        return rank_chips(escalation)

    @admin.display(description="Trend")
    def trend_shown(self, escalation: Escalation) -> SafeString:
        return trend_chip(escalation)

    @admin.display(description="Next update")
    def next_word(self, escalation: Escalation) -> SafeString | str:
        return until(escalation.next_word_due_at)

    @admin.display(description="Escalation Owner")
    def owner_shown(self, escalation: Escalation) -> SafeString | str:
        if escalation.owner is None:
            return format_html('<em class="quiet">{}</em>', "nobody")
        return str(escalation.owner)

    @admin.display(description="Requested")
    def asked(self, escalation: Escalation) -> SafeString | str:
        return ago(escalation.requested_at)

    # --- One escalation ------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The escalation's page. It is read-only; each action has its own address and form."""
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        return page.show(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        name = "escalations_escalation_operations"
        return [self.address("operations/", operations.operations, name), *super().get_urls()]
