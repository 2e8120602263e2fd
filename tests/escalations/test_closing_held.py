"""An escalation holds the closing of its case open; what pages and mails say of it (RESP-6)."""

import datetime as dt
import re

import pytest
import time_machine

from cases.actors import Actor
from cases.models import Case, Notice
from escalations.services.management import close, decline
from tests.cases.test_clocks_count_anew import local, state_of, sweep
from tests.world import NOW

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WAITS = [("ask", "awaiting_customer"), ("propose", "resolution_proposed")]


def notices(event):
    return Notice.objects.filter(event=event).count()


def page(client, case, now):
    with time_machine.travel(now, tick=False):
        answer = client.get(case.get_absolute_url())
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.rule("RESP-6")
@pytest.mark.parametrize(("action", "state"), WAITS)
def test_an_escalated_case_announces_no_closing(office, client, action, state):
    escalation = office.accepted()
    case = office.desk.act(action, escalation.case, text="Which trunk?")
    client.force_login(office.desk.designated)
    assert "the case will be closed on" not in page(client, case, NOW + HOUR)
    told = Notice.objects.filter(event="question" if action == "ask" else "resolution")
    assert told.exists()
    assert not any("closed on" in each.text for each in told)
    for day in range(2, 7):
        sweep(NOW + day * DAY)
    assert state_of(case) == state
    assert (notices("closing_notice"), notices("closing_held")) == (0, 1)


@pytest.mark.rule("RESP-6")
@pytest.mark.parametrize("ended", ["closed", "declined"])
@pytest.mark.parametrize(("action", "state"), WAITS)
def test_after_the_escalation_the_notice_comes_first_and_a_full_day(
    office, client, action, state, ended
):
    """It ends an hour before the closing was due: on Friday, at 09:00 or 16:00."""
    escalation = office.accepted() if ended == "closed" else office.under_review()
    case = office.desk.act(action, escalation.case, text="Which trunk?")
    over = local("2026-03-06T09:00" if action == "ask" else "2026-03-06T16:00")
    sweep(NOW + 2 * DAY)
    sweep(over - HOUR)
    values = {"escalation_id": escalation.pk, "actor": Actor.of(office.owner), "now": over}
    if ended == "closed":
        close(justification="It moves again.", **values)
    else:
        decline(codes=[], words="It is being worked on.", **values)
    sweep(over)
    assert notices("closing_notice") == 1
    closes = over + 3 * DAY  # Monday at the same time in New York
    client.force_login(office.desk.designated)
    assert "the case will be closed on" in page(client, case, over + HOUR)
    sweep(closes - dt.timedelta(seconds=1))
    assert state_of(case) == state
    sweep(closes)
    assert state_of(case) == "closed"


@pytest.mark.rule("RESP-6")
def test_an_escalation_that_ended_before_the_notice_was_due_moves_nothing(office):
    escalation = office.accepted()
    case = office.desk.act("ask", escalation.case, text="Which trunk?")
    before = list(case.clocks.running().values_list("kind", "due_at"))
    close(
        escalation_id=escalation.pk,
        actor=Actor.of(office.owner),
        now=NOW + HOUR,
        justification="It moves again.",
    )
    assert list(case.clocks.running().values_list("kind", "due_at")) == before
    sweep(NOW + 2 * DAY)
    sweep(NOW + 3 * DAY)
    assert (state_of(case), notices("closing_notice")) == ("closed", 1)


@pytest.mark.rule("ESC-4")
@pytest.mark.rule("HELP-1")
@pytest.mark.parametrize(("action", "state"), WAITS)
def test_no_time_is_named_at_which_the_case_would_be_closed(office, client, action, state):
    case = office.desk.act(action, office.case(updated_at=NOW), text="Which trunk?")
    client.force_login(office.desk.designated)
    shown = page(client, case, NOW + HOUR)
    assert "Possible from" not in shown
    assert "is waiting for your" in shown
    assert Case.objects.get(pk=case.pk).state == state
