"""Bulk actions: each case on its own, and a message that says which were done."""

import uuid

import pytest

from cases.models import Case, Entry, Notice
from cases.roles import ESCALATION_OWNER
from tests import world
from tests.admin.pages import fresh, text_of, url
from tests.stored import everything_stored

LIST = "/admin/cases/case/?queue=open"


def choose(client, action, *cases, address=LIST):
    """Picks rows of the list and an action, as the list's form does."""
    form = {"action": action, "_selected_action": [case.pk for case in cases], "index": 0}
    return client.post(address, form)


def chosen(*cases):
    return " ".join(f"{case.pk}:{fresh(case).version}" for case in cases)


def bulk(*cases, **fields):
    return {"chosen": chosen(*cases), "submission": str(uuid.uuid4()), "back": "open", **fields}


def test_the_list_leads_to_a_form_and_changes_nothing(desk, staff):
    one, two = desk.case(), desk.case(subject="Other")
    before = everything_stored()
    page = choose(staff, "assign_cases", one, two)
    assert page.context["form"]["chosen"].value() in (chosen(one, two), chosen(two, one))
    assert "Assign 2 cases" in text_of(page)
    assert everything_stored() == before


def test_assigns_new_ones_and_reassigns_others(desk, staff):
    new, owned, closed = desk.case(), desk.owned_case(), desk.case_in("closed")
    form = bulk(new, owned, closed, owner=desk.colleague.pk, text="Yours this week.")
    answer = staff.post(url("bulk_assign"), form, follow=True)
    assert answer.redirect_chain[0][0] == LIST
    assert fresh(new).owner == fresh(owned).owner == desk.colleague
    assert fresh(closed).owner == desk.expert
    words = text_of(answer)
    assert "Done for 2:" in words
    assert f"{closed.number}: Nobody works on a closed case" in words
    assert Notice.objects.filter(event="assigned", person=desk.colleague).count() == 2


@pytest.mark.rule("SEV-2")
@pytest.mark.rule("ACC-6")
def test_critical_only_where_there_is_a_number_to_call(desk, staff):
    silent, ready = desk.owned_case(), desk.owned_case(phone_24x7="+1 555 0111")
    form = bulk(silent, ready, severity=1, text="One outage.")
    words = text_of(staff.post(url("bulk_severity"), form, follow=True))
    assert fresh(ready).severity == 1
    assert fresh(silent).severity == 3
    assert f"Not done for 1: {silent.number}: A Critical case needs" in words
    assert ready.entries.filter(event="severity", body="One outage.").exists()


def test_asks_for_the_reason(desk, staff):
    case = desk.owned_case()
    before = everything_stored()
    answer = staff.post(url("bulk_severity"), bulk(case, severity=2, text=" "))
    assert answer.status_code == 422
    assert everything_stored() == before


def test_a_case_that_changed_meanwhile_is_left_alone(desk, staff):
    case, other = desk.owned_case(), desk.owned_case()
    form = bulk(case, other, severity=2, text="Many callers.")
    desk.act("ask", case, text="Which trunk?")
    words = text_of(staff.post(url("bulk_severity"), form, follow=True))
    assert fresh(case).severity == 3
    assert fresh(other).severity == 2
    assert f"{case.number}: the case has changed in the meantime." in words


def test_a_second_click_does_nothing_twice(desk, staff):
    case = desk.owned_case()
    form = bulk(case, severity=2, text="Many callers.")
    staff.post(url("bulk_severity"), form)
    entries = Entry.objects.count()
    staff.post(url("bulk_severity"), form)
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    "sent", ["", "x", "1", "1:2:3", "999999:1", "-1:1", "1:1 " * 200, f"{10**19}:1", f"1:{10**19}"]
)
def test_forged_choices_do_no_harm(desk, staff, sent):
    case = desk.owned_case()
    before = everything_stored()
    form = {**bulk(case, severity=2, text="Forged."), "chosen": sent.replace("1:1 ", "8:9 ")}
    answer = staff.post(url("bulk_severity"), form)
    assert answer.status_code in {302, 422}
    assert fresh(case).severity == 3
    after = everything_stored()
    assert after["rows of Case"] == before["rows of Case"]
    assert after["rows of Entry"] == before["rows of Entry"]


def test_rows_that_are_not_in_the_queue_are_not_chosen(desk, staff):
    mine = desk.owned_case()
    theirs = desk.act("take", desk.case(), actor=desk.colleague)
    page = choose(staff, "assign_cases", mine, theirs, address="/admin/cases/case/?queue=mine")
    assert page.context["form"]["chosen"].value() == chosen(mine)


def test_the_role_decides(desk, sign_in):
    reader = sign_in(world.person("eve@support.example", roles=(ESCALATION_OWNER,)))
    case = desk.owned_case()
    assert "_selected_action" not in reader.get(LIST).content.decode()
    before = everything_stored()
    for address in (url("bulk_assign"), url("bulk_severity")):
        form = bulk(case, severity=2, text="Forged.", owner=desk.colleague.pk)
        assert reader.post(address, form).status_code == 403
    assert choose(reader, "assign_cases", case).status_code in {200, 302}
    after = everything_stored()
    assert after["rows of Case"] == before["rows of Case"]
    assert Case.objects.get(pk=case.pk).owner == desk.expert
