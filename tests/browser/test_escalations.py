"""Asking for help in the browser: the whole way, the countdown, the keyboard, and every page."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from cases import realm
from cases.actors import Actor
from cases.models import Notice
from escalations.models import Escalation, EscalationReason
from escalations.services.management import close, decline
from tests.escalations.world import Office, open_office
from tests.world import NOW

expect.set_options(timeout=15_000)  # as the contexts of `open_page`

DAY = dt.timedelta(days=1)
#: In the FedRAMP realm no session lives through 15 idle minutes.
WAIT = dt.timedelta(minutes=10)
#: Three business days after an update at NOW - 1 day, on a Monday.
POSSIBLE = NOW + 2 * DAY


@pytest.fixture
def office(desk) -> Office:
    return open_office(desk)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=True) as moved:
        yield moved


def label() -> str:
    return realm.current().help_button_label


def shortly_before(office, case, open_page, clock):
    """The contact's page of the case, in a browser whose clock can be moved on."""
    clock.move_to(POSSIBLE - WAIT)
    page = open_page(office.desk.designated)
    page.clock.install()
    page.goto(case.get_absolute_url())
    expect(page.locator(".countdown")).not_to_be_empty()
    return page


def the_time_comes(page, clock):
    """For the server, and for the page that stands open."""
    clock.move_to(POSSIBLE)
    page.clock.fast_forward("10:01")


def open_staff_page(page, case):
    page.goto("/admin/escalations/escalation/")
    page.get_by_role("link", name=re.compile(case.number)).first.click()
    page.wait_for_url(re.compile("/change/"))


def staff_does(page, button, words):
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(words)).to_be_visible()


def ask_in_the_form(page, details):
    page.get_by_role("link", name=label()).click()
    page.wait_for_url("**/help/")
    page.get_by_label("Lack of progress").check()
    page.get_by_label("What progress did you expect?").fill("A date for the fix.")
    page.get_by_label("Details").fill(details)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("The escalation has been requested.")).to_be_visible()


@pytest.mark.rule("HELP-1", "HELP-2", "HELP-4", "HELP-5")
@pytest.mark.rule("MGT-1", "MGT-3", "MGT-4", "MGT-5")
@pytest.mark.rule("FEED-1", "FEED-2")
def test_from_a_refused_attempt_to_a_second_escalation(office, open_page, clock):
    case = office.case(updated_at=NOW - DAY)
    address = case.get_absolute_url()

    # Too early: the button is disabled, and who goes round it is refused and keeps the words.
    page = open_page(office.desk.designated)
    page.goto(address)
    expect(page.get_by_role("button", name=label())).to_be_disabled()
    expect(page.locator("#help_reasons")).to_contain_text(
        "Possible from Thursday, 5 March 2026, 15:00 UTC"
    )
    page.goto(f"{address}help/")
    page.get_by_label("Other").check()
    page.get_by_label("Details").fill("Nothing has happened.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("The case cannot be escalated now.")
    expect(page.get_by_label("Details")).to_have_value("Nothing has happened.")
    assert not Escalation.objects.exists()

    # The time comes while the page stands open.
    page = shortly_before(office, case, open_page, clock)
    expect(page.get_by_role("button", name=label())).to_be_disabled()
    the_time_comes(page, clock)
    expect(page.get_by_role("link", name=label())).to_be_visible()
    ask_in_the_form(page, "Nothing has happened for three days.")
    page.wait_for_url(f"**{address}")
    expect(page.locator(".feed")).to_contain_text("requested an escalation: Lack of progress")
    expect(page.get_by_role("button", name=label())).to_be_disabled()

    # An Escalation Owner takes and accepts it.
    staff = open_page(office.owner)
    open_staff_page(staff, case)
    staff_does(staff, "Take for review", "The escalation is now yours to review.")
    page.get_by_role("link", name=re.compile("^Escalation Details")).click()
    expect(page.get_by_role("heading", name="Owen Owner is reviewing it")).to_be_visible()
    staff.get_by_role("link", name=re.compile("^Accept …")).click()
    staff.get_by_role("group", name="Importance").get_by_label("High").check()
    staff.get_by_role("group", name="Urgency").get_by_label("Medium").check()
    staff.get_by_label("Next steps").fill("Development looks at the trace today.")
    staff_does(staff, "Accept", "The escalation has been accepted")
    page.reload()
    expect(page.get_by_role("heading", name="Owen Owner is leading it")).to_be_visible()
    expect(page.get_by_text("The next update comes by Friday, 6 March")).to_be_visible()
    expect(page.locator(".situation")).to_contain_text("Development looks at the trace today.")

    # Words are exchanged; in the FedRAMP realm the contact reads.
    if realm.current().contacts_write_in_escalations:
        page.get_by_label("Your message").fill("Can we have it before Monday?")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Your message is in the escalation's feed.")).to_be_visible()
        staff.reload()
        expect(staff.get_by_text("Can we have it before Monday?")).to_be_visible()
    else:
        expect(page.get_by_text("The Escalation Owner's messages appear here.")).to_be_visible()
        expect(page.get_by_label("Your message")).to_have_count(0)
    staff.locator("summary", has_text="Post an update").click()
    staff.locator("textarea[name=word-body]").fill("The fix comes on Saturday.")
    staff_does(staff, "Post an update", "the next one is promised")
    page.reload()
    expect(page.get_by_text("The fix comes on Saturday.")).to_be_visible()

    # It is closed, and only then a second one is possible.
    page.goto(address)
    expect(page.get_by_role("button", name=label())).to_be_disabled()
    staff.get_by_role("link", name=re.compile("^Close the escalation")).click()
    staff.locator("textarea[name=justification]").fill("The fix is installed.")
    staff_does(staff, "Close the escalation", "The escalation has been closed")
    page.reload()
    ask_in_the_form(page, "It came back.")
    page.get_by_role("link", name=re.compile("^Escalation Details")).click()
    expect(
        page.get_by_role("heading", name=re.compile("is waiting for an Escalation"))
    ).to_be_visible()
    page.get_by_role("region", name="Other escalations").get_by_role("link").click()
    expect(page.get_by_text("The fix is installed.").first).to_be_visible()
    states = Escalation.objects.filter(case=case).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["closed", "requested"]
    assert Notice.objects.filter(event="escalation_received").count() == 2


@pytest.mark.rule("HELP-1")
def test_the_button_awakes_beside_a_half_written_update(office, open_page, clock):
    case = office.case(updated_at=NOW - DAY)
    page = shortly_before(office, case, open_page, clock)
    page.get_by_label("Your update").fill("Half a sen")
    expect(page.locator(".countdown")).to_have_text(re.compile(r"^(9|10) minutes"))
    the_time_comes(page, clock)
    expect(page.locator("[data-help-status]")).to_have_text(f"{label()} can be asked for now.")
    expect(page.get_by_role("link", name=label())).to_be_visible()
    expect(page.get_by_label("Your update")).to_have_value("Half a sen")


@pytest.mark.rule("HELP-1")
def test_a_session_that_ran_out_takes_nobody_away_from_what_he_types(office, open_page, clock):
    case = office.case(updated_at=NOW - DAY)
    page = shortly_before(office, case, open_page, clock)
    page.get_by_label("Your update").fill("Half a sen")
    Session.objects.all().delete()
    the_time_comes(page, clock)
    expect(page.locator("[data-help-status]")).to_contain_text("Reload the page")
    expect(page.get_by_label("Your update")).to_have_value("Half a sen")
    assert page.url.endswith(case.get_absolute_url())


@pytest.mark.rule("HELP-2", "ESC-8")
@pytest.mark.parametrize("with_script", [True, False])
def test_prompts_come_with_the_reason_and_the_keyboard_is_enough(office, open_page, with_script):
    case = office.case(severity=2)
    page = open_page(office.desk.designated, java_script_enabled=with_script)
    page.goto(f"{case.get_absolute_url()}help/")
    prompt = page.get_by_label("What progress did you expect?")
    impact = page.get_by_label("Business impact")
    expect(prompt).to_be_hidden()
    page.get_by_label("Root cause analysis overdue").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Lack of progress")).to_be_checked()
    expect(prompt).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("A date for the fix.")
    page.keyboard.press("Tab")
    page.keyboard.type("Nothing happens.")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_text("Say how the issue is causing")).to_be_visible()
    expect(prompt).to_have_value("A date for the fix.")
    page.get_by_label("Request a case update").check()
    expect(impact).to_be_visible()  # the Case Owner reads it too
    page.get_by_label("Lack of progress").check()
    impact.fill("Forty agents call back by hand.")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_text("The escalation has been requested.")).to_be_visible()
    assert "A date for the fix." in Escalation.objects.get().answers


@pytest.mark.rule("PORT-4", "HELP-1")
def test_no_page_on_which_help_is_asked_for_has_a_fault(office, open_page, checks):
    """At any time of the real clock: every case here was last updated long ago."""
    long = "Averylongwordwithoutanyplacetobreakit" * 4
    waits = office.case(updated_at=dt.datetime.now(dt.UTC))
    low = office.case(severity=4)
    office.ask(low, reason="case_update")
    escalated = office.case(subject=f"Transfer to {long}"[:150])
    office.accepted(escalated)
    declined = office.under_review()
    owner = Actor.of(office.owner)
    decline(
        escalation_id=declined.pk,
        actor=owner,
        now=NOW,
        codes=["the_severity_is_not_low"],
        words=long,
    )
    closed = office.accepted()
    close(escalation_id=closed.pk, actor=owner, now=NOW, justification=long)
    office.ask(closed.case)
    question = EscalationReason.objects.get(code="other")
    question.prompts.create(question=f"Is it {long}?")
    pages = {
        "time decides": waits.get_absolute_url(),
        "a form that is not possible now": f"{waits.get_absolute_url()}help/",
        "low": low.get_absolute_url(),
        "severity": f"{low.get_absolute_url()}severity/",
        "priority": f"{low.get_absolute_url()}priority/",
        "critical": office.case(severity=1).get_absolute_url(),
        "form": f"{office.case(severity=2).get_absolute_url()}help/",
        "escalated": escalated.get_absolute_url(),
        "accepted": f"{escalated.get_absolute_url()}escalation/",
        "declined": f"{declined.case.get_absolute_url()}escalation/",
        "requested": f"{closed.case.get_absolute_url()}escalation/",
        "closed": f"{closed.case.get_absolute_url()}escalation/{closed.pk}/",
        "management": f"{escalated.get_absolute_url()}management/",
        "never escalated": f"{low.get_absolute_url()}escalation/",
    }
    page = open_page(office.desk.designated)
    found = [fault for each in pages.values() for fault in checks.faults(page, each)]
    for name in ("severity", "priority", "form", "management"):
        page.goto(pages[name])
        if name == "management":
            page.get_by_label("Brief problem statement").fill("")
        page.get_by_role("button", name=re.compile("^(Send|Ask)")).click()
        expect(page.locator("[data-first-error]")).to_be_focused()
        found += checks.accessibility_violations(page)
    assert not found, "\n".join(found)


@pytest.mark.rule("ACC-2", "PORT-4")
def test_a_read_only_contact_reads_without_a_fault(office, open_page, checks):
    case = office.case()
    office.accepted(case)
    page = open_page(office.desk.read_only)
    for address in (case.get_absolute_url(), f"{case.get_absolute_url()}escalation/"):
        assert not checks.faults(page, address)
        expect(page.locator("main form")).to_have_count(0)
