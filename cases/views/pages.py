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
    return render(
        request,
        "portal/start.html",
        {
            "home": selectors.home(request.user, timezone.now()),
            "memberships": selectors.memberships(request.user),
        },
    )


@require_safe
@gates.contact
def announcements(request: SignedInRequest) -> HttpResponse:
    """The news that are current, pinned ones first (PORT-2)."""
    current = Announcement.objects.current(timezone.now())
    page = Paginator(current, 20).get_page(request.GET.get("page"))
    return render(request, "portal/announcements.html", {"page": page})
