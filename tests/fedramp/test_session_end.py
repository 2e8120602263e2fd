"""A session ends by itself (AC-11, AC-12, SC-10): idle, or old. What was typed is kept."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user
from django.test import Client

from cases import drafts
from cases.models import Entry
from fedramp.models import AuditEntry, SessionMark
from tests.portal.conftest import fields_of
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

STATE = "/session/"
BY_SCRIPT = [
    {"HX-Request": "true"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"Sec-Fetch-Dest": "empty"},
]


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def sign_in(person, **options):
    client = Client(**options)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def later(clock, seconds):
    clock.shift(dt.timedelta(seconds=seconds))


def is_in(client):
    return get_user(client).is_authenticated


@pytest.mark.parametrize(("who", "minutes"), [("expert", 10), ("designated", 15)])
def test_it_ends_when_nothing_was_done(desk, clock, who, minutes):
    page = "/admin/profile/" if who == "expert" else "/profile/"
    for seconds, goes_on in ((-1, True), (0, False), (1, False)):
        client = sign_in(getattr(desk, who))
        later(clock, minutes * 60 + seconds)
        answer = client.get(page)
        assert (answer.status_code == 200) is goes_on, seconds
        assert ("_auth_user_id" in client.session) is goes_on
    page = client.get(answer.url, follow=True).content.decode()
    assert "signed out because of inactivity" in page
    ended = AuditEntry.objects.filter(event="ended").values_list("person", "detail")
    assert list(ended) == [(getattr(desk, who).pk, "idle")] * 2
    assert not AuditEntry.objects.filter(event="signed_out").exists()


def test_each_click_makes_it_longer_until_twelve_hours_after_the_sign_in(desk, clock):
    client = sign_in(desk.designated)
    for _ in range(51):
        later(clock, 14 * 60)
        assert client.get("/profile/").status_code == 200
    session = client.session
    session["something"] = "new"  # a session that is stored again lives on, as Django has it
    session.save()
    later(clock, 12 * 3600 - 51 * 14 * 60 - 1)
    assert client.get(STATE).json() == {"seconds": 1, "renewable": False}
    assert client.post(STATE, headers={"Accept": "application/json"}).json()["seconds"] == 1
    later(clock, 1)
    assert client.get("/profile/").status_code == 302
    assert AuditEntry.objects.get(event="ended").detail == "age"


@pytest.mark.parametrize("headers", [*BY_SCRIPT, {}], ids=str)
def test_what_a_script_fetches_by_itself_is_no_click(desk, clock, headers):
    client = sign_in(desk.expert)
    address = "/admin/profile/" if headers else STATE
    for _ in range(3):
        later(clock, 199)
        assert client.get(address, headers=headers).status_code == 200
    later(clock, 3)
    assert client.get("/admin/profile/").status_code == 302


def test_an_answer_to_the_question_is_a_click(desk, clock):
    client = sign_in(desk.expert, enforce_csrf_checks=True)
    later(clock, 599)
    assert client.get(STATE).json() == {"seconds": 1, "renewable": True}
    assert client.post(STATE, headers={"Accept": "application/json"}).status_code == 403
    page = client.get("/admin/profile/", headers=BY_SCRIPT[0])
    fields = fields_of(page, action=STATE)
    assert fields["next"] == "/admin/profile/"
    assert client.post(STATE, fields).url == "/admin/profile/"  # without a script
    later(clock, 599)
    answer = client.post(STATE, fields, headers={"Accept": "application/json"})
    assert answer.json() == {"seconds": 600, "renewable": True}
    assert client.post(STATE, {**fields, "next": "https://evil.example/"}).url == "/"
    later(clock, 600)
    assert client.get(STATE).json() == {"seconds": 0, "renewable": False}
    assert not is_in(client)


def test_a_form_that_comes_too_late_is_kept_and_not_carried_out(desk, clock):
    case = desk.owned_case()
    address = f"{case.get_absolute_url()}entry/"
    client = sign_in(desk.designated, enforce_csrf_checks=True)
    fields = fields_of(client.get(case.get_absolute_url()), action=address)
    later(clock, 15 * 60)
    answer = client.post(address, {**fields, "body": "Every third call drops."})
    assert answer.url == f"/accounts/login/?next={address}"
    assert not Entry.objects.filter(event="message").exists()
    assert drafts._SESSION_KEY in client.session
    client.force_login(desk.designated, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert "Every third call drops." in client.get(case.get_absolute_url()).content.decode()


def test_an_ended_session_stays_ended(desk, clock):
    """Neither its cookie, nor the row brought back from a backup, opens anything."""
    from django.contrib.sessions.models import Session

    client = sign_in(desk.designated)
    cookie, row = client.cookies[settings.SESSION_COOKIE_NAME].value, Session.objects.get()
    client.post("/accounts/logout/")
    row.save(force_insert=True)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert thief.get("/profile/").status_code == 302
    assert not SessionMark.objects.exists()


def test_a_new_password_does_not_end_the_session(desk, clock):
    client = sign_in(desk.designated)
    session = client.session
    session.cycle_key()  # as a change of the password does
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert client.get("/profile/").status_code == 200


def test_marks_of_browsers_that_never_came_back_go(desk, clock):
    sign_in(desk.designated)
    later(clock, 12 * 3600 + 1)
    sign_in(desk.designated)
    assert SessionMark.objects.count() == 1


def test_the_click_costs_one_query(desk, clock, django_assert_num_queries):
    client = sign_in(desk.designated)
    client.get("/session/")
    with django_assert_num_queries(4):  # session, person, mark, and the mark again for its time
        client.get("/session/")
