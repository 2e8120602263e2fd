"""The page of one escalation: everything that its owner needs, in a fixed number of queries.

It changes nothing.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from cases.admin.base import actor_of
from cases.admin.queues import ALL, named
from cases.forms import ServiceForm

from .. import wording
from ..criterion_status import statuses
from ..models import Escalation, EscalationEntry, ManagerEngagement
from ..services.feeds import is_movable

#: Entries that the page shows at first; older ones are one click away.
NEWEST = 50
MOST = 1_000


def get_escalation(pk: Any) -> Escalation:
    """The escalation with everything in its head, or 404. One query."""
    rows = Escalation.objects.select_related(
        "case__organization__plan",
        "case__organization__add_on",
        "case__organization__calendar",
        "case__organization__technical_account_manager",
        "case__deployment",
        "case__owner",
        "case__contact",
        "owner",
        "reason",
        "requested_by",
    )
    try:
        found: Escalation = get_object_or_404(rows, pk=int(pk))
    except (ValueError, OverflowError):
        raise Http404 from None
    return found


def show(
    model_admin: Any,
    request: HttpRequest,
    object_id: Any,
    *,
    bound: dict[str, ServiceForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `bound` holds a refused composer, with everything that was typed."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    escalation = get_escalation(object_id)
    limit = MOST if "all" in request.GET else NEWEST
    context = {
        **head(model_admin, request, escalation),
        "tab": "escalation",
        "not_met": [wording.CRITERIA.get(code, code) for code in escalation.decline_codes],
        "entries": _with_moves(request, newest_entries(escalation, limit)),
        "entry_count": escalation.entries.count(),
        "composers": model_admin.offered(request, escalation, bound),
        "statuses": statuses(escalation, timezone.now()) if escalation.is_active else [],
        "others": Escalation.objects.filter(case=escalation.case_id).exclude(pk=escalation.pk)[:10],
        "managers": ManagerEngagement.objects.filter(case=escalation.case_id).select_related(
            "manager"
        ),
    }
    return TemplateResponse(
        request, "admin/escalations/escalation/page.html", context, status=status
    )


def head(model_admin: Any, request: HttpRequest, escalation: Escalation) -> dict[str, Any]:
    """The head of every page about this escalation."""
    actor = actor_of(request)
    name = "accepted" if escalation.state == "accepted" else "review"
    queue = named(Escalation, name if escalation.is_active else ALL)
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Escalation of {escalation.case}",
        "heading": escalation.case.number,
        "back_to": (queue.address, queue.heading),
        "escalation": escalation,
        "case": escalation.case,
        "is_word_overdue": escalation.is_word_overdue(timezone.now()),
        "actions": [
            (action, action.blank(request, escalation) if action.is_button else None)
            for action in model_admin.escalation_actions
            if not action.is_on_page
            and request.user.has_perms(action.permissions)
            and not action.why_not(escalation, actor)
        ],
        "is_fullwidth": "1",
    }


def frame(model_admin: Any, request: HttpRequest, escalation: Escalation) -> dict[str, Any]:
    """The page of a form about this escalation: its head, and its newest entries."""
    return {
        **head(model_admin, request, escalation),
        "template": "admin/cases/object_action.html",
        "head_template": "admin/escalations/escalation/_base.html",
        "entry_template": "admin/escalations/escalation/_entry.html",
        "facts_template": "admin/escalations/escalation/_facts.html",
        "back_label": "Back to the escalation",
        "newest": newest_entries(escalation, 5),
    }


def newest_entries(escalation: Escalation, limit: int) -> list[EscalationEntry]:
    """The feed, newest first. One query."""
    return list(
        escalation.entries.select_related("author", "moved_by").order_by("-created_at", "-pk")[
            :limit
        ]
    )


def _with_moves(request: HttpRequest, entries: list[EscalationEntry]) -> list[EscalationEntry]:
    """Gives each message the address that moves it to the case feed, if this person may."""
    if request.user.has_perm("escalations.move_entry"):
        for entry in entries:
            if is_movable(entry):
                entry.move_address = reverse(  # type: ignore[attr-defined]
                    "admin:escalations_escalation_move_away", args=[entry.escalation_id, entry.pk]
                )
    return entries
