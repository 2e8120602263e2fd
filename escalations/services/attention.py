"""The urgency request to management, which a contact sends after an escalation (MGT-8)."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.errors import Invalid, NotPossible
from cases.models import Entry
from cases.notices import notify
from cases.persistence import save
from cases.services.locks import lock_case
from cases.services.texts import checked, checked_line

from ..models import ManagementAttention
from ..selectors import attention_refusal, attention_wait
from .persistence import asker, earlier, require_designated, require_same, write_as_update


def send_management_attention(
    *,
    case_id: int,
    actor: Actor,
    now: dt.datetime,
    problem: str,
    region: str,
    description: str,
    impact: str,
    product: str,
    files: Sequence[object] = (),
    submission: uuid.UUID | None = None,
) -> ManagementAttention:
    """The urgency request goes to management by mail and is in the case (MGT-8).

    It waits until staff write publicly in the case or in its escalation, or the case is closed:
    see `settlements`. Raises NotAllowed, NotPossible (the case is closed or was never escalated, no
    address is configured, a request of this case waits, or the day's limit is reached),
    Invalid (a field is missing, or files came with it), CaseChanged.
    """
    with transaction.atomic():
        case = lock_case(case_id)
        require_designated(actor, case)
        sent = ManagementAttention.objects.filter(case=case)
        if made := earlier(sent, submission, actor=actor, author="requested_by"):
            require_same(
                made,
                problem=problem,
                region=region,
                description=description,
                impact=impact,
                product=product,
            )
            found: ManagementAttention = made
            return found
        if files:
            raise Invalid(
                "files", "You cannot attach files here: they may show personal information."
            )
        if refusal := attention_refusal(case) or attention_wait(case, now):
            raise NotPossible(refusal)
        request = ManagementAttention(
            case=case,
            requested_by=asker(actor),
            requested_at=now,
            customer_name=case.organization.name,
            problem=checked_line(
                "problem", problem, most=200, needed="Say briefly what it is about."
            ),
            region=checked_line("region", region, most=100, needed="Enter your region or country."),
            description=checked("description", description, needed="Describe the problem."),
            impact=checked("impact", impact, needed="Say how it affects your business."),
            product=checked_line("product", product, most=100, needed="Enter the product."),
            submission=submission,
        )
        _store(request, actor=actor, now=now)
        write_as_update(
            case,
            actor=actor,
            now=now,
            why="attention.send",
            event=Entry.Event.ATTENTION,
            body="\n\n".join([request.problem, request.description, request.impact]),
            to_value=request.product[:120],
        )
        notify(
            "management_attention",
            str(request.pk),
            case=case,
            actor=actor,
            now=now,
            request=request,
        )
    return request


def _store(request: ManagementAttention, *, actor: Actor, now: dt.datetime) -> None:
    try:
        with transaction.atomic():
            save(request, actor=actor, now=now, why="attention.send")
    except IntegrityError:
        # Another request was faster: the constraint refuses in the words of the check.
        if refusal := attention_wait(request.case, now):
            raise NotPossible(refusal) from None
        raise
