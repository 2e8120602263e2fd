"""The end of a waiting request to management (MGT-8)."""

import datetime as dt
from collections.abc import Sequence

from cases.actors import Actor
from cases.models import Case
from cases.persistence import save

from ..models import ManagementAttention


def settle_attention(
    *,
    cases: Sequence[Case],
    actor: Actor,
    now: dt.datetime,
    state: str = ManagementAttention.State.ANSWERED,
) -> None:
    """MGT-8: requests that wait in these cases are answered by these public words of staff, or
    lapse.

    In the transaction that settles them, which holds the cases' locks.
    """
    waiting = ManagementAttention.objects.waiting().filter(case__in=cases).order_by("pk")
    for request in waiting.select_for_update(of=("self",)):
        request.state = state
        request.settled_at = now
        fields = ["state", "settled_at"]
        save(request, actor=actor, now=now, why=f"settling.{state}", fields=fields)
