"""The criteria of an escalation: when it was requested, and now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cases.promises import note_telephone_support

from . import wording
from .models import Escalation, ReadMark
from .rules.criteria import Eligibility, evaluate
from .selectors import gather, newest_support_entries


@dataclass(frozen=True)
class CriterionStatus:
    """One criterion: whether it was met then (None: not evaluated), and whether it is now."""

    line: wording.Line
    was_met: bool | None


def verdicts_now(escalations: Sequence[Escalation], now: dt.datetime) -> dict[int, Eligibility]:
    """How the criteria would judge each of these requests now, by the escalation's primary key.

    The escalation itself does not count as the active one. Three queries in total, and a fourth if
    some are over; each must come with its case, organization, calendar, deployment,
    reason and requester.
    """
    note_telephone_support(each.case.organization for each in escalations)
    cases = {each.case_id for each in escalations}
    newest = newest_support_entries(cases)
    marks = ReadMark.objects.filter(case__in=cases).values_list(
        "case", "person", "entry__created_at", "entry"
    )
    read = {(case, person): (at, pk) for case, person, at, pk in marks}
    # A case has at most one active escalation (ESC-5): beside an active one there is no other.
    over = {each.case_id for each in escalations if not each.is_active}
    others = Escalation.objects.active().filter(case__in=over) if over else []
    escalated = {each.case_id for each in others}
    found = {}
    for each in escalations:
        update, seen = newest.get(each.case_id), read.get((each.case_id, each.requested_by_id))
        facts = gather(
            case=each.case,
            contact=each.requested_by,
            now=now,
            reason=each.reason,
            impact=each.impact,
            has_active_escalation=not each.is_active and each.case_id in escalated,
            unread=update is not None and (seen is None or seen < update),
        )
        found[each.pk] = evaluate(facts)
    return found


def statuses(escalation: Escalation, now: dt.datetime) -> list[CriterionStatus]:
    """Every criterion then and now, in the order of the rules."""
    then = {each["criterion"]: each["met"] for each in escalation.criteria}
    verdict = verdicts_now([escalation], now)[escalation.pk]
    return [
        CriterionStatus(line=wording.line(outcome), was_met=then.get(outcome.criterion))
        for outcome in verdict.outcomes
    ]
