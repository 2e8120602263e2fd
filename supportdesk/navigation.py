"""How Unfold shows the admin: title, sidebar, badges.

The colours are in `static/admin_desk/colors.css`, since a strict Content-Security-Policy allows no
inline style element.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy

#: The groups of the sidebar, in order; the apps' admin modules register their entries.
GROUPS = ("Cases", "Escalations", "Customers", "Access", "Operations")


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """This person's sidebar: the queues with their counts, then what the role manages."""
    # The settings name this function, and no apps are loaded when this module is imported.
    from cases.admin.queues import lines

    groups = [{"title": group, "items": lines(request, group)} for group in GROUPS]
    return [group for group in groups if group["items"]]


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Support desk",
    "SITE_HEADER": "Support desk",
    "SITE_SUBHEADER": lambda request: _realm_label(),
    "SITE_URL": None,
    "SITE_SYMBOL": "support_agent",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "ACCOUNT": {"navigation": [{"title": "My profile", "link": reverse_lazy("admin:profile")}]},
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": navigation,
    },
}


def _realm_label() -> str:
    from cases import realm  # as above

    return f"{realm.current().label} realm"
