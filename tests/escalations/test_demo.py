"""The demo world's escalations: each state, each reason for a disabled button, and one enabled."""

import datetime as dt

import pytest
from django.db import transaction

from cases import realm
from cases.demo import play
from cases.demo.signins import signins, world
from cases.models import Case, Person, State
from escalations.demo import scenes
from escalations.models import (
    Escalation,
    EscalationState,
    ManagerEngagement,
    OwnerReview,
    ReadMark,
)
from escalations.selectors import panel
from tests.world import NOW


@pytest.mark.django_db
@pytest.mark.parametrize(
    "now",
    [
        pytest.param(NOW, id="a Tuesday"),
        pytest.param(dt.datetime(2026, 12, 27, 3, 0, tzinfo=dt.UTC), id="Christmas, a Sunday"),
    ],
)
def test_who_opens_the_demo_sees_every_state_and_every_reason(now):
    stage = play.Stage(world(), now)
    scenes(stage)

    contact = Person.objects.get(email=signins()[0].email)
    hindrances, enabled = set(), []
    for case in Case.objects.visible_to(contact):
        shown = panel(case=case, contact=contact, now=now)
        hindrances |= {outcome.reason for outcome in shown.verdict.hindrances}
        if shown.enabled:
            enabled.append(case.subject)
    wanted = {
        "case_closed",
        "update_unread",
        "question_open",
        "resolution_open",
        "escalation_active",
        "updated_within_24_hours",
        "updated_within_3_days",
        "severity_low",
    }
    rules = realm.current()
    if rules.critical_is_escalated_by_telephone:
        wanted.add("critical_by_telephone")
    if rules.escalates_assigned_cases_only:
        wanted.add("not_assigned")
    assert hindrances == wanted
    assert any("Button enabled" in subject for subject in enabled)

    assert set(Escalation.objects.values_list("state", flat=True)) == set(EscalationState.values)
    accepted = Escalation.objects.filter(state="accepted")
    assert {each.is_word_overdue(now) for each in accepted} == {True, False}
    assert Escalation.objects.filter(on_watch=True, trend="improving").exists()
    assert any(each.is_answer_overdue(now) for each in Escalation.objects.all())
    assert set(OwnerReview.objects.open().values_list("kind", flat=True)) == {"help", "severity"}
    assert ManagerEngagement.objects.get().case.severity == 1
    assert not Escalation.objects.filter(requested_at__gt=now).exists()
    assert not ReadMark.objects.filter(read_at__gt=now).exists()
    assert Case.objects.filter(state=State.CLOSED).exists()


SEEN: list[object] = []
note = SEEN.append


@pytest.mark.django_db
def test_a_small_demo_has_no_scenes(monkeypatch):
    of_cases = play.SCENES[:2]
    monkeypatch.setattr(play, "SCENES", [*of_cases, f"{__name__}.note"])
    monkeypatch.setattr(play, "plan", lambda world, cases: [])
    for cases in (play.SCENES_FROM - 1, play.SCENES_FROM):
        with transaction.atomic():
            play.make(world(), cases=cases, now=NOW)
            transaction.set_rollback(True)
    assert len(SEEN) == 1
