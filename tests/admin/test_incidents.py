"""Platform incidents on the staff's pages: marking a case, the incident's page, restoring it."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Analysis, Case, Entry, Incident
from cases.roles import ESCALATION_OWNER
from tests import world
from tests.admin.pages import form_of, fresh, page_url, text_of, url
from tests.stored import everything_stored

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
LIST = "/admin/cases/incident/"


def page_of(incident):
    return reverse("admin:cases_incident_change", args=[incident.pk])


def restore_url(incident):
    return reverse("admin:cases_incident_restore", args=[incident.pk])


def action_url(incident, name):
    return reverse(f"admin:cases_incident_{name}", args=[incident.pk])


def restoring(at=None, summary="A switch failed."):
    local = timezone.localtime(at or timezone.now(), dt.UTC)
    return {
        "restored_at": f"{local:%Y-%m-%dT%H:%M}",
        "summary": summary,
        "submission": "00000000-0000-4000-8000-000000000000",
    }


def marked(desk, incident=None, **fields):
    fields.setdefault("now", timezone.now() - HOUR)
    case = desk.owned_case(**fields)
    title = "" if incident else "Media in us-east-2"
    return desk.act("join_incident", case, text="All see it.", incident=incident, title=title)


@pytest.mark.rule("SLA-3")
def test_a_case_is_marked_and_a_second_one_joins(desk, staff):
    first, second = desk.owned_case(), desk.owned_case()
    address = url("do", first.pk, "join_incident")
    assert address in staff.get(page_url(first)).content.decode()
    stored = everything_stored()
    empty = staff.post(address, form_of(first, text="All see it.", title=" "))
    assert empty.status_code == 422
    assert "name a new one" in text_of(empty)
    assert everything_stored() == stored
    assert staff.post(address, form_of(first, text="All see it.", title="Media")).status_code == 302
    incident = Incident.objects.get()
    again = url("do", second.pk, "join_incident")
    assert incident.number in staff.get(again).content.decode()
    sent = staff.post(again, form_of(second, text="Too.", incident=incident.pk))
    assert sent.status_code == 302
    assert {fresh(case).incident for case in (first, second)} == {incident}
    page = staff.get(page_url(first)).content.decode()
    assert page_of(incident) in page
    assert "Restoration" in page


@pytest.mark.rule("RCA-1")
def test_the_incident_is_restored_from_its_page(desk, staff):
    case = marked(desk, priority=1, phone_24x7="+1 555 0199")
    marked(desk, case.incident)
    page = staff.get(page_of(case.incident))
    assert "Restores 2 cases for 1 customer" in text_of(page)
    stored = everything_stored()
    for wrong, words in (
        (restoring(summary=""), "needs a preliminary incident summary"),
        (restoring(timezone.now() + HOUR), "in the future"),
        ({**restoring(), "restored_at": "soon"}, "Write it like"),
        ({}, "Say when"),
    ):
        refused = staff.post(restore_url(case.incident), wrong)
        assert refused.status_code == 422
        assert words in text_of(refused)
        if wrong.get("summary"):
            assert wrong["summary"] in refused.content.decode()
    assert everything_stored() == stored
    at = timezone.now()
    assert staff.post(restore_url(case.incident), restoring(at)).status_code == 302
    assert Entry.objects.filter(event="restored", body="A switch failed.").count() == 2
    stored = everything_stored()
    assert staff.post(restore_url(case.incident), restoring(at)).status_code == 302
    late = staff.post(restore_url(case.incident), restoring(at, "Else."))
    assert late.status_code == 422
    assert "already been restored" in text_of(late)
    assert everything_stored() == stored
    words = text_of(staff.get(page_of(case.incident)))
    assert "Restored" in words
    assert "Met" in words


@pytest.mark.rule("RCA-1")
def test_a_restoration_is_taken_back_from_the_page(desk, staff):
    incident = marked(desk, priority=2).incident
    withdraw = action_url(incident, "withdraw")
    assert withdraw not in staff.get(page_of(incident)).content.decode()
    staff.post(restore_url(incident), restoring())
    page = staff.get(page_of(incident))
    assert "The incident continues in 1 case for 1 customer" in text_of(page)
    seen = re.search(r'name="seen" value="([^"]+)" id="id_withdraw_seen"', page.content.decode())[1]
    form = {**restoring(), "seen": seen}
    stored = everything_stored()
    for wrong, words in (
        ({**form, "reason": " "}, "Say why"),
        ({**form, "reason": "Fails.", "seen": "2026-03-03T16:00"}, "has already been withdrawn"),
        ({**form, "reason": "Fails.", "seen": "soon"}, ""),
        ({}, "Say why"),
    ):
        refused = staff.post(withdraw, wrong)
        assert refused.status_code == 422
        assert words in text_of(refused)
        assert wrong.get("reason", "") in refused.content.decode()
    assert everything_stored() == stored
    taken_back = staff.post(withdraw, {**form, "reason": "It fails again."}, follow=True)
    for words in ("the incident continues", "The restoration was withdrawn It fails again."):
        assert words in text_of(taken_back)
    assert restore_url(incident) in taken_back.content.decode()
    history = text_of(staff.get(reverse("admin:cases_incident_history", args=[incident.pk])))
    assert "Restoration withdrawn" in history


def test_the_name_is_changed_and_an_old_tab_is_told(desk, staff):
    incident = marked(desk).incident
    rename = action_url(incident, "rename")
    form = {**restoring(), "seen": "Media in us-east-2"}
    page = staff.post(rename, {**form, "title": "Media everywhere"}, follow=True)
    assert "The incident has been renamed." in text_of(page)
    assert "Media everywhere" in text_of(page)
    stored = everything_stored()
    late = staff.post(rename, {**form, "title": "Mine"})
    assert late.status_code == 422
    assert "Somebody renamed it “Media everywhere” in the meantime." in text_of(late)
    assert 'value="Mine"' in late.content.decode()
    assert staff.post(rename, {**form, "title": " "}).status_code == 422
    assert everything_stored() == stored
    seen = re.search(r'name="seen" value="([^"]+)" id="id_rename_seen"', late.content.decode())[1]
    assert staff.post(rename, {**form, "seen": seen, "title": "Mine"}).status_code == 302
    assert Incident.objects.get().title == "Mine"


@pytest.mark.rule("ACC-7")
def test_who_may_only_see_restores_nothing(desk, sign_in):
    case = marked(desk)
    client = sign_in(world.person("olaf@support.example", roles=(ESCALATION_OWNER,)))
    page = client.get(page_of(case.incident))
    assert "Restore service" not in page.content.decode()
    stored = everything_stored()
    for name in ("restore", "withdraw", "rename"):
        assert action_url(case.incident, name) not in page.content.decode()
        assert client.post(action_url(case.incident, name), restoring()).status_code == 403
    assert client.post(page_of(case.incident), restoring()).status_code == 405
    assert everything_stored() == stored
    assert client.get(LIST + "99999999999999999999/change/").status_code == 404


@pytest.mark.rule("RCA-4")
def test_the_document_and_the_meeting_from_the_case_page(desk, staff):
    case = marked(desk, priority=2)
    staff.post(restore_url(case.incident), restoring())
    deliver, meet = url("do", case.pk, "deliver_analysis"), url("do", case.pk, "record_meeting")
    page = staff.get(page_url(case)).content.decode()
    assert deliver in page
    assert meet not in page
    assert staff.get(meet).status_code == 302  # and says why not
    assert staff.post(deliver, form_of(case, text="The switch.")).status_code == 302
    assert Analysis.objects.get(case=case).delivered_at
    stored = everything_stored()
    assert staff.post(meet, form_of(case, text="All clear.", held_at="")).status_code == 422
    assert everything_stored() == stored
    Analysis.objects.filter(case=case).update(delivered_at=timezone.now() - HOUR)
    held_at = f"{timezone.now() - MINUTE:%Y-%m-%dT%H:%M}"
    assert staff.post(meet, form_of(case, text="All clear.", held_at=held_at)).status_code == 302
    assert Analysis.objects.get(case=case).met_at


def test_the_pages_cost_the_same_for_few_and_for_many(desk, staff):
    def queries(address):
        staff.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address).status_code == 200
        return len(captured)

    incident = marked(desk).incident
    few = [queries(LIST), queries(page_of(incident))]
    for _ in range(8):
        marked(desk, incident)
    marked(desk)
    assert [queries(LIST), queries(page_of(incident))] == few
    assert few[0] <= 15
    assert few[1] <= 15
    assert queries(page_url(Case.objects.first())) <= 25


@pytest.mark.parametrize(
    ("summary", "status"), [("x" * 10_000_000, {400, 413, 422}), ("a\x00b", {422})]
)
def test_a_text_that_cannot_be_is_refused(desk, staff, summary, status):
    case, other = marked(desk), desk.owned_case()
    stored = everything_stored()
    sent = staff.post(restore_url(case.incident), restoring(summary=summary))
    assert sent.status_code in status
    join = url("do", other.pk, "join_incident")
    forged = {"text": summary, "title": "Media"}
    assert staff.post(join, form_of(other, **forged)).status_code in status
    for incident in ("999999999999999999999", "-1", "x"):
        forged = {"text": "All see it.", "title": "Media", "incident": incident}
        assert staff.post(join, form_of(other, **forged)).status_code == 422
    assert everything_stored() == stored


def test_an_incident_that_is_over_cannot_be_chosen(desk, staff):
    case, late = marked(desk), desk.owned_case()
    staff.post(restore_url(case.incident), restoring())
    stored = everything_stored()
    join = url("do", late.pk, "join_incident")
    assert case.incident.number not in staff.get(join).content.decode()
    sent = staff.post(join, form_of(late, text="x", incident=case.incident.pk))
    assert sent.status_code == 422
    assert everything_stored() == stored
