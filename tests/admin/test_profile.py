"""Staff set their own details: the time zone for the times they read, and their mails."""

import pytest

from cases.models import Person
from tests.admin.pages import text_of
from tests.stored import everything_stored

ADDRESS = "/admin/profile/"
DETAILS = {"name": "Erin E.", "phone": "+1 555 0199", "time_zone": "Asia/Kolkata"}


@pytest.mark.rule("PORT-3")
def test_an_expert_saves_the_own_profile_and_reads_times_in_the_own_zone(desk, staff):
    page = text_of(staff.get(ADDRESS))
    assert "Support Expert" in page
    assert "erin@support.example" in page
    answer = staff.post(ADDRESS, DETAILS, follow=True)
    assert "Your profile has been saved." in text_of(answer)
    person = Person.objects.get(pk=desk.expert.pk)
    assert (person.name, person.phone, person.time_zone) == tuple(DETAILS.values())
    assert not person.mail_my_cases
    assert person.history.first().history_user == desk.expert


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"name": ""}, {"name": "x" * 121}]
)
def test_what_is_wrong_is_said_and_changes_nothing(desk, staff, wrong):
    before = everything_stored()
    assert staff.post(ADDRESS, {**DETAILS, **wrong}).status_code == 422
    assert everything_stored() == before


def test_nobody_gives_himself_roles_or_another_address(desk, staff):
    staff.post(ADDRESS, {**DETAILS, "email": "x@y.example", "is_superuser": "1", "groups": "1"})
    person = Person.objects.get(pk=desk.expert.pk)
    assert (person.email, person.is_superuser) == ("erin@support.example", False)
    assert list(person.groups.all()) == list(desk.colleague.groups.all())
