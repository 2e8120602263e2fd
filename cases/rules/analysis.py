"""The root cause analysis of a platform-level case: when it becomes due, and what comes next.

Pure (RCA-1 to RCA-4). Each action's check returns why it is not possible, or "".
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .business_time import Calendar, add_days

#: RCA-3: an analysis asked for late is due this many business days after the request at soonest.
DAYS_AFTER_ASKING = 1
#: RCA-3: Critical and High require an analysis even if nobody asks for it.
DEMANDED_BY = frozenset({1, 2})


@dataclass(frozen=True)
class AnalysisFacts:
    """What is known of a case, its incident, and its analysis. None means not yet."""

    severity: int
    is_open: bool = True
    is_platform: bool = False
    restored_at: dt.datetime | None = None
    asked_at: dt.datetime | None = None
    delivered_at: dt.datetime | None = None
    documents_asked_at: dt.datetime | None = None
    discussion_asked_at: dt.datetime | None = None
    met_at: dt.datetime | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether the analysis is owed as soon as service is restored."""
        return self.is_platform and (self.asked_at is not None or self.severity in DEMANDED_BY)

    @property
    def lacks_documents(self) -> bool:
        """Whether further documentation was requested and nothing has been delivered since."""
        asked = self.documents_asked_at
        return asked is not None and (self.delivered_at is None or self.delivered_at < asked)

    @property
    def lacks_discussion(self) -> bool:
        """Whether a follow-up discussion was requested and none has been held since."""
        asked = self.discussion_asked_at
        return asked is not None and (self.met_at is None or self.met_at < asked)


def owed_since(facts: AnalysisFacts) -> dt.datetime | None:
    """When the time for the analysis begins: at the restoration, whenever it was requested (RCA-3).

    None if no analysis is owed or it was already delivered.
    """
    if not facts.is_wanted or facts.delivered_at is not None:
        return None
    return facts.restored_at


def not_due_before(
    facts: AnalysisFacts, calendar: Calendar, days: int = DAYS_AFTER_ASKING
) -> dt.datetime | None:
    """RCA-3: an analysis owed only on request is due a business day after it at the soonest.

    None if the severity requires the analysis: a request does not postpone it.
    """
    if facts.severity in DEMANDED_BY or facts.asked_at is None:
        return None
    return add_days(calendar, facts.asked_at, days)


def analysed_since(facts: AnalysisFacts) -> dt.datetime | None:
    """When Product Support began to owe the analysis (ESC-7) or further documentation.

    If it is owed only because the contact asked, and the request came after the restoration, this
    is the time of the request: nobody works on an analysis before it is requested.
    """
    if facts.is_platform and facts.lacks_documents and facts.delivered_at is not None:
        return facts.documents_asked_at
    owed = owed_since(facts)
    if owed is None or facts.severity in DEMANDED_BY or facts.asked_at is None:
        return owed
    return max(owed, facts.asked_at)


# --- Actions: the actions of `rules.actions` that do not change the state of the case ---------


def _join(facts: AnalysisFacts) -> str:
    return "The case already belongs to an incident." if facts.is_platform else ""


def _leave(facts: AnalysisFacts) -> str:
    return "" if facts.is_platform else "The case is not platform-level."


def _ask_analysis(facts: AnalysisFacts) -> str:
    if not facts.is_platform:
        return "A root cause analysis is given only for platform-level cases."
    if facts.delivered_at is not None:
        return "The root cause analysis has already been delivered."
    return "The root cause analysis has already been requested." if facts.asked_at else ""


def _deliver(facts: AnalysisFacts) -> str:
    if not facts.is_platform:
        return "A root cause analysis is given only for platform-level cases."
    return "" if facts.restored_at else "The service has not been restored yet."


def _ask_documents(facts: AnalysisFacts) -> str:
    if not facts.is_platform or facts.delivered_at is None:
        return "Further documentation can be requested once the analysis is delivered."
    if facts.lacks_documents:
        return "It has already been requested; Product Support is working on it."
    return ""


def _ask_discussion(facts: AnalysisFacts) -> str:
    if not facts.is_wanted and facts.delivered_at is None:
        return "Ask for the root cause analysis first."
    return "A discussion has already been requested." if facts.lacks_discussion else ""


def _meet(facts: AnalysisFacts) -> str:
    if facts.delivered_at is None:
        return "A meeting can be recorded once the final document is delivered."
    if facts.lacks_documents:
        return "The customer asked for further documentation: deliver it first."
    return ""


_REFUSALS: Mapping[str, Callable[[AnalysisFacts], str]] = {
    "join_incident": _join,
    "leave_incident": _leave,
    "ask_analysis": _ask_analysis,
    "deliver_analysis": _deliver,
    "ask_documents": _ask_documents,
    "ask_discussion": _ask_discussion,
    "record_meeting": _meet,
}


def why_not(action: str, facts: AnalysisFacts) -> str:
    """Why the case does not allow this action now, or "". A closed case allows none."""
    if not facts.is_open:
        return "The case is closed: reopen it first."
    return _REFUSALS[action](facts)
