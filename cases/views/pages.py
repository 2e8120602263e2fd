"""The start page and the announcements."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import gates, selectors
from ..gates import SignedInRequest
from ..models import Announcement


@require_safe
@gates.contact
def start(request: SignedInRequest) -> HttpResponse:
    """What waits for the contact, the open cases, and news (PORT-2)."""
    roles = request.memberships = selectors.memberships(request.user)
    return render(
        request,
        "portal/start.html",
        {
            "home": selectors.home(request.user, roles, timezone.now()),
            "memberships": roles,
            "may_open_cases": bool(selectors.designated(roles)),  # for the menu, which would query
        },
    )


@require_safe
@gates.contact
def announcements(request: SignedInRequest) -> HttpResponse:
    """The current news, pinned ones first (PORT-2)."""
    current = Announcement.objects.current(timezone.now())
    page = Paginator(current, 20).get_page(request.GET.get("page"))
    return render(request, "portal/announcements.html", {"page": page})


@require_safe
@gates.contact
def before(request: SignedInRequest) -> HttpResponse:
    """What to check and prepare before opening a case; for every contact (PORT-5)."""
    return render(request, "portal/before.html")
