"""Platform incidents: their promises, and restoring the service for all cases at once."""

import pytest

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.jobs.clocks import breach_due, warn_due
from cases.models import Case, Clock, Incident, Notice
from tests import world
from tests.incidents import (
    CRITICAL,
    HIGH,
    HOUR,
    LOW,
    MEDIUM,
    MINUTE,
    PHONE,
    SECOND,
    clock,
    join,
    local,
    platform_case,
    restore,
    to_severity,
)
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = pytest.mark.django_db


# --- Restoration ----------------------------------------------------------------------------------


@pytest.mark.rule("SLA-3")
@pytest.mark.parametrize(
    ("severity", "opened", "due", "warns"),
    [
        (CRITICAL, "2026-03-07T23:00", "2026-03-08T04:00", "2026-03-08T03:00"),  # an hour skipped
        (HIGH, "2026-03-06T13:00", "2026-03-10T13:00", "2026-03-09T17:00"),
        (MEDIUM, "2026-03-03T10:00", "2026-03-10T10:00", "2026-03-06T16:00"),
        (LOW, "2026-03-03T10:00", None, None),
    ],
)
def test_restoration_is_promised_from_the_creation(desk, severity, opened, due, warns):
    case = platform_case(desk, severity, now=local(opened))
    found = clock(case, "restoration")
    if due is None:
        assert found is None
        return
    assert (found.started_at, found.due_at) == (local(opened), local(due))
    assert found.warns_at == local(warns)


@pytest.mark.rule("SLA-4")
@pytest.mark.parametrize("severity", [CRITICAL, HIGH, MEDIUM, LOW])
def test_a_single_customers_case_has_no_restoration_clock(desk, severity):
    case = desk.owned_case(priority=severity, **PHONE)
    assert clock(case, "restoration") is None
    case = join(desk, case)
    desk.act("leave_incident", case, text="It is their trunk.", now=NOW + MINUTE)
    left = clock(case, "restoration")
    assert left is None or (left.state, left.ended_at) == ("cancelled", NOW + MINUTE)
    assert not Case.objects.get(pk=case.pk).is_platform


@pytest.mark.rule("SLA-6")
def test_severity_and_platform_flag_recompute_from_the_creation(desk):
    case = desk.owned_case(priority=HIGH)
    case = join(desk, case, now=NOW + HOUR)
    assert clock(case, "restoration").due_at == local("2026-03-05T10:00")
    to_severity(desk, case, CRITICAL, NOW + 2 * HOUR)
    assert clock(case, "restoration").due_at == NOW + 4 * HOUR
    to_severity(desk, case, LOW, NOW + 2 * HOUR)
    assert clock(case, "restoration").state == "cancelled"
    to_severity(desk, case, MEDIUM, NOW + 2 * HOUR)
    assert clock(case, "restoration").due_at == local("2026-03-10T10:00")
    assert case.clocks.running().filter(kind="restoration").count() == 1


@pytest.mark.rule("SLA-7")
def test_a_restoration_warns_and_is_breached_and_the_owner_is_told(desk):
    case = platform_case(desk, CRITICAL)
    desk.act("take", desk.case(), text="x")  # another case of theirs hears nothing
    Clock.objects.filter(kind="response").delete()
    assert not warn_due(NOW + 3 * HOUR - SECOND)
    assert warn_due(NOW + 3 * HOUR)
    assert breach_due(NOW + 4 * HOUR + SECOND)
    assert clock(case, "restoration").state == "breached"
    told = Notice.objects.filter(event__startswith="clock_").values_list("event", "email")
    assert set(told) == {
        ("clock_warning", "erin@support.example"),
        ("clock_breached", "erin@support.example"),
    }


@pytest.mark.rule("RCA-1")
@pytest.mark.rule("SLA-3")
def test_restoring_an_incident_restores_the_cases_of_all_customers(desk):
    first = platform_case(desk, CRITICAL)
    incident = first.incident
    other_org = world.organization("initech")
    other = platform_case(
        desk,
        HIGH,
        incident,
        actor=Actor.of(contact_of(other_org)),
        deployment=other_org.deployments.get(),
    )
    closed = desk.act("close", platform_case(desk, MEDIUM, incident), text="Back.", now=NOW)
    at = NOW + 2 * HOUR
    restore(desk, incident, at, now=at + HOUR)
    for case in (first, other, closed):
        entry = case.entries.latest("pk")
        assert (entry.event, entry.visibility, entry.body) == (
            "restored",
            "public",
            "A switch failed.",
        )
    for case in (first, other):
        found = clock(case, "restoration")
        assert (found.state, found.ended_at) == ("met", at)
        assert clock(case, "response").ended_at == at + HOUR  # the summary was an answer
        assert (clock(case, "rca").state, clock(case, "rca").started_at) == ("running", at)
    assert clock(closed, "restoration").state == "cancelled"
    assert clock(closed, "rca") is None
    told = set(Notice.objects.filter(event="restored").values_list("email", flat=True))
    assert told == {"dana@acme.example", "ida@initech.example"}
    stored = Incident.objects.get()
    assert (stored.restored_at, stored.summary) == (at, "A switch failed.")
    assert stored.history.latest().history_change_reason == "incidents.restore_service"


def contact_of(organization):
    someone = world.person("ida@initech.example")
    world.membership(someone, organization, "designated")
    return someone


@pytest.mark.rule("RCA-1")
def test_a_critical_incident_is_not_restored_without_its_summary(desk):
    case = platform_case(desk, CRITICAL)
    stored = everything_stored()
    with pytest.raises(Invalid) as refusal:
        restore(desk, case.incident, summary="  ")
    assert refusal.value.field == "summary"
    assert everything_stored() == stored
    to_severity(desk, case, HIGH, NOW)
    restore(desk, case.incident, summary="")
    assert case.entries.latest("pk").event == "restored"


@pytest.mark.rule("SLA-3")
@pytest.mark.parametrize(
    ("told_late", "seconds", "state"),
    [(False, 0, "met"), (False, 1, "breached"), (True, 0, "met"), (True, 1, "breached")],
)
def test_it_is_the_stated_time_that_counts(desk, told_late, seconds, state):
    """Also where a sweep had marked the clock as breached before anybody said so."""
    case = platform_case(desk, CRITICAL)
    at = NOW + 4 * HOUR + seconds * SECOND
    if told_late:
        while breach_due(NOW + 5 * HOUR):
            pass
    restore(desk, case.incident, at, now=NOW + 6 * HOUR)
    found = clock(case, "restoration")
    assert (found.state, found.ended_at, found.is_open) == (state, at, False)


@pytest.mark.rule("RCA-1")
def test_what_cannot_be_is_refused_and_changes_nothing(desk):
    case = platform_case(desk, CRITICAL)
    others = world.staff_of_every_role()
    stored = everything_stored()
    refusals = [
        ({"at": None, "now": NOW + HOUR}, Invalid),
        ({"at": NOW + HOUR + SECOND, "now": NOW + HOUR}, Invalid),
        ({"at": NOW - MINUTE, "now": NOW + HOUR}, Invalid),
        ({"summary": "x" * 60_000}, Invalid),
        ({"who": desk.designated}, NotAllowed),
        ({"who": others["Escalation Owner"]}, NotAllowed),
        ({"who": others["Operations Administrator"]}, NotAllowed),
    ]
    for fields, error in refusals:
        with pytest.raises(error):
            restore(desk, case.incident, **fields)
        assert everything_stored() == stored, fields
    restore(desk, case.incident)
    stored = everything_stored()
    restore(desk, case.incident)  # a second click
    with pytest.raises(NotPossible):
        restore(desk, case.incident, summary="Another one.")
    late = desk.owned_case()
    stored = everything_stored()
    with pytest.raises(Invalid):
        join(desk, late, case.incident, title="Not new either")
    assert everything_stored() == stored


@pytest.mark.rule("FED-13")
def test_the_summary_leaves_the_desk_only_where_mails_carry_content(desk):
    case = platform_case(desk, CRITICAL)
    restore(desk, case.incident)
    mail = Notice.objects.get(event="restored", person=desk.designated)
    assert ("A switch failed." in mail.text) == realm.current().mails_carry_content
    assert "Media in us-east-2" not in mail.text


def test_an_incident_that_all_cases_left_can_be_over_too(desk):
    case = platform_case(desk, HIGH)
    incident = case.incident
    desk.act("leave_incident", case, text="It is their trunk.")
    restore(desk, incident, summary="")
    assert Incident.objects.get().restored_at
    assert case.entries.latest("pk").event == "single"
