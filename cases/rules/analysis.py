"""The root cause analysis of a platform-level case: since when it is owed, and which step is next.

Pure (RCA-1 to RCA-4). A step's answer is why it is not possible, or "".
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: RCA-3: Critical and High are owed an analysis, asked for or not.
DEMANDED_BY = frozenset({1, 2})


@dataclass(frozen=True)
class Standing:
    """What is known of a case, its incident, and its analysis. None: it has not happened."""

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
        """Whether further documentation was asked for and nothing was delivered since."""
        asked = self.documents_asked_at
        return asked is not None and (self.delivered_at is None or self.delivered_at < asked)

    @property
    def lacks_discussion(self) -> bool:
        """Whether a follow-up discussion was asked for and none was held since."""
        asked = self.discussion_asked_at
        return asked is not None and (self.met_at is None or self.met_at < asked)


def owed_since(standing: Standing) -> dt.datetime | None:
    """From when the analysis is counted (RCA-3); None where none is owed, or it was delivered.

    From the restoration; where only the contact's request makes it owed and came later, from the
    request: a promise cannot be broken before it was asked for.
    """
    restored = standing.restored_at
    if restored is None or not standing.is_wanted or standing.delivered_at is not None:
        return None
    if standing.severity in DEMANDED_BY or standing.asked_at is None:
        return restored
    return max(restored, standing.asked_at)


def analysed_since(standing: Standing) -> dt.datetime | None:
    """Since when Product Support has been at it (ESC-7), further documentation included."""
    if standing.is_platform and standing.lacks_documents and standing.delivered_at is not None:
        return standing.documents_asked_at
    return owed_since(standing)


# --- Steps: each is an action of `rules.actions` that changes no state of the case ---------------


def _join(standing: Standing) -> str:
    return "The case belongs to an incident already." if standing.is_platform else ""


def _leave(standing: Standing) -> str:
    return "" if standing.is_platform else "The case is not platform-level."


def _ask_analysis(standing: Standing) -> str:
    if not standing.is_platform:
        return "A root cause analysis is given for platform-level cases only."
    if standing.delivered_at is not None:
        return "The root cause analysis was delivered already."
    return "The root cause analysis was asked for already." if standing.asked_at else ""


def _deliver(standing: Standing) -> str:
    if not standing.is_platform:
        return "A root cause analysis is given for platform-level cases only."
    return "" if standing.restored_at else "The service is not restored yet."


def _ask_documents(standing: Standing) -> str:
    if not standing.is_platform or standing.delivered_at is None:
        return "Further documentation can be asked for once the analysis is delivered."
    if standing.lacks_documents:
        return "It was asked for already; Product Support works on it."
    return ""


def _ask_discussion(standing: Standing) -> str:
    if not standing.is_wanted and standing.delivered_at is None:
        return "Ask for the root cause analysis first."
    return "A discussion was asked for already." if standing.lacks_discussion else ""


def _meet(standing: Standing) -> str:
    if standing.delivered_at is None:
        return "A meeting can be recorded once the final document is delivered."
    if standing.lacks_documents:
        return "The customer asked for further documentation: deliver it first."
    return ""


_STEPS: Mapping[str, Callable[[Standing], str]] = {
    "join_incident": _join,
    "leave_incident": _leave,
    "ask_analysis": _ask_analysis,
    "deliver_analysis": _deliver,
    "ask_documents": _ask_documents,
    "ask_discussion": _ask_discussion,
    "record_meeting": _meet,
}


def why_not(step: str, standing: Standing) -> str:
    """Why the case cannot take this step now; "" where it can. No closed case takes any."""
    if not standing.is_open:
        return "The case is closed: reopen it first."
    return _STEPS[step](standing)
