"""A case that joins an incident in the instant in which its service is restored.

As in `test_races.py`, the race is run again without its lock, on PostgreSQL, where it must fail.
"""

import datetime as dt
import time

import pytest

from cases.errors import Invalid
from cases.models import Case, Clock, Incident
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together
from tests.incidents import HIGH, join, platform_case, restore
from tests.world import NOW

AT = NOW + dt.timedelta(hours=1)
JOINING = 3


def unlocked_incident(incident_id: int) -> Incident:
    incident = Incident.objects.get(pk=incident_id)
    time.sleep(0.01)
    return incident


def joining_meets_restoring(desk) -> None:
    incident = platform_case(desk, HIGH).incident
    late = [desk.owned_case(priority=HIGH) for _ in range(JOINING)]
    *joined, restored = together(
        [lambda case=case: join(desk, case, incident, now=AT) for case in late]
        + [lambda: restore(desk, incident, AT)]
    )
    assert isinstance(restored, Incident), restored
    for outcome, case in zip(joined, late, strict=True):
        stored = Case.objects.get(pk=case.pk)
        clocks = Clock.objects.filter(case=case, kind__in=["restoration", "rca"])
        if isinstance(outcome, Case):
            assert stored.incident == incident
            assert case.entries.latest("pk").event == "restored"
            assert {(each.kind, each.state) for each in clocks} == {
                ("restoration", "met"),
                ("rca", "running"),
            }
        else:
            assert isinstance(outcome, Invalid), outcome
            assert not stored.is_platform, "the loser left a trace"
            assert not clocks.exists()


@pytest.mark.rule("RCA-1")
def test_a_case_that_joins_is_restored_or_refused(desk):
    for _ in range(4):
        joining_meets_restoring(desk)


@pytest.mark.servers
def test_without_the_lock_a_case_joins_and_is_never_restored(desk, monkeypatch):
    monkeypatch.setattr("cases.services.lifecycle.lock_incident", unlocked_incident)
    monkeypatch.setattr("cases.services.incidents.lock_incident", unlocked_incident)
    fails_at_least_once(joining_meets_restoring, desk)
