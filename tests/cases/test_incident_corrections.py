"""A restoration that is revoked, and an incident that is renamed."""

import pytest

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.jobs.clocks import breach_due, warn_due
from cases.models import Case, Incident, Notice
from cases.services.incidents import rename_incident, withdraw_restoration
from tests import world
from tests.incidents import (
    CRITICAL,
    HIGH,
    HOUR,
    LOW,
    MEDIUM,
    MINUTE,
    SECOND,
    clock,
    local,
    platform_case,
    restore,
    to_severity,
)
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = pytest.mark.django_db

WHY = "It fails again in two regions."


def take_back(desk, incident, now=NOW + 2 * HOUR, *, seen=NOW + HOUR, reason=WHY, who=None):
    return withdraw_restoration(
        incident_id=incident.pk,
        seen=seen,
        reason=reason,
        actor=Actor.of(who or desk.expert),
        now=now,
    )


def rename(desk, incident, title, *, seen="Media in us-east-2", who=None):
    return rename_incident(
        incident_id=incident.pk,
        seen=seen,
        title=title,
        actor=Actor.of(who or desk.expert),
        now=NOW,
    )


def standing(case, kind):
    found = clock(case, kind)
    return (found.state, found.ended_at)


@pytest.mark.rule("SLA-3")
@pytest.mark.rule("RCA-1")
def test_a_restoration_that_is_taken_back_lets_its_clocks_go_on(desk):
    case, other = platform_case(desk, CRITICAL), desk.owned_case()
    incident = case.incident
    before = clock(case, "restoration").due_at
    restore(desk, incident)
    untouched = everything_stored_of(other)
    incident = take_back(desk, incident)
    assert (incident.restored_at, incident.summary, incident.correction) == (None, "", WHY)
    found = clock(case, "restoration")
    assert (found.state, found.started_at, found.due_at) == ("running", NOW, before)
    assert (found.ended_at, found.acts_at) == (None, found.warns_at)
    assert case.clocks.filter(kind="restoration").count() == 1
    assert standing(case, "rca") == ("cancelled", NOW + 2 * HOUR)
    assert Case.objects.get(pk=case.pk).next_due_at == before
    entry = case.entries.latest("pk")
    assert (entry.event, entry.visibility, entry.body) == ("not_restored", "public", WHY)
    # What had been said stays said, and who was told of it is told of the correction.
    assert case.entries.filter(event="restored", body="A switch failed.").exists()
    told = {
        event: set(Notice.objects.filter(event=event).values_list("email", flat=True))
        for event in ("restored", "not_restored")
    }
    assert told["not_restored"] == told["restored"] == {"dana@acme.example"}
    reasons = incident.history.values_list("history_change_reason", flat=True)
    assert reasons[0] == "incidents.withdraw_restoration"
    reasons = found.history.values_list("history_change_reason", flat=True)
    assert list(reasons[:2]) == ["clocks.resumed", "clocks.met"]
    assert everything_stored_of(other) == untouched
    stored = everything_stored()
    take_back(desk, incident, NOW + 3 * HOUR)  # a second click
    assert everything_stored() == stored
    restore(desk, incident, NOW + 3 * HOUR, summary="The switch is replaced.")
    assert Incident.objects.get().correction == ""
    assert standing(case, "restoration") == ("met", NOW + 3 * HOUR)
    rca = clock(case, "rca")
    assert (rca.state, rca.started_at) == ("running", NOW + 3 * HOUR)


def everything_stored_of(case):
    return (
        Case.objects.filter(pk=case.pk).values().get(),
        list(case.entries.values()),
        list(case.clocks.values()),
        Notice.objects.filter(case=case).count(),
    )


@pytest.mark.rule("SLA-7")
@pytest.mark.parametrize("told_before", [False, True])
def test_it_may_be_overdue_then_and_the_owner_hears_of_it_once(desk, told_before):
    case = platform_case(desk, CRITICAL)
    case.clocks.filter(kind="response").delete()
    if told_before:
        breach_all(NOW + 5 * HOUR)
    restore(desk, case.incident, NOW + 2 * HOUR, now=NOW + 5 * HOUR)
    assert standing(case, "restoration") == ("met", NOW + 2 * HOUR)
    take_back(desk, case.incident, NOW + 6 * HOUR, seen=NOW + 2 * HOUR)
    breach_all(NOW + 6 * HOUR)
    assert standing(case, "restoration") == ("breached", None)
    assert Notice.objects.filter(event="clock_breached").count() == 1
    assert not Notice.objects.filter(event="clock_warning").exists()


def breach_all(now):
    while breach_due(now) or warn_due(now):
        pass


@pytest.mark.rule("SLA-6")
def test_what_was_restored_too_late_stays_breached_and_is_open_again(desk):
    case = platform_case(desk, CRITICAL)
    restore(desk, case.incident, NOW + 4 * HOUR + SECOND)
    take_back(desk, case.incident, NOW + 5 * HOUR, seen=NOW + 4 * HOUR + SECOND)
    assert standing(case, "restoration") == ("breached", None)
    assert Case.objects.get(pk=case.pk).next_due_at == NOW + 4 * HOUR


@pytest.mark.rule("SLA-6")
@pytest.mark.parametrize(
    ("severity", "due"), [(MEDIUM, "2026-03-10T10:00"), (CRITICAL, "2026-03-03T14:00"), (LOW, None)]
)
def test_it_counts_by_the_severity_of_now(desk, severity, due):
    case = platform_case(desk, HIGH)
    restore(desk, case.incident)
    to_severity(desk, case, severity, NOW + HOUR)
    take_back(desk, case.incident)
    found = clock(case, "restoration")
    if due is None:
        assert found.state == "cancelled"  # nothing was kept, and nothing is promised
        assert case.clocks.filter(kind="restoration").count() == 1
    else:
        assert (found.state, found.due_at) == ("running", local(due))


@pytest.mark.rule("RCA-3")
def test_an_analysis_counts_no_longer_and_a_delivered_one_stays(desk):
    late, delivered = platform_case(desk, HIGH), platform_case(desk, HIGH)
    desk.act("leave_incident", delivered, text="Their own.")
    delivered = desk.act("join_incident", delivered, text="No.", incident=late.incident)
    restore(desk, late.incident)
    desk.act("deliver_analysis", delivered, text="The switch.", now=NOW + HOUR)
    weeks_later = local("2026-03-20T10:00")
    breach_all(weeks_later)
    assert standing(late, "rca") == ("breached", None)
    take_back(desk, late.incident, weeks_later)
    assert standing(late, "rca") == ("cancelled", weeks_later)
    assert standing(delivered, "rca") == ("met", NOW + HOUR)


@pytest.mark.rule("CASE-8")
def test_a_closed_case_is_told_too_and_a_reopened_one_counts_afresh(desk):
    case, again = platform_case(desk, HIGH), None
    again = platform_case(desk, HIGH, case.incident)
    restore(desk, case.incident)
    for each in (case, again):
        desk.act("close", each, text="Back.", now=NOW + HOUR)
    desk.act("reopen", again, actor=desk.designated, text="No.", now=NOW + HOUR + MINUTE)
    take_back(desk, case.incident)
    assert case.entries.latest("pk").event == "not_restored"
    assert clock(case, "restoration").state == "cancelled"
    assert Case.objects.get(pk=case.pk).next_due_at is None
    former, afresh = again.clocks.filter(kind="restoration").order_by("pk")
    assert former.state == "cancelled"
    assert (afresh.state, afresh.started_at) == ("running", NOW + HOUR + MINUTE)


@pytest.mark.rule("SLA-1")
def test_the_correction_is_no_first_answer(desk):
    case = platform_case(desk, HIGH)
    restore(desk, case.incident, summary="")
    take_back(desk, case.incident)
    assert clock(case, "response").is_open


def test_what_cannot_be_taken_back_is_refused_and_changes_nothing(desk):
    case = platform_case(desk, HIGH)
    others = world.staff_of_every_role()

    def refuses(error, **fields):
        stored = everything_stored()
        with pytest.raises(error):
            take_back(desk, case.incident, **fields)
        assert everything_stored() == stored, fields

    refuses(NotPossible)  # it goes on
    restore(desk, case.incident)
    refuses(Invalid, reason=" ")
    refuses(Invalid, reason="x" * 60_000)
    refuses(NotAllowed, who=desk.designated)
    refuses(NotAllowed, who=others["Escalation Owner"])
    refuses(NotAllowed, who=others["Operations Administrator"])
    take_back(desk, case.incident)
    restore(desk, case.incident, NOW + 3 * HOUR)
    refuses(NotPossible, reason="Seen in an old tab.")


@pytest.mark.rule("FED-13")
def test_the_reason_leaves_the_desk_only_where_mails_carry_content(desk):
    case = platform_case(desk, HIGH)
    restore(desk, case.incident)
    take_back(desk, case.incident)
    mail = Notice.objects.get(event="not_restored", person=desk.designated)
    assert "is not restored yet" in mail.text
    assert (WHY in mail.text) == realm.current().mails_carry_content
    assert "Media in us-east-2" not in mail.text


def test_an_incident_gets_another_name_and_customers_hear_nothing(desk):
    case = platform_case(desk, HIGH)
    told = Notice.objects.count()
    renamed = rename(desk, case.incident, " Media in all regions ")
    assert Incident.objects.get().title == "Media in all regions"
    assert renamed.history.latest().history_change_reason == "incidents.rename_incident"
    stored = everything_stored()
    rename(desk, case.incident, "Media in all regions")  # a second click
    for title, fields, error in (
        ("", {}, Invalid),
        ("x" * 151, {}, Invalid),
        ("Another one", {}, NotPossible),  # an old tab
        ("Mine", {"seen": "Media in all regions", "who": desk.designated}, NotAllowed),
    ):
        with pytest.raises(error):
            rename(desk, case.incident, title, **fields)
    assert everything_stored() == stored
    assert Notice.objects.count() == told
