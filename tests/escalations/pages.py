"""How the staff's tests read pages of escalations and send their forms as a browser would."""

import uuid
from typing import Any

from django.urls import reverse

from escalations.admin.actions import ESCALATION_ACTIONS
from escalations.models import Escalation
from tests.admin.pages import text_of

__all__ = ["LIST", "do_url", "form_of", "fresh", "page_url", "text_of"]

LIST = "/admin/escalations/escalation/"


def page_url(escalation: Escalation) -> str:
    return reverse("admin:escalations_escalation_change", args=[escalation.pk])


def do_url(escalation: Escalation, action: str) -> str:
    return reverse("admin:escalations_escalation_do", args=[escalation.pk, action])


def fresh(escalation: Escalation) -> Escalation:
    return Escalation.objects.select_related("owner", "case").get(pk=escalation.pk)


def form_of(escalation: Escalation, action: str, **fields: Any) -> dict[str, Any]:
    """What the action's form sends that was shown for the escalation as it is now."""
    sent = {"version": fresh(escalation).version, "submission": str(uuid.uuid4()), **fields}
    prefix = next(each.prefix for each in ESCALATION_ACTIONS if each.name == action)
    return {f"{prefix}-{name}" if prefix else name: value for name, value in sent.items()}
