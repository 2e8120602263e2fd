"""Platform incidents: the list, and a page with all cases of one incident and its actions."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Min, Model, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.actors import Actor
from cases.form_fields import LineField, TextField
from cases.forms import TOO_LONG, ServiceForm, moment_field
from cases.models import Case, Clock, Incident, Severity
from cases.services.analyses import TITLE_MAX
from cases.services.incidents import (
    rename_incident,
    restore_service,
    state_times,
    times_of,
    times_seen,
    withdraw_restoration,
)
from cases.services.texts import BODY_MAX
from cases.templatetags.staff import ago, moment, until

from .base import READING, ReadOnlyAdmin
from .object_actions import REFUSED, ObjectAction, ObjectActionsAdmin

#: The number of cases on the page; restoring covers all the others too.
MOST = 500


class IncidentForm(ServiceForm):
    """A second click finds the action already done with the same words, and does nothing."""

    submission = None  # type: ignore[assignment]


class RestoreForm(IncidentForm):
    restored_at = moment_field("Service works again since")
    summary = TextField(
        label="Preliminary incident summary",
        help_text="Every affected customer can read it, so do not name any of them. A Critical "
        "case needs it.",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": TOO_LONG},
    )


class WithdrawForm(IncidentForm):
    seen = forms.DateTimeField(widget=forms.HiddenInput)
    reason = TextField(
        label="Why",
        help_text="Every affected customer can read it, so do not name any of them.",
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG, "required": "Say why; the customers can read it."},
    )


class RenameForm(IncidentForm):
    seen = forms.CharField(widget=forms.HiddenInput)
    title = LineField(
        label="Name",
        help_text="Only staff see it.",
        max_length=TITLE_MAX,
        error_messages={"max_length": TOO_LONG, "required": "Give the incident a name."},
    )


class TimesForm(IncidentForm):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    impact_began_at = moment_field("Impact began", required=False)
    resolved_at = moment_field("Root cause resolved", required=False)


@dataclass(frozen=True, kw_only=True)
class IncidentAction(ObjectAction[Incident]):
    """On the incident's page; applies to all its cases that are concerned (RCA-1)."""

    model: type[Model] = Incident
    permissions: tuple[str, ...] = ("cases.manage_incident",)
    is_on_page: bool = True
    #: Whether it is offered now.
    fits: Callable[[Incident], bool] = lambda incident: True
    #: The state of the incident that the person saw, for the service to compare.
    seen: Callable[[Incident], Any] | None = None

    def why_not(self, subject: Incident, actor: Actor) -> str:
        return "" if self.fits(subject) else "This is not possible now."

    def as_shown(self, subject: Incident) -> dict[str, Any]:
        return {"seen": self.seen(subject)} if self.seen else {}

    def home(self, subject: Incident) -> str:
        return reverse("admin:cases_incident_change", args=[subject.pk])

    def make(self, request: HttpRequest, subject: Incident, *data: Any, **more: Any) -> Any:
        # Several of these forms are on one page: each has its own ids.
        return super().make(request, subject, *data, auto_id=f"id_{self.name}_%s", **more)

    def refused_page(
        self, model_admin: Any, request: HttpRequest, subject: Incident, form: ServiceForm
    ) -> HttpResponse:
        page: HttpResponse = model_admin.page(request, subject.pk, bound={self.name: form})
        return page


INCIDENT_ACTIONS = (
    IncidentAction(
        name="restore",
        label="Restore service",
        form=RestoreForm,
        begins=lambda request, incident: {
            "restored_at": timezone.localtime().replace(second=0, microsecond=0)
        },
        fits=lambda incident: incident.restored_at is None,
        service=lambda it: restore_service(incident_id=it.pk, **it.by, **it.typed),
        done="Service has been restored in every case of the incident.",
    ),
    IncidentAction(
        name="withdraw",
        label="Withdraw the restoration",
        form=WithdrawForm,
        fits=lambda incident: incident.restored_at is not None,
        seen=lambda incident: incident.restored_at and incident.restored_at.isoformat(),
        service=lambda it: withdraw_restoration(incident_id=it.pk, **it.by, **it.typed),
        done="The restoration has been withdrawn; the incident continues in all its cases.",
    ),
    IncidentAction(
        name="times",
        label="Set when it began and was resolved",
        form=TimesForm,
        begins=lambda request, incident: {
            "impact_began_at": incident.impact_began_at,
            "resolved_at": incident.resolved_at,
        },
        seen=times_seen,
        service=lambda it: state_times(incident_id=it.pk, **it.by, **it.typed),
        done="The times of the incident have been saved.",
    ),
    IncidentAction(
        name="rename",
        label="Rename",
        form=RenameForm,
        begins=lambda request, incident: {"title": incident.title},
        seen=lambda incident: incident.title,
        service=lambda it: rename_incident(incident_id=it.pk, **it.by, **it.typed),
        done="The incident has been renamed.",
    ),
)


@admin.register(Incident)
class IncidentAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    """Cases join an incident on their own pages; here they are listed and restored together."""

    object_actions = INCIDENT_ACTIONS
    list_display = ("incident", "service_state", "worst", "gathered", "due", "took", "opened")
    list_display_links = None
    list_filter = (("restored_at", admin.EmptyFieldListFilter),)
    search_fields = ("number", "title")
    search_help_text = "Incident number or name"

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Ongoing incidents first, then the newest."""
        return (F("restored_at").desc(nulls_first=True), "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        due = Clock.objects.open().filter(case__incident=OuterRef("pk"), kind="restoration")
        return (
            super()
            .get_queryset(request)
            .annotate(
                case_count=Count("cases"),
                first_case_at=Min("cases__created_at"),
                worst_severity=Min("cases__severity"),
                next_due_at=Subquery(due.order_by("due_at").values("due_at")[:1]),
            )
        )

    @admin.display(description="Incident")
    def incident(self, incident: Incident) -> SafeString:
        return format_html(
            '<a class="case-link" href="{}"><span class="number">{}</span> {}</a>',
            reverse("admin:cases_incident_change", args=[incident.pk]),
            incident.number,
            incident.title,
        )

    @admin.display(description="Service")
    def service_state(self, incident: Incident) -> SafeString:
        return service_state_chip(incident)

    @admin.display(description="Worst severity")
    def worst(self, incident: Any) -> SafeString | str:
        if incident.worst_severity is None:
            return ""
        severity = Severity(incident.worst_severity)
        return format_html('<span class="chip severity-{}">{}</span>', severity, severity.label)

    @admin.display(description="Cases", ordering="case_count")
    def gathered(self, incident: Any) -> int:
        count: int = incident.case_count
        return count

    @admin.display(description="Restoration due", ordering="next_due_at")
    def due(self, incident: Any) -> SafeString | str:
        if incident.restored_at is not None:
            return ""
        return until(incident.next_due_at)

    @admin.display(description="To restore / to resolve")
    def took(self, incident: Incident) -> str:
        """SLA-9: measured from the beginning of the impact, if it is known."""
        times = times_of(incident)
        return f"{_span(times.to_restore)} / {_span(times.to_resolve)}"

    @admin.display(description="Opened")
    def opened(self, incident: Incident) -> SafeString | str:
        return ago(incident.created_at)

    # --- One incident ---------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        return self.page(request, object_id)

    def page(
        self, request: HttpRequest, object_id: Any, *, bound: dict[str, ServiceForm] | None = None
    ) -> HttpResponse:
        """The incident, its cases with their clocks, and its actions. Queries: 3."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            incident = get_object_or_404(
                Incident.objects.select_related("created_by"), pk=int(object_id)
            )
        except (ValueError, OverflowError):
            raise Http404 from None
        cases, times = _cases_of(incident), times_of(incident)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(incident),
            "heading": incident.number,
            "back_to": (reverse("admin:cases_incident_changelist"), "Platform incidents"),
            "incident": incident,
            "chip": service_state_chip(incident),
            "took": {
                "restore": _span(times.to_restore),
                "resolve": _span(times.to_resolve),
                "since": times.began_at,
            },
            "rows": cases,
            "most": MOST,
            # All cases are restored, even if the page does not show them all: say how many.
            "number": incident.cases.count() if len(cases) == MOST else len(cases),
            "customers": len({case.organization_id for case in cases}),
            "actions": {
                each["action"].name: each for each in self.offered(request, incident, bound)
            },
            "is_fullwidth": "1",
        }
        status = REFUSED if bound else 200
        return TemplateResponse(request, "admin/cases/incident/page.html", context, status=status)


def _span(span: dt.timedelta | None) -> str:
    """As in reports: "3 h 20 min", with hours over days too."""
    if span is None:
        return "not yet"
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min"


def service_state_chip(incident: Incident) -> SafeString:
    """Whether the service works again, as a colour and a word."""
    if incident.restored_at is None:
        return format_html('<span class="chip warning">{}</span>', "Ongoing")
    since = moment(incident.restored_at)
    return format_html(
        '<div><span class="chip good">{}</span><span class="quiet below">{}</span></div>',
        "Restored",
        since,
    )


def _cases_of(incident: Incident) -> list[Any]:
    """The cases, the most severe first, each with the clocks of its incident. Two queries."""
    found: list[Any] = list(
        Case.objects.filter(incident=incident)
        .select_related("organization", "owner", "analysis")
        .order_by("severity", "pk")[:MOST]
    )
    clocks: dict[tuple[int, str], Clock] = {}
    kinds = [Clock.Kind.RESTORATION, Clock.Kind.RCA]
    shown = Clock.objects.filter(case__in=[case.pk for case in found], kind__in=kinds)
    for clock in shown.exclude(state=Clock.State.CANCELLED).order_by("pk"):
        clocks[clock.case_id, clock.kind] = clock
    for case in found:
        case.restoration = clocks.get((case.pk, Clock.Kind.RESTORATION))
        case.rca = clocks.get((case.pk, Clock.Kind.RCA))
        case.asked = getattr(case, "analysis", None)
    return found
