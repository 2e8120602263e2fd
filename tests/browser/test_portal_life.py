"""What a contact does in the browser: with a script, with the keyboard alone, and without any."""

import re

import pytest

from cases.models import Case, Entry
from tests.world import PASSWORD

LOG = {"name": "trunk.log", "mimeType": "text/plain", "buffer": b"INVITE\n" * 200_000}
TRACE = {"name": "trace é.txt", "mimeType": "text/plain", "buffer": b"trace\n"}
PROGRAM = {
    "name": "tool.log",
    "mimeType": "text/plain",
    "buffer": b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 300,
}


def fill_in(page):
    page.get_by_label("Deployment").select_option(index=1)
    page.get_by_label("Subject").fill("Calls drop after transfer")
    page.get_by_label("Description").fill("Every second one drops.")
    page.get_by_label("Business impact").fill("Agents call back by hand.")


@pytest.mark.rule("CASE-1")
@pytest.mark.parametrize("with_script", [True, False])
def test_from_the_sign_in_to_an_open_case_with_two_files(desk, open_page, with_script):
    page = open_page(java_script_enabled=with_script)
    page.goto("/cases/open/")
    page.get_by_label("E-mail address").fill(desk.designated.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    fill_in(page)
    page.get_by_role("radio", name="High").check()
    page.locator("input[type=file]").set_input_files([LOG, TRACE])
    page.get_by_role("button", name="Open the case").click()
    page.get_by_role("heading", name="Your case is open").wait_for()
    case = Case.objects.get()
    assert case.number in page.inner_text("main")
    page.get_by_role("link", name="Go to the case").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="trace é.txt").click()
    assert download.value.suggested_filename == "trace é.txt"
    assert download.value.path().read_bytes() == TRACE["buffer"]


def test_a_refused_file_keeps_everything_and_the_other_files_chosen(desk, open_page):
    page = open_page(desk.designated)
    page.goto("/cases/open/acme/")
    fill_in(page)
    page.get_by_role("radio", name="Low").check()
    page.locator("input[type=file]").set_input_files([LOG, PROGRAM])
    page.get_by_role("button", name="Open the case").click()
    # In the words of the realm, which says what to send instead.
    page.get_by_text(re.compile("of a type that is not accepted|it is a program")).wait_for()
    assert page.get_by_label("Description").input_value() == "Every second one drops."
    assert page.get_by_role("radio", name="Low").is_checked()
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 2
    assert not Case.objects.exists()
    page.locator("input[type=file]").set_input_files([LOG])
    page.get_by_role("button", name="Open the case").click()
    page.get_by_role("heading", name="Your case is open").wait_for()
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 413, "body": "<h1>413</h1>"}, "larger than the server accepts"),
        ({"status": 502, "body": ""}, "could not accept it (502)"),
        ({"status": 200, "body": "{", "content_type": "application/json"}, "could not accept it"),
        (None, "The connection was lost"),
    ],
    ids=["413", "502", "no json", "no connection"],
)
def test_an_answer_of_a_proxy_freezes_no_form(desk, open_page, answer, words):
    case = desk.owned_case()
    page = open_page(desk.designated)
    address = f"**{case.get_absolute_url()}entry/"
    page.route(address, lambda way: way.fulfill(**answer) if answer else way.abort())
    page.goto(case.get_absolute_url())
    page.get_by_label("Your update").fill("Since Monday.")
    page.locator("input[type=file]").set_input_files([TRACE])
    page.get_by_role("button", name="Send").click()
    page.get_by_text(words).wait_for()
    open_page.complaints.clear()  # the browser tells of the answer, as it should
    assert page.get_by_label("Your update").input_value() == "Since Monday."
    page.unroute(address)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your update is in the case").wait_for()
    assert Entry.objects.get(event="message").attachments.count() == 1


def test_back_to_a_form_that_was_sent_loses_no_second_text(desk, open_page):
    case = desk.owned_case()
    page = open_page(desk.designated)
    page.goto(case.get_absolute_url())
    for body in ("One.", "Two."):
        page.get_by_label("Your update").fill(body)
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Your update is in the case").wait_for()
        page.go_back()
        page.get_by_label("Your update").wait_for()
    bodies = Entry.objects.filter(event="message").values_list("body", flat=True)
    assert set(bodies) == {"One.", "Two."}


@pytest.mark.rule("ACC-6", "SEV-4")
def test_critical_asks_for_the_number_and_says_whom_to_call(desk, open_page):
    page = open_page(desk.designated)
    page.goto("/cases/open/acme/")
    number = page.get_by_label("24x7 telephone number")
    assert not number.is_visible()
    fill_in(page)
    page.locator("#id_priority_0").check()
    assert number.is_visible()
    page.get_by_role("button", name="Open the case").click()
    page.get_by_text("must be reachable at all times: give").wait_for()
    number.fill("+1 212 555 0142")
    page.get_by_role("button", name="Open the case").click()
    page.get_by_role("heading", name="Call now").wait_for()
    assert "+1 555 0100" in page.inner_text("main")
    assert Case.objects.get().number in page.inner_text("main")


def test_with_the_keyboard_alone_an_answer_is_given(desk, open_page):
    case = desk.act("ask", desk.owned_case(), text="Which trunk?")
    page = open_page(desk.designated)
    page.goto(case.get_absolute_url())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("Trunk 4.")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    page.get_by_text("Your update is in the case").wait_for()
    assert Entry.objects.get(event="message").body == "Trunk 4."
    assert Case.objects.get().state == "in_progress"


def test_two_quick_clicks_write_once(desk, open_page):
    case = desk.owned_case()
    page = open_page(desk.designated)
    page.goto(case.get_absolute_url())
    page.get_by_label("Your update").fill("Once.")
    page.get_by_role("button", name="Send").dblclick()
    page.get_by_text("Your update is in the case").wait_for()
    assert Entry.objects.filter(body="Once.").count() == 1


@pytest.mark.rule("PORT-1")
def test_the_list_is_filtered_in_place_and_can_be_linked_to(desk, open_page):
    new = desk.case_in("new")
    closed = desk.case_in("closed")
    page = open_page(desk.designated)
    page.goto("/cases/")
    page.get_by_text("2 cases").wait_for()
    page.get_by_label("State").select_option("closed")
    page.get_by_text("1 case, newest first").wait_for()
    assert closed.number in page.inner_text("#results")
    assert new.number not in page.inner_text("#results")
    page.wait_for_url("**state=closed**")
    page.reload()
    assert new.number not in page.inner_text("#results")
    page.go_back()
    page.get_by_label("Search").fill(new.number.lower())
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**{new.get_absolute_url()}")
    page.get_by_role("heading", level=1, name=new.subject).wait_for()


def test_a_session_lost_on_the_list_leads_to_the_sign_in(desk, open_page):
    from django.contrib.sessions.models import Session

    page = open_page(desk.designated)
    page.goto("/cases/")
    Session.objects.all().delete()
    page.get_by_role("button", name="Show").click()
    page.get_by_label("E-mail address").wait_for()


def test_a_lost_session_brings_the_words_back_after_the_sign_in(desk, open_page):
    from django.contrib.sessions.models import Session

    case = desk.owned_case()
    page = open_page(desk.designated)
    page.goto(case.get_absolute_url())
    page.get_by_label("Your update").fill("Since Monday.")
    page.locator("input[type=file]").set_input_files([TRACE])
    Session.objects.all().delete()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your text is kept").wait_for()
    page.get_by_label("E-mail address").fill(desk.designated.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Here is what you wrote").wait_for()
    assert page.get_by_label("Your update").input_value() == "Since Monday."
    assert not Entry.objects.filter(event="message").exists()
