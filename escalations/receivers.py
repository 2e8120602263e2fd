"""What a closed case does to its escalation, and what an escalation does to a closing (RESP-6)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F

from cases import realm
from cases.actors import Actor
from cases.models import Case, Entry, Person

from .models import Escalation, EscalationEntry, ManagementAttention
from .services.departures import give_back
from .services.management import close_with_case
from .services.owner_reviews import lapse_reviews
from .services.settlements import settle_attention


def end_with_the_cases(
    sender: type[Case], *, cases: Sequence[Case], actor: Actor, now: dt.datetime, **kwargs: Any
) -> None:
    """MGT-5: closing a case closes its active escalation, in the same transaction."""
    active = Escalation.objects.filter(case__in=cases).active().order_by("case", "pk")
    for escalation_id in active.values_list("pk", flat=True):
        close_with_case(escalation_id=escalation_id, actor=actor, now=now)
    lapse_reviews(cases=cases, actor=actor, now=now)
    lapsed = ManagementAttention.State.LAPSED
    settle_attention(cases=cases, actor=actor, now=now, state=lapsed)


def answer_management_requests(
    sender: type[Case], *, cases: Sequence[Case], actor: Actor, now: dt.datetime, **kwargs: Any
) -> None:
    """MGT-8: staff's public words in the case answer the open request to management."""
    settle_attention(cases=cases, actor=actor, now=now)


def veto_while_escalated(cases: Sequence[Case]) -> dict[int, str]:
    """RESP-6: no job closes a case whose escalation is active."""
    active = Escalation.objects.filter(case__in=cases).active()
    return dict.fromkeys(
        active.values_list("case_id", flat=True), "The case has an active escalation."
    )


def veto_over_an_answer(cases: Sequence[Case]) -> dict[int, str]:
    """RESP-3: no job closes a case if a contact wrote in the escalation's feed since the wait
    began: it may be the answer, and staff move it to the case or decide otherwise."""
    if not realm.current().contacts_write_in_escalations:
        return {}
    wrote = EscalationEntry.objects.public().filter(
        escalation__case__in=cases,
        author_side=Entry.Side.CONTACT,
        moved_at=None,
        created_at__gte=F("escalation__case__state_since_at"),
    )
    wrote = wrote.exclude(event=EscalationEntry.Event.REQUESTED)
    return dict.fromkeys(
        wrote.values_list("escalation__case_id", flat=True),
        "A contact has written in the escalation's feed in the meantime. If that is the answer, "
        "move it to the case.",
    )


def give_back_escalations(
    sender: type[Person], *, person_id: int, actor: Actor, now: dt.datetime, **kwargs: Any
) -> int:
    """Work that a person can no longer manage waits for a new owner; returns how much."""
    return give_back(person_id=person_id, actor=actor, now=now)
