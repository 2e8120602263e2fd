"""The queues, and the addresses of one case.

The page is `case_page`; the actions are in `case_actions`.
"""

from typing import Any

from django.contrib import admin
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.models import Case, CaseLink, Clock, State
from cases.models.search import matching
from cases.rules.search import case_number_in
from cases.templatetags.staff import (
    ago,
    clock_alert,
    fedramp_flag,
    severity_chip,
    state_chip,
    until,
)

from . import bulk, case_actions, case_page, new_case, queues
from .base import READING
from .filters import OrganizationFilter, OwnerFilter, WhoseFilter
from .object_actions import ObjectActionsAdmin
from .queues import Queue, QueueAdmin

#: SEV-3: by severity, then by the next due time.
URGENT_FIRST = ("severity", F("next_due_at").asc(nulls_last=True), "id")
#: The owner column is shown only if rows can have different owners.
WITHOUT_OWNER = ("case", "severity_shown", "state_shown", "customer", "due", "age")

queues.register(
    "Cases",
    Queue(
        model=Case,
        name="mine",
        label="My cases",
        icon="person",
        empty="You own no open cases. Have a look at the unassigned ones.",
        rows=Case.objects.owned_by,
        order=URGENT_FIRST,
        columns=WITHOUT_OWNER,
        sees=lambda person: person.has_perm("cases.work_case"),
        counted_for="cases.view_case",
    ),
    Queue(
        model=Case,
        name="unassigned",
        label="Unassigned",
        icon="inbox",
        empty="Every case has an owner.",
        rows=lambda person: Case.objects.unassigned(),
        order=URGENT_FIRST,
        columns=WITHOUT_OWNER,
        counted_for="cases.view_case",
    ),
    Queue(
        model=Case,
        name="open",
        label="All open",
        icon="folder_open",
        empty="There are no open cases.",
        rows=lambda person: Case.objects.open(),
        order=URGENT_FIRST,
        counted_for="cases.view_case",
    ),
    Queue(
        model=Case,
        label="All cases",
        icon="folder",
        empty="There are no cases yet.",
        order=("-id",),
    ),
)


@admin.register(Case)
class CaseAdmin(ObjectActionsAdmin, QueueAdmin):
    """Every queue is this list, with a `queue` in its address. Nothing here saves a case."""

    object_actions = (*case_actions.CASE_ACTIONS, new_case.OPEN_FOR_CALLER)
    addresses_need_view = True
    actions = (bulk.assign_cases, bulk.change_severity_of_cases)
    list_display = (
        "case",
        "severity_shown",
        "state_shown",
        "customer",
        "owner_shown",
        "due",
        "age",
    )
    list_select_related = ("organization__plan", "owner")
    list_filter = ("state", "severity", WhoseFilter, OrganizationFilter, OwnerFilter)
    list_filter_submit = True  # the autocompletes are fields of a form
    list_disable_select_all = True
    search_fields = ("number",)
    search_help_text = "Case number, subject or text"
    history_with = ((CaseLink, "from_case"), (CaseLink, "to_case"))

    # --- Permissions ---------------------------------------------------------------------------

    def has_assign_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cases.assign_case")

    def has_severity_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cases.change_severity")

    # --- The list ------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; a case number that is typed in full leads to its case."""
        if self.has_view_permission(request) and (typed := request.GET.get("q", "")):
            number = case_number_in(typed)
            found = Case.objects.filter(number=number).values_list("pk", flat=True).first()
            if found:
                return HttpResponseRedirect(reverse("admin:cases_case_change", args=[found]))
        more = {"may_open": may_open(request), **(extra_context or {})}
        return super().changelist_view(request, more)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        open_clocks = Prefetch("clocks", Clock.objects.open(), to_attr="open_clocks")
        return super().get_queryset(request).prefetch_related(open_clocks)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        cases: Any = queryset
        return matching(cases, search_term, internal=True), False

    @admin.display(description="Case")
    def case(self, case: Case) -> SafeString:
        return format_html(
            '<a class="case-link" href="{}"><span class="number">{}{}</span> {}</a>',
            f"{queues.list_address(Case)}{case.pk}/change/",
            case.number,
            ", platform-level" if case.is_platform else "",
            case.subject,
        )

    @admin.display(description="Severity", ordering="severity")
    def severity_shown(self, case: Case) -> SafeString:
        return severity_chip(case)

    @admin.display(description="State")
    def state_shown(self, case: Case) -> SafeString:
        since = ago(case.state_since_at)
        return format_html(
            '<div>{}<span class="quiet below">for {}</span></div>', state_chip(case), since
        )

    @admin.display(description="Organization")
    def customer(self, case: Case) -> SafeString:
        return format_html(
            '<div>{} {}<span class="quiet below">{}</span></div>',
            case.organization,
            fedramp_flag(case.organization),
            case.organization.plan,
        )

    @admin.display(description="Case Owner")
    def owner_shown(self, case: Case) -> SafeString | str:
        return str(case.owner) if case.owner else format_html('<em class="quiet">{}</em>', "nobody")

    @admin.display(description="Due next")
    def due(self, case: Any) -> SafeString | str:
        """SLA-7: which clock is due next, and when; a warning or breach is also said in a word."""
        if case.state == State.CLOSED or not case.open_clocks:
            return "" if case.state == State.CLOSED else until(None)
        clock = min(case.open_clocks, key=lambda each: (each.due_at, each.pk))
        return format_html(
            '<div>{} {}<span class="quiet below">{}</span></div>',
            clock_alert(clock),
            until(clock.due_at),
            clock.get_kind_display(),
        )

    @admin.display(description="Opened", ordering="id")
    def age(self, case: Case) -> SafeString | str:
        return ago(case.created_at)

    # --- One case ------------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The case page. It is read-only; each change has its own address and form."""
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        return case_page.show(self, request, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        return case_page.history(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        views: tuple[tuple[str, Any, str], ...] = (
            ("open/", new_case.find_caller, "open"),
            ("bulk/assign/", bulk.assign_view, "bulk_assign"),
            ("bulk/severity/", bulk.severity_view, "bulk_severity"),
            ("<int:pk>/unlink/<int:link_id>/", case_actions.unlink, "unlink"),
        )
        own = [self.address(route, view, f"cases_case_{name}") for route, view, name in views]
        return [*own, *super().get_urls()]


def may_open(request: HttpRequest) -> bool:
    return request.user.has_perm("cases.work_case")
