"""Counts of refusals by criterion, for the operations page; see decision 21."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from ..errors import NotEligible
from ..models import Refusal
from ..rules.criteria import Eligibility

P = ParamSpec("P")
R = TypeVar("R")


def counted(service: Callable[P, R]) -> Callable[P, R]:
    """The service; its refusals by the criteria are counted once its transaction is undone."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return service(*args, **kwargs)
        except NotEligible as refusal:
            count_refusal(
                refusal.eligibility,
                submission=cast(uuid.UUID | None, kwargs.get("submission")),
                now=cast(dt.datetime, kwargs["now"]),
            )
            raise

    return run


def count_refusal(
    eligibility: Eligibility, *, submission: uuid.UUID | None, now: dt.datetime
) -> None:
    """A row for each criterion that refused; none if this form was counted before."""
    form = submission or uuid.uuid4()
    Refusal.objects.bulk_create(
        [
            Refusal(submission=form, criterion=outcome.criterion, refused_at=now)
            for outcome in eligibility.refusals
        ],
        ignore_conflicts=True,
    )
