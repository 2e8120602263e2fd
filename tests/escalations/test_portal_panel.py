"""The disabled button beside its reasons, each with the link that helps, and the form's prompts."""

import datetime as dt
import html
import re
import uuid

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import reverse

from cases import realm, selectors
from cases.actors import Actor
from cases.models import Case
from cases.services.feeds import post_entry
from escalations.models import Escalation, EscalationReason, ReadMark
from escalations.rules.criteria import Remedy
from tests.incidents import contact_asks, join, platform_case, restore
from tests.portal.conftest import browse, fields_of
from tests.portal.test_kept import sign_in
from tests.stored import everything_stored
from tests.world import NOW

from .asking import asked
from .world import HOUR, LONG_AGO

__all__ = ["browse"]


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def contact(office, client):
    client.force_login(office.desk.designated)
    return client


def panel_of(client, case: Case) -> str:
    page: str = client.get(reverse("escalations:panel", args=[case.number])).content.decode()
    return html.unescape(re.sub(r"\s+", " ", page))


def at(office, what: str) -> Case:
    """A case against which one criterion stands."""
    if what == "critical":
        return office.case(severity=1)
    if what == "low":
        return office.case(severity=4)
    if what == "recent":
        return office.case(updated_at=NOW - HOUR)
    if what == "unassigned":
        return office.desk.case(now=LONG_AGO)
    case: Case = office.case()
    if what in ("ask", "propose"):
        office.desk.act(what, case, text="Is it so?", now=LONG_AGO)
        office.read(case)
    elif what == "closed":
        office.desk.act("close", case, text="Done.")
        office.read(case)
    elif what == "unread":
        office.update(case, now=LONG_AGO + HOUR)
    elif what == "active":
        office.ask(case)
    return case


TEL = '<a href="tel:+15550100">+1 555 0100</a>'
#: What stands against the case: the reason, and what helps, as the page has it.
BESIDE = [
    ("closed", "ESC-1", "The case is closed.", ['reopen/">Reopen the case</a>', TEL]),
    ("unread", "ESC-3", "you have not read", ['">Read the newest update</a>', "?whole=1&update="]),
    ("ask", "ESC-4", "waiting for your answer", ['#write">Answer the question in the case</a>']),
    ("propose", "ESC-4", "proposed a resolution", ['#situation">Go to the resolution</a>']),
    ("active", "ESC-5", "already been escalated", ['escalation/">Open Escalation Details</a>']),
    (
        "recent",
        "ESC-9",
        "3 business days after",
        ["Possible from Friday, 6 March 2026, 14:00 UTC", f'data-seconds-left="{71 * 3600}"'],
    ),
    ("low", "ESC-10", "A Low case", ['severity/">Ask for Medium or High</a>', TEL]),
]


@pytest.mark.rule("HELP-1")
@pytest.mark.parametrize(
    ("what", "reason", "helps"),
    [
        pytest.param(what, reason, helps, marks=pytest.mark.rule(rule), id=what)
        for what, rule, reason, helps in BESIDE
    ],
)
def test_each_reason_stands_beside_the_disabled_button_with_what_helps(
    office, contact, what, reason, helps
):
    page = panel_of(contact, at(office, what))
    assert re.search(r'<button type="button"[^>]* disabled aria-describedby="help_reasons">', page)
    beside = page.split('id="help_reasons"')[1]
    assert reason in beside
    assert all(each in beside for each in helps)


@pytest.mark.rule("ESC-11")
def test_the_number_stands_large_on_a_critical_case_in_both_realms(office, contact):
    case = at(office, "critical")
    page = " ".join(contact.get(case.get_absolute_url()).content.decode().split())
    assert re.search(r'This is a Critical case.</strong> Call <a class="phone" href="tel:', page)
    shown = panel_of(contact, case)
    if realm.current().critical_is_escalated_by_telephone:
        assert '<li class="calls">' in shown
        assert TEL in shown
        assert " disabled " in shown
    else:
        assert " disabled " not in shown


@pytest.mark.rule("ESC-11")
def test_a_restored_critical_case_has_the_form_for_its_analysis_and_the_number(office, contact):
    case = platform_case(office.desk, 1, now=LONG_AGO)
    contact_asks(office.desk, case, now=LONG_AGO)
    restore(office.desk, case.incident, NOW - dt.timedelta(days=9))
    office.read(case)
    assert " disabled " not in panel_of(contact, case)
    address = reverse("escalations:help", args=[case.number])
    page = contact.get(address).content.decode()
    assert 'href="tel:+15550100"' in page.split("<main")[1].split("<form")[0]
    assert "Not possible now" not in choice(page, "rca_overdue")
    by_telephone = realm.current().critical_is_escalated_by_telephone
    assert ("Not possible now" in choice(page, "other")) == by_telephone
    if by_telephone:
        assert "not escalated by web, chat or e-mail" in choice(page, "other")
    form = {"reason": "rca_overdue", "asked": asked(), "submission": str(uuid.uuid4())}
    assert contact.post(address, form).status_code == 302
    assert Escalation.objects.get().case == case


@pytest.mark.rule("ESC-12")
@pytest.mark.realm("fedramp")
def test_a_case_without_an_owner_says_that_it_waits_for_one(office, contact):
    page = panel_of(contact, at(office, "unassigned"))
    assert "has not been assigned" in page
    assert TEL in page


def test_every_remedy_that_a_page_can_help_with_has_its_link():
    from escalations import wording

    without = {
        Remedy.OPEN_CASE,  # there is no page of a case then
        Remedy.CHOOSE_REASON,  # the form itself
        Remedy.ASK_CASE_OWNER,
        Remedy.STATE_IMPACT,
        Remedy.WAIT,  # counted down
        Remedy.WAIT_FOR_OWNER,
        Remedy.WAIT_FOR_OWNER_OR_CALL,
        Remedy.CALL,  # the number is a link
    }
    assert set(wording.LINKS) == set(Remedy) - without


# --- The panel that is fetched when time has come -----------------------------------------------


@pytest.mark.rule("HELP-1")
@pytest.mark.rule("ESC-9")
def test_the_fetched_panel_is_enabled_at_the_second_and_not_before(office, contact, at_now):
    case = office.case(updated_at=NOW - dt.timedelta(days=5))  # over three business days at NOW
    at_now.move_to(NOW - dt.timedelta(milliseconds=1500))
    assert 'data-seconds-left="2"' in panel_of(contact, case), "rounded up"
    at_now.move_to(NOW - dt.timedelta(milliseconds=1))
    assert 'data-seconds-left="1"' in panel_of(contact, case)
    at_now.move_to(NOW)
    page = panel_of(contact, case)
    assert "data-seconds-left" not in page
    assert f'href="{reverse("escalations:help", args=[case.number])}"' in page


@pytest.mark.rule("ESC-3")
def test_fetching_the_panel_or_only_the_head_reads_nothing(office, contact):
    case = at(office, "unread")
    before = list(ReadMark.objects.values_list("entry_id", flat=True))
    panel_of(contact, case)
    contact.head(case.get_absolute_url())
    assert list(ReadMark.objects.values_list("entry_id", flat=True)) == before
    contact.get(case.get_absolute_url())
    assert list(ReadMark.objects.values_list("entry_id", flat=True)) != before


@pytest.mark.rule("ESC-3")
def test_an_update_that_the_page_does_not_show_is_not_read_by_it(office, contact):
    """Forty newer entries push it out of the page; the link beside the button shows all."""
    case = at(office, "unread")
    for number in range(40):
        post_entry(
            case_id=case.pk,
            actor=Actor.of(office.desk.designated),
            now=NOW,
            body=f"Observation {number}",
        )
    contact.get(case.get_absolute_url())
    assert "you have not read" in panel_of(contact, case)
    contact.get(f"{case.get_absolute_url()}?whole=1")
    assert " disabled " not in panel_of(contact, case)


@pytest.mark.rule("ESC-3")
def test_the_page_that_shows_the_update_has_the_button_awake(office, contact):
    case = at(office, "unread")
    page = contact.get(case.get_absolute_url()).content.decode()
    assert "We are on it." in page
    assert "you have not read" not in page
    assert f'href="{reverse("escalations:help", args=[case.number])}"' in page


@pytest.mark.rule("ESC-3")
def test_an_update_that_is_posted_while_the_page_is_made_is_not_read_by_it(
    office, contact, monkeypatch
):
    """It comes after the feed was read, and before the button is."""
    case = at(office, "unread")
    read = selectors.feed

    def overtaken(*arguments, **named):
        feed = read(*arguments, **named)
        office.update(case, now=LONG_AGO + 2 * HOUR)
        monkeypatch.setattr(selectors, "feed", read)
        return feed

    monkeypatch.setattr(selectors, "feed", overtaken)
    page = contact.get(case.get_absolute_url()).content.decode()
    assert page.count("We are on it.") == 1
    assert "you have not read" in page
    assert "you have not read" in panel_of(contact, case)
    page = contact.get(case.get_absolute_url()).content.decode()
    assert page.count("We are on it.") == 2
    assert "you have not read" not in page


@pytest.mark.rule("ESC-3")
def test_who_follows_the_link_to_the_update_finds_the_button_awake(office, contact):
    """Else the link on that page would lead to the very same page, and no browser loads it anew."""
    case = at(office, "unread")
    address = re.search(r'href="([^"]*update=[^"]*)"', panel_of(contact, case)).group(1)
    page = contact.get(address.split("#")[0]).content.decode()
    assert f'id="{address.split("#")[1]}"' in page
    assert "you have not read" not in page


def test_a_session_that_ran_out_is_told_to_the_script_as_an_address(office, client):
    answer = client.get(
        reverse("escalations:panel", args=[office.case().number]), headers={"HX-Request": "true"}
    )
    assert answer["HX-Redirect"].startswith("/accounts/login/")


# --- The form -----------------------------------------------------------------------------------


def choice(page: str, code: str) -> str:
    """The part of the form that belongs to this reason."""
    parts = re.split(r'<div class="choice ', page)
    return next(each for each in parts if f'value="{code}"' in each)


@pytest.mark.rule("HELP-2")
def test_each_reason_brings_its_own_prompts_and_what_stands_against_it(office, contact):
    case = office.case()
    page = contact.get(reverse("escalations:help", args=[case.number])).content.decode()
    for reason in EscalationReason.objects.all():
        part = choice(page, reason.code)
        questions = set(reason.prompts.values_list("question", flat=True))
        assert {each for each in questions if each in html.unescape(part)} == questions
        assert part.count("<textarea") >= len(questions)
        assert ("Not possible now" in part) == (reason.code == "rca_overdue")
    part = choice(page, "rca_overdue")
    assert "No root cause analysis is under way" in part
    assert "given only for platform-level cases" in part
    assert "ask_analysis" not in part


@pytest.mark.rule("ESC-7")
def test_where_an_analysis_can_be_asked_for_its_reason_leads_there(office, contact):
    case = office.case()
    join(office.desk, case)
    page = contact.get(reverse("escalations:help", args=[case.number])).content.decode()
    part = choice(page, "rca_overdue")
    assert f'href="{case.get_absolute_url()}ask_analysis/"' in part
    assert contact.get(f"{case.get_absolute_url()}ask_analysis/").status_code == 200


@pytest.mark.rule("HELP-2")
def test_reasons_and_prompts_are_data(office, contact):
    reason = EscalationReason.objects.create(
        code="promise_broken",
        label="A promise was <broken>",
        routing="escalation",
        needs_impact=True,
        position=0,
    )
    prompt = reason.prompts.create(question="Which one?", is_required=True)
    gone = EscalationReason.objects.get(code="other")
    gone.is_active = False
    gone.save()
    case = office.case()
    address = reverse("escalations:help", args=[case.number])
    page = contact.get(address).content.decode()
    assert "A promise was &lt;broken&gt;" in page
    assert "Which one?" in choice(page, "promise_broken")
    assert 'value="other"' not in page
    fields = {"reason": "promise_broken", "submission": str(uuid.uuid4()), "asked": asked()}
    page = contact.post(address, fields).content.decode()
    assert "Say how the issue is causing significant business impact." in page
    fields |= {"impact": "Much.", f"prompt_{prompt.pk}": "The one of Monday."}
    contact.post(address, fields)
    assert "The one of Monday." in Escalation.objects.get().answers


@pytest.mark.rule("ESC-8")
@pytest.mark.rule("HELP-2")
def test_high_demands_the_business_impact_and_keeps_what_was_typed(office, contact):
    case = office.case(severity=2)
    address = reverse("escalations:help", args=[case.number])
    assert "A High case cannot be escalated without it" in contact.get(address).content.decode()
    before = everything_stored()
    fields = {"reason": "other", "details": "We wait & wait.", "asked": asked()}
    fields["submission"] = str(uuid.uuid4())
    page = contact.post(address, fields).content.decode()
    assert "Say how the issue is causing significant business impact." in page
    assert "We wait &amp; wait." in page
    assert re.search(r'value="other"\s+required checked', page)
    assert everything_stored() == before
    contact.post(address, {**fields, "impact": "Forty agents call back by hand."})
    assert Escalation.objects.get().impact


@pytest.mark.rule("HELP-2")
def test_a_draft_outlives_the_session(office, browse):
    case = office.case()
    client = browse(office.desk.designated)
    prompt = EscalationReason.objects.get(code="lack_of_progress").prompts.get()
    address = reverse("escalations:help", args=[case.number])
    fields = fields_of(client.get(address), action=address)
    typed = {"reason": "lack_of_progress", f"prompt_{prompt.pk}": "A fix.", "details": "Since May."}
    Session.objects.all().delete()
    client.post(address, {**fields, **typed})
    assert not Escalation.objects.exists()
    sign_in(client, office.desk.designated, address)
    answer = client.get(address)
    page = answer.content.decode()
    assert "Here is what you wrote" in page
    assert re.search(r'value="lack_of_progress"\s+required checked', page)
    assert "A fix." in page
    assert "Since May." in page
    client.post(address, {**fields_of(answer, action=address), **typed})
    assert Escalation.objects.get().details == "Since May."
    assert "Since May." not in client.get(address).content.decode()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("one", marks=pytest.mark.realm("commercial")),
        *("severity", "priority", "management"),
    ],
)
def test_so_does_every_other_draft(office, browse, name):
    case = office.case()
    arguments = [case.number]
    if name in ("one", "management"):
        escalation = office.accepted(case)
        arguments += [escalation.pk] if name == "one" else []
    field = {"one": "body", "management": "description"}.get(name, "details")
    client = browse(office.desk.designated)
    address = reverse(f"escalations:{name}", args=arguments)
    fields = fields_of(client.get(address), action=address)
    Session.objects.all().delete()
    client.post(address, {**fields, field: "Forty agents & more."})
    sign_in(client, office.desk.designated, address)
    assert "Forty agents &amp; more." in client.get(address).content.decode()


@pytest.mark.rule("ESC-1")
def test_a_closed_case_has_no_form_but_the_way_to_reopen(office, contact):
    case = at(office, "closed")
    page = contact.get(reverse("escalations:help", args=[case.number])).content.decode()
    assert "Reopen the case" in page
    assert "<textarea" not in page
