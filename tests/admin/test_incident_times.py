"""Time to restore and time to resolve, measured and reported (SLA-9)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Case, Incident
from cases.rules.incident_times import IncidentTimes
from cases.services.incidents import (
    restore_service,
    state_times,
    times_of,
    times_seen,
    withdraw_restoration,
)
from tests.admin.pages import text_of
from tests.stored import everything_stored
from tests.world import NOW

from .test_incidents import LIST, action_url, marked, page_of

HOUR = dt.timedelta(hours=1)


def given(desk, **fields):
    """An incident whose one case was opened at NOW."""
    case = marked(desk, now=NOW)
    Incident.objects.filter(pk=case.incident_id).update(created_at=NOW + HOUR / 2, **fields)
    return Incident.objects.get(pk=case.incident_id)


def state(desk, incident, began=None, resolved=None, **fields):
    values = {"actor": Actor.of(desk.expert), "now": NOW + 30 * HOUR, **fields}
    values.setdefault("seen", times_seen(incident))
    return state_times(
        incident_id=incident.pk, impact_began_at=began, resolved_at=resolved, **values
    )


@pytest.mark.rule("SLA-9")
@pytest.mark.parametrize(
    ("began", "restored", "resolved", "to_restore", "to_resolve"),
    [
        (None, None, None, None, None),
        (None, 3, None, 3, None),
        (-2, 3, None, 5, None),
        (-2, 3, 20, 5, 22),
        (None, 3, 3, 3, 3),
    ],
)
def test_both_count_from_the_beginning_of_the_impact(
    began, restored, resolved, to_restore, to_resolve
):
    def at(hours):
        return None if hours is None else NOW + hours * HOUR

    times = IncidentTimes(NOW, at(began), at(restored), at(resolved))
    spans = [None if hours is None else hours * HOUR for hours in (to_restore, to_resolve)]
    assert [times.to_restore, times.to_resolve] == spans


@pytest.mark.rule("SLA-9")
def test_without_a_stated_beginning_the_first_case_counts(desk):
    incident = given(desk, restored_at=NOW + 3 * HOUR)
    assert times_of(incident).to_restore == 3 * HOUR
    incident = state(desk, incident, NOW - HOUR, NOW + 20 * HOUR)
    times = times_of(Incident.objects.get(pk=incident.pk))
    assert (times.to_restore, times.to_resolve) == (4 * HOUR, 21 * HOUR)
    assert incident.history.first().history_change_reason == "incidents.state_times"
    stored = everything_stored()
    state(desk, incident, NOW - HOUR, NOW + 20 * HOUR, seen="|")  # a second click
    assert everything_stored() == stored


@pytest.mark.rule("SLA-9")
def test_what_cannot_be_is_refused_without_a_trace(desk):
    incident = given(desk, restored_at=NOW + 3 * HOUR)
    stored = everything_stored()
    refused = [
        (Invalid, {"began": NOW + 3 * HOUR + HOUR}),
        (Invalid, {"began": NOW + 31 * HOUR}),
        (Invalid, {"resolved": NOW + 2 * HOUR}),
        (Invalid, {"resolved": NOW + 31 * HOUR}),
        (NotAllowed, {"began": NOW, "actor": Actor.of(desk.designated)}),
        (NotPossible, {"began": NOW, "seen": "somebody else's"}),
    ]
    for error, values in refused:
        with pytest.raises(error):
            state(desk, incident, **values)
    assert everything_stored() == stored
    for fields in ({"impact_began_at": NOW + 4 * HOUR}, {"resolved_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(**fields)


@pytest.mark.rule("SLA-9")
def test_what_is_not_restored_is_not_resolved(desk):
    incident = given(desk)
    with pytest.raises(Invalid):
        state(desk, incident, resolved=NOW + HOUR)
    state(desk, incident, began=NOW + HOUR)
    actor = Actor.of(desk.expert)
    with pytest.raises(Invalid):  # before the impact began
        restore_service(
            incident_id=incident.pk, restored_at=NOW, summary="x", actor=actor, now=NOW + 2 * HOUR
        )
    at = NOW + 2 * HOUR
    incident = restore_service(
        incident_id=incident.pk, restored_at=at, summary="x", actor=actor, now=at
    )
    incident = state(desk, incident, resolved=at)
    withdraw_restoration(incident_id=incident.pk, seen=at, reason="No.", actor=actor, now=at + HOUR)
    assert Incident.objects.get(pk=incident.pk).resolved_at is None


@pytest.mark.rule("SLA-9")
def test_the_pages_report_them(desk, staff):
    now = timezone.now().replace(second=0, microsecond=0)
    case = marked(desk, now=now - 5 * HOUR)
    incident = Incident.objects.get(pk=case.incident_id)
    Incident.objects.filter(pk=incident.pk).update(
        created_at=now - 5 * HOUR, restored_at=now - 3 * HOUR
    )
    shown = text_of(staff.get(page_of(incident)))
    assert "Time to restore 2 h 0 min" in shown
    assert "the start of the impact is not recorded" in shown
    utc = timezone.localtime(now, dt.UTC)
    answer = staff.post(
        action_url(incident, "times"),
        {
            "seen": "|",
            "impact_began_at": f"{utc - 6 * HOUR:%Y-%m-%dT%H:%M}",
            "resolved_at": f"{utc - 2 * HOUR:%Y-%m-%dT%H:%M}",
            "submission": "00000000-0000-4000-8000-000000000001",
        },
    )
    assert answer.status_code == 302
    shown = text_of(staff.get(page_of(incident)))
    assert "Time to restore 3 h 0 min" in shown
    assert "Time to resolve 4 h 0 min" in shown
    assert "3 h 0 min / 4 h 0 min" in text_of(staff.get(LIST))
    assert Case.objects.get(pk=case.pk).version == case.version  # it measures, and tells nobody
