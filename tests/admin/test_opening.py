"""Opening a case for a caller: only for a Designated Contact, once, with all required details."""

import uuid

import pytest

from cases.models import Case, Membership
from tests.admin.pages import text_of, url
from tests.stored import everything_stored


@pytest.fixture
def form(desk):
    return {
        "deployment": desk.deployment.pk,
        "priority": 3,
        "subject": "No audio",
        "description": "Since this morning.",
        "business_impact": "Forty agents cannot work.",
        "submission": str(uuid.uuid4()),
    }


def address(person):
    return url("open_for", Membership.objects.get(person=person).pk)


def test_the_caller_is_found_by_name_organization_and_number(desk, staff):
    desk.designated.phone = "+1 555 0123"
    desk.designated.save()
    for typed in ("dana", "acme", "0123", "Dana Acme", "dana@acme"):
        words = text_of(staff.get(url("open"), {"q": typed}))
        assert "Dana Designated" in words, typed
    assert "Rudi" not in text_of(staff.get(url("open"), {"q": "acme"}))
    assert "No Designated Contact matches" in text_of(staff.get(url("open"), {"q": "zebra"}))


@pytest.mark.rule("CASE-1")
def test_the_case_is_the_callers(desk, staff, form):
    desk.hears(desk.designated)
    answer = staff.post(address(desk.designated), form, follow=True)
    case = Case.objects.get()
    assert f"{case.number} is open. Tell the caller this number." in text_of(answer)
    assert (case.contact, case.organization) == (desk.designated, desk.organization)
    assert case.entries.get().author == desk.expert
    staff.post(address(desk.designated), form)
    assert Case.objects.count() == 1


@pytest.mark.rule("ACC-6")
def test_critical_needs_the_number(desk, staff, form):
    desk.hears(desk.designated)
    before = everything_stored()
    answer = staff.post(address(desk.designated), {**form, "priority": 1})
    assert answer.status_code == 422
    assert "24x7" in text_of(answer)
    assert "Since this morning." in answer.content.decode()
    assert everything_stored() == before
    staff.post(address(desk.designated), {**form, "priority": 1, "phone_24x7": "+1 555 0111"})
    assert Case.objects.get().severity == 1


@pytest.mark.rule("ACC-1")
def test_not_for_others(desk, staff, form):
    before = everything_stored()
    assert staff.get(address(desk.read_only)).status_code == 404
    assert staff.post(address(desk.read_only), form).status_code == 404
    desk.hears(desk.outsider)
    before = everything_stored()
    # A deployment of another organization is no choice of this one's form.
    assert staff.post(address(desk.outsider), form).status_code == 422
    assert everything_stored() == before


@pytest.mark.rule("CASE-1")
def test_no_deployment_in_use_is_said_in_words(desk, staff, form):
    desk.hears(desk.designated)
    page = address(desk.designated)
    desk.organization.deployments.update(is_active=False)
    words = text_of(staff.get(page))
    assert "this organization has no deployment in use" in words
    assert "Ask an Operations Administrator" in words
    assert "Open the case" not in words
    before = everything_stored()
    answer = staff.post(page, form)
    assert answer.status_code == 422
    assert "this organization has no deployment in use" in text_of(answer)
    assert "No case was opened." in text_of(answer)
    assert "Since this morning." in answer.content.decode(), "what was typed stays"
    assert everything_stored() == before
