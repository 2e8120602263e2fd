"""FED-6: nobody enters under somebody else's attestation."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.models import Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR
from cases.services.accounts import reset_sign_in
from fedramp.models import AuditEntry, Skill
from tests.world import NOW, PASSWORD, admit, person

pytestmark = pytest.mark.django_db
FEDRAMP = pytest.mark.realm("fedramp")


@pytest.fixture
def ada(desk):
    return person("ada@support.example", name="Ada Access", roles=(ACCESS_ADMINISTRATOR,))


def holds(someone: Person) -> bool:
    return Skill.objects.valid(timezone.now()).filter(person=someone).exists()


def told(address: str) -> bool:
    return Notice.objects.filter(event="sign_in_changed", email=address).exists()


def by_the_form(erin, ada, sign_in):
    page = reverse("admin:cases_person_change", args=[erin.pk])
    form = {
        "name": erin.name,
        "email": "mallory@elsewhere.example",
        "time_zone": "UTC",
        "is_active": "on",
        "is_staff": "on",
        "groups": list(erin.groups.values_list("pk", flat=True)),
    }
    assert sign_in(ada).post(page, form).status_code == 302


def by_a_save(erin, ada, sign_in):
    erin.email = "mallory@elsewhere.example"
    erin.save(update_fields=["email"])  # as the pages of allauth do


def by_a_reset(erin, ada, sign_in):
    reset_sign_in(person_id=erin.pk, actor=Actor.of(ada), now=NOW)


def by_the_page_of_the_reset(erin, ada, sign_in):
    assert sign_in(ada).post(f"/admin/cases/person/{erin.pk}/reset/").status_code == 302


def by_the_command(erin, ada, sign_in):
    call_command("reset_sign_in", erin.email)


DOORS = [by_the_form, by_a_save, by_a_reset, by_the_page_of_the_reset, by_the_command]


@FEDRAMP
@pytest.mark.rule("FED-6")
@pytest.mark.parametrize("door", DOORS)
def test_a_changed_address_or_a_reset_ends_the_skill(desk, ada, sign_in, door):
    erin, address = desk.expert, desk.expert.email
    TOTP.activate(erin, "A" * 32)
    hers = sign_in(erin)
    assert holds(erin)
    door(erin, ada, sign_in)
    assert not holds(erin)
    assert holds(ada)
    assert told(address)
    assert not told("mallory@elsewhere.example")
    assert hers.get("/admin/").status_code in {302, 403}
    detail = (
        "sign-in reset" if "reset" in door.__name__ or "command" in door.__name__ else "address"
    )
    rows = AuditEntry.objects.filter(event="rights", about=f"person {erin.pk}")
    assert rows.filter(detail__contains=detail).exists()
    assert rows.filter(detail="skill withdrawn").exists()
    again = Person.objects.get(pk=erin.pk)
    admit(again)
    assert holds(again)


@FEDRAMP
@pytest.mark.rule("FED-6")
@pytest.mark.parametrize("flag", ["is_active", "is_staff"])
def test_an_account_that_is_enabled_again_needs_an_attestation(desk, ada, flag):
    erin = desk.expert
    setattr(erin, flag, False)
    erin.save()
    setattr(erin, flag, True)
    erin.save()
    assert not holds(erin)


@FEDRAMP
@pytest.mark.rule("FED-6")
def test_what_changes_nothing_of_the_sign_in_ends_nothing(desk, ada, sign_in):
    erin = Person.objects.get(pk=desk.expert.pk)
    erin.phone = "+1 555 0142"
    erin.save()
    erin.set_password("another quiet harbour")  # her own new password: the key is still asked for
    erin.save()
    sign_in(erin)
    assert holds(erin)
    assert not Notice.objects.filter(event="sign_in_changed").exists()


@pytest.mark.rule("ACC-7")
def test_the_old_address_is_told_in_either_realm_and_the_new_one_not_named(desk, ada, sign_in):
    by_the_form(desk.expert, ada, sign_in)
    mail = Notice.objects.get(event="sign_in_changed")
    assert mail.email == "erin@support.example"
    assert "mallory" not in mail.text + mail.subject


@FEDRAMP
@pytest.mark.rule("FED-5")
def test_the_pin_and_who_is_shown_on_the_telephone_page_are_recorded_as_reads(desk, sign_in):
    dana = desk.designated
    client, page = sign_in(dana), reverse("fedramp:pin")
    client.post(f"{reverse('account_reauthenticate')}?next={page}", {"password": PASSWORD})
    assert client.get(page).status_code == 200
    read = AuditEntry.objects.filter(event="read", page="fedramp:pin", person=dana)
    assert read.exists()
    staff = sign_in(desk.expert)
    page = reverse("admin:fedramp_pincheck_telephone")
    staff.get(page)
    rows = AuditEntry.objects.filter(event="read", page="admin:fedramp_pincheck_telephone")
    assert rows.get().about == ""
    desk.hears(dana)
    staff.get(page)
    assert rows.filter(person=desk.expert, about=f"person {dana.pk}").exists()
