"""How Unfold shows the admin: title, side bar, badges.

The colours stand in `static/admin_desk/colors.css`, since a strict Content-Security-Policy has no
room for an inline style element.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, reverse_lazy
from django.utils.text import capfirst


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar of this person: the queues with their counts, then what the role manages."""
    groups = [
        {
            "title": "Cases",
            "items": _queues(request)
            + _telephone(request)
            + _models(request, ("incident", "crisis_alert")),
        },
        {"title": "Escalations", "items": _escalations(request)},
        {
            "title": "Customers",
            "items": _models(
                request,
                ("organization", "apartment"),
                ("person", "group"),
                ("announcement", "campaign"),
            ),
        },
        {
            "title": "Access",
            "items": _models(
                request,
                ("applicant", "person_add"),
                badges=_applicants(request),
            )
            + _models(
                request,
                ("requestedperson", "person_add"),
                ("skill", "verified_user"),
                ("pincheck", "pin"),
                ("acceptance", "visibility"),
                ("redaction", "ink_eraser"),
                ("removalreport", "rate_review"),
                ("auditentry", "history_edu"),
                app="fedramp",
                badges=_waiting(request),
            ),
        },
        {
            "title": "Operations",
            "items": _models(
                request,
                ("careplan", "verified"),
                ("carefeature", "checklist"),
                ("slatarget", "timer"),
                ("businesscalendar", "calendar_month"),
                ("notice", "outgoing_mail"),
                ("attachment", "attach_file"),
            )
            + _jobs(request)
            + _models(request, ("escalationreason", "live_help"), app="escalations")
            + _mails(request),
        },
    ]
    return [group for group in groups if group["items"]]


def _queues(request: HttpRequest) -> list[dict[str, Any]]:
    from cases.admin import queues
    from cases.admin.base import staff_of

    if not request.user.has_perm("cases.view_case"):
        return []
    person = staff_of(request)
    counts = queues.counts(person)
    match = request.resolver_match
    here = match is not None and match.url_name == "cases_case_changelist"
    return [
        {
            "title": words.title,
            "icon": words.icon,
            "link": queues.address(queue),
            "badge": counts.get(queue, ""),
            "badge_variant": "primary",
            "active": here and queues.of_request(request) is queue,
        }
        for queue, words in queues.QUEUES.items()
        if queue is not queues.Queue.MINE or request.user.has_perm("cases.work_case")
    ]


def _escalations(request: HttpRequest) -> list[dict[str, Any]]:
    from escalations.admin import queues

    return queues.navigation(request)


def _telephone(request: HttpRequest) -> list[dict[str, Any]]:
    """FED-5: the page on which staff check who calls, where the realm has one."""
    from cases import realm

    page = realm.current().telephone_page
    if not (page and request.user.has_perm("fedramp.check_pin")):
        return []
    link = reverse(page)
    active = request.path == link
    return [{"title": "A customer calls", "icon": "call", "link": link, "active": active}]


def _waiting(request: HttpRequest) -> dict[str, str]:
    """What waits in the lists of the FedRAMP realm, as badges."""
    from fedramp.admin import queue_counts

    return queue_counts.counts(request)


def _applicants(request: HttpRequest) -> dict[str, str]:
    """How many asked for access and wait (ACC-5), as a badge."""
    from cases.admin import applicants

    return applicants.counts(request)


def _models(
    request: HttpRequest,
    *models: tuple[str, str],
    app: str = "cases",
    badges: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The lists that this person may see, of those that the realm has, by the names they have."""
    items = []
    for model, icon in models:
        if request.user.has_perm(f"{app}.view_{model}"):
            try:
                link = reverse(f"admin:{app}_{model}_changelist")
            except NoReverseMatch:
                continue
            active = request.path.startswith(link)
            title = capfirst(apps.get_model(app, model)._meta.verbose_name_plural)
            item = {"title": title, "icon": icon, "link": link, "active": active}
            if badge := (badges or {}).get(model):
                item |= {"badge": badge, "badge_variant": "primary"}
            items.append(item)
    return items


def _jobs(request: HttpRequest) -> list[dict[str, Any]]:
    if not request.user.has_perm("cases.view_heartbeat"):
        return []
    link = reverse("admin:jobs")
    active = request.path.startswith(link)
    return [{"title": "Jobs", "icon": "monitor_heart", "link": link, "active": active}]


def _mails(request: HttpRequest) -> list[dict[str, Any]]:
    """In development, mails are files that staff who may read notices read in the admin."""
    if not request.user.has_perm("cases.view_notice"):
        return []
    try:
        link = reverse("admin:mails")
    except NoReverseMatch:
        return []
    active = request.path.startswith(link)
    return [{"title": "Mails (development)", "icon": "mail", "link": link, "active": active}]


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Support desk",
    "SITE_HEADER": "Support desk",
    "SITE_SUBHEADER": lambda request: _realm_label(),
    "SITE_URL": None,
    "SITE_SYMBOL": "support_agent",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "ACCOUNT": {
        "navigation": [{"title": "My profile", "link": reverse_lazy("admin:profile")}],
    },
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": navigation,
    },
}


def _realm_label() -> str:
    from cases import realm

    return f"{realm.current().label} realm"
