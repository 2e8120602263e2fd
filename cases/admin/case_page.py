"""The case page: everything that staff need to know about one case, in a fixed number of queries.
It changes nothing."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from cases import extension, selectors
from cases.forms import CaseForm, ServiceForm, shown
from cases.models import Attachment, Case, CaseLink, Clock, Entry, Organization
from cases.services.lifecycle import possible_actions

from . import queues
from .base import actor_of
from .clocks import can_be_put_off, clocks_of
from .history import Change, changes_of, page_of
from .lists import list_address

#: Entries that the page shows at first; older ones are one click away.
NEWEST = 50
MOST = 1_000


def get_case(pk: Any) -> Case:
    """The case with everything in its head, or 404.

    Two queries: PostgreSQL would plan one join of all these tables for longer than the page may
    take.
    """
    organizations = Organization.objects.select_related(
        "plan", "calendar", "add_on", "technical_account_manager"
    )
    cases = Case.objects.select_related("deployment", "contact", "owner", "incident")
    cases = cases.prefetch_related(Prefetch("organization", organizations))
    try:
        return get_object_or_404(cases, pk=int(pk))
    except (ValueError, OverflowError):
        raise Http404 from None


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
    case = get_case(object_id)
    limit = MOST if "all" in request.GET else NEWEST
    context = {
        **head(model_admin, request, case),
        "tab": "case",
        **_entries_and_cards(request, case, newest_entries(case, limit)),
        "entry_count": case.entries.count(),
        "limit": limit,
        "composers": model_admin.offered(request, case, bound),
        "links": selectors.links(case),
        "files": Attachment.objects.filter(entry__case=case)
        .select_related("entry__author")
        .order_by("-pk")[:MOST],
    }
    return TemplateResponse(request, "admin/cases/case/page.html", context, status=status)


def head(model_admin: Any, request: HttpRequest, case: Case) -> dict[str, Any]:
    """The head of every page about this case."""
    actor = actor_of(request)
    actions = [
        # Assigning has its own page, which is also for reassigning.
        action
        for action in possible_actions(case, actor=actor)
        if action.name != "assign"
    ]
    clocks = clocks_of(case)
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "clocks": clocks,
        "clock": next((clock for clock in clocks if clock.is_open), None),
        "may_extend": can_be_put_off(clocks) and actor.may("cases.work_case"),
        "title": f"{case.number}: {case.subject}",
        "heading": case.number,
        "back_to": _back_to(request),
        "case": case,
        "actions": [each for each in actions if not each.keeps_state],
        "further_actions": [each for each in actions if each.keeps_state],
        "take_form": CaseForm(initial=shown(case, for_contact=False))
        if any(each.name == "take" for each in actions)
        else None,
        "may_assign": case.is_open and actor.may("cases.assign_case"),
        "may_change_severity": case.is_open and actor.may("cases.change_severity"),
        "may_link": actor.may("cases.work_case"),
        "may_open": actor.may("cases.work_case"),
        "further": [
            link for parts in extension.staff_case_parts for link in parts.links(request, case)
        ],
        "is_fullwidth": "1",
    }


def frame(model_admin: Any, request: HttpRequest, case: Case) -> dict[str, Any]:
    """The page of a form about this case: its head, and its newest entries."""
    return {
        **head(model_admin, request, case),
        "template": "admin/cases/object_action.html",
        "head_template": "admin/cases/case/_base.html",
        "entry_template": "admin/cases/case/_entry.html",
        "facts_template": "admin/cases/case/_facts.html",
        "back_label": "Back to the case",
        "newest": newest_entries(case, 5),
    }


def _entries_and_cards(
    request: HttpRequest, case: Case, entries: list[Entry]
) -> dict[str, list[Any]]:
    """The cards of the apps above; each entry gets the actions that they offer, as `links`."""
    found = [parts.show(request, case, entries) for parts in extension.staff_case_parts]
    for entry in entries:
        entry.links = [links[entry.pk] for _, links in found if entry.pk in links]  # type: ignore[attr-defined]
    return {"entries": entries, "cards": [card for card, _ in found]}


#: Parameters of the list's address that are not filters.
NO_FILTERS = ("queue", "p", "o", "e")


def _back_to(request: HttpRequest) -> tuple[str, str]:
    """The list that led here, with its filters; otherwise this person's own queue."""
    if address := list_address(request, Case):
        asked = QueryDict(urlsplit(address).query)
        queue = queues.named(Case, asked.get("queue", queues.ALL))
        filtered = any(value for name, value in asked.items() if name not in NO_FILTERS)
        return address, queue.heading + (", filtered" if filtered else "")
    queue = queues.named(Case, "mine" if request.user.has_perm("cases.work_case") else "open")
    return queue.address, queue.heading


def newest_entries(case: Case, limit: int) -> list[Entry]:
    """The feed, newest first, each entry with its files. Two queries."""
    return list(
        case.entries.select_related("author", "moved_by")
        .prefetch_related(Prefetch("attachments", Attachment.objects.order_by("pk")))
        .order_by("-created_at", "-pk")[:limit]
    )


def history(model_admin: Any, request: HttpRequest, object_id: Any) -> HttpResponse:
    """CASE-9: every change of every field, with the text written at the same time."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    case = get_case(object_id)
    sources = [
        (Case, {"id": case.pk}),
        (CaseLink, {"from_case_id": case.pk}),
        (CaseLink, {"to_case_id": case.pk}),
        (Clock, {"case_id": case.pk}),
    ]
    changes = page_of(request, changes_of(sources))
    _add_words(case, changes.object_list)
    context = {**head(model_admin, request, case), "tab": "history", "changes": changes}
    return TemplateResponse(request, "admin/cases/case/history.html", context)


def _add_words(case: Case, changes: list[Change]) -> None:
    """A service gives the entry and the change of one action the same time."""
    times = {change.when for change in changes}
    words = {
        entry.created_at: entry.body
        for entry in case.entries.filter(created_at__in=times).exclude(body="").order_by("-pk")
    }
    for change in changes:
        if change.what == Case._meta.verbose_name:
            change.words = words.get(change.when, "")
