"""Which promise applies to a case (SLA-1 to SLA-5, RCA-3), and until when.

Pure. The targets are data; this module chooses among them and computes the instants.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from . import business_time
from .business_time import Calendar

#: The features of a care plan that matter here (PLAN-2).
DEFINED_RESPONSE_TARGETS = "defined_response_targets"
ENHANCED_RESPONSE_TARGETS = "enhanced_response_targets"
#: Either one gives telephone support for cases that are not Critical.
TELEPHONE_SUPPORT = ("phone_support", "live_answer")


class Promise(StrEnum):
    """What is promised. Each is also a kind of clock."""

    RESPONSE = "response"
    RESTORATION = "restoration"
    RCA = "rca"


class Unit(StrEnum):
    """The unit of a span."""

    ELAPSED_MINUTES = "elapsed_minutes"
    BUSINESS_MINUTES = "business_minutes"
    BUSINESS_DAYS = "business_days"


@dataclass(frozen=True)
class Span:
    """An amount of a unit, such as 120 business minutes or 5 business days."""

    unit: Unit
    amount: int

    def after(self, calendar: Calendar, start: dt.datetime) -> dt.datetime:
        """The instant at which this span has passed since `start`."""
        if self.unit is Unit.BUSINESS_DAYS:
            return business_time.add_days(calendar, start, self.amount)
        minutes = dt.timedelta(minutes=self.amount)
        if self.unit is Unit.BUSINESS_MINUTES:
            return business_time.add(calendar, start, minutes)
        return start + minutes

    def warns_at(
        self, calendar: Calendar, start: dt.datetime, due: dt.datetime, percent: int
    ) -> dt.datetime:
        """When this percentage of the span has passed, measured in the span's own unit (SLA-7)."""
        if self.unit is Unit.ELAPSED_MINUTES:
            return start + (due - start) * percent / 100
        open_time = business_time.between(calendar, start, due)
        return min(business_time.add(calendar, start, open_time * percent / 100), due)

    def __str__(self) -> str:
        """As people say it: "10 minutes", "2 business hours", "5 business days"."""
        if self.unit is Unit.BUSINESS_DAYS:
            return _count(self.amount, "business day")
        business = "business " if self.unit is Unit.BUSINESS_MINUTES else ""
        if self.amount % 60:
            return _count(self.amount, f"{business}minute")
        return _count(self.amount // 60, f"{business}hour")


@dataclass(frozen=True)
class Target:
    """One promise for one severity.

    `enhanced` is the amount for plans with enhanced response targets (SLA-2), `on_premises` the
    amount for deployments on premises (RCA-3); if they are not set, `amount` applies. Without
    `amount`, the promise applies on premises only.
    """

    promise: Promise
    severity: int
    unit: Unit
    amount: int | None
    enhanced: int | None = None
    on_premises: int | None = None
    warn_percent: int = 75


#: As in the sources; migration 0003 loads the same values as rows, which may be edited later.
SHIPPED: tuple[Target, ...] = (
    Target(Promise.RESPONSE, 1, Unit.ELAPSED_MINUTES, 10, enhanced=5),
    Target(Promise.RESPONSE, 2, Unit.BUSINESS_MINUTES, 120, enhanced=60),
    Target(Promise.RESPONSE, 3, Unit.BUSINESS_MINUTES, 120, enhanced=60),
    Target(Promise.RESPONSE, 4, Unit.BUSINESS_MINUTES, 120),
    Target(Promise.RESTORATION, 1, Unit.ELAPSED_MINUTES, 240),
    Target(Promise.RESTORATION, 2, Unit.BUSINESS_DAYS, 2),
    Target(Promise.RESTORATION, 3, Unit.BUSINESS_DAYS, 5),
    Target(Promise.RCA, 1, Unit.BUSINESS_DAYS, 5, on_premises=7),
    Target(Promise.RCA, 2, Unit.BUSINESS_DAYS, 5, on_premises=7),
    Target(Promise.RCA, 3, Unit.BUSINESS_DAYS, None, on_premises=7),
    Target(Promise.RCA, 4, Unit.BUSINESS_DAYS, None, on_premises=7),
)


@dataclass(frozen=True)
class Facts:
    """What a promise depends on."""

    severity: int
    features: Collection[str]
    on_premises: bool = False
    is_platform: bool = False


@dataclass(frozen=True)
class Chosen:
    """The promise that applies: its span, and the percentage of it after which the clock warns."""

    span: Span
    warn_percent: int

    def due_at(
        self, calendar: Calendar, start: dt.datetime, not_before: dt.datetime | None = None
    ) -> dt.datetime:
        """When a clock that started at `start` is breached."""
        due = self.span.after(calendar, start)
        return due if not_before is None else max(due, not_before)

    def warns_at(
        self, calendar: Calendar, start: dt.datetime, not_before: dt.datetime | None = None
    ) -> dt.datetime:
        """When the clock warns; never after it is due."""
        due = self.due_at(calendar, start, not_before)
        return self.span.warns_at(calendar, start, due, self.warn_percent)


def choose(targets: Iterable[Target], promise: Promise, facts: Facts) -> Chosen | None:
    """The target that applies to these facts; None if nothing is promised.

    Only plans with defined response targets promise a response (SLA-5); restoration and root cause
    analysis are promised only for platform-level cases (SLA-3, SLA-4, RCA-2).
    """
    if promise is Promise.RESPONSE:
        if DEFINED_RESPONSE_TARGETS not in facts.features:
            return None
    elif not facts.is_platform:
        return None
    for target in targets:
        if target.promise is promise and target.severity == facts.severity:
            amount = _amount(target, facts)
            if amount is None:
                return None
            return Chosen(Span(target.unit, amount), target.warn_percent)
    return None


def _amount(target: Target, facts: Facts) -> int | None:
    if target.enhanced is not None and ENHANCED_RESPONSE_TARGETS in facts.features:
        return target.enhanced
    if target.on_premises is not None and facts.on_premises:
        return target.on_premises
    return target.amount


def _count(amount: int, word: str) -> str:
    return f"{amount} {word}{'' if amount == 1 else 's'}"
