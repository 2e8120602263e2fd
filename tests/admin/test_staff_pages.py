"""Every staff page: words for each choice, a way back, and refusals in the page's own look."""

import html
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse

from cases.admin.history import ON_A_PAGE
from cases.models import Membership, Organization
from cases.roles import ESCALATION_OWNER, ROLES
from cases.wording import DEFINITIONS
from fedramp.models import AuditEntry
from tests import world
from tests.admin.pages import page_url, text_of, url


@pytest.fixture
def boss(desk, sign_in):
    return sign_in(world.person("boss@support.example", name="Boss", roles=tuple(ROLES)))


@pytest.mark.rule("SEV-1")
@pytest.mark.parametrize("form", ["severity", "bulk", "caller"])
def test_each_staff_form_says_what_a_severity_means(desk, boss, form, monkeypatch):
    monkeypatch.setattr("cases.actors.StaffGate.knows_caller", lambda *args, **kwargs: True)
    case = desk.owned_case()
    if form == "severity":
        page = boss.get(url("severity", case.pk))
    elif form == "bulk":
        chosen = {"action": "change_severity_of_cases", "_selected_action": case.pk, "index": 0}
        page = boss.post(reverse("admin:cases_case_changelist"), chosen)
    elif settings.REALM == "commercial":
        page = boss.get(url("open_for", Membership.objects.get(person=desk.designated).pk))
    else:
        pytest.skip("a caller proves himself first: tests/fedramp; the form is the same")
    assert page.status_code == 200
    words = html.unescape(text_of(page))
    assert all(each in words for each in DEFINITIONS.values())


# --- Pages that refuse ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/admin/cases/slatarget/", 403, "You do not have access to this"),
        ("/admin/cases/case/999999/do/close/", 404, "This page does not exist"),
        ("/admin/nothing/", 404, "This page does not exist"),
        ("/admin/cases/case/?id__regex=[", 400, "The request could not be read"),
    ],
)
def test_staff_are_refused_in_the_admins_own_clothes(desk, sign_in, address, status, words):
    client = sign_in(desk.expert)
    answer = client.get(address)
    assert answer.status_code == status
    page = answer.content.decode()
    assert words in page
    assert "nav-sidebar" in page
    assert f'href="{reverse("admin:index")}"' in page


@pytest.mark.parametrize("address", ["/admin/cases/slatarget/", "/admin/nothing/"])
def test_a_contact_sees_nothing_of_the_admin_in_a_refusal(desk, sign_in, address):
    answer = sign_in(desk.designated).get(address, follow=True)
    assert "nav-sidebar" not in answer.content.decode()


# --- The way back ---------------------------------------------------------------------------------


def test_the_way_back_is_the_list_from_which_one_came_with_its_filters(desk, boss):
    case = desk.owned_case()
    before = "http://testserver/admin/cases/case/?queue=open&severity__exact=3"
    page = boss.get(page_url(case), HTTP_REFERER=before)
    back = html.escape(before.removeprefix("http://testserver"))
    assert f'<a href="{back}">All open, filtered</a>' in page.content.decode()
    # A form of the case and the case again: the list is the same.
    again = boss.get(page_url(case), HTTP_REFERER=f"http://testserver{url('severity', case.pk)}")
    assert f'<a href="{back}">All open, filtered</a>' in again.content.decode()


@pytest.mark.parametrize(
    "before",
    [
        "https://elsewhere.example/admin/cases/case/?queue=open",
        "javascript:alert(1)",
        "http://testserver/admin/cases/person/?q=x",
        "",
    ],
)
def test_without_a_list_the_way_back_is_the_own_queue(desk, boss, before):
    page = boss.get(page_url(desk.owned_case()), HTTP_REFERER=before).content.decode()
    assert ">My cases</a>" in page
    assert "elsewhere" not in page


# --- History --------------------------------------------------------------------------------------


@pytest.mark.rule("CASE-9")
def test_a_sign_in_writes_no_row_of_history(desk, sign_in):
    before = desk.expert.history.count()
    sign_in(desk.expert)
    desk.expert.refresh_from_db()
    assert desk.expert.last_login is not None
    assert desk.expert.history.count() == before
    desk.expert.name = "Erin Else"
    desk.expert.save()
    assert desk.expert.history.count() == before + 1


@pytest.mark.rule("CASE-9")
def test_rows_of_earlier_sign_ins_are_not_shown(desk, boss):
    desk.expert.save()  # a row in which nothing changed
    page = boss.get(reverse("admin:cases_person_history", args=[desk.expert.pk]))
    assert all(change.says_something for change in page.context["changes"])
    assert page.context["changes"].paginator.count < desk.expert.history.count()


@pytest.mark.rule("CASE-9")
def test_the_history_has_pages(desk, boss):
    organization = Organization.objects.get(pk=desk.organization.pk)
    for number in range(ON_A_PAGE + 20):
        organization.name = f"Acme {number}"
        organization.save()
    address = reverse("admin:cases_organization_history", args=[organization.pk])
    first, second = boss.get(address), boss.get(f"{address}?page=2")
    assert len(first.context["changes"]) == ON_A_PAGE
    assert '"?page=2"' in first.content.decode()
    assert f"Acme {ON_A_PAGE + 19}" in first.content.decode()
    assert "Acme 1<" in second.content.decode()
    assert "Acme 1<" not in first.content.decode()
    for odd in ("0", "-1", "9" * 30, "x"):
        assert boss.get(f"{address}?page={odd}").status_code == 200


@pytest.mark.rule("CASE-9")
def test_a_role_is_given_from_its_own_side_too(desk):
    """`group.user_set` failed in the history's signal; each person has a row, as by `groups`."""
    group = Group.objects.get(name=ESCALATION_OWNER)
    people = [desk.expert, desk.colleague]

    def rows():
        return [person.history.count() for person in people]

    def roles():
        return [
            sorted(str(each.group) for each in person.history.first().groups.all())
            for person in people
        ]

    before, had = rows(), roles()
    group.user_set.add(*people)
    assert rows() == [each + 1 for each in before]
    assert roles() == [sorted([*each, ESCALATION_OWNER]) for each in had]
    group.user_set.remove(desk.expert)
    assert rows() == [before[0] + 2, before[1] + 1]
    assert roles()[0] == had[0]
    group.user_set.set([desk.expert])
    assert roles() == [sorted([*had[0], ESCALATION_OWNER]), had[1]]
    group.user_set.clear()
    assert roles() == had
    assert not group.user_set.exists()
    if settings.REALM == "fedramp":
        told = AuditEntry.objects.filter(detail=f"role {ESCALATION_OWNER} taken")
        assert {each.about for each in told} >= {f"person {desk.expert.pk}"}


# --- FED-12, and the other realm's address --------------------------------------------------------


@pytest.mark.realm("commercial")
@pytest.mark.rule("FED-12")
def test_a_fedramp_customer_is_flagged_in_the_commercial_list_and_case(desk, boss):
    case = desk.case_in("closed")  # an open one is redirected first (FED-1)
    pages = [page_url(case), reverse("admin:cases_case_changelist"), url("history", case.pk)]
    assert all("FedRAMP customer" not in boss.get(each).content.decode() for each in pages)
    Organization.objects.filter(pk=desk.organization.pk).update(is_fedramp=True)
    assert all("FedRAMP customer" in boss.get(each).content.decode() for each in pages)


@pytest.mark.realm("commercial")
@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({}, "http://fedramp.localhost:8001"),
        ({"PORT_FEDRAMP": "9101"}, "http://fedramp.localhost:9101"),
        ({"PORT_FEDRAMP": ""}, "http://fedramp.localhost:8001"),
        ({"PORT_FEDRAMP": "9101", "FEDRAMP_PORTAL_URL": "https://f.example"}, "https://f.example"),
    ],
)
def test_with_other_ports_the_fedramp_portal_is_found(variables, address, tmp_path):
    told = "from django.conf import settings; print(settings.FEDRAMP_PORTAL_URL)"
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "ENVIRONMENT": "development",
        "REALM": "commercial",
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "supportdesk.settings",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == address
