"""The clocks on the staff's pages: their state, putting off a closing, targets, plans."""

import datetime as dt

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone

from cases import jobs
from cases.models import CarePlan, Clock, SlaTarget
from cases.promises import closes_at, open_clocks
from cases.roles import OPERATIONS_ADMINISTRATOR
from tests import world
from tests.admin.pages import form_of, fresh, page_url, text_of, url
from tests.stored import everything_stored

DAY = dt.timedelta(days=1)


@pytest.fixture
def operations(desk, sign_in):
    return sign_in(world.person("oscar@support.example", roles=(OPERATIONS_ADMINISTRATOR,)))


@pytest.mark.rule("SLA-7")
def test_the_page_says_in_words_how_each_clock_stands(desk, staff):
    case = desk.case(now=timezone.now() - DAY, priority=1, phone_24x7="+1 555 0199")
    words = text_of(staff.get(page_url(case)))
    assert "Initial response Breached overdue by 23 h" in words
    Clock.objects.update(state="breached", acts_at=None)
    assert "Breached: was due" in text_of(staff.get(page_url(case)))
    desk.act("take", case, text="On it.", now=timezone.now())
    assert "Initial response Breached" in text_of(staff.get(page_url(case)))


@pytest.mark.rule("RESP-3")
def test_a_closing_is_put_off_once_with_a_reason(desk, staff):
    case = desk.owned_case()
    address = url("extend", case.pk)
    assert address not in staff.get(page_url(case)).content.decode()
    case = desk.act("ask", case, text="Which trunk?", now=timezone.now())
    before = closes_at(open_clocks(case))
    assert address in staff.get(page_url(case)).content.decode()

    stored = everything_stored()
    assert staff.post(address, form_of(case, text=" ")).status_code == 422
    assert everything_stored() == stored
    assert staff.post(address, form_of(case, text="Holidays.")).status_code == 302
    assert closes_at(open_clocks(case)) >= before
    assert fresh(case).entries.latest("pk").body == "Holidays."
    assert address not in staff.get(page_url(case)).content.decode()
    assert "postponed once" in text_of(staff.get(page_url(case)))

    stored = everything_stored()
    again = staff.post(address, form_of(case, text="More."))
    assert again.status_code == 422
    assert "that can be done only once" in text_of(again)
    assert everything_stored() == stored


@pytest.mark.rule("RESP-3")
@pytest.mark.rule("ACC-7")
def test_a_role_that_works_no_cases_puts_nothing_off(desk, operations):
    case = desk.act("ask", desk.owned_case(), text="Which trunk?", now=timezone.now())
    stored = everything_stored()
    address = url("extend", case.pk)
    assert operations.get(address).status_code == 403
    assert operations.post(address, form_of(case, text="No.")).status_code == 403
    assert everything_stored() == stored


@pytest.mark.rule("SLA-1")
@pytest.mark.rule("ACC-7")
def test_operations_edit_the_targets_and_experts_do_not(desk, operations, staff):
    target = SlaTarget.objects.get(promise="response", severity=2)
    address = reverse("admin:cases_slatarget_change", args=[target.pk])
    form = {
        "amount": 60,
        "unit": "business_minutes",
        "enhanced": 30,
        "on_premises": "",
        "warn_percent": 50,
    }
    assert staff.post(address, form).status_code == 403
    assert operations.post(address, form).status_code == 302
    case = desk.case(priority=2)
    clock = case.clocks.get()
    assert clock.due_at == world.NOW + dt.timedelta(hours=1)
    assert clock.warns_at == world.NOW + dt.timedelta(minutes=30)
    assert target.history.latest().history_user.email == "oscar@support.example"
    assert operations.get(reverse("admin:cases_slatarget_add")).status_code == 403


@pytest.mark.rule("SLA-6")
def test_another_plan_recomputes_what_runs(desk, operations):
    case = desk.case(priority=2)
    answered = desk.act("take", desk.case(priority=2), text="On it.")
    organization = desk.organization
    form = {
        name: "" if value is None else value for name, value in model_to_dict(organization).items()
    }
    for prefix in ("deployments", "memberships"):
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    if not form["is_fedramp"]:
        form.pop("is_fedramp")
    address = reverse("admin:cases_organization_change", args=[organization.pk])

    def change_plan(code: str) -> None:
        plan = CarePlan.objects.get(code=code).pk
        answer = operations.post(address, {**form, "plan": plan}, follow=True)
        assert "The clocks of 2 open cases are being recalculated in the background." in text_of(
            answer
        )
        assert "0 of 2 cases" in text_of(operations.get(address))
        jobs.run("recompute-clocks")
        assert ": 2 cases" in text_of(operations.get(address))

    change_plan("premium_care")
    clock = case.clocks.get()
    assert (clock.state, clock.due_at) == ("running", world.NOW + dt.timedelta(hours=1))
    assert fresh(case).next_due_at == clock.due_at
    assert answered.clocks.get().due_at == world.NOW + dt.timedelta(hours=2)
    change_plan("care_for_cloud")
    assert case.clocks.get().state == "cancelled"
    assert answered.clocks.get().state == "met"
