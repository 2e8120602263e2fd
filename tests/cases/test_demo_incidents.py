"""The demo's platform incidents: one in each state, and clocks that warn and are breached."""

import datetime as dt

import pytest

from cases.demo import incidents, play
from cases.demo.signins import world
from cases.models import Analysis, Clock, Incident
from tests.world import NOW


@pytest.mark.django_db
@pytest.mark.parametrize("now", [NOW, dt.datetime(2026, 12, 27, 3, 0, tzinfo=dt.UTC)])
def test_who_opens_the_demo_sees_each_state_of_an_incident(now):
    incidents.scenes(play.Stage(world(), now))

    assert Incident.objects.going_on().count() == 2
    assert Incident.objects.count() == 5
    for incident in Incident.objects.all():
        organizations = set(incident.cases.values_list("organization", flat=True))
        assert len(organizations) == min(incidents.CUSTOMERS, incident.cases.count()) > 1
    assert Analysis.objects.filter(met_at__isnull=False).exists()
    assert Analysis.objects.filter(documents_asked_at__isnull=False).exists()
    running = Clock.objects.filter(kind="restoration", state="running")
    assert running.filter(warned_at__isnull=False).exists()
    assert Clock.objects.filter(kind="restoration", state="breached", ended_at=None).exists()
    assert Clock.objects.filter(kind="restoration", state="met").exists()
    response = Clock.objects.filter(kind="response", ended_at=None)
    assert {clock.state for clock in response} == {"running", "breached"}
    assert not Clock.objects.filter(started_at__gt=now).exists()
