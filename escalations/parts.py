"""What this app adds to the contact's case page (HELP-1)."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from cases.actors import Actor
from cases.gates import SignedInRequest
from cases.models import Case

from .selectors import panel
from .services.reading import mark_read


def help_panel(request: SignedInRequest, case: Case, can_write: bool) -> SafeString:
    """The button with its reasons beside it. What the page shows of the feed is read then (ESC-3):
    the reasons are those before, so that nobody overlooks that there was something new.
    """
    now = timezone.now()
    shown = panel(case=case, contact=request.user, now=now)
    if shown.newest_update and shown.has_unread_update:
        mark_read(case=case, entry_id=shown.newest_update, actor=Actor.of(request.user), now=now)
    context = {"case": case, "panel": shown, "can_ask": can_write}
    return render_to_string("escalations/panel.html", context, request=request)
