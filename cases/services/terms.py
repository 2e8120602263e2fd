"""When what an organization was sold changes, its running clocks count anew (SLA-6)."""

import datetime as dt

from django.db import transaction

from ..actors import Actor
from ..models import Case
from ..rules.clocks import Event
from . import clocks
from .saving import lock_case

#: What an organization's clocks depend on.
TERMS = frozenset({"plan", "add_on", "calendar"})


def terms_changed(organization_id: int, *, actor: Actor, now: dt.datetime) -> int:
    """The clocks of each open case of the organization stand by its present plan and calendar.

    From the creation, or the last reopening: a plan without targets ends them, one with targets
    starts what nobody answered yet. Returns how many cases were looked at.
    """
    cases = Case.objects.open().filter(organization_id=organization_id).order_by("pk")
    looked_at = 0
    with transaction.atomic():
        for case_id in cases.values_list("pk", flat=True):
            case = lock_case(case_id)
            if case.is_open:
                clocks.note(case, Event.TERMS_CHANGED, actor=actor, now=now)
                looked_at += 1
    return looked_at
