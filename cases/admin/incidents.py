"""Platform incidents: the list, and a page with all cases of one and what is done with it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases import drafts
from cases.errors import NotAllowed, NotPossible
from cases.form_fields import LineField, TextField
from cases.forms import TOO_LONG, ServiceForm, moment_field, renew
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

from .base import READING, ReadOnlyAdmin, actor_of

REFUSED = 422
#: The cases that the page shows; an incident of more is restored all the same.
MOST = 500


class RestoreForm(ServiceForm):
    restored_at = moment_field("Service works again since")
    summary = TextField(
        label="Preliminary incident summary",
        help_text="Every customer of the incident reads it: name none of them. "
        "A Critical case needs it.",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": TOO_LONG},
    )


class WithdrawForm(ServiceForm):
    seen = forms.DateTimeField(widget=forms.HiddenInput)
    reason = TextField(
        label="Why",
        help_text="Every customer of the incident reads it: name none of them.",
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG, "required": "Say why; the customers read it."},
    )


class RenameForm(ServiceForm):
    seen = forms.CharField(widget=forms.HiddenInput)
    title = LineField(
        label="Name",
        help_text="Staff alone see it.",
        max_length=TITLE_MAX,
        error_messages={"max_length": TOO_LONG, "required": "Give the incident a name."},
    )


class TimesForm(ServiceForm):
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    impact_began_at = moment_field("The impact began", required=False)
    resolved_at = moment_field("The root cause was resolved", required=False)


@dataclass(frozen=True)
class Deed:
    """What is done with an incident on its page: an address and a form for one service."""

    title: str
    form: type[ServiceForm]
    service: Callable[..., Incident]
    done: str
    #: Whether it is possible now; shown only then.
    fits: Callable[[Incident], bool]
    initial: Callable[[Incident], dict[str, Any]]


DEEDS: dict[str, Deed] = {
    "restore": Deed(
        "Restore service",
        RestoreForm,
        restore_service,
        "Service is restored in every case of the incident.",
        lambda incident: incident.restored_at is None,
        lambda incident: {"restored_at": timezone.localtime().replace(second=0, microsecond=0)},
    ),
    "withdraw": Deed(
        "Take the restoration back",
        WithdrawForm,
        withdraw_restoration,
        "The restoration is taken back; the incident goes on in every case of it.",
        lambda incident: incident.restored_at is not None,
        lambda incident: {"seen": incident.restored_at and incident.restored_at.isoformat()},
    ),
    "rename": Deed(
        "Rename",
        RenameForm,
        rename_incident,
        "The incident has its new name.",
        lambda incident: True,
        lambda incident: {"seen": incident.title, "title": incident.title},
    ),
    "times": Deed(
        "State when it began and was resolved",
        TimesForm,
        state_times,
        "The times of the incident are stated.",
        lambda incident: True,
        lambda incident: {
            "seen": times_seen(incident),
            "impact_began_at": incident.impact_began_at,
            "resolved_at": incident.resolved_at,
        },
    ),
}


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    """Cases join an incident on their own pages; here they are seen together, and restored."""

    list_display = ("incident", "standing", "worst", "gathered", "due", "took", "opened")
    list_display_links = None
    list_filter = (("restored_at", admin.EmptyFieldListFilter),)
    search_fields = ("number", "title")
    search_help_text = "Number, or words of the name"

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Those that go on first, then the newest."""
        return (F("restored_at").desc(nulls_first=True), "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
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
    def standing(self, incident: Incident) -> SafeString:
        return standing_chip(incident)

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
        """SLA-9: measured from the impact's beginning, where it is known."""
        times = times_of(incident)
        return f"{_span(times.to_restore)} / {_span(times.to_resolve)}"

    @admin.display(description="Opened")
    def opened(self, incident: Incident) -> SafeString | str:
        return ago(incident.created_at)

    # --- One incident ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def view(name: str) -> Any:
            def deed(request: HttpRequest, pk: int) -> HttpResponse:
                return self._do(request, pk, name)

            guarded = self.admin_site.admin_view(deed)
            guarded.model_admin = self
            return guarded

        routes = [
            path(f"<int:pk>/{name}/", view(name), name=f"cases_incident_{name}") for name in DEEDS
        ]
        return [*routes, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        return self._page(request, object_id)

    def _do(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """The deed is done, in all cases of the incident where it concerns them (RCA-1)."""
        if not request.user.has_perm("cases.manage_incident"):
            raise PermissionDenied
        get_object_or_404(Incident, pk=pk)
        if request.method != "POST":  # back from the sign-in: the form stands on the page
            return redirect("admin:cases_incident_change", pk)
        deed = DEEDS[name]
        form = deed.form(request.POST, auto_id=_ids(name))

        def service(*, submission: Any, **arguments: Any) -> Incident:
            # A second click finds it done with the same words, and does nothing.
            return deed.service(**arguments)

        if form.run(service, incident_id=pk, actor=actor_of(request), now=timezone.now()):
            drafts.forget(request, request.path)
            messages.success(request, deed.done)
            return redirect("admin:cases_incident_change", pk)
        if isinstance(form.refusal, NotAllowed):
            raise PermissionDenied
        if isinstance(form.refusal, NotPossible) and "seen" in form.fields:
            # What was typed stays, and the next press is about the incident as it is now.
            renew(form, seen=deed.initial(Incident.objects.get(pk=pk))["seen"])
        return self._page(request, pk, bound={name: form})

    def _page(
        self, request: HttpRequest, object_id: Any, *, bound: dict[str, ServiceForm] | None = None
    ) -> HttpResponse:
        """The incident, its cases with their clocks, and what can be done with it. Queries: 3."""
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
            "chip": standing_chip(incident),
            "took": {
                "restore": _span(times.to_restore),
                "resolve": _span(times.to_resolve),
                "since": times.began_at,
            },
            "rows": cases,
            "most": MOST,
            # An incident of more than are shown is restored all the same: say how many.
            "number": incident.cases.count() if len(cases) == MOST else len(cases),
            "customers": len({case.organization_id for case in cases}),
            "deeds": _deeds(request, incident, bound or {}),
            "is_fullwidth": "1",
        }
        status = REFUSED if bound else 200
        return TemplateResponse(request, "admin/cases/incident/page.html", context, status=status)


def _deeds(
    request: HttpRequest, incident: Incident, bound: dict[str, ServiceForm]
) -> dict[str, dict[str, Any]]:
    """By name, what this person can do with the incident now; a refused form stays as it was."""
    if not request.user.has_perm("cases.manage_incident"):
        return {}
    found = {}
    for name, deed in DEEDS.items():
        if name not in bound and not deed.fits(incident):
            continue
        address = reverse(f"admin:cases_incident_{name}", args=[incident.pk])
        earlier = {} if name in bound else drafts.texts_for(request, address)
        form = bound.get(name) or deed.form(
            initial={**deed.initial(incident), **earlier}, auto_id=_ids(name)
        )
        found[name] = {
            "title": deed.title,
            "form": form,
            "address": address,
            "was_kept": bool(earlier),
            "is_open": name in bound or bool(earlier),
        }
    return found


def _span(span: dt.timedelta | None) -> str:
    """As it is reported: "3 h 20 min", also over days."""
    if span is None:
        return "not yet"
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min"


def _ids(name: str) -> str:
    """Several of these forms stand on one page: each has ids of its own."""
    return f"id_{name}_%s"


def standing_chip(incident: Incident) -> SafeString:
    """Whether the service works again, as a colour and a word."""
    if incident.restored_at is None:
        return format_html('<span class="chip warning">{}</span>', "Going on")
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
