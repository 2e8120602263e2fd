"""The operations page and what it counts; and the reasons, edited by operations administrators."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.cache import cache

from cases.actors import Actor
from cases.roles import OPERATIONS_ADMINISTRATOR
from escalations.errors import NotEligible
from escalations.models import EscalationReason, Refusal
from escalations.services import management
from escalations.statistics import figures, stacked
from tests.stored import everything_stored
from tests.world import NOW, person

from .pages import LIST, text_of
from .test_staff_queues import queries, signed_in
from .world import HOUR

OPERATIONS = LIST + "operations/"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


def refused(office, case, **fields):
    with pytest.raises(NotEligible):
        office.ask(case, **fields)


@pytest.mark.rule("ESC-14")
def test_a_refused_request_is_counted_by_criterion_and_stores_nothing_else(office):
    case = office.case(updated_at=NOW - HOUR)
    office.update(case, now=NOW)
    before = everything_stored()
    form = uuid.uuid4()
    refused(office, case, submission=form)
    refused(office, case, submission=form)
    assert everything_stored() == before
    rows = Refusal.objects.values_list("submission", "criterion", "refused_at")
    assert set(rows) == {
        (form, "the_contact_read_the_newest_update", NOW),
        (form, "a_medium_case_was_not_updated_for_three_days", NOW),
    }
    refused(office, case)
    assert figures(NOW).refused == 2
    office.ask(office.case())
    assert Refusal.objects.count() == 4


def test_a_request_that_lacks_only_words_of_the_form_is_no_refusal(office):
    from cases.errors import Invalid

    with pytest.raises(Invalid):
        office.ask(office.case(severity=2), impact="")
    assert not Refusal.objects.exists()


@pytest.mark.rule("MGT-4")
@pytest.mark.rule("MGT-9")
def test_the_figures_tell_what_became_of_what_was_asked_for(office):
    owner = Actor.of(office.owner)
    accepted = office.accepted()  # asked, taken and accepted at NOW; next word by 4 hours later
    management.give_word(
        escalation_id=accepted.pk,
        actor=owner,
        now=NOW + 5 * HOUR,
        body="Late.",
        next_word_due_at=NOW + 7 * HOUR,
    )
    management.close(
        escalation_id=accepted.pk, actor=owner, now=NOW + 6 * HOUR, justification="In time."
    )
    declined = office.under_review()
    management.decline(
        escalation_id=declined.pk, actor=owner, now=NOW + 3 * HOUR, codes=[], words="No."
    )
    office.ask(office.case(), now=NOW + 8 * DAY)
    ended = office.ask(office.case())
    office.desk.act("close", ended.case, text="Done.")
    office.accepted()

    found = figures(NOW + 8 * DAY + HOUR)
    assert (found.asked, found.accepted, found.declined) == (5, 2, 1)
    last, before = found.weeks[-1], found.weeks[-2]
    assert (last.asked, last.waiting, last.in_time, last.late) == (1, 1, 0, 0)
    assert (before.asked, before.accepted, before.declined, before.ended) == (4, 2, 1, 1)
    assert (before.in_time, before.late) == (2, 1)
    assert found.median == 0
    assert (found.words_in_time, found.words_late, found.overdue) == (1, 1, 1)
    assert figures(NOW + 8 * DAY + 4 * HOUR).weeks[-1].late == 1, "nobody answered yet"
    assert figures(NOW + 100 * DAY).asked == 0
    # A request 90 days ago, less a second, is the oldest that counts.
    edge = NOW + 90 * DAY
    assert figures(edge - dt.timedelta(seconds=1)).weeks[0].asked == 4
    assert sum(week.asked for week in figures(edge).weeks) == 1


def test_the_page_shows_pictures_with_their_tables(office):
    client = signed_in(office.owner)
    with time_machine.travel(NOW, tick=False):
        client = signed_in(office.owner)
        empty = text_of(client.get(OPERATIONS))
        assert "No request was refused." in empty
        few = queries(client, OPERATIONS)
        refused(office, office.case(updated_at=NOW - HOUR))
        office.accepted()
        page = client.get(OPERATIONS)
        assert queries(client, OPERATIONS) == few <= 15
        assert client.post(OPERATIONS).status_code == 405
    html, words = page.content.decode(), text_of(page)
    assert html.count('role="img"') == 2
    for each in (
        "Requested 1",
        "Refused when sent 1",
        "A Medium case: no update for 3 business days 1",
        "3 Mar 1 1 0 0 0",
        "3 Mar 1 0 a moment",
    ):
        assert each in words, each


def test_columns_are_as_high_as_their_sums():
    chart = stacked(["a", "b"], [("x", (1, 1)), ("y", (4, 0)), ("z", (0, 0))])
    first, second, third = chart.columns
    assert [part.series for part in first.parts] == [1, 2]
    assert sum(part.height for part in first.parts) * 2 == second.parts[0].height
    assert third.parts == []
    assert stacked(["a"], []).columns == []


@pytest.mark.rule("HELP-2")
def test_operations_administrators_edit_reasons_prompts_and_routing(office):
    boss = person("boss@support.example", roles=(OPERATIONS_ADMINISTRATOR,))
    client = signed_in(boss)
    base = "/admin/escalations/escalationreason/"
    assert "Lack of progress" in text_of(client.get(base))
    form = {
        "label": "Data is missing",
        "code": "data_missing",
        "routing": "escalation",
        "needs_details": "on",
        "position": 9,
        "is_active": "on",
        "prompts-TOTAL_FORMS": 1,
        "prompts-INITIAL_FORMS": 0,
        "prompts-0-question": "Which data?",
        "prompts-0-is_required": "on",
        "prompts-0-is_active": "on",
        "prompts-0-position": 0,
    }
    wrong = client.post(
        base + "add/", {**form, "routing": "owner_review", "concerns_analysis": "on"}
    )
    assert "A reason about the analysis makes an escalation." in text_of(wrong)
    assert client.post(base + "add/", form).status_code == 302
    reason = EscalationReason.objects.get(code="data_missing")
    assert (reason.history.get().history_user, reason.prompts.get().question) == (
        boss,
        "Which data?",
    )
    address = f"{base}{reason.pk}/change/"
    assert client.get(address).status_code == 200
    contact = signed_in(office.desk.designated)
    case = office.case()
    assert "Data is missing" in text_of(contact.get(f"{case.get_absolute_url()}help/"))
    prompt = reason.prompts.get()
    changed = {
        **{key: value for key, value in form.items() if key not in {"code", "is_active"}},
        "prompts-INITIAL_FORMS": 1,
        "prompts-0-id": prompt.pk,
        "prompts-0-reason": reason.pk,
    }
    assert client.post(address, changed).status_code == 302
    assert "Data is missing" not in text_of(contact.get(f"{case.get_absolute_url()}help/"))
    assert EscalationReason.objects.get(pk=reason.pk).code == "data_missing"
    assert client.post(f"{base}{reason.pk}/delete/", {"post": "yes"}).status_code == 403
