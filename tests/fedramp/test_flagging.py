"""What may not stand together: a flag and open cases, an offering and another realm (FED-1/8)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Case, Deployment, Notice, Organization
from cases.roles import OPERATIONS_ADMINISTRATOR
from fedramp import realm_triggers
from fedramp.models import Redaction
from fedramp.services.customer_flags import flag_organization
from tests.admin.pages import text_of
from tests.stored import everything_stored
from tests.world import NOW, organization, person

pytestmark = pytest.mark.django_db

COMMERCIAL = pytest.mark.realm("commercial")
FEDRAMP = pytest.mark.realm("fedramp")


@pytest.fixture
def oda(desk):
    return person("oda@support.example", roles=(OPERATIONS_ADMINISTRATOR,))


def form_of(organization, **changed):
    """The organization's admin form as it is shown, with one deployment."""
    row = organization.deployments.get()
    fields = ("name", "short_name", "kind", "calendar_id", "plan_id")
    form = {each.removesuffix("_id"): getattr(organization, each) for each in fields}
    return {
        **form,
        **({"is_fedramp": "on"} if organization.is_fedramp else {}),
        "deployments-TOTAL_FORMS": 1,
        "deployments-INITIAL_FORMS": 1,
        "deployments-0-id": row.pk,
        "deployments-0-organization": organization.pk,
        "deployments-0-name": row.name,
        "deployments-0-product": row.product,
        "deployments-0-hosting": row.hosting,
        "deployments-0-region": row.region,
        "deployments-0-offering_type": row.offering_type,
        "deployments-0-is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        **changed,
    }


def address_of(organization):
    return reverse("admin:cases_organization_change", args=[organization.pk])


def fresh(organization):
    return Organization.objects.get(pk=organization.pk)


# --- The flag


@COMMERCIAL
@pytest.mark.rule("FED-1")
def test_the_form_refuses_the_flag_while_cases_are_open_and_says_what_to_do(desk, oda, sign_in):
    case = desk.case()
    client, acme = sign_in(oda), desk.organization
    before = everything_stored()
    answer = client.post(address_of(acme), form_of(acme, is_fedramp="on"))
    assert answer.status_code == 200
    assert "1 case is open in this realm" in text_of(answer)
    page = reverse("admin:fedramp_redaction_flag", args=[acme.pk])
    assert f'href="{page}"' in answer.content.decode()
    assert everything_stored() == before
    assert not fresh(acme).is_fedramp
    assert case.number in text_of(client.get(page))

    assert client.post(page, {"reason": " "}).status_code == 422
    assert everything_stored() == before
    form = {"reason": "Contract 7.", "submission": "5a0f2a5c-8f5f-4a8e-9d4c-000000000001"}
    words = text_of(client.post(page, form, follow=True))
    assert "Acme is a FedRAMP organization. Cases redirected: 1." in words
    assert fresh(acme).is_fedramp
    after = Case.objects.get()
    assert (after.state, after.subject) == ("closed", "[redacted]")
    assert Redaction.objects.get().case == case
    assert Notice.objects.filter(event="redirected", person=desk.designated).exists()


@COMMERCIAL
@pytest.mark.rule("FED-1")
def test_without_open_cases_the_form_sets_the_flag(desk, oda, sign_in):
    desk.act("close", desk.owned_case(), text="Done.")
    acme = desk.organization
    assert sign_in(oda).post(address_of(acme), form_of(acme, is_fedramp="on")).status_code == 302
    assert fresh(acme).is_fedramp


@COMMERCIAL
@pytest.mark.rule("FED-1")
def test_who_flags(desk, oda):
    desk.case()
    acme, before = desk.organization, everything_stored()
    common = {"organization_id": acme.pk, "now": NOW}
    for someone in (desk.expert, desk.designated):
        with pytest.raises(NotAllowed):
            flag_organization(actor=Actor.of(someone), reason="x", **common)
    with pytest.raises(Invalid):
        flag_organization(actor=Actor.of(oda), reason="", **common)
    assert everything_stored() == before
    flag_organization(actor=Actor.of(oda), reason="x", **common)
    with pytest.raises(NotPossible, match="already"):
        flag_organization(actor=Actor.of(oda), reason="x", **common)


@COMMERCIAL
@pytest.mark.rule("FED-1")
def test_a_failure_at_one_case_leaves_the_flag_and_all_words(desk, oda, mail_of_a_redirect_fails):
    desk.case()
    desk.case()
    before = everything_stored()
    with pytest.raises(KeyError), transaction.atomic():
        flag_organization(
            organization_id=desk.organization.pk, reason="x", actor=Actor.of(oda), now=NOW
        )
    assert everything_stored() == before
    assert not fresh(desk.organization).is_fedramp


# --- The database


def refused(change, words):
    before = everything_stored()
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        change()
    assert everything_stored() == before


@COMMERCIAL
@pytest.mark.rule("FED-1")
def test_the_database_refuses_a_flag_beside_open_cases_and_a_case_beside_the_flag(desk):
    case = desk.owned_case()
    acme = Organization.objects.filter(pk=desk.organization.pk)
    refused(lambda: acme.update(is_fedramp=True), "open cases")
    desk.act("close", case, text="Done.")
    acme.update(is_fedramp=True)
    refused(lambda: Case.objects.filter(pk=case.pk).update(state="in_progress"), "no case")
    copy = Case.objects.get(pk=case.pk)
    copy.pk, copy.number, copy.submission = None, "C-222222", None
    refused(lambda: Case.objects.bulk_create([copy]), "no case")
    Case.objects.filter(pk=case.pk).update(subject="x")  # what was closed may be redacted


@COMMERCIAL
@pytest.mark.rule("FED-8")
def test_an_offering_and_its_organization_stand_together(desk):
    row = Deployment.objects.filter(pk=desk.deployment.pk)
    acme = Organization.objects.filter(pk=desk.organization.pk)
    refused(lambda: row.update(offering_type="fedramp"), "FedRAMP organization")
    extra = Deployment(
        organization=desk.organization,
        name="Second",
        product="x",
        region="us-east-2",
        offering_type="fedramp",
    )
    refused(lambda: Deployment.objects.bulk_create([extra]), "FedRAMP organization")
    acme.update(is_fedramp=True)
    row.update(offering_type="fedramp")
    refused(lambda: acme.update(is_fedramp=False), "FedRAMP deployments")


@FEDRAMP
@pytest.mark.rule("FED-8")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"offering_type": "commercial"}, "in us-east-2"),
        ({"offering_type": "commercial", "region": "us-west-2"}, "in us-east-2"),
        ({"region": "us-west-2"}, "us.east.2"),
        ({"hosting": "premises", "region": ""}, "us.east.2"),
    ],
)
def test_in_its_realm_a_deployment_is_fedramp_in_us_east_2(desk, oda, sign_in, changed, words):
    rows = Deployment.objects.filter(pk=desk.deployment.pk)
    refused(lambda: rows.update(**changed), words)
    client, acme = sign_in(oda), desk.organization
    before = everything_stored()
    form = form_of(acme, **{f"deployments-0-{name}": each for name, each in changed.items()})
    answer = client.post(address_of(acme), form)
    assert answer.status_code == 200
    assert "FedRAMP" in text_of(answer)
    assert everything_stored() == before
    assert client.post(address_of(acme), form_of(acme)).status_code == 302


@FEDRAMP
@pytest.mark.rule("FED-1")
def test_in_its_realm_every_organization_is_flagged(desk, oda, sign_in):
    acme = Organization.objects.filter(pk=desk.organization.pk)
    acme_deployment = Deployment.objects.filter(pk=desk.deployment.pk)
    assert acme_deployment.exists()
    refused(lambda: acme.update(is_fedramp=False), "FedRAMP")
    with pytest.raises(IntegrityError), transaction.atomic():
        organization("initech", is_fedramp=False)
    client = sign_in(oda)
    form = form_of(desk.organization)
    del form["is_fedramp"]
    before = everything_stored()
    answer = client.post(address_of(desk.organization), form)
    assert "every organization is a FedRAMP organization" in text_of(answer)
    assert everything_stored() == before
    shown = client.get(reverse("admin:cases_organization_add")).context["adminform"].form
    assert shown["is_fedramp"].value() is True


@COMMERCIAL
@pytest.mark.rule("FED-8")
def test_the_form_refuses_a_fedramp_offering_without_the_flag(desk, oda, sign_in):
    client, acme = sign_in(oda), desk.organization
    before = everything_stored()
    changed = {"deployments-0-offering_type": "fedramp"}
    answer = client.post(address_of(acme), form_of(acme, **changed))
    assert "flag the organization" in text_of(answer)
    assert everything_stored() == before
    # With the flag in the same form the two stand together.
    both = form_of(acme, is_fedramp="on", **changed)
    assert client.post(address_of(acme), both).status_code == 302
    assert "deployments" in text_of(
        client.post(address_of(acme), form_of(fresh(acme)) | {"is_fedramp": ""})
    )
    assert fresh(acme).is_fedramp


def test_the_rules_stand_after_each_migrate():
    wanted = {realm_triggers.PREFIX + each.name: each.table for each in realm_triggers.rules()}
    assert realm_triggers.installed() == wanted
    realm_triggers.uninstall()
    assert realm_triggers.installed() == {}
    realm_triggers.install()
    assert realm_triggers.installed() == wanted
