"""The steps of a platform-level case, by state and role, and its root cause analysis."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible, SentBefore
from cases.jobs.clocks import breach_due, close_due
from cases.models import Analysis, Case, Notice
from cases.roles import SUPPORT_EXPERT
from cases.rules.actions import ACTIONS
from cases.services.analyses import analysis_since
from cases.services.files import check_files
from cases.services.lifecycle import act, possible_actions
from tests import world
from tests.incidents import (
    CRITICAL,
    DAY,
    HIGH,
    HOUR,
    LOW,
    MEDIUM,
    MINUTE,
    SECOND,
    clock,
    contact_asks,
    join,
    local,
    platform_case,
    restore,
    to_severity,
)
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = pytest.mark.django_db

ONE_INCIDENT = {"join_incident", "leave_incident"}

# --- The steps: standing x role -------------------------------------------------------------------

SINGLE, GOING_ON, RESTORED, ASKED = "single customer", "going on", "restored", "asked for"
DELIVERED, DOCUMENTS, DISCUSSION, MET = "delivered", "documents asked", "talk asked", "met"
SHUT = "closed"
STAFF_STEPS = {
    SINGLE: {"join_incident"},
    GOING_ON: {"leave_incident"},
    RESTORED: {"leave_incident", "deliver_analysis"},
    ASKED: {"leave_incident", "deliver_analysis"},
    DELIVERED: {"leave_incident", "deliver_analysis", "record_meeting"},
    DOCUMENTS: {"leave_incident", "deliver_analysis"},
    DISCUSSION: {"leave_incident", "deliver_analysis", "record_meeting"},
    MET: {"leave_incident", "deliver_analysis", "record_meeting"},
    SHUT: set(),
}
#: A Medium case: no analysis is owed until the contact asks.
CONTACT_STEPS = {
    SINGLE: set(),
    GOING_ON: {"ask_analysis"},
    RESTORED: {"ask_analysis"},
    ASKED: {"ask_discussion"},
    DELIVERED: {"ask_documents", "ask_discussion"},
    DOCUMENTS: {"ask_discussion"},
    DISCUSSION: {"ask_documents"},
    MET: {"ask_documents", "ask_discussion"},
    SHUT: set(),
}


def case_at(desk, standing):
    if standing == SINGLE:
        return desk.owned_case()
    case = platform_case(desk, MEDIUM)
    if standing == GOING_ON:
        return case
    restore(desk, case.incident, NOW)
    if standing == RESTORED:
        return case
    contact_asks(desk, case)
    if standing == ASKED:
        return case
    desk.act("deliver_analysis", case, text="The switch.", now=NOW)
    if standing == DOCUMENTS:
        contact_asks(desk, case, "ask_documents", NOW + SECOND)
    if standing in {DISCUSSION, MET}:
        contact_asks(desk, case, "ask_discussion", NOW)
    if standing == MET:
        desk.act("record_meeting", case, text="Agreed.", held_at=NOW + MINUTE, now=NOW + MINUTE)
    if standing == SHUT:
        desk.act("close", case, text="Done.")
    return case


@pytest.mark.rule("RCA-2")
@pytest.mark.rule("RCA-4")
@pytest.mark.rule("ACC-1")
@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("standing", STAFF_STEPS)
def test_every_step_and_role_where_the_case_is(desk, standing):
    case = Case.objects.get(pk=case_at(desk, standing).pk)
    staff = world.staff_of_every_role()
    people = {
        "Designated": (desk.designated, CONTACT_STEPS[standing]),
        "Read-Only": (desk.read_only, set()),
        "outsider": (desk.outsider, set()),
        SUPPORT_EXPERT: (desk.expert, STAFF_STEPS[standing]),
        "Product Support Manager": (
            staff["Product Support Manager"],
            STAFF_STEPS[standing] & ONE_INCIDENT,
        ),
        "Escalation Owner": (staff["Escalation Owner"], set()),
        "Access Administrator": (staff["Access Administrator"], set()),
        "Operations Administrator": (staff["Operations Administrator"], set()),
    }
    stored = everything_stored()
    at = NOW + HOUR
    for role, (someone, allowed) in people.items():
        actor = Actor.of(someone)
        shown = {each.name for each in possible_actions(case, actor=actor) if each.keeps_state}
        assert shown == allowed, role
        for name in (name for name, action in ACTIONS.items() if action.keeps_state):
            with transaction.atomic():
                arguments = {"text": "Words.", "title": "New", "held_at": at}
                if name in allowed:
                    act(case_id=case.pk, action=name, actor=actor, now=at, **arguments)
                    check_written(case, name, someone, at)
                else:
                    with pytest.raises((NotAllowed, NotPossible)):
                        act(case_id=case.pk, action=name, actor=actor, now=at, **arguments)
                    assert everything_stored() == stored, f"{name} by {role}"
                transaction.set_rollback(True)


def check_written(case, name, someone, at):
    entry = case.entries.latest("pk")
    assert (entry.event, entry.body, entry.visibility, entry.author) == (
        ACTIONS[name].event,
        "Words.",
        "public",
        someone,
    )
    after = Case.objects.get(pk=case.pk)
    assert after.public_version == case.public_version + 1
    told = set(Notice.objects.filter(created_at=at).values_list("email", flat=True))
    assert told == {
        "erin@support.example" if someone.email.startswith("dana") else "dana@acme.example"
    }
    row = after.history.latest()
    assert (row.history_change_reason, row.history_user) == (f"lifecycle.{name}", someone)


def test_two_clicks_are_one_step_and_another_text_is_told(desk):
    case = desk.owned_case()
    key = world.Organization().org_id
    join(desk, case, submission=key)
    stored = everything_stored()
    join(desk, case, submission=key)
    with pytest.raises(SentBefore):
        desk.act("join_incident", case, text="Else.", title="x", submission=key)
    assert everything_stored() == stored


# --- The analysis -----------------------------------------------------------------------------

#: In the FedRAMP realm no deployment is on premises (FED-8).
ON_PREMISES = pytest.mark.realm("commercial")


@pytest.mark.rule("RCA-3")
@pytest.mark.parametrize(
    ("severity", "hosting", "asked", "due"),
    [
        (CRITICAL, "cloud", False, "2026-03-10T12:00"),
        (HIGH, "cloud", True, "2026-03-10T12:00"),
        (MEDIUM, "cloud", True, None),
        pytest.param(CRITICAL, "premises", False, "2026-03-12T12:00", marks=ON_PREMISES),
        pytest.param(MEDIUM, "premises", True, "2026-03-12T12:00", marks=ON_PREMISES),
        pytest.param(LOW, "premises", True, "2026-03-12T12:00", marks=ON_PREMISES),
        pytest.param(MEDIUM, "premises", False, None, marks=ON_PREMISES),
    ],
)
def test_the_analysis_is_due_days_after_the_restoration(desk, severity, hosting, asked, due):
    desk.deployment.hosting = hosting
    desk.deployment.save()
    case = platform_case(desk, severity)
    if asked:
        contact_asks(desk, case, now=NOW + HOUR)
    assert clock(case, "rca") is None
    restored = local("2026-03-03T12:00")
    restore(desk, case.incident, restored, now=restored + DAY)
    found = clock(case, "rca")
    assert (found.due_at if found else None) == (local(due) if due else None)
    desk.act("deliver_analysis", case, text="The switch.", now=restored + DAY)
    assert not case.clocks.running().filter(kind="rca").exists()
    assert not found or clock(case, "rca").state == "met"


@ON_PREMISES
@pytest.mark.rule("RCA-2")
@pytest.mark.rule("RCA-3")
def test_asking_later_counts_from_the_restoration_and_moves_nothing_that_runs(desk):
    desk.deployment.hosting = "premises"
    desk.deployment.save()
    medium = platform_case(desk, MEDIUM)
    high = platform_case(desk, HIGH, medium.incident)
    restore(desk, medium.incident, NOW)
    due = clock(high, "rca").due_at
    later = local("2026-03-23T10:00")
    contact_asks(desk, medium, now=later)
    contact_asks(desk, high, now=local("2026-03-04T10:00"))
    # Seven days after the restoration are over: a business day after it was asked for.
    assert clock(medium, "rca").started_at == NOW
    assert clock(medium, "rca").due_at == local("2026-03-24T10:00")
    assert clock(high, "rca").due_at == due
    assert high.clocks.filter(kind="rca").count() == 1
    assert Notice.objects.filter(event="analysis_asked", email="erin@support.example").count() == 2


@ON_PREMISES
@pytest.mark.rule("RCA-3")
@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-04T10:00", "2026-03-12T10:00"),
        ("2026-03-11T10:00", "2026-03-12T10:00"),
        ("2026-03-11T10:01", "2026-03-12T10:01"),
        ("2026-03-13T16:00", "2026-03-16T16:00"),  # over the weekend
    ],
)
def test_what_is_asked_for_late_has_a_business_day_at_least(desk, asked, due):
    desk.deployment.hosting = "premises"
    desk.deployment.save()
    case = platform_case(desk, MEDIUM)
    restore(desk, case.incident, NOW)
    contact_asks(desk, case, now=local(asked))
    found = clock(case, "rca")
    assert (found.due_at, found.started_at) == (local(due), NOW)
    assert NOW < found.warns_at < found.due_at


@pytest.mark.rule("RCA-2")
@pytest.mark.rule("RESP-3")
def test_asking_is_an_answer_to_what_was_asked(desk):
    case = platform_case(desk)
    desk.act("ask", case, text="Does it work again?")
    contact_asks(desk, case, now=NOW + MINUTE)
    assert Case.objects.get(pk=case.pk).state == "in_progress"
    assert not case.clocks.running().filter(kind__in=["reminder", "closure"]).exists()


@pytest.mark.rule("RCA-4")
def test_from_the_document_to_the_meeting(desk):
    case = platform_case(desk, HIGH)
    restore(desk, case.incident, NOW)
    at = NOW + DAY
    stored = everything_stored()
    with pytest.raises(Invalid):
        desk.act("deliver_analysis", case, now=at)
    assert everything_stored() == stored
    files = check_files([SimpleUploadedFile("rca.txt", b"The switch.")])
    key = world.Organization().org_id
    for _ in range(2):  # the second of two clicks
        desk.act("deliver_analysis", case, files=files, submission=key, now=at)
    assert case.entries.filter(event="rca_given").count() == 1
    entry = case.entries.latest("pk")
    assert entry.body == "The document is attached."
    assert entry.attachments.get().name == "rca.txt"
    assert clock(case, "rca").state == "met"

    contact_asks(desk, case, "ask_discussion", at + MINUTE, "On Monday?")
    contact_asks(desk, case, "ask_documents", at + 2 * MINUTE, "The traces, please.")
    with pytest.raises(NotPossible):
        desk.act("record_meeting", case, text="x", held_at=at + HOUR, now=at + HOUR)
    desk.act("deliver_analysis", case, text="The traces.", now=at + HOUR)
    stored = everything_stored()
    for held_at in (None, at + MINUTE, at + 9 * HOUR):
        with pytest.raises(Invalid) as refusal:
            desk.act("record_meeting", case, text="x", held_at=held_at, now=at + 2 * HOUR)
        assert refusal.value.field == "held_at"
    assert everything_stored() == stored
    desk.act("record_meeting", case, text="All clear.", held_at=at + HOUR, now=at + 2 * HOUR)
    row = Analysis.objects.get(case=case)
    assert (row.met_at, row.delivered_at) == (at + HOUR, at + HOUR)
    assert [each.history_change_reason for each in row.history.order_by("history_id")] == [
        f"lifecycle.{name}"
        for name in (
            "deliver_analysis",
            "ask_discussion",
            "ask_documents",
            "deliver_analysis",
            "record_meeting",
        )
    ]


@pytest.mark.rule("ESC-7")
def test_since_when_product_support_analyses(desk):
    case = platform_case(desk, MEDIUM)

    def since():
        return analysis_since(Case.objects.get(pk=case.pk))

    assert since() is None
    restore(desk, case.incident, NOW)
    assert since() is None
    contact_asks(desk, case, now=NOW + HOUR)
    assert since() == NOW + HOUR
    to_severity(desk, case, HIGH, NOW + HOUR)
    assert since() == NOW
    desk.act("deliver_analysis", case, text="The switch.", now=NOW + 2 * HOUR)
    assert since() is None
    contact_asks(desk, case, "ask_documents", NOW + 3 * HOUR)
    assert since() == NOW + 3 * HOUR
    assert analysis_since(desk.owned_case(priority=HIGH)) is None


@pytest.mark.rule("CASE-8")
@pytest.mark.rule("RCA-3")
def test_reopening_a_case_does_not_move_its_analysis(desk):
    case = platform_case(desk, HIGH)
    restore(desk, case.incident, NOW)
    due = clock(case, "rca").due_at
    desk.act("close", case, actor=desk.designated, text="Enough.", now=NOW + HOUR)
    assert clock(case, "rca").state == "cancelled"
    again = NOW + 2 * DAY
    desk.act("reopen", case, actor=desk.designated, text="We need it.", now=again)
    found = clock(case, "rca")
    assert (found.started_at, found.due_at, found.state) == (NOW, due, "running")
    to_severity(desk, case, CRITICAL, again + HOUR)
    assert (clock(case, "rca").started_at, clock(case, "rca").due_at) == (NOW, due)
    assert clock(case, "restoration").state == "met"


@pytest.mark.rule("CASE-8")
@pytest.mark.rule("RCA-3")
def test_an_overdue_analysis_is_overdue_after_reopening_and_not_a_second_time(desk):
    case = platform_case(desk, HIGH)
    restore(desk, case.incident, NOW)
    late = NOW + 20 * DAY
    breach_due(late)
    desk.act("close", case, actor=desk.designated, text="Enough.", now=late)
    desk.act("reopen", case, actor=desk.designated, text="We need it.", now=late + DAY)
    found = case.clocks.get(kind="rca")
    assert (found.state, found.is_open) == ("breached", True)
    breach_due(late + 2 * DAY)
    assert Notice.objects.filter(key__startswith=f"clock_breached:clock:{found.pk}:").count() == 1
    desk.act("deliver_analysis", case, text="The switch.", now=late + 3 * DAY)
    assert not case.clocks.get(kind="rca").is_open


@pytest.mark.rule("RESP-6")
@pytest.mark.rule("RCA-3")
def test_no_job_closes_a_case_that_is_owed_its_analysis(desk):
    case = platform_case(desk, HIGH)
    restore(desk, case.incident, NOW)
    desk.act("propose", case, text="It works again.", now=NOW)
    later = NOW + 10 * DAY
    assert close_due(later)
    assert Case.objects.get(pk=case.pk).is_open
    desk.act("deliver_analysis", case, text="The switch.", now=later)
    assert close_due(later + 3 * DAY)
    assert not Case.objects.get(pk=case.pk).is_open
