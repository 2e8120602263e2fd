"""The staff's case page: requests to the Case Owner, managers, eligibility, the two feeds."""

import uuid

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from cases import realm
from cases.actors import Actor
from cases.models import Case, Entry, Notice
from cases.services.severity import change_severity
from escalations.models import ManagerEngagement, OwnerReview
from escalations.services.feeds import post_in_feed
from escalations.services.owner_requests import request_severity_change
from escalations.services.owner_reviews import engage_manager
from tests.admin.pages import form_of as case_form
from tests.admin.pages import page_url as case_url
from tests.admin.pages import text_of
from tests.admin.pages import url as case_address
from tests.escalations.asking import asked
from tests.stored import everything_stored
from tests.world import NOW, person

from .pages import LIST, fresh, page_url
from .test_staff_queues import queries, signed_in
from .world import HOUR

REVIEWS = "/admin/escalations/ownerreview/"
ENGAGEMENTS = "/admin/escalations/managerengagement/"
PHONE = {"phone_24x7": "+1 555 0199"}


@pytest.fixture(autouse=True)
def at_now():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def expert(office):
    return signed_in(office.desk.expert)


def told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("email", flat=True))


# --- The Case Owner's review queue --------------------------------------------------------------


def answer_form(done: str, words: str) -> dict[str, str]:
    return {"done": done, "words": words, "submission": str(uuid.uuid4())}


def asked_for_medium(office, case):
    actor = Actor.of(office.desk.designated)
    return request_severity_change(
        case_id=case.pk, actor=actor, now=NOW, severity=3, details="Ten agents now."
    )


@pytest.mark.rule("MGT-6")
@pytest.mark.rule("HELP-3")
@pytest.mark.rule("SEV-5")
def test_the_case_owner_answers_what_stands_in_his_queue(office, expert):
    help_ = office.ask(office.case(), reason="case_update", details="")
    raise_ = asked_for_medium(office, office.case(severity=4))
    lower = asked_for_medium(office, office.case(severity=4))
    theirs = office.ask(
        office.desk.act("take", office.desk.case(), actor=office.desk.colleague),
        reason="case_update",
    )
    unowned = office.ask(office.desk.case(), reason="case_update")
    page = expert.get(REVIEWS + "?queue=mine")
    assert list(page.context["cl"].result_list) == [help_, raise_, lower, unowned]
    items = page.context["sidebar_navigation"][1]["items"]
    assert (items[0]["title"], items[0]["badge"]) == ("Requests to you", "4")
    assert theirs in expert.get(REVIEWS + "?queue=open").context["cl"].result_list
    shown = expert.get(f"{REVIEWS}{raise_.pk}/change/")
    assert "Change the severity to 3 - Medium" in text_of(shown)
    assert "Ten agents now." in text_of(shown)

    answers = [
        (help_, "done", "Development answers today.", "done"),
        (raise_, "done", "Checked the numbers.", "done"),
        (lower, "declined", "It is one agent.", "declined"),
    ]
    for review, done, words, state in answers:
        form = answer_form(done, words)
        address = f"{REVIEWS}{review.pk}/answer/"
        assert expert.post(address, form).url == REVIEWS + "?queue=mine"
        before = everything_stored()
        assert expert.post(address, form).status_code == 302, "the second click"
        assert everything_stored() == before
        assert OwnerReview.objects.get(pk=review.pk).state == state
        assert review.case.entries.get(event="help_answer").body == words
    assert Case.objects.get(pk=raise_.case_id).severity == 3
    assert Case.objects.get(pk=lower.case_id).severity == 4
    assert told("review_answered") == {office.desk.designated.email}
    rest = expert.get(REVIEWS + "?queue=mine").context["cl"].result_list
    assert list(rest) == [unowned]


@pytest.mark.rule("MGT-6")
def test_an_answer_that_is_refused_keeps_its_words_and_changes_nothing(office, expert):
    review = office.ask(office.case(), reason="case_update")
    address = f"{REVIEWS}{review.pk}/answer/"
    before = everything_stored()
    for form, words in (
        ({"words": "My long text."}, "Choose “Done” or “Declined”."),
        ({"done": "maybe", "words": "My long text."}, "not one of the available choices"),
        ({"done": "done", "words": " "}, "Write an answer"),
    ):
        answer = expert.post(address, {"submission": str(uuid.uuid4()), **form})
        assert (answer.status_code, everything_stored()) == (422, before)
        assert words in text_of(answer)
        assert form["words"].strip() in answer.content.decode()
    assert expert.get(address).url == f"{REVIEWS}{review.pk}/change/"
    expert.post(address, answer_form("done", "First."))
    before = everything_stored()
    late = expert.post(address, answer_form("declined", "Second, my long text."))
    assert (late.status_code, everything_stored()) == (422, before)
    assert "This request is already Done." in text_of(late)
    assert "Second, my long text." in late.content.decode()


# --- Managers -----------------------------------------------------------------------------------


def engage_url(case) -> str:
    return reverse("admin:escalations_escalation_engage", args=[case.pk])


@pytest.mark.rule("MGT-7")
def test_the_case_owner_engages_a_manager_who_is_told_and_stands_on_the_case(office, expert):
    critical, high = office.case(severity=1), office.case(severity=2)
    assert "Engage a manager" in text_of(expert.get(case_url(critical)))
    assert "Engage a manager" not in text_of(expert.get(case_url(high)))
    offered = expert.get(engage_url(critical)).context["form"].fields["manager"].queryset
    assert set(offered) == {office.manager, office.account_manager}
    form = {
        "manager": office.manager.pk,
        "note": "Their lines are down.",
        "submission": str(uuid.uuid4()),
    }
    assert expert.post(engage_url(critical), form).url == case_url(critical)
    before = everything_stored()
    assert expert.post(engage_url(critical), form).status_code == 302, "the second click"
    assert everything_stored() == before
    assert ManagerEngagement.objects.get().manager == office.manager
    assert told("manager_engaged") == {office.manager.email}
    mail = Notice.objects.get(event="manager_engaged")
    assert ("Their lines are down." in mail.text) == realm.current().mails_carry_content
    page = text_of(expert.get(case_url(critical)))
    assert "Mia Manager Product Support Manager, engaged" in page

    for case, sent, words in (
        (high, form | {"submission": str(uuid.uuid4())}, "engaged only on open Critical cases"),
        (critical, form | {"submission": str(uuid.uuid4())}, "already engaged on this case"),
        (critical, {"note": "x", "submission": str(uuid.uuid4())}, "Choose a Product Support"),
    ):
        before = everything_stored()
        answer = expert.post(engage_url(case), sent)
        assert (answer.status_code, everything_stored()) == (422, before)
        assert words in text_of(answer)


@pytest.mark.rule("PLAN-3")
def test_the_account_manager_is_told_of_a_critical_case_and_of_an_escalation(office, expert):
    case = office.case(severity=2)
    assert told("critical") == set()
    form = case_form(case, severity=1, text="All lines are down.", phone_24x7="+1 555 0142")
    assert expert.post(case_address("severity", case.pk), form).status_code == 302
    assert told("critical") == {office.account_manager.email}
    contact = signed_in(office.desk.designated)
    other = office.case()
    contact.post(
        f"{other.get_absolute_url()}help/",
        {
            "reason": "other",
            "details": "Nothing moves.",
            "asked": asked(),
            "submission": str(uuid.uuid4()),
        },
    )
    mail = Notice.objects.get(event="escalation_requested", email=office.account_manager.email)
    assert f"/admin/cases/case/{other.pk}/change/" in mail.text
    mail = Notice.objects.get(event="escalation_requested", email=office.owner.email)
    assert page_url(other.escalations.get()) in mail.text


# --- Eligibility --------------------------------------------------------------------------------


@pytest.mark.rule("ESC-9")
def test_the_case_page_judges_for_a_chosen_contact(office, expert):
    case = office.case(updated_at=NOW - HOUR)
    dana = office.desk.designated
    page = text_of(expert.get(case_url(case)))
    assert "Can it be escalated? By Dana Designated" in page
    assert "Rudi Readonly" not in page.split("Can it be escalated?")[1][:200]
    page = text_of(expert.get(f"{case_url(case)}?contact={dana.pk}"))
    for words in (
        "No , Dana Designated cannot request an escalation now. "
        "Possible from Friday, 6 March 2026, 14:00",
        "Not met : A Medium case: no update for 3 business days ESC-9",
        "Met : The contact has read the newest update ESC-3",
        "In the form : The reason is not a change of urgency or impact",
    ):
        assert words in page, words
    ready = text_of(expert.get(f"{case_url(office.case())}?contact={dana.pk}"))
    assert "Yes : Dana Designated can request an escalation now." in ready
    for nonsense in (office.desk.outsider.pk, "x", "999999999999999999999"):
        assert "ESC-9" not in text_of(expert.get(f"{case_url(case)}?contact={nonsense}"))


def test_the_case_page_stays_within_its_queries(office, expert):
    escalation = office.accepted()
    case = escalation.case
    office.ask(case, reason="case_update")
    for number in range(5):
        office.update(case, now=NOW + number * HOUR)
    address = f"{case_url(case)}?contact={office.desk.designated.pk}"
    assert queries(expert, address) <= 25
    few = queries(expert, REVIEWS + "?queue=mine")
    for _ in range(4):
        office.ask(office.case(), reason="case_update")
    assert queries(expert, REVIEWS + "?queue=mine") == few <= 15


# --- The two feeds ------------------------------------------------------------------------------


@pytest.mark.rule("FEED-1")
def test_a_message_is_moved_between_the_feeds_and_leaves_a_trace(office):
    escalation = office.accepted()
    case = escalation.case
    office.update(case)
    message = case.entries.get(event="message")
    owner = signed_in(office.owner)
    there = reverse("admin:escalations_escalation_move_here", args=[case.pk, message.pk])
    assert there in owner.get(case_url(case)).content.decode()
    assert "We are on it." in text_of(owner.get(there))
    before, seen = everything_stored(), {"version": fresh(escalation).version}
    for stale in ({"version": seen["version"] - 1}, {}, {"version": "x"}):
        old_tab = owner.post(there, stale, follow=True)
        assert "The escalation has changed in the meantime." in text_of(old_tab)
        assert f'name="version" value="{seen["version"]}"' in old_tab.content.decode()
    assert everything_stored() == before
    assert owner.post(there, seen).url == case_url(case)
    before = everything_stored()
    again = owner.post(there, seen, follow=True)
    assert "This message cannot be moved." in text_of(again)
    assert everything_stored() == before, "the second click"
    assert "This message cannot be moved." in text_of(owner.get(there, follow=True))
    page = text_of(owner.get(case_url(case)))
    assert "Moved to Escalation Details by Owen Owner" in page
    moved = escalation.entries.get(event="moved")
    assert (moved.body, moved.author) == ("We are on it.", office.desk.expert)
    assert "Moved here from Case Details by Owen Owner" in text_of(owner.get(page_url(escalation)))

    back = reverse("admin:escalations_escalation_move_away", args=[escalation.pk, moved.pk])
    assert back in owner.get(page_url(escalation)).content.decode()
    assert "We are on it." in text_of(owner.get(back))
    assert owner.post(back, seen).url == back  # shown before the message came here
    seen = {"version": fresh(escalation).version}
    assert owner.post(back, seen).url == page_url(escalation)
    assert Entry.objects.get(case=case, event="moved").body == "We are on it."
    assert "Moved to Case Details by Owen Owner" in text_of(owner.get(page_url(escalation)))
    mails = Notice.objects.filter(event="escalation_message").count()
    assert mails == 0


@pytest.mark.rule("FEED-1")
@pytest.mark.rule("ACC-7")
def test_what_is_not_there_to_move_or_not_for_this_person_is_refused(office):
    escalation, other = office.accepted(), office.case()
    office.update(other)
    note = post_in_feed(
        escalation_id=escalation.pk, actor=Actor.of(office.owner), now=NOW, body="x", internal=True
    )
    message = other.entries.get(event="message")
    address = "admin:escalations_escalation_move_"
    foreign = reverse(address + "here", args=[escalation.case_id, message.pk])
    none = reverse(address + "here", args=[other.pk, message.pk])
    away = reverse(address + "away", args=[escalation.pk, note.pk])
    boss = signed_in(person("lead@support.example", roles=("Product Support Manager",)))
    owner = signed_in(office.owner)
    before = everything_stored()
    for missing in (foreign, none):
        assert owner.get(missing).status_code == owner.post(missing).status_code == 404
    assert "Move to Escalation Details" not in text_of(owner.get(case_url(other)))
    assert boss.get(away).status_code == boss.post(away).status_code == 403
    assert everything_stored() == before


# --- The manager's engagements ------------------------------------------------------------------


@pytest.mark.rule("MGT-7")
def test_a_manager_sees_his_own_engagements_the_most_severe_first(office):
    mine, others, closed, lower = (office.case(severity=1, **PHONE) for _ in range(4))
    lead = person("lead@support.example", name="Lea Lead", roles=("Product Support Manager",))
    second = person("two@support.example", name="Lou Lead", roles=("Product Support Manager",))
    for case, manager in ((lower, lead), (mine, lead), (others, second), (closed, lead)):
        engage_manager(
            case_id=case.pk,
            manager=manager,
            note=f"Note about {case.number}.",
            actor=Actor.of(office.desk.expert),
            now=NOW,
        )
    change_severity(
        case_id=lower.pk, severity=2, reason="x", actor=Actor.of(office.desk.expert), now=NOW
    )
    office.desk.act("close", closed, text="Back.")
    client = signed_in(lead)
    assert f"{ENGAGEMENTS}?queue=mine" in client.get(LIST).content.decode()
    words = text_of(client.get(ENGAGEMENTS + "?queue=mine"))
    assert "Your engagements 2" in words  # the badge
    assert words.index(mine.number) < words.index(lower.number)
    assert f"Note about {mine.number}." in words
    for absent in (others, closed):
        assert absent.number not in words
    everybody = text_of(client.get(ENGAGEMENTS + "?queue=open"))
    assert others.number in everybody
    assert closed.number not in everybody
    assert closed.number in text_of(client.get(ENGAGEMENTS))
    assert "You are not engaged on any open case." in text_of(
        signed_in(office.desk.expert).get(ENGAGEMENTS + "?queue=mine")
    )
    few = queries(client, ENGAGEMENTS + "?queue=mine")
    assert few <= 15
