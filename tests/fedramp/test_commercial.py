"""What the commercial realm does about FedRAMP customers (FED-1, FED-12)."""

import pytest
from django.urls import reverse

from cases.models import Case, Membership
from tests.admin.pages import text_of, url
from tests.stored import everything_stored

pytestmark = [pytest.mark.django_db, pytest.mark.realm("commercial")]


@pytest.mark.rule("FED-12")
def test_the_telephone_page_flags_a_fedramp_organization_and_gives_the_script(desk, sign_in):
    staff = sign_in(desk.expert)
    found = text_of(staff.get(url("open"), {"q": "dana"}))
    assert "FedRAMP" not in found
    desk.organization.is_fedramp = True
    desk.organization.save()
    found = text_of(staff.get(url("open"), {"q": "dana"}))
    assert "FedRAMP customer: Acme" in found
    assert "http://fedramp.localhost:8001" in found
    assert "FedRAMP" not in text_of(staff.get(url("open"), {"q": "globex"}))
    form = url("open_for", Membership.objects.get(person=desk.designated).pk)
    before = everything_stored()
    for answer, status in ((staff.get(form), 200), (staff.post(form, {"subject": "x"}), 422)):
        assert answer.status_code == status
        assert "FedRAMP customer: Acme" in text_of(answer)
        assert 'name="subject"' not in answer.content.decode()
    assert everything_stored() == before
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "address", ["/profile/pin/", "/invitation/x/", "/admin/fedramp/pincheck/telephone/"]
)
def test_what_the_other_realm_has_is_absent_here(desk, sign_in, address):
    client = sign_in(desk.designated if "admin" not in address else desk.expert)
    assert client.get(address).status_code == 404


@pytest.mark.rule("FED-1")
def test_the_portal_says_where_to_go_before_anything_is_typed(desk, sign_in):
    desk.organization.is_fedramp = True
    desk.organization.save()
    page = sign_in(desk.designated).get(reverse("portal:open"), follow=True)
    assert "http://fedramp.localhost:8001" in page.content.decode()
    assert "<textarea" not in page.content.decode()
