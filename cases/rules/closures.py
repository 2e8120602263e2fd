"""When a case that nobody answers is closed (RESP-1, RESP-2). Pure."""

import datetime as dt
from dataclasses import dataclass

from .business_time import Calendar, add, add_days, end_of_day_after

#: A job later than this was delayed: it may be night by now.
HELD_UP = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Policy:
    """Business days to the notice, to the closure, and from the sent notice to the closure."""

    notice_days: int = 2
    closing_days: int = 3
    days_after_notice: int = 1


def notice_at(calendar: Calendar, asked: dt.datetime, policy: Policy) -> dt.datetime:
    """When the customer is told that the case will be closed (RESP-1)."""
    return add_days(calendar, asked, policy.notice_days)


def closes_at(calendar: Calendar, asked: dt.datetime, policy: Policy) -> dt.datetime:
    """When a case without an answer is closed, if everything goes as planned (RESP-1)."""
    planned = add_days(calendar, asked, policy.closing_days)
    return after_notice(calendar, planned, notice_at(calendar, asked, policy), policy)


def after_notice(
    calendar: Calendar, planned: dt.datetime, sent: dt.datetime, policy: Policy
) -> dt.datetime:
    """The planned time, or later: the customer gets full days after the notice was sent."""
    return max(planned, add_days(calendar, sent, policy.days_after_notice))


def counts_anew(
    calendar: Calendar,
    waits_since: dt.datetime,
    policy: Policy,
    *,
    announced: dt.datetime | None = None,
    told: dt.datetime | None = None,
) -> dt.datetime:
    """When a case without an answer is closed under this calendar (SLA-6).

    If notices were sent, the last one at `told`, naming `announced`: a full day after `told` at
    the soonest, and not before `announced` (RESP-1).
    """
    planned = closes_at(calendar, waits_since, policy)
    if announced is not None:
        planned = max(planned, announced)
    return planned if told is None else after_notice(calendar, planned, told, policy)


def proposal_closes_at(calendar: Calendar, proposed: dt.datetime, policy: Policy) -> dt.datetime:
    """The closing time of the third business day after the proposal (RESP-2)."""
    return end_of_day_after(calendar, proposed, policy.closing_days)


def by_day(calendar: Calendar, due_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When a job does what was due at `due_at`: now, or at the next opening if it was delayed.

    Due times fall in business time. A delayed job may come at night or on a holiday, and a day may
    be declared closed after a due time was set in it. The job then waits for the next opening, so
    that nobody gets a mail, and no case is closed, at night.
    """
    is_on_time = now - due_at < HELD_UP and _is_business_time(calendar, due_at)
    return now if is_on_time else in_hours(calendar, now)


def _is_business_time(calendar: Calendar, at: dt.datetime) -> bool:
    """Whether the calendar is open at this instant or closes exactly then."""
    before = at - dt.timedelta.resolution
    return in_hours(calendar, at) == at or in_hours(calendar, before) == before


def in_hours(calendar: Calendar, at: dt.datetime) -> dt.datetime:
    """This instant if the calendar is open then, otherwise the next opening."""
    moment = dt.timedelta.resolution
    return add(calendar, at, moment) - moment
