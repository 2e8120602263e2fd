"""Facts that make a case eligible, to be changed in one point by each test."""

import datetime as dt
from typing import Any

from cases.rules.business_time import Calendar
from escalations.rules.criteria import Facts, ReasonKind

UTC = dt.UTC
NOW = dt.datetime(2026, 3, 3, 15, 0, tzinfo=UTC)  # a Tuesday, 10:00 in New York

#: Open on weekdays from 9 to 17. Clocks go forward on Sunday 8 March; Friday 3 July is a holiday.
NEW_YORK = Calendar.from_plain(
    tz="America/New_York",
    week={weekday: [((9, 0), (17, 0))] for weekday in range(5)},
    holidays={dt.date(2026, 7, 3)},
)


def facts(**changes: Any) -> Facts:
    """A Medium case that nobody at Product Support touched for a month."""
    return Facts(
        **{
            "now": NOW,
            "state": "in_progress",
            "severity": 3,
            "hosting": "cloud",
            "is_assigned": True,
            "critical_by_telephone": True,
            "assigned_only": False,
            "has_unread_update": False,
            "last_update_at": NOW - dt.timedelta(days=30),
            "has_active_escalation": False,
            "analysis_since": NOW - dt.timedelta(days=30),
            "calendar": NEW_YORK,
            "reason": ReasonKind.GENERAL,
            "impact_stated": True,
            **changes,
        }
    )
