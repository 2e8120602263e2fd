"""The autocomplete addresses show nothing that a role may not see."""

import pytest
from django.urls import reverse

from cases.roles import ACCESS_ADMINISTRATOR, ESCALATION_OWNER, OPERATIONS_ADMINISTRATOR
from tests import world


def complete(client, model, field, term="a"):
    where = {"app_label": "cases", "model_name": model, "field_name": field, "term": term}
    return client.get(reverse("admin:autocomplete"), where)


def names(response):
    return {each["text"] for each in response.json()["results"]}


@pytest.mark.parametrize("who", ["designated", "read_only", "outsider"])
def test_a_contact_completes_nothing(desk, sign_in, who):
    client = sign_in(getattr(desk, who))
    assert complete(client, "case", "organization").status_code in {302, 403}


@pytest.mark.rule("ACC-7")
def test_a_field_that_is_no_autocomplete_is_refused(desk, sign_in):
    person = world.person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))
    client = sign_in(person)
    assert complete(client, "entry", "case").status_code == 403
    assert complete(client, "caselink", "to_case").status_code == 403
    assert complete(client, "person", "groups").status_code == 403


def test_who_has_no_right_to_see_people_completes_none(desk, sign_in):
    somebody = world.person("x@support.example")
    somebody.is_staff = True
    somebody.save()
    world.admit(somebody)
    client = sign_in(somebody)
    assert complete(client, "case", "owner").status_code == 403
    assert complete(client, "membership", "organization").status_code == 403


def test_owners_are_staff_and_members_are_contacts(desk, sign_in):
    client = sign_in(world.person("eve@support.example", roles=(ESCALATION_OWNER,)))
    assert names(complete(client, "case", "owner", "er")) >= {"Erin Expert"}
    assert "Dana Designated" not in names(complete(client, "case", "owner", "d"))
    administrator = sign_in(world.person("o@support.example", roles=(OPERATIONS_ADMINISTRATOR,)))
    assert "Erin Expert" not in names(complete(administrator, "membership", "person", "e"))
    assert "Dana Designated" in names(complete(administrator, "membership", "person", "d"))
