"""What an Escalation Owner does on the escalation's page, through HTTP (MGT-1 to MGT-5, MGT-9)."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache

from cases import drafts, realm
from cases.actors import Actor
from cases.models import Notice
from escalations.models import Escalation
from escalations.services import management
from tests.stored import everything_stored
from tests.world import NOW

from .pages import do_url, form_of, fresh, page_url, text_of
from .test_staff_queues import BACKEND, signed_in
from .world import HOUR

SOON = "2026-03-03T19:30"  # UTC, which is the staff's zone in these tests


@pytest.fixture(autouse=True)
def at_now():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(office):
    office.owner.time_zone = "UTC"
    office.owner.save()
    return signed_in(office.owner)


def post(client, escalation, action, **fields):
    return client.post(do_url(escalation, action), form_of(escalation, action, **fields))


def twice(client, escalation, action, **fields):
    """The form is sent, and sent again as a second click does: nothing more may happen."""
    form = form_of(escalation, action, **fields)
    first = client.post(do_url(escalation, action), form)
    assert (first.status_code, first.url) == (302, page_url(escalation)), text_of(first)
    before = everything_stored()
    again = client.post(do_url(escalation, action), form)
    assert (again.status_code, again.url) == (302, page_url(escalation)), text_of(again)
    assert everything_stored() == before
    return fresh(escalation)


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


PLAN = {"importance": 1, "urgency": 2, "next_steps": "We trace it.", "next_word_due_at": SOON}


@pytest.mark.rule("MGT-1")
@pytest.mark.rule("MGT-3")
@pytest.mark.rule("MGT-4")
@pytest.mark.rule("MGT-5")
@pytest.mark.rule("PLAN-3")
def test_from_the_request_to_the_close_and_to_the_next_request(office, owner):
    case = office.case()
    escalation = office.ask(case)
    assert office.account_manager.email in told("escalation_requested")
    assert told("escalation_requested") >= {office.owner.email, office.desk.expert.email}
    page = text_of(owner.get(page_url(escalation)))
    assert "Take for review" in page
    assert "Accept …" not in page

    escalation = twice(owner, escalation, "take")
    assert (escalation.state, escalation.owner) == ("under_review", office.owner)
    assert "Accept …" in text_of(owner.get(page_url(escalation)))

    escalation = twice(owner, escalation, "accept", **PLAN)
    assert (escalation.state, escalation.importance, escalation.urgency) == ("accepted", 1, 2)
    assert escalation.next_word_due_at == dt.datetime(2026, 3, 3, 19, 30, tzinfo=dt.UTC)
    mail = Notice.objects.get(event="escalation_accepted", email=office.desk.designated.email)
    assert ("We trace it." in mail.text) == realm.current().mails_carry_content

    escalation = twice(
        owner, escalation, "word", body="The fix is built.", next_word_due_at="2026-03-04T10:00"
    )
    assert escalation.next_word_due_at == dt.datetime(2026, 3, 4, 10, 0, tzinfo=dt.UTC)
    twice(owner, escalation, "note", body="Between us: he calls daily.")
    page = text_of(owner.get(page_url(escalation)))
    assert "The fix is built." in page
    assert "Between us: he calls daily." in page

    escalation = twice(owner, escalation, "close", justification="The fix works.")
    assert (escalation.state, escalation.closing_justification) == ("closed", "The fix works.")
    assert told("escalation_closed") == {office.desk.designated.email, office.desk.expert.email}
    assert office.ask(case, now=NOW + HOUR).state == "requested"


@pytest.mark.rule("MGT-2")
def test_a_decline_is_sent_only_once_it_was_shown_as_the_customer_will_read_it(office, owner):
    escalation = office.under_review()
    office.update(escalation.case)
    form = owner.get(do_url(escalation, "decline"))
    assert form.context["form"]["codes"].value() == [
        "the_contact_read_the_newest_update",
        "a_medium_case_was_not_updated_for_three_days",
    ]
    said = form_of(
        escalation, "decline", codes=["the_severity_is_not_low"], words="It is <Low> & known."
    )
    before = everything_stored()
    shown = owner.post(do_url(escalation, "decline"), said)
    assert (shown.status_code, everything_stored()) == (200, before)
    page = shown.content.decode()
    for words in (
        "What Dana Designated will read",
        "It is &lt;Low&gt; &amp; known.",
        "The severity is not Low",
        f"For anything Critical, call {settings.SUPPORT_PHONE}",
    ):
        assert words in page, words
    previewed = re.search(r'name="previewed" value="(\w+)"', page).group(1)

    changed = {**said, "previewed": previewed, "words": "Something else."}
    again = owner.post(do_url(escalation, "decline"), changed)
    assert (again.status_code, everything_stored()) == (200, before)
    assert "Something else." in again.content.decode()

    sent = {**said, "previewed": previewed}
    done = owner.post(do_url(escalation, "decline"), sent)
    assert (done.status_code, done.url) == (302, page_url(escalation))
    escalation = fresh(escalation)
    assert (escalation.state, escalation.decline_words) == ("declined", "It is <Low> & known.")
    assert escalation.decline_codes == ["the_severity_is_not_low"]
    mail = Notice.objects.get(event="escalation_declined", email=office.desk.designated.email)
    assert mail.text.strip() == shown.context["preview"]["mail"]
    before = everything_stored()
    assert owner.post(do_url(escalation, "decline"), sent).status_code == 302
    assert everything_stored() == before, "the second click"


@pytest.mark.rule("MGT-9")
@pytest.mark.rule("FEED-3")
def test_rank_trend_and_watch_list_are_for_staff_alone(office, owner):
    escalation = office.accepted()
    mails = Notice.objects.count()
    escalation = twice(
        owner, escalation, "assess", importance=2, urgency=3, trend="declining", on_watch="on"
    )
    found = (escalation.importance, escalation.urgency, escalation.trend, escalation.on_watch)
    assert found == (2, 3, "declining", True)
    escalation = twice(owner, escalation, "watch")
    assert (escalation.on_watch, escalation.trend) == (False, "declining")
    assert Notice.objects.count() == mails
    assert not escalation.entries.public().filter(event="assessed").exists()


@pytest.mark.rule("MGT-4")
def test_overdue_words_are_marked_on_the_page_too(office, owner):
    escalation = office.accepted()
    assert "The promised update is overdue" not in text_of(owner.get(page_url(escalation)))
    with time_machine.travel(escalation.next_word_due_at + dt.timedelta(seconds=1), tick=False):
        page = signed_in(office.owner).get(page_url(escalation))
        assert "The promised update is overdue" in text_of(page)


def test_handed_over_with_a_note_it_is_the_other_owners(office, owner):
    escalation = office.accepted()
    choices = owner.get(do_url(escalation, "hand-over")).context["form"].fields["owner"].queryset
    assert list(choices) == [office.other_owner]
    escalation = twice(
        owner, escalation, "hand-over", owner=office.other_owner.pk, note="He calls daily."
    )
    assert escalation.owner == office.other_owner
    assert escalation.entries.get(body="He calls daily.").is_internal
    answer = post(owner, escalation, "close", justification="Mine no more.")
    assert answer.status_code == 422
    assert "Olive Owner owns this escalation" in text_of(answer)
    assert fresh(escalation).state == "accepted"


REFUSED = [
    ("requested", "accept", PLAN, "Take the escalation for review first."),
    ("under_review", "take", {}, "It cannot be taken for review: it is Under Review."),
    ("under_review", "accept", {**PLAN, "importance": ""}, "Choose the importance."),
    ("under_review", "accept", {**PLAN, "next_steps": "  "}, "Say what happens next."),
    (
        "under_review",
        "accept",
        {**PLAN, "next_word_due_at": "2026-03-03T14:59"},
        "time in the future",
    ),
    ("under_review", "accept", {**PLAN, "next_word_due_at": "soon"}, "valid date/time"),
    ("under_review", "accept", {**PLAN, "next_steps": "x" * 10_000_000}, "characters long"),
    ("under_review", "decline", {"words": ""}, "Say why; the customer can read it."),
    ("under_review", "decline", {"words": "x", "codes": ["nonsense"]}, "not one of the available"),
    ("under_review", "hand-over", {"owner": ""}, "Choose somebody who manages escalations."),
    ("under_review", "word", {"body": "x", "next_word_due_at": SOON}, "not Accepted"),
    ("accepted", "word", {"body": " ", "next_word_due_at": SOON}, "Write something first."),
    ("accepted", "close", {"justification": ""}, "Say why; the customer can read it."),
    ("accepted", "assess", {"importance": 9, "urgency": 1, "trend": "same"}, "valid choice"),
    ("closed", "message", {"body": "Too late."}, "The escalation is over"),
]


def test_what_is_refused_changes_nothing_and_keeps_the_words(office, owner):
    def make(state):
        if state == "requested":
            return office.ask(office.case())
        if state == "under_review":
            return office.under_review()
        escalation = office.accepted()
        if state == "accepted":
            return escalation
        actor = Actor.of(office.owner)
        return management.close(
            escalation_id=escalation.pk, actor=actor, now=NOW, justification="Done."
        )

    made = {state: make(state) for state in ("requested", "under_review", "accepted", "closed")}
    before = everything_stored()
    for state, action, fields, words in REFUSED:
        answer = post(owner, made[state], action, **fields)
        assert answer.status_code == 422, (state, action)
        assert words in text_of(answer), (state, action)
        assert everything_stored() == before, (state, action)
    assert owner.post(do_url(made["closed"], "nonsense")).status_code == 404
    assert owner.get(do_url(made["accepted"], "word")).url == page_url(made["accepted"])
    gone = owner.get(do_url(made["closed"], "close"), follow=True)
    assert "is not possible: the escalation is Closed" in text_of(gone)
    assert owner.get(page_url(made["closed"])[:-8] + "999999/change/").status_code == 404
    assert everything_stored() == before


def test_a_stale_tab_is_told_and_keeps_its_text(office, owner):
    escalation = office.accepted()
    stale = form_of(escalation, "close", justification="My long text.")
    post(owner, escalation, "watch")
    before = everything_stored()
    answer = owner.post(do_url(escalation, "close"), stale)
    assert (answer.status_code, everything_stored()) == (422, before)
    page = answer.content.decode()
    assert "My long text." in page
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    submission = re.search(r'name="submission" value="([\w-]+)"', page).group(1)
    owner.post(do_url(escalation, "close"), {**stale, "version": version, "submission": submission})
    assert Escalation.objects.get(pk=escalation.pk).state == "closed"


def test_what_was_typed_survives_a_session_that_ran_out(office, owner):
    escalation = office.accepted()
    for action, field in (("word", "body"), ("close", "justification")):
        page = page_url(escalation) if action == "word" else do_url(escalation, action)
        forms = owner.get(page).content.decode()
        address = do_url(escalation, action)
        token = drafts.token(office.owner, address)
        assert 'name="kept_for"' in forms
        sent = form_of(escalation, action, **{field: f"My long text for {action}."})
        owner.logout()
        before = everything_stored()
        assert "/login/" in owner.post(address, {**sent, "kept_for": token}).url
        before["django_session"] = everything_stored()["django_session"]
        assert everything_stored() == before
        owner.force_login(office.owner, backend=BACKEND)
        assert f"My long text for {action}." in text_of(owner.get(address, follow=True))


def test_an_escalation_owner_reads_the_case_and_changes_nothing_of_it(office, owner):
    escalation = office.accepted()
    page = owner.get(f"/admin/cases/case/{escalation.case_id}/change/")
    assert page.status_code == 200
    assert page.context["actions"] == []
    assert [each["action"].name for each in page.context["composers"]] == ["internal"]
    before = everything_stored()
    for address in ("do/close", "do/take", "assign", "severity", "link", "extend", "entry/public"):
        answer = owner.post(f"/admin/cases/case/{escalation.case_id}/{address}/", {"text": "x"})
        assert answer.status_code == 403, address
    assert everything_stored() == before


def test_the_history_speaks_words(office, owner):
    escalation = office.accepted()
    address = page_url(escalation).replace("change", "history")
    page = text_of(owner.get(address))
    assert "Taken for review" in page
    assert "managing." not in page


@pytest.mark.rule("MGT-4")
@pytest.mark.parametrize("action", ["message", "note"])
def test_what_is_written_in_an_old_tab_is_kept_and_sent_with_the_next_press(office, owner, action):
    escalation = office.under_review()
    old_tab = form_of(escalation, action, body="We look at it.")
    post(owner, escalation, "note", body="From a colleague.")
    stored = everything_stored()
    told_of_it = owner.post(do_url(escalation, action), old_tab)
    assert told_of_it.status_code == 422
    assert "changed while you were writing" in text_of(told_of_it)
    assert "From a colleague." in text_of(told_of_it)
    html = told_of_it.content.decode()
    assert ">\nWe look at it.</textarea>" in html
    assert everything_stored() == stored
    shown = {
        name: re.search(rf'name="{action}-{name}" value="([^"]+)"', html)[1]
        for name in ("version", "submission")
    }
    again = {**old_tab, **{f"{action}-{name}": value for name, value in shown.items()}}
    assert owner.post(do_url(escalation, action), again).status_code == 302
    assert escalation.entries.get(body="We look at it.")
