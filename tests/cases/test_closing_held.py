"""Closings on hold, closings with nobody to tell, late mails (RESP-1, RESP-6)."""

import datetime as dt
import re

import pytest
import time_machine

from cases import extension
from cases.actors import Actor
from cases.models import Case, Clock, Membership, Notice
from cases.promises import announced_closing, open_clocks
from cases.rules.clocks import Kind
from cases.services.feeds import post_entry
from tests import world
from tests.cases.test_clocks_count_anew import close_days, local, state_of, sweep
from tests.stored import everything_stored
from tests.world import NOW, person

pytestmark = pytest.mark.django_db

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
NOTICE_AT, CLOSES_AT = NOW + 2 * DAY, NOW + 3 * DAY


def mails(event):
    return sorted(Notice.objects.filter(event=event).values_list("email", flat=True))


def every_hour(begin, end):
    """The jobs run each hour; an hour in which nothing is due and no mail waits is passed by."""
    while begin < end:
        due = Clock.objects.running().filter(acts_at__lte=begin)
        if due.exists() or Notice.objects.due(begin).exists():
            sweep(begin)
        begin += HOUR


def announced(case, now):
    return announced_closing(Case.objects.get(pk=case.pk), open_clocks(case), now)


@pytest.fixture
def asked(desk) -> Case:
    return desk.case_in("awaiting_customer")


@pytest.fixture
def held(monkeypatch):
    """While this list holds something, every case is held open."""
    because = ["The case has an active escalation."]

    def veto(cases):
        return {case.pk: because[0] for case in cases if because}

    monkeypatch.setattr(extension, "closing_vetoes", [veto])
    return because


# --- Held open ------------------------------------------------------------------------------------


@pytest.mark.rule("RESP-6")
def test_while_it_is_held_no_notice_goes_out_and_the_owner_is_asked_once(desk, asked, held):
    for day in range(2, 10):
        sweep(NOW + day * DAY)
    assert mails("closing_notice") == []
    assert mails("closing_held") == ["erin@support.example"]
    assert announced(asked, NOW + HOUR) is None
    held.clear()
    over = local("2026-03-16T10:00")
    sweep(over)
    assert (len(mails("closing_notice")), state_of(asked)) == (1, "awaiting_customer")
    told = Notice.objects.get(event="closing_notice")
    named = announced(asked, over + HOUR)
    assert named == over + DAY
    assert "Tuesday, 17 March 2026, 14:00 UTC" in told.text
    sweep(named - SECOND)
    assert state_of(asked) == "awaiting_customer"
    sweep(named)
    assert state_of(asked) == "closed"


@pytest.mark.rule("RESP-6")
def test_one_that_was_announced_and_then_held_is_announced_again(desk, asked, held):
    hold = held.pop()
    sweep(NOTICE_AT)
    assert len(mails("closing_notice")) == 1
    held.append(hold)
    sweep(CLOSES_AT)
    sweep(local("2026-03-09T10:00"))
    assert len(mails("closing_notice")) == 1
    assert mails("closing_held") == ["erin@support.example"]
    held.clear()
    again = local("2026-03-10T10:00")
    sweep(again)
    assert len(mails("closing_notice")) == 2
    sweep(again + DAY - SECOND)
    assert state_of(asked) == "awaiting_customer"
    sweep(again + DAY)
    assert state_of(asked) == "closed"


@pytest.mark.rule("RESP-6")
def test_a_proposal_that_was_held_is_announced_before_it_is_closed(desk, held):
    case = desk.case_in("resolution_proposed")
    assert announced(case, NOW + HOUR) is None
    assert "closed on" not in Notice.objects.get(event="resolution").text
    due = local("2026-03-06T17:00")
    sweep(due)
    assert (mails("closing_held"), state_of(case)) == (
        ["erin@support.example"],
        "resolution_proposed",
    )
    held.clear()
    sweep(local("2026-03-10T10:00"))
    told = Notice.objects.get(event="closing_notice")
    assert "reports that the issue persists" in told.text
    assert "waiting for an answer" not in told.text
    sweep(local("2026-03-11T09:59"))
    assert state_of(case) == "resolution_proposed"
    sweep(local("2026-03-11T10:00"))
    assert state_of(case) == "closed"


@pytest.mark.rule("RESP-6")
def test_a_queued_notice_does_not_leave_while_the_case_is_held(desk, asked, held):
    hold = held.pop()
    sweep(NOTICE_AT, mail=False)
    held.append(hold)
    sweep(NOTICE_AT + HOUR)
    notice = Notice.objects.get(event="closing_notice")
    assert (notice.state, notice.sent_at, notice.attempts) == ("failed", None, 0)
    assert mails("notice_failed") == []
    held.clear()
    sweep(CLOSES_AT)
    sweep(CLOSES_AT + HOUR)
    sent = Notice.objects.get(event="closing_notice", state="sent").sent_at
    assert state_of(asked) == "awaiting_customer"
    every_hour(CLOSES_AT + 2 * HOUR, sent + 4 * DAY)
    closed_at = Case.objects.get(pk=asked.pk).closed_at
    assert closed_at >= local("2026-03-09T10:00")


# --- Nobody left to tell --------------------------------------------------------------------------


@pytest.mark.rule("RESP-1")
def test_with_nobody_left_to_tell_owner_and_leads_are_asked_once(desk, asked):
    person("lead@support.example", roles=("Product Support Manager",))
    Membership.objects.filter(organization=desk.organization).delete()
    every_hour(NOW + HOUR, NOW + 9 * DAY)
    assert mails("closing_unheard") == ["erin@support.example", "lead@support.example"]
    assert mails("closing_notice") == mails("closed") == []
    assert state_of(asked) == "awaiting_customer"
    assert announced(asked, NOW + 9 * DAY) is None
    # Looked at once a business day, not every hour for ever.
    soonest = asked.clocks.running().order_by("acts_at")[0].acts_at
    stored = everything_stored()
    sweep(soonest - SECOND)
    assert everything_stored() == stored
    # A contact who comes is told first, and has a full day.
    newcomer = person("nora@acme.example", mail_all_cases=True)
    world.membership(newcomer, desk.organization, "designated")
    sweep(soonest)
    assert mails("closing_notice") == ["nora@acme.example"]
    sweep(soonest + DAY - SECOND)
    assert state_of(asked) == "awaiting_customer"


@pytest.mark.rule("RESP-1")
def test_of_several_who_are_told_the_last_one_counts(desk, asked):
    late = person("nora@acme.example", mail_all_cases=True)
    world.membership(late, desk.organization, "designated")
    sweep(NOTICE_AT, mail=False)
    first, last = Notice.objects.filter(event="closing_notice").order_by("pk")
    Notice.objects.filter(pk=last.pk).update(due_at=CLOSES_AT + 2 * HOUR)  # its server is down
    sweep(NOTICE_AT + HOUR)
    first.refresh_from_db()
    assert first.sent_at
    sweep(CLOSES_AT + HOUR)
    assert state_of(asked) == "awaiting_customer"
    sweep(CLOSES_AT + 2 * HOUR)  # Friday, 12:00
    sweep(local("2026-03-09T11:59"))
    assert state_of(asked) == "awaiting_customer"
    sweep(local("2026-03-09T12:00"))
    assert state_of(asked) == "closed"


@pytest.mark.rule("RESP-1")
def test_where_every_notice_was_given_up_staff_are_asked_once(desk, asked):
    sweep(NOTICE_AT, mail=False)
    Notice.objects.filter(event="closing_notice").update(
        state="failed", due_at=None, last_error="550 no such user", attempts=12
    )
    every_hour(NOTICE_AT + HOUR, NOW + 9 * DAY)
    assert mails("closing_unheard") == ["erin@support.example"]
    assert len(mails("closing_notice")) == 1
    assert state_of(asked) == "awaiting_customer"


# --- Mails that leave late ------------------------------------------------------------------------


@pytest.mark.rule("RESP-1")
def test_a_notice_that_leaves_late_names_a_closing_that_lies_ahead(desk, asked):
    for hours in range(0, 100, 5):
        sweep(NOTICE_AT + hours * HOUR, mail=False)
    late = local("2026-03-12T11:00")
    sweep(late)
    notice = Notice.objects.get(event="closing_notice")
    assert notice.sent_at == late
    assert "closed on Friday, 13 March 2026, 15:00 UTC" in notice.text
    question = Notice.objects.get(event="question")
    assert question.sent_at == late
    assert "closed on" not in question.text
    sweep(late + DAY - SECOND)
    assert state_of(asked) == "awaiting_customer"
    every_hour(late + DAY, late + DAY + 2 * HOUR)
    assert state_of(asked) == "closed"


@pytest.mark.rule("RESP-1")
@pytest.mark.rule("RESP-3")
def test_a_notice_that_was_overtaken_by_the_answer_does_not_leave(desk, asked):
    sweep(NOTICE_AT, mail=False)
    answered = NOTICE_AT + HOUR
    post_entry(case_id=asked.pk, actor=Actor.of(desk.designated), now=answered, body="Trunk 4.")
    sweep(NOTICE_AT + 2 * HOUR)
    notice = Notice.objects.get(event="closing_notice")
    assert (notice.state, notice.sent_at) == ("failed", None)
    assert mails("notice_failed") == []


@pytest.mark.rule("RESP-1")
def test_a_page_names_no_closing_that_is_past(desk, asked, client):
    def page(now):
        with time_machine.travel(now, tick=False):
            client.force_login(desk.designated)  # in the FedRAMP realm a session is short
            answer = client.get(asked.get_absolute_url())
        return re.sub(r"\s+", " ", answer.content.decode())

    assert "the case will be closed on" in page(NOW + HOUR)
    assert "the case will be closed on" in page(
        CLOSES_AT + 30 * DAY
    )  # no notice yet: a day after it
    sweep(NOTICE_AT)
    assert "the case will be closed on" in page(CLOSES_AT - SECOND)
    assert "the case will be closed on" not in page(CLOSES_AT)
    assert "the case will be closed on" not in page(CLOSES_AT + 30 * DAY)


@pytest.mark.rule("RESP-2")
@pytest.mark.rule("RESP-5")
def test_the_mail_about_a_closed_proposal_speaks_of_a_proposal(desk):
    case = desk.case_in("resolution_proposed")
    sweep(case.clocks.get(kind=Kind.PROPOSAL).due_at)
    told = Notice.objects.get(event="closed", person=desk.designated)
    assert "since nobody reported that the issue persists" in told.text
    assert "nobody answered" not in told.text


@pytest.mark.rule("RESP-1")
@pytest.mark.rule("RESP-2")
@pytest.mark.parametrize(
    ("state", "due", "closed_at"),
    [
        ("awaiting_customer", "2026-03-06T10:00", "2026-03-09T10:00"),
        ("resolution_proposed", "2026-03-06T17:00", "2026-03-09T09:00"),
    ],
)
def test_nothing_is_closed_on_a_day_declared_closed_though_it_was_due_then(
    desk, state, due, closed_at
):
    """Whoever closed the day chose to keep the due times, or no job has counted them anew yet."""
    case = desk.case_in(state)
    sweep(local("2026-03-05T10:00"))
    close_days(desk, 6)
    sweep(local(due))
    assert state_of(case) == state
    sweep(local(closed_at) - SECOND)
    assert state_of(case) == state
    sweep(local(closed_at))
    assert state_of(case) == "closed"
