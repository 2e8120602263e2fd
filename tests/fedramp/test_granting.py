"""A grant never lowers a role, whichever way it was asked for (ACC-5, FED-9)."""

import datetime as dt
import itertools
import uuid

import pytest
from django.urls import reverse

from cases.actors import Actor
from cases.errors import Invalid, NotPossible
from cases.models import Membership, Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR
from cases.services import applicants
from cases.services.grants import give_role
from fedramp.models import Invitation
from fedramp.services import access
from tests import realms
from tests.admin.pages import text_of
from tests.fedramp.test_invitations import deliver
from tests.stored import everything_stored
from tests.world import NOW, person

pytestmark = pytest.mark.django_db
COMMERCIAL, FEDRAMP = pytest.mark.realm("commercial"), pytest.mark.realm("fedramp")
DAY = dt.timedelta(days=1)


@pytest.fixture
def ada(desk):
    return person("ada@support.example", name="Ada Access", roles=(ACCESS_ADMINISTRATOR,))


def role_of(someone, desk) -> str:
    return Membership.objects.get(person=someone, organization=desk.organization).role


def applied(desk, **changed):
    return applicants.ask(
        **{
            "name": "Dana",
            "email": desk.designated.email,
            "phone": "",
            "organization": "acme",
            "role": "read_only",
            "note": "",
            "submission": uuid.uuid4(),
            "now": NOW,
            **changed,
        }
    )


def listed(desk, email, role, now=NOW):
    people = [access.Asked("Somebody", email, role)]
    request = access.ask(
        organization=desk.organization,
        people=people,
        note="",
        submission=uuid.uuid4(),
        actor=Actor.of(desk.designated),
        now=now,
    )
    return request.people.get()


@pytest.mark.rule("ACC-5", "FED-9")
@pytest.mark.parametrize(
    ("before", "granted"), list(itertools.product(["", "read_only", "designated"], repeat=2))
)
def test_the_greater_of_two_roles_stands(desk, before, granted):
    someone = person("sam@acme.example")
    order = {"": 0, "read_only": 1, "designated": 2}
    common = {"email": "Sam@acme.example", "name": "x", "organization": desk.organization}
    for role in filter(None, (before, granted)):
        give_role(**common, role=role, actor=Actor.of(desk.designated), now=NOW, why="test")
    if expected := max(before, granted, key=order.__getitem__):
        assert role_of(someone, desk) == expected


@COMMERCIAL
@pytest.mark.rule("ACC-5")
def test_get_started_in_anothers_name_takes_no_role_away(desk, ada, sign_in):
    row = applied(desk)
    for client, address in (
        (sign_in(desk.designated), reverse("portal:applicant", args=[row.pk])),
        (sign_in(ada), reverse("admin:cases_applicant_decide", args=[row.pk])),
    ):
        page = text_of(client.get(address))
        assert "Current role" in page
        assert "Designated Contact; a grant never lowers it" in page
    applicants.decide(
        applicant_id=row.pk, granted=True, role="read_only", words="", actor=Actor.of(ada), now=NOW
    )
    assert role_of(desk.designated, desk) == "designated"
    assert "as a Designated Contact" in Notice.objects.get(event="applicant_decided").text
    assert Membership.history.filter(history_type="~").count() == 0


@COMMERCIAL
@pytest.mark.rule("FED-1")
def test_no_access_is_granted_here_for_a_fedramp_organization(desk, ada):
    row = applied(desk, email="nell@acme.example")
    realms.flag(desk.organization)
    before = everything_stored()
    with pytest.raises(NotPossible, match="FedRAMP portal"):
        applicants.decide(
            applicant_id=row.pk,
            granted=True,
            role="read_only",
            words="",
            actor=Actor.of(ada),
            now=NOW,
        )
    assert everything_stored() == before


@FEDRAMP
@pytest.mark.rule("FED-9")
def test_a_list_that_waited_takes_no_role_away(desk, ada, sign_in):
    row = listed(desk, "sam@acme.example", "read_only")
    sam = person("sam@acme.example")
    Membership.objects.create(person=sam, organization=desk.organization, role="designated")
    page = text_of(sign_in(ada).get(reverse("admin:fedramp_requestedperson_decide", args=[row.pk])))
    assert "Designated Contact; a grant never lowers it" in page
    access.decide(row_id=row.pk, granted=True, words="", actor=Actor.of(ada), now=NOW)
    assert role_of(sam, desk) == "designated"


@FEDRAMP
@pytest.mark.rule("FED-9")
def test_less_than_somebody_has_is_not_asked_for(desk):
    before = everything_stored()
    with pytest.raises(Invalid, match="Already has this access"):
        listed(desk, desk.designated.email, "read_only")
    assert everything_stored() == before


@FEDRAMP
@pytest.mark.rule("FED-3", "FED-9")
def test_after_the_invitation_ran_out_it_is_asked_for_again(desk, ada):
    row = listed(desk, "nell@acme.example", "designated")
    access.decide(row_id=row.pk, granted=True, words="", actor=Actor.of(ada), now=NOW)
    deliver(NOW)
    with pytest.raises(Invalid, match="Already has this access"):
        listed(desk, "nell@acme.example", "designated", now=NOW + DAY / 2)
    later = NOW + 2 * DAY
    again = listed(desk, "nell@acme.example", "read_only", now=later)
    access.decide(row_id=again.pk, granted=True, words="", actor=Actor.of(ada), now=later)
    nell = Person.objects.get(email="nell@acme.example")
    assert role_of(nell, desk) == "designated"
    assert Invitation.objects.filter(person=nell).count() == 2
