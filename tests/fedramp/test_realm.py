"""What the FedRAMP realm has and has not, as everybody there sees it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import get_resolver

from cases.models import Deployment
from supportdesk.checks import walk
from tests.admin.pages import page_url, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]


@pytest.mark.rule("FED-8")
def test_region_and_offering_stand_on_the_deployment_wherever_it_is_named(desk, sign_in):
    desk.deployment.offering_type = "fedramp"
    desk.deployment.save()
    case = desk.owned_case()
    contact, staff = sign_in(desk.designated), sign_in(desk.expert)
    for page in (
        contact.get("/cases/open/acme/"),
        contact.get(case.get_absolute_url()),
        staff.get(page_url(case)),
    ):
        assert "us-east-2, FedRAMP" in text_of(page)


@pytest.mark.rule("FED-8")
@pytest.mark.parametrize("changed", [{"region": "us-west-2"}, {"hosting": "premises"}])
def test_a_fedramp_deployment_is_in_the_cloud_in_us_east_2(desk, changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.filter(pk=desk.deployment.pk).update(offering_type="fedramp", **changed)


@pytest.mark.rule("FED-11")
def test_there_is_no_api_for_a_mobile_app(desk, sign_in):
    addresses = [path for path, _ in walk(get_resolver().url_patterns)]
    assert not [path for path in addresses if path.startswith(("api", "mobile", "app/"))]
    for someone in (desk.designated, desk.expert):
        for address in ("/api/", "/api/cases/", "/api/v1/", "/mobile/"):
            assert sign_in(someone).get(address).status_code == 404


@pytest.mark.rule("FED-12")
def test_every_page_of_staff_and_contacts_says_which_realm_it_is(desk, sign_in):
    staff, contact = sign_in(desk.expert), sign_in(desk.designated)
    case = desk.owned_case()
    for address in (
        "/admin/cases/case/",
        page_url(case),
        "/admin/cases/case/open/",
        "/admin/fedramp/pincheck/telephone/",
        "/admin/fedramp/redaction/",
    ):
        assert "FedRAMP customer." in text_of(staff.get(address)), address
    for address in ("/", "/cases/", "/profile/", "/access/"):
        assert "FedRAMP customers only." in text_of(contact.get(address)), address
