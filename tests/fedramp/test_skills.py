"""FED-6: only staff with the FedRAMP skill get in, from its attestation until its last second."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from cases.actors import Actor, staff_gate
from cases.errors import Invalid, NotAllowed, NotPossible, Refused
from cases.forms import possible_owners
from cases.jobs.sweeps import deliver_one
from cases.models import Notice, Person
from cases.notices import recipients
from cases.roles import ACCESS_ADMINISTRATOR, PRODUCT_SUPPORT_MANAGER, SUPPORT_EXPERT
from cases.services.lifecycle import reassign
from fedramp.models import Skill
from fedramp.services.skills import attest, withdraw
from tests import world
from tests.stored import everything_stored
from tests.world import NOW, PASSWORD, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

CASES = "/admin/cases/case/"


def fresh(someone: Person) -> Person:
    """As the next request reads the person."""
    return Person.objects.get(pk=someone.pk)


def actor(someone: Person) -> Actor:
    return Actor.of(fresh(someone))


@pytest.fixture
def administrator(desk):
    return person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))


@pytest.fixture
def newcomer(desk):
    return person("newton@support.example", roles=(SUPPORT_EXPERT,), skill=False)


def statement(someone: Person, by: Person, **changed) -> dict:
    return {
        "person_id": someone.pk,
        "status": "green_card",
        "is_in_us": True,
        "evidence": "Card seen in person, form 17 with the security officer.",
        "ends_at": NOW + dt.timedelta(days=300),
        "actor": actor(by),
        "now": NOW,
        **changed,
    }


def skill_of(someone: Person) -> Skill:
    return Skill.objects.current().get(person=someone)


# --- Attesting and withdrawing


@pytest.mark.rule("FED-6")
def test_an_access_administrator_attests_another_persons_skill(administrator, newcomer):
    with time_machine.travel(NOW, tick=False):
        assert not actor(newcomer).may("cases.work_case")
        skill = attest(**statement(newcomer, administrator))
        assert actor(newcomer).may("cases.work_case")
    assert (skill.attested_by, skill.attested_at, skill.status) == (
        administrator,
        NOW,
        "green_card",
    )
    row = skill.history.get()
    assert (row.history_user, row.history_change_reason) == (administrator, "skills.attest")


@pytest.mark.rule("FED-6")
@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"status": "visitor"}, Invalid),
        ({"is_in_us": False}, Invalid),
        ({"evidence": "  "}, Invalid),
        ({"ends_at": NOW}, Invalid),
        ({"ends_at": NOW + dt.timedelta(days=366)}, Invalid),
    ],
)
def test_an_attestation_that_lacks_something_is_refused(administrator, newcomer, changed, error):
    before = everything_stored()
    with time_machine.travel(NOW, tick=False), pytest.raises(error):
        attest(**statement(newcomer, administrator, **changed))
    assert everything_stored() == before


@pytest.mark.rule("FED-6")
def test_nobody_attests_the_own_skill_nor_without_the_right(desk, administrator, newcomer):
    contact = desk.designated
    before = everything_stored()
    with time_machine.travel(NOW, tick=False):
        for by, about in (
            (administrator, administrator),
            (desk.expert, newcomer),
            (contact, newcomer),
        ):
            with pytest.raises(NotAllowed):
                attest(**statement(about, by))
        with pytest.raises(Invalid):
            attest(**statement(contact, administrator))
    assert everything_stored() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Skill.objects.create(
            person=newcomer,
            attested_by=newcomer,
            status="citizen",
            is_in_us=True,
            evidence="x",
            attested_at=NOW,
            ends_at=NOW + dt.timedelta(days=1),
        )


@pytest.mark.rule("FED-6")
def test_a_new_attestation_replaces_the_current_one(administrator, newcomer):
    with time_machine.travel(NOW, tick=False):
        first = attest(**statement(newcomer, administrator))
        second = attest(**statement(newcomer, administrator, status="citizen"))
    assert skill_of(newcomer) == second
    first.refresh_from_db()
    assert (first.withdrawn_at, first.withdrawn_by) == (NOW, administrator)


@pytest.mark.rule("FED-6")
def test_who_administers_without_the_skill_attests_nobody(administrator, newcomer):
    other = person("otto@support.example", roles=(ACCESS_ADMINISTRATOR,), skill=False)
    with time_machine.travel(NOW, tick=False), pytest.raises(NotAllowed):
        attest(**statement(newcomer, other))


# --- Out at the next click


@pytest.mark.rule("FED-6")
def test_withdrawn_is_out_at_the_next_click_in_every_browser(desk, administrator, sign_in):
    browsers = [sign_in(desk.expert), sign_in(desk.expert)]
    assert all(each.get(CASES).status_code == 200 for each in browsers)
    skill = skill_of(desk.expert)
    withdraw(skill_id=skill.pk, reason="Moved abroad.", actor=actor(administrator), now=NOW)
    for browser in browsers:
        assert browser.get(CASES).url.startswith(("/admin/login/", "/accounts/login/"))
    with pytest.raises(NotPossible):
        withdraw(skill_id=skill.pk, reason="Twice.", actor=actor(administrator), now=NOW)


@pytest.mark.rule("FED-6")
def test_a_session_that_the_withdrawal_did_not_find_is_out_too(desk, sign_in):
    browser = sign_in(desk.expert)
    Skill.objects.filter(person=desk.expert).delete()
    answer = browser.get(CASES)
    assert answer.status_code == 403
    assert b"FedRAMP skill" in answer.content
    assert browser.get(CASES).status_code == 302  # signed out


@pytest.mark.rule("FED-6")
@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 403), (1, 403)])
def test_it_runs_out_in_its_last_second(desk, sign_in, seconds, status, settings):
    settings.STAFF_IDLE_MINUTES = 0  # where a session lives that long
    ends_at = NOW + dt.timedelta(hours=1)
    world.admit(desk.expert, until=ends_at)
    with time_machine.travel(NOW, tick=False):
        browser = sign_in(fresh(desk.expert))
        assert browser.get(CASES).status_code == 200
    with time_machine.travel(ends_at + dt.timedelta(seconds=seconds), tick=False):
        assert browser.get(CASES).status_code == status


@pytest.mark.rule("FED-6")
def test_neither_a_superuser_nor_the_right_password_gets_in_without_it(desk):
    boss = Person.objects.create_superuser("boss@support.example", PASSWORD, name="Boss")
    for someone in (boss, person("x@support.example", roles=(SUPPORT_EXPERT,), skill=False)):
        client = Client()
        form = {"login": someone.email, "password": PASSWORD}
        answer = client.post(reverse("account_login"), form)
        assert answer.status_code == 403
        assert "_auth_user_id" not in client.session
        client.force_login(someone, backend="allauth.account.auth_backends.AuthenticationBackend")
        case = desk.case()
        for address in (CASES, f"{CASES}{case.pk}/change/", "/accounts/2fa/", "/admin/"):
            answer = client.get(address)
            assert answer.status_code in {302, 403}
            assert case.number not in answer.content.decode()


# --- Nobody without it is offered, assigned or mailed


@pytest.mark.rule("FED-6")
def test_only_people_with_the_skill_are_offered_assigned_and_mailed(desk, newcomer, sign_in):
    case = desk.owned_case()
    assert newcomer not in possible_owners()
    with pytest.raises(Refused):
        reassign(case_id=case.pk, owner=newcomer, actor=actor(desk.expert), now=NOW)
    client = sign_in(desk.expert)
    field = {"app_label": "cases", "model_name": "case", "field_name": "owner", "term": "newton"}
    assert client.get(reverse("admin:autocomplete"), field).json()["results"] == []

    lead = person("lena@support.example", roles=(PRODUCT_SUPPORT_MANAGER,))
    person("lars@support.example", roles=(PRODUCT_SUPPORT_MANAGER,), skill=False)
    told = recipients("clock_warning", [case], actor=Actor.of_job("test"))[case]
    assert told == [desk.expert]
    Skill.objects.filter(person=desk.expert).delete()
    case = type(case).objects.select_related("owner").get(pk=case.pk)
    # Instead of the owner whoever leads the queue and has the skill; nobody who has not.
    told = recipients("closed", [case], actor=Actor.of_job("test"))[case]
    assert told == [desk.designated, lead]
    assert recipients("clock_warning", [case], actor=Actor.of_job("test"))[case] == [lead]


@pytest.mark.rule("FED-6")
def test_a_mail_that_waits_is_not_sent_to_who_lost_the_skill(desk):
    case = desk.case()
    desk.act("assign", case, owner=desk.colleague)
    notice = Notice.objects.get(event="assigned")
    Skill.objects.filter(person=desk.colleague).delete()
    with time_machine.travel(NOW + dt.timedelta(minutes=1)):
        while deliver_one(NOW + dt.timedelta(minutes=1)):
            pass
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("failed", "no longer concerned")


# --- The queue


def test_the_queue_shows_what_is_due_and_who_lacks_it(desk, administrator, newcomer, sign_in):
    with time_machine.travel(NOW, tick=False):
        world.admit(desk.colleague, until=NOW + dt.timedelta(days=5))
        client = sign_in(fresh(administrator))
        page = client.get(reverse("admin:fedramp_skill_changelist"), {"standing": "review"})
        assert "Cole Colleague" in page.content.decode()
        assert "Erin Expert" not in page.content.decode()
        assert "Valid, review due" in page.content.decode()
        assert "2 active members of staff cannot get in" in page.content.decode()

        form = {
            "person": newcomer.pk,
            "status": "citizen",
            "is_in_us": "on",
            "evidence": "Passport seen.",
            "ends_on": "2026-12-31",
            "submission": "5a0f2a5c-8f5f-4a8e-9d4c-000000000001",
        }
        attest_page = reverse("admin:fedramp_skill_attest")
        assert client.get(attest_page).status_code == 200
        wrong = client.post(attest_page, {**form, "ends_on": "2031-01-01"})
        assert wrong.status_code == 422
        assert "Choose a day until" in wrong.content.decode()
        assert client.post(attest_page, {**form, "person": administrator.pk}).status_code == 422
        assert client.post(attest_page, form).status_code == 302
        skill = skill_of(newcomer)
        assert skill.ends_at == dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=dt.UTC)

        leave = reverse("admin:fedramp_skill_withdraw", args=[skill.pk])
        assert client.get(leave).status_code == 200
        assert client.post(leave, {"reason": ""}).status_code == 422
        sent = {"reason": "Left.", "submission": form["submission"]}
        assert client.post(leave, sent).status_code == 302
        assert not Skill.objects.current().filter(person=newcomer).exists()
        assert client.post(leave, sent).status_code == 302  # the second click: told, and no more


# --- The first ones


@pytest.mark.rule("FED-6")
def test_two_named_persons_begin_a_realm_and_only_once(capsys):
    one = ["one@support.example", "One", "citizen"]
    two = ["two@support.example", "Two", "green_card"]
    seen = ["--evidence", "Passports seen; filed with HR."]
    for people in ([one], [one, one], [one, ["two@support.example", "Two", "visitor"]]):
        arguments = [word for each in people for word in ("--person", *each)]
        with pytest.raises(CommandError):
            call_command("first_administrators", *arguments, *seen)
        assert not Person.objects.exists()
    arguments = ["--person", *one, "--person", *two, *seen]
    call_command("first_administrators", *arguments)
    first, second = Person.objects.order_by("email")
    assert skill_of(first).attested_by == second
    assert skill_of(second).attested_by == first
    assert actor(first).may("fedramp.attest_skill")
    with pytest.raises(CommandError, match="already"):
        call_command("first_administrators", *arguments)


def test_the_demo_has_some_who_do_not_get_in():
    from cases.demo.play import make
    from cases.demo.signins import world as demo_world
    from fedramp.demo import RUN_OUT, WITHOUT_SKILL

    make(demo_world(), cases=0, now=NOW)
    with time_machine.travel(NOW):
        out = [each for each in Person.objects.filter(is_staff=True) if not _gets_in(each)]
    assert {each.email for each in out} == {WITHOUT_SKILL, RUN_OUT}


def _gets_in(someone: Person) -> bool:

    return staff_gate().admits(someone)


def test_what_was_typed_before_the_session_ran_out_is_kept(desk, administrator, sign_in):
    page = reverse("admin:fedramp_skill_attest")
    client = sign_in(administrator)
    token = re.search(r'name="kept_for" value="([^"]+)"', client.get(page).content.decode()).group(
        1
    )
    nobody = Client()
    nobody.post(page, {"kept_for": token, "evidence": "Passport seen at the desk."})
    nobody.force_login(administrator, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Passport seen at the desk." in nobody.get(page).content.decode()
