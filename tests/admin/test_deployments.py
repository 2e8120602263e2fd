"""A wrong entry of a deployment is corrected on the organization's page (SLA-6)."""

import datetime as dt

import pytest
from django.urls import reverse

from cases.actors import Actor
from cases.models import Recomputation
from cases.roles import OPERATIONS_ADMINISTRATOR
from cases.services.incidents import restore_service
from cases.services.recalculations import recompute_some
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(desk, sign_in):
    return sign_in(world.person("oscar@support.example", roles=(OPERATIONS_ADMINISTRATOR,)))


def send(client, desk, **changed):
    """The organization's form as it stands, with these fields of its deployment changed."""
    organization, deployment = desk.organization, desk.deployment
    address = reverse("admin:cases_organization_change", args=[organization.pk])
    shown = client.get(address).context["inline_admin_formsets"]
    form = {}
    for each in shown:
        prefix = each.formset.prefix
        rows = each.formset.initial_forms if each.formset.model is type(deployment) else []
        form |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for row in rows:
            values = {name: row.initial.get(name) for name in row.fields} | changed
            values["id"] = row.instance.pk
            form |= {f"{row.prefix}-{name}": value for name, value in values.items() if value}
    form |= {
        "name": organization.name,
        "short_name": organization.short_name,
        "kind": organization.kind,
        "calendar": organization.calendar_id,
        "plan": organization.plan_id,
    }
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.context["errors"]


@pytest.mark.realm("commercial")  # the FedRAMP realm has none on premises (FED-8)
@pytest.mark.rule("RCA-3")
@pytest.mark.rule("SLA-6")
def test_a_deployment_corrected_to_on_premises_moves_the_analysis(client, desk):
    case = desk.act("join_incident", desk.owned_case(priority=2), text="Others.", title="Media")
    restore_service(
        incident_id=case.incident_id,
        restored_at=NOW,
        summary="A switch failed.",
        actor=Actor.of(desk.expert),
        now=NOW,
    )
    clock = case.clocks.get(kind="rca")
    assert clock.due_at == NOW + dt.timedelta(days=7, hours=-1)  # 5 business days, in summer time
    send(client, desk, name="Production, New York")
    assert not Recomputation.objects.exists()  # a name moves nothing
    send(client, desk, hosting="premises", region="")
    assert Recomputation.objects.get().organization == desk.organization
    while recompute_some(NOW):
        pass
    clock.refresh_from_db()
    assert clock.due_at == NOW + dt.timedelta(days=9, hours=-1)  # 7 of them
