"""The demo world: believable, complete, the same each time, and never beside real customers."""

import datetime as dt
import hashlib

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from cases import realm
from cases.demo.plan import SCENARIOS, plan
from cases.demo.play import STAY_QUEUED, make
from cases.demo.script import states_of
from cases.demo.signins import PASSWORD, signins, world
from cases.models import (
    Attachment,
    CarePlan,
    Case,
    Entry,
    Membership,
    Notice,
    Organization,
    Person,
    State,
)
from cases.roles import AUDITOR, ROLES
from tests.world import NOW

CASES = 20


def digest() -> str:
    """What a person would recognise of the world, whatever numbers and keys it drew."""
    lines = [
        f"{case.subject}|{case.state}|{case.severity}|{case.organization.short_name}|"
        + "|".join(
            f"{entry.event}:{entry.visibility}:{entry.author}:{entry.body}"
            for entry in case.entries.exclude(event="linked").select_related("author")
        )
        for case in Case.objects.order_by("pk").select_related("organization")
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@pytest.mark.django_db
def test_a_small_world_has_all_states_kinds_and_roles():
    make(world(), cases=CASES, now=NOW)

    assert Case.objects.count() == CASES
    assert set(Case.objects.values_list("state", flat=True)) == set(State.values)
    assert Organization.objects.count() >= 10
    assert set(Organization.objects.values_list("kind", flat=True)) == {
        "direct",
        "partner",
        "end_user",
    }
    assert Person.objects.filter(is_staff=False).count() == 30
    staff = Person.objects.filter(is_staff=True)
    assert staff.count() == len(world().staff) >= 8
    # The realm without an audit log has nobody who reads it.
    nobody = set() if realm.current().keeps_audit_log else {AUDITOR}
    assert set(staff.values_list("groups__name", flat=True)) == set(ROLES) - nobody
    roles = {(membership.person_id, membership.role) for membership in Membership.objects.all()}
    assert any((pk, "designated") in roles and (pk, "read_only") in roles for pk, _ in roles)
    assert Entry.objects.filter(visibility="internal").exists()
    assert Attachment.objects.exists()
    assert not Person.objects.exclude(email__endswith=".example").exists()


@pytest.mark.django_db
def test_all_plans_are_sold_in_the_commercial_world_and_fedramp_is_fedramp_alone():
    make(world(), cases=0, now=NOW)

    if settings.REALM == "commercial":
        sold = {each.plan_id for each in Organization.objects.all()}
        sold |= {each.add_on_id for each in Organization.objects.all()}
        assert set(CarePlan.objects.values_list("pk", flat=True)) <= sold
        flagged = Organization.objects.get(is_fedramp=True)
        assert not flagged.cases.exists()
    else:
        assert not Organization.objects.filter(is_fedramp=False).exists()
        assert not Organization.objects.exclude(deployments__region="us-east-2").exists()
        assert not Organization.objects.exclude(deployments__offering_type="fedramp").exists()


@pytest.mark.rule("PLAN-1")
@pytest.mark.django_db
def test_what_staff_could_not_enter_is_not_there_either():
    make(world(), cases=CASES, now=NOW)
    for organization in Organization.objects.all():
        organization.full_clean()


@pytest.mark.django_db
def test_the_same_world_each_time():
    digests = []
    for now in (NOW, NOW + dt.timedelta(days=11, hours=3)):
        with transaction.atomic():
            make(world(), cases=CASES, now=now)
            digests.append(digest())
            transaction.set_rollback(True)
        assert not Organization.objects.exists()
    assert digests[0] == digests[1]


@pytest.mark.django_db
def test_nothing_lies_in_the_future_and_only_the_newest_mails_wait():
    make(world(), cases=CASES, now=NOW)

    assert not Entry.objects.filter(created_at__gt=NOW).exists()
    assert not Notice.objects.filter(sent_at__gt=NOW).exists()
    assert Notice.objects.filter(state="queued").count() == STAY_QUEUED
    oldest_waiting = Notice.objects.filter(state="queued").order_by("created_at").first()
    assert not Notice.objects.filter(state="sent", created_at__gt=oldest_waiting.created_at)
    last = Notice.objects.filter(state="sent").first().history.latest()
    assert (last.state, last.history_change_reason) == ("sent", "job: demo")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_transaction_rings_once(monkeypatch):
    rings = []
    monkeypatch.setattr("cases.job_table.ring", rings.append)

    make(world(), cases=4, now=NOW)

    assert [job.name for job in rings] == ["deliver-notices"]


@pytest.mark.django_db
def test_every_printed_sign_in_works(capsys):
    call_command("demo", "--cases", "2")

    printed = capsys.readouterr().out
    assert len({each.email for each in signins()}) == (9 if settings.REALM == "fedramp" else 8)
    for each in signins():
        assert each.email in printed
        assert Person.objects.get(email=each.email).check_password(PASSWORD), each.email
    assert all("@fedramp-" in each.email for each in signins()) == (settings.REALM == "fedramp")


@pytest.mark.django_db
def test_a_second_time_is_refused_and_changes_nothing():
    call_command("demo", "--cases", "3")
    before = (Organization.objects.count(), Case.objects.count(), Person.objects.count())

    with pytest.raises(CommandError, match="already") as refusal:
        call_command("demo")

    assert refusal.value.returncode == 3
    assert (Organization.objects.count(), Case.objects.count(), Person.objects.count()) == before


@pytest.mark.django_db
def test_outside_development_it_is_refused(settings):
    settings.DEVELOPMENT = False

    with pytest.raises(CommandError, match="development only") as refusal:
        call_command("demo")

    assert refusal.value.returncode == 2
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_failure_in_the_middle_leaves_nothing(monkeypatch):
    monkeypatch.setattr("cases.demo.play.change_severity", None)
    monkeypatch.setattr("cases.demo.play._settle_notices", None)

    with pytest.raises(TypeError):
        call_command("demo", "--cases", "5")

    assert not Person.objects.exists()
    assert not Organization.objects.exists()


def test_scripts_are_many_and_plans_grow():
    assert len(SCENARIOS) >= 25
    reached = {state for scenario in SCENARIOS for state in states_of(scenario)}
    assert reached == set(State)
    plans = plan(world(), 500)
    assert len(plans) == 500
    assert any(each.related_to is not None for each in plans)
    assert any(step.kind == "reopen" for each in plans for _, step in each.steps)
