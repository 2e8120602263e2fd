"""AC-2: an account that nobody used for 35 days is disabled, and can be enabled again."""

import datetime as dt

import pytest
import time_machine

from cases import jobs
from cases.demo.play import make
from cases.demo.signins import world
from cases.models import Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR
from fedramp.services.dormancy import disable_dormant, dormant
from tests.world import LONG_AGO, NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

LIMIT = NOW - dt.timedelta(days=35)


def someone(name, **times):
    fields = {"joined_at": NOW - dt.timedelta(days=400), "last_login": None, **times}
    return person(f"{name}@acme.example", **fields)


@pytest.fixture
def administrators(desk):
    Person.objects.all().update(last_login=NOW)
    ada, sam = (
        person(
            f"{name}@support.example",
            roles=(ACCESS_ADMINISTRATOR,),
            last_login=NOW,
            joined_at=LONG_AGO,
        )
        for name in ("ada", "sam")
    )
    return ada, sam


def active(*people):
    return [Person.objects.get(pk=each.pk).is_active for each in people]


@pytest.mark.parametrize("field", ["last_login", "joined_at"])
def test_the_boundary_is_35_days(administrators, field):
    second = dt.timedelta(seconds=1)
    times = {"before": LIMIT - second, "at": LIMIT, "after": LIMIT + second}
    people = [someone(name, **{field: at}) for name, at in times.items()]
    assert disable_dormant(NOW) == 2
    assert active(*people) == [False, False, True]
    assert disable_dormant(NOW) == 0


def test_it_stands_in_the_history_and_the_administrators_are_told_once(administrators):
    people = [someone(f"sleeper{number}") for number in range(3)]
    with time_machine.travel(NOW, tick=False):
        assert jobs.run("disable-dormant-accounts") == 3
    row = people[0].history.latest("history_id")
    assert (row.is_active, row.history_date) == (False, NOW)
    assert row.history_change_reason == "job: disable-dormant-accounts"
    notices = Notice.objects.filter(event="dormant")
    assert {each.person for each in notices} == set(administrators)
    assert len(notices) == 2
    assert "3 accounts of the FedRAMP realm were disabled" in notices[0].text
    assert not any(each.name in notices[0].text for each in people)


def test_who_was_enabled_again_has_35_days_more(administrators, sign_in):
    sleeper = someone("sleeper")
    with time_machine.travel(NOW, tick=False):
        disable_dormant(NOW)
    enabled_at = NOW + dt.timedelta(days=100)
    with time_machine.travel(enabled_at, tick=False):
        page = f"/admin/cases/person/{sleeper.pk}/change/"
        form = {"name": "S", "email": sleeper.email, "time_zone": "UTC", "is_active": "on"}
        form |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        assert sign_in(administrators[0]).post(page, form).status_code == 302
    assert active(sleeper) == [True]
    for days, is_dormant in ((0, False), (35, True)):
        at = enabled_at + dt.timedelta(days=days)
        assert dormant(at).filter(pk=sleeper.pk).exists() is is_dormant
    assert not dormant(enabled_at + dt.timedelta(days=35, seconds=-1)).filter(pk=sleeper.pk)


def test_the_last_access_administrator_stays(administrators):
    later = NOW + dt.timedelta(days=36)
    disable_dormant(later)
    assert sorted(active(*administrators)) == [False, True]
    assert disable_dormant(later) == 0
    told = Notice.objects.get(event="dormant").person
    assert Person.objects.get(pk=told.pk).is_active


def test_nobody_of_a_new_demo_is_dormant():
    """Or its first job would shut out every person whom `make run` names."""
    make(world(), cases=20, now=NOW)
    assert Person.objects.filter(is_active=True).count() > 10
    assert not dormant(NOW + dt.timedelta(days=1)).exists()
