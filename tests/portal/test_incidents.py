"""Platform incidents for a contact, and the root cause analysis that they ask for."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actors import Actor
from cases.models import Analysis, Case
from cases.services.incidents import restore_service
from tests.portal.conftest import fields_of
from tests.stored import everything_stored

HOUR = dt.timedelta(hours=1)


def stored():
    """What only a step may change; reading leaves its marks."""
    found = everything_stored()
    tables = ("rows of Case", "rows of Entry", "rows of Notice", "cases_historicalanalysis")
    return {table: found[table] for table in tables}


@pytest.fixture
def case(desk) -> Case:
    opened = desk.owned_case(priority=2, now=timezone.now() - HOUR)
    return desk.act("join_incident", opened, text="All see it.", title="Media of Acme and Globex")


def restore(desk, case):
    restore_service(
        incident_id=case.incident_id,
        restored_at=timezone.now(),
        summary="A switch failed.",
        actor=Actor.of(desk.expert),
        now=timezone.now(),
    )


@pytest.mark.rule("SLA-3")
@pytest.mark.rule("RCA-1")
def test_the_page_says_what_is_promised_and_then_what_happened(desk, browse, case):
    client = browse(desk.designated)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Platform-level" in page
    assert "Restoration by" in page
    assert case.incident.number in page
    assert "Globex" not in page  # the name is for staff
    restore(desk, case)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Service has been restored." in page
    assert "A switch failed." in page
    assert "Root cause analysis by" in page
    with CaptureQueriesContext(connection) as captured:
        client.get(case.get_absolute_url())
    assert len(captured) <= 15


@pytest.mark.rule("RCA-2")
@pytest.mark.rule("RCA-4")
def test_a_designated_contact_asks(desk, browse, case):
    restore(desk, case)
    client = browse(desk.designated)

    def ask(step, **typed):
        address = f"{case.get_absolute_url()}{step}/"
        assert address in client.get(case.get_absolute_url()).content.decode()
        form = fields_of(client.get(address), action=address)
        return client.post(address, {**form, **typed})

    assert ask("ask_analysis", text="").status_code == 302
    assert Analysis.objects.get(case=case).asked_at
    page = client.get(case.get_absolute_url()).content.decode()
    assert "ask_analysis/" not in page
    desk.act("deliver_analysis", case, text="The switch.", now=timezone.now())
    before = stored()
    assert "Please fill this in" in ask("ask_documents", text=" ").content.decode()
    assert stored() == before
    assert ask("ask_documents", text="The traces.").status_code == 302
    assert ask("ask_discussion", text="On Monday.").status_code == 302
    row = Analysis.objects.get(case=case)
    assert row.documents_asked_at
    assert row.discussion_asked_at


@pytest.mark.rule("RCA-2")
@pytest.mark.rule("ACC-2")
def test_nobody_else_asks_and_no_address_goes_round_it(desk, browse, case):
    address = f"{case.get_absolute_url()}ask_analysis/"
    form = fields_of(browse(desk.designated).get(address), action=address)
    single = desk.owned_case()
    before = stored()
    reader = browse(desk.read_only)
    assert "ask_analysis" not in reader.get(case.get_absolute_url()).content.decode()
    assert reader.get(address).status_code == 403
    assert browse(desk.outsider).get(address).status_code == 404
    client = browse(desk.designated)
    for step in ("deliver_analysis", "join_incident", "record_meeting"):
        assert client.get(f"{case.get_absolute_url()}{step}/").status_code == 404
    other = f"{single.get_absolute_url()}ask_analysis/"
    assert client.get(other).status_code == 302  # says why not
    token = fields_of(client.get(address), action=address)["csrfmiddlewaretoken"]
    late = client.post(other, {**form, "csrfmiddlewaretoken": token, "text": "x", "version": 1})
    assert late.status_code == 409
    assert stored() == before
