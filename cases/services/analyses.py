"""Platform-level cases: joining an incident, leaving it, and the root cause analysis.

Each is an action of `rules.actions`, carried out by `services.lifecycle.act`, which holds the
case's lock, checks role and facts, and writes the feed and the notices.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from ..actors import Actor
from ..errors import Invalid, NotPossible
from ..models import Analysis, Case, Incident
from ..persistence import save
from ..rules import analysis
from ..rules.actions import Action
from .texts import checked_line

TITLE_MAX = 150
NOT_DELIVERED = "The root cause analysis has not been delivered yet."


@dataclass(frozen=True)
class Given:
    """What an action receives besides its text. The incident is locked."""

    incident: Incident | None = None
    title: str = ""
    held_at: dt.datetime | None = None


def facts_of(case: Case) -> analysis.AnalysisFacts:
    """What the rules need to know about the case. At most two queries; none for most cases."""
    found = analysis_of(case)
    incident = case.incident
    return analysis.AnalysisFacts(
        severity=case.severity,
        is_open=case.is_open,
        is_platform=incident is not None,
        restored_at=incident.restored_at if incident else None,
        asked_at=found.asked_at if found else None,
        delivered_at=found.delivered_at if found else None,
        documents_asked_at=found.documents_asked_at if found else None,
        discussion_asked_at=found.discussion_asked_at if found else None,
        met_at=found.met_at if found else None,
    )


def analysis_of(case: Case) -> Analysis | None:
    """The case's analysis, if anything was asked or delivered yet. If there is none, or the case
    was read together with it, this costs no query."""
    if case.incident_id is None:
        return None
    try:
        found: Analysis = case.analysis
    except Analysis.DoesNotExist:
        return None
    return found


def analysis_since(case: Case) -> dt.datetime | None:
    """Since when Product Support has been analysing the root cause (ESC-7).

    None if no analysis is under way: the case is not platform-level, service is not restored,
    nobody asked and the severity does not demand it, or everything was delivered.
    """
    return analysis.analysed_since(facts_of(case))


def carry_out(case: Case, action: Action, given: Given, *, actor: Actor, now: dt.datetime) -> str:
    """The action is stored, except for its text; returns what the feed says about it.

    Raises NotPossible as `rules.analysis` says, Invalid if something is missing.
    """
    if reason := analysis.why_not(action.name, facts_of(case)):
        raise NotPossible(f"“{action.label}” is not possible: {reason}")
    why = f"lifecycle.{action.name}"
    if action.name == "join_incident":
        case.incident = _joined(given, actor=actor, now=now, why=why)
        return case.incident.number
    if action.name == "leave_incident":
        left = case.incident
        case.incident = None
        return left.number if left else ""
    row = analysis_of(case) or Analysis(case=case)
    column = {
        "ask_analysis": "asked_at",
        "deliver_analysis": "delivered_at",
        "ask_documents": "documents_asked_at",
        "ask_discussion": "discussion_asked_at",
        "record_meeting": "met_at",
    }[action.name]
    at = _held(given, row, now=now) if column == "met_at" else now
    setattr(row, column, at)
    save(row, actor=actor, now=now, why=why, fields=[column] if row.pk else None)
    return f"{at:%Y-%m-%d}" if column == "met_at" else ""


def _joined(given: Given, *, actor: Actor, now: dt.datetime, why: str) -> Incident:
    """The existing incident, or a new one with this title. Raises Invalid."""
    if given.incident is not None:
        if given.incident.restored_at is not None:
            raise Invalid("incident", "This incident is over: its service has been restored.")
        return given.incident
    needed = "Choose an ongoing incident, or name a new one."
    title = checked_line("title", given.title, most=TITLE_MAX, needed=needed)
    incident = Incident(title=title, created_at=now, created_by=actor.person)
    save(incident, actor=actor, now=now, why=why)
    return incident


def _held(given: Given, row: Analysis, *, now: dt.datetime) -> dt.datetime:
    if given.held_at is None:
        raise Invalid("held_at", "Say when the meeting was held.")
    if given.held_at > now:
        raise Invalid("held_at", "This is in the future: record the meeting once it has been held.")
    if row.delivered_at and given.held_at < row.delivered_at:
        raise Invalid("held_at", "The final document had not been delivered yet at that time.")
    return given.held_at


def veto_while_owed(cases: Sequence[Case]) -> dict[int, str]:
    """RCA-3: a job closes no case whose analysis is still owed; its owner is asked instead."""
    return {
        case.pk: NOT_DELIVERED
        for case in cases
        if case.is_platform and analysis_since(case) is not None
    }
