"""People and their rights: nobody raises their own, and nobody becomes a superuser here."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from cases.models import Membership, Notice, Person
from cases.roles import (
    ACCESS_ADMINISTRATOR,
    AUDITOR,
    OPERATIONS_ADMINISTRATOR,
    ROLES,
    SUPPORT_EXPERT,
    sync_roles,
)
from tests import world
from tests.admin.pages import text_of


@pytest.fixture
def ada(desk):
    return world.person("ada@support.example", name="Ada Access", roles=(ACCESS_ADMINISTRATOR,))


@pytest.fixture
def client(ada, sign_in):
    return sign_in(ada)


def change(person):
    return reverse("admin:cases_person_change", args=[person.pk])


def form_of(person, **fields):
    """What the page of this person sends."""
    common = {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "time_zone": person.time_zone,
        "is_active": "on" if person.is_active else "",
        "is_staff": "on" if person.is_staff else "",
        "groups": [group.pk for group in person.groups.all()],
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    return {**common, **fields}


@pytest.mark.rule("ACC-7")
def test_makes_a_member_of_staff_who_chooses_a_password_by_mail(client):
    role = Group.objects.get(name=SUPPORT_EXPERT)
    form = {
        "name": "New Nora",
        "email": "Nora@Support.example",
        "time_zone": "Europe/Berlin",
        "is_active": "on",
        "is_staff": "on",
        "groups": [role.pk],
    }
    assert client.post(reverse("admin:cases_person_add"), form).status_code == 302
    nora = Person.objects.get(email="nora@support.example")
    assert not nora.has_usable_password()
    assert nora.has_perm("cases.work_case")
    address = reverse("admin:cases_person_link", args=[nora.pk])
    assert client.get(address).status_code == 405
    words = text_of(client.post(address, follow=True))
    assert "A link to choose a password is on its way to nora@support.example." in words
    notice = Notice.objects.get(email="nora@support.example")
    assert notice.is_secret
    history = text_of(client.get(reverse("admin:cases_person_history", args=[nora.pk])))
    assert SUPPORT_EXPERT in history
    assert "Ada Access" in history


def test_nobody_changes_his_own_rights(client, ada):
    everything = [group.pk for group in Group.objects.all()]
    client.post(change(ada), form_of(ada, groups=everything, is_superuser="on", phone="+1 555 1"))
    ada = Person.objects.get(pk=ada.pk)
    assert [group.name for group in ada.groups.all()] == [ACCESS_ADMINISTRATOR]
    assert not ada.is_superuser
    assert ada.phone == "+1 555 1"


def test_no_form_gives_superuser_or_single_permissions(client, desk):
    permission = Permission.objects.get(codename="resend_notice")
    form = form_of(desk.expert, is_superuser="on", user_permissions=[permission.pk])
    assert client.post(change(desk.expert), form).status_code == 302
    expert = Person.objects.get(pk=desk.expert.pk)
    assert not expert.is_superuser
    assert not expert.user_permissions.exists()


def test_no_group_outside_the_table_can_be_given(client, desk):
    foreign = Group.objects.create(name="Everything")
    answer = client.post(change(desk.expert), form_of(desk.expert, groups=[foreign.pk]))
    assert answer.status_code == 200
    assert not desk.expert.groups.filter(pk=foreign.pk).exists()


def test_a_superuser_is_out_of_reach(client, desk):
    boss = Person.objects.create_superuser("boss@support.example", world.PASSWORD, name="Boss")
    assert client.post(change(boss), form_of(boss, email="mine@evil.example")).status_code == 403
    link = reverse("admin:cases_person_link", args=[boss.pk])
    assert client.post(link).status_code == 403
    assert Person.objects.get(pk=boss.pk).email == "boss@support.example"
    assert not Notice.objects.exists()


def test_staff_and_contacts_stay_apart(client, desk):
    roles = [Group.objects.get(name=SUPPORT_EXPERT).pk]
    answer = client.post(change(desk.designated), form_of(desk.designated, groups=roles))
    assert "Only staff have these" in text_of(answer)
    answer = client.post(change(desk.designated), form_of(desk.designated, is_staff="on"))
    assert "This person is a contact of a customer." in text_of(answer)
    person = Person.objects.get(pk=desk.designated.pk)
    assert not person.is_staff
    assert not person.groups.exists()


@pytest.mark.rule("ACC-3")
def test_a_contact_has_a_role_in_each_organization(client, desk):
    other = Membership.objects.get(person=desk.outsider).organization
    form = form_of(
        desk.designated,
        **{
            "memberships-TOTAL_FORMS": 2,
            "memberships-INITIAL_FORMS": 1,
            "memberships-0-id": Membership.objects.get(person=desk.designated).pk,
            "memberships-0-person": desk.designated.pk,
            "memberships-0-organization": desk.organization.pk,
            "memberships-0-role": "designated",
            "memberships-1-person": desk.designated.pk,
            "memberships-1-organization": other.pk,
            "memberships-1-role": "read_only",
        },
    )
    assert client.post(change(desk.designated), form).status_code == 302
    roles = dict(
        Membership.objects.filter(person=desk.designated).values_list("organization", "role")
    )
    assert roles == {desk.organization.pk: "designated", other.pk: "read_only"}


def test_an_inactive_person_gets_no_link(client, desk):
    desk.read_only.is_active = False
    desk.read_only.save()
    link = reverse("admin:cases_person_link", args=[desk.read_only.pk])
    assert "no link was sent" in text_of(client.post(link, follow=True))
    assert not Notice.objects.exists()


@pytest.mark.rule("ACC-7")
def test_the_groups_are_what_the_table_says(db):
    sync_roles()
    stray = Permission.objects.get(codename="add_case")
    Group.objects.get(name=SUPPORT_EXPERT).permissions.add(stray)
    sync_roles()
    for name, wanted in ROLES.items():
        held = Group.objects.get(name=name).permissions.values_list(
            "content_type__app_label", "codename"
        )
        assert {".".join(each) for each in held} == wanted
    forbidden = {"add_case", "change_case", "delete_case", "add_entry", "change_entry"}
    assert not {each for held in ROLES.values() for each in held} & {
        f"cases.{each}" for each in forbidden
    }


@pytest.mark.rule("ACC-7")
@pytest.mark.parametrize("role", sorted(set(ROLES) - {AUDITOR, OPERATIONS_ADMINISTRATOR}))
def test_no_link_of_an_organizations_page_is_refused(desk, sign_in, role):
    """Its plan and calendar answered 403 to roles that were led there; who edits has no links."""
    client = sign_in(world.person("link@support.example", roles=(role,)))
    page = client.get(reverse("admin:cases_organization_change", args=[desk.organization.pk]))
    links = set(re.findall(r'href="(/admin/cases/\w+/\d+/change/)[?"]', page.content.decode()))
    assert any("/businesscalendar/" in link for link in links)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)
