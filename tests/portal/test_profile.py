"""Manage Profile (PORT-3)."""

import pytest
from django.urls import reverse

from cases import realm
from cases.actors import Actor
from cases.errors import NotAllowed
from cases.models import Person
from cases.services.accounts import change_profile
from tests.portal.conftest import fields_of
from tests.world import NOW

TYPED = {
    "name": "Dana D. Designated",
    "phone": "+49 89 5550",
    "time_zone": "Europe/Berlin",
    "mail_all_cases": "on",
}


@pytest.mark.rule("PORT-3", "CASE-9")
def test_a_contact_changes_the_own_details_and_the_history_names_him(desk, browse):
    client = browse(desk.designated)
    fields = fields_of(client.get("/profile/"), action="/profile/")
    assert client.post("/profile/", {**fields, **TYPED}).url == "/profile/"
    person = Person.objects.get(pk=desk.designated.pk)
    assert (person.name, person.phone) == (TYPED["name"], TYPED["phone"])
    assert (person.time_zone, person.mail_my_cases, person.mail_all_cases) == (
        "Europe/Berlin",
        False,
        True,
    )
    row = person.history.first()
    assert (row.history_user, row.history_change_reason) == (person, "profiles.change_profile")


@pytest.mark.parametrize("change", [{"name": ""}, {"time_zone": "Mars/Olympus"}])
def test_what_cannot_be_is_refused_and_the_rest_is_kept(desk, browse, change):
    client = browse(desk.designated)
    fields = fields_of(client.get("/profile/"), action="/profile/")
    page = client.post("/profile/", {**fields, **TYPED, **change})
    assert page.status_code == 200
    assert TYPED["phone"] in page.content.decode()
    assert Person.objects.get(pk=desk.designated.pk).phone == ""


def test_the_form_takes_no_other_field(desk, browse):
    client = browse(desk.designated)
    fields = fields_of(client.get("/profile/"), action="/profile/")
    extra = {"is_staff": "on", "is_superuser": "on", "email": "root@acme.example"}
    client.post("/profile/", {**fields, **TYPED, **extra})
    person = Person.objects.get(pk=desk.designated.pk)
    assert (person.is_staff, person.is_superuser) == (False, False)
    assert person.email == desk.designated.email


def test_nobody_changes_the_profile_of_somebody_else(desk):
    with pytest.raises(NotAllowed):
        change_profile(
            person_id=desk.read_only.pk,
            actor=Actor.of(desk.designated),
            now=NOW,
            name="x",
            phone="",
            time_zone="UTC",
            mail_my_cases=True,
            mail_all_cases=False,
        )
    assert Person.objects.get(pk=desk.read_only.pk).name == "Rudi Readonly"


@pytest.mark.rule("ACC-3", "PORT-3")
def test_roles_are_shown_per_organization(desk, browse):
    page = browse(desk.read_only).get("/profile/").content.decode()
    assert "Read-Only contact" in page
    assert "Acme" in page


@pytest.mark.rule("ACC-1", "ACC-5")
def test_only_a_designated_contact_is_led_to_requests_for_access(desk, browse):
    """The page answers 403 to a Read-Only contact: no link leads there."""
    address = reverse(realm.current().access_link[0])
    for person, status in ((desk.designated, 200), (desk.read_only, 403)):
        client = browse(person)
        assert client.get(address).status_code == status
        led = f'href="{address}"' in client.get("/profile/").content.decode()
        assert led == (status == 200), person


def test_times_are_shown_in_the_readers_zone(desk, browse):
    case = desk.case()  # at 15:00 UTC
    for zone, shown in (("UTC", "15:00 UTC"), ("Asia/Kolkata", "20:30 IST")):
        Person.objects.filter(pk=desk.designated.pk).update(time_zone=zone)
        page = browse(desk.designated).get(case.get_absolute_url()).content.decode()
        assert f'<time datetime="2026-03-03T15:00:00+00:00">3 Mar 2026, {shown}</time>' in page
