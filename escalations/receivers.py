"""What a closed case does to its escalation, and what an escalation does to a closing (RESP-6)."""

import datetime as dt
from typing import Any

from cases.actors import Actor
from cases.models import Case

from .models import Escalation
from .services.managing import close_with_case
from .services.reviewing import lapse_reviews


def end_with_the_case(
    sender: type[Case], *, case: Case, actor: Actor, now: dt.datetime, **kwargs: Any
) -> None:
    """MGT-5: closing the case closes its active escalation, in the same transaction."""
    active = Escalation.objects.filter(case=case).active().values_list("pk", flat=True)
    for escalation_id in active:
        close_with_case(escalation_id=escalation_id, actor=actor, now=now)
    lapse_reviews(case_id=case.pk, actor=actor, now=now)


def veto_while_escalated(case: Case) -> str:
    """RESP-6: no job closes a case whose escalation is active."""
    if Escalation.objects.filter(case=case).active().exists():
        return "The case has an active escalation."
    return ""
