"""The staff's case page: its content, and each action on it."""

import pytest
from django.urls import reverse

from cases.models import CaseLink, Entry, Notice, Person
from cases.rules.actions import ACTIONS
from tests.admin.pages import composer, form_of, fresh, page_url, text_of, url


def everything() -> tuple[int, int]:
    """What a refusal must not change: entries and notices."""
    return Entry.objects.count(), Notice.objects.count()


@pytest.mark.rule("ACC-7")
def test_the_index_opens_on_the_own_queue(staff):
    assert staff.get("/admin/").url == url("changelist") + "?queue=mine"


def test_the_page_shows_what_is_needed_without_scrolling(desk, staff):
    desk.designated.phone = "+1 555 0123"
    desk.designated.save()
    case = desk.owned_case()
    words = text_of(staff.get(page_url(case)))
    for part in (
        case.number,
        "3 - Medium",
        "In Progress",
        "Acme",
        "Care for Cloud",
        "Production (Genesys Cloud CX, us-east-2",
        "Erin Expert",
        "Dana Designated",
        "+1 555 0123",
        "Due next",
        "Every second transfer drops.",
    ):
        assert part in words


@pytest.mark.rule("CASE-3")
@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("new", {"take", "close"}),
        ("in_progress", {"ask", "engage", "propose", "close"}),
        ("awaiting_customer", {"resume", "propose", "close"}),
        ("awaiting_third_party", {"resume", "propose", "close"}),
        ("resolution_proposed", {"resume", "close"}),
        ("closed", {"reopen"}),
    ],
)
def test_a_button_for_each_action_that_is_possible_now(desk, staff, state, offered):
    case = desk.case_in(state)
    page = staff.get(page_url(case)).content.decode()
    moves = [name for name, action in ACTIONS.items() if not action.keeps_state]
    assert {name for name in moves if url("do", case.pk, name) in page} == offered


@pytest.mark.rule("CASE-4")
def test_take_is_one_click(desk, staff):
    case = desk.case()
    answer = staff.post(url("do", case.pk, "take"), form_of(case), follow=True)
    assert "The case is now yours." in text_of(answer)
    assert fresh(case).owner == desk.expert
    assert fresh(case).state == "in_progress"


@pytest.mark.rule("CASE-5")
def test_the_whole_life_from_question_to_reopening(desk, staff):
    case = desk.owned_case()
    steps = [
        ("ask", {"text": "Which trunk?"}, "awaiting_customer"),
        ("resume", {"text": "The answer came by telephone."}, "in_progress"),
        (
            "engage",
            {"text": "A fix is needed.", "third_party": "development"},
            "awaiting_third_party",
        ),
        ("propose", {"text": "Set the codec to G.711."}, "resolution_proposed"),
        ("close", {"text": "Agreed on the telephone."}, "closed"),
        ("reopen", {"text": "It came back."}, "in_progress"),
    ]
    for name, fields, state in steps:
        address = url("do", case.pk, name)
        assert staff.get(address).status_code == 200
        assert staff.post(address, form_of(case, **fields)).status_code == 302
        assert fresh(case).state == state
        assert case.entries.order_by("-pk").first().body == fields["text"]


@pytest.mark.rule("FEED-3")
def test_the_two_composers_cannot_be_mistaken(desk, staff):
    case = desk.owned_case()
    page = text_of(staff.get(page_url(case)))
    assert "Send to customer" in page
    assert "Save internal note" in page
    mails = Notice.objects.count()
    words = composer(case, "internal", "Ask the vendor first.")
    staff.post(url("entry", case.pk, "internal"), words)
    note = case.entries.order_by("-pk").first()
    assert note.is_internal
    assert Notice.objects.count() == mails
    staff.post(url("entry", case.pk, "public"), composer(case, "public", "We look into it."))
    said = case.entries.order_by("-pk").first()
    assert not said.is_internal
    assert Notice.objects.count() == mails + 1


@pytest.mark.rule("FEED-3")
def test_a_closed_case_takes_an_internal_note(desk, staff):
    case = desk.case_in("closed")
    page = text_of(staff.get(page_url(case)))
    assert "Save internal note" in page
    assert "Send to customer" not in page
    form = composer(case, "internal", "They called again.")
    assert staff.post(url("entry", case.pk, "internal"), form).status_code == 302
    note = case.entries.order_by("-pk").first()
    assert (note.body, note.is_internal) == ("They called again.", True)
    assert fresh(case).state == "closed"


def test_a_text_for_the_customer_of_a_case_that_was_closed_meanwhile_is_not_lost(desk, staff):
    case = desk.case_in("closed")
    before = everything()
    form = composer(case, "public", "My long answer.")
    answer = staff.post(url("entry", case.pk, "public"), form)
    assert answer.status_code == 422
    assert "reopen it to write in it" in text_of(answer)
    assert "My long answer." in answer.content.decode()
    assert everything() == before


def test_a_stale_page_is_told_and_loses_no_word(desk, staff):
    case = desk.owned_case()
    old = composer(case, "public", "My long answer.")
    desk.act("ask", case, text="Which trunk?")
    before = everything()
    answer = staff.post(url("entry", case.pk, "public"), old)
    assert answer.status_code == 422
    assert "The case changed while you were writing." in text_of(answer)
    assert "My long answer." in answer.content.decode()
    assert "Which trunk?" in text_of(answer)
    assert everything() == before
    # The form that came back is for the present version: the next press sends it.
    form = answer.context["composers"][0]["form"]
    again = {**old, "public-version": form["version"].value()}
    assert staff.post(url("entry", case.pk, "public"), again).status_code == 302
    assert case.entries.order_by("-pk").first().body == "My long answer."


def test_a_second_click_does_nothing_twice(desk, staff):
    case = desk.owned_case()
    form = form_of(case, text="Which trunk?")
    assert staff.post(url("do", case.pk, "ask"), form).status_code == 302
    before = everything()
    assert staff.post(url("do", case.pk, "ask"), form).status_code == 302
    assert everything() == before


def test_another_text_under_the_same_submission_is_not_lost(desk, staff):
    case = desk.owned_case()
    old = composer(case, "internal", "One.")
    staff.post(url("entry", case.pk, "internal"), old)
    before = everything()
    answer = staff.post(url("entry", case.pk, "internal"), {**old, "internal-body": "Two."})
    assert answer.status_code == 422
    assert "You sent this form before" in text_of(answer)
    assert "Two." in answer.content.decode()
    assert everything() == before
    form = next(c["form"] for c in answer.context["composers"] if c["action"].name == "internal")
    again = {f"internal-{name}": form[name].value() for name in ("version", "submission")}
    again["internal-body"] = "Two."
    assert staff.post(url("entry", case.pk, "internal"), again).status_code == 302
    assert case.entries.order_by("-pk").first().body == "Two."


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("ask", {"text": "Which trunk?"}, {"text": "Since when?"}),
        ("severity", {"text": "All.", "severity": 2}, {"text": "All.", "severity": 4}),
        ("assign", {"text": "One."}, {"text": "Two."}),
    ],
)
def test_something_else_under_the_same_submission_is_refused(desk, staff, name, first, second):
    case = desk.owned_case()
    address = url("do", case.pk, name) if name == "ask" else url(name, case.pk)
    form = form_of(case, owner=desk.colleague.pk)
    assert staff.post(address, {**form, **first}).status_code == 302
    before = everything()
    assert staff.post(address, {**form, **first}).status_code == 302
    answer = staff.post(address, {**form, **second})
    assert answer.status_code == 422
    assert "You sent this form before" in text_of(answer)
    assert everything() == before


def test_a_refused_form_keeps_what_was_typed(desk, staff):
    case = desk.owned_case()
    before = everything()
    form = form_of(case, text="To the carrier.", third_party="other")
    answer = staff.post(url("do", case.pk, "engage"), form)
    assert answer.status_code == 422
    assert "Name the 3rd party." in text_of(answer)
    assert "To the carrier." in answer.content.decode()
    assert everything() == before
    assert fresh(case).state == "in_progress"


def test_assign_and_reassign(desk, staff):
    case = desk.case()
    address = url("assign", case.pk)
    assert staff.get(address).status_code == 200
    form = form_of(case, owner=desk.colleague.pk, text="You know this carrier.")
    staff.post(address, form)
    assert fresh(case).owner == desk.colleague
    assert case.entries.order_by("-pk").first().is_internal
    staff.post(address, form_of(case, owner=desk.expert.pk))
    assert fresh(case).owner == desk.expert
    assert Notice.objects.filter(event="assigned").count() == 1  # not to who did it


@pytest.mark.rule("SEV-2")
def test_severity_asks_for_its_reason(desk, staff):
    case = desk.owned_case()
    address = url("severity", case.pk)
    before = everything()
    assert staff.post(address, form_of(case, severity=2, text="")).status_code == 422
    assert everything() == before
    critical = form_of(case, severity=1, text="All calls are down.")
    assert "24x7 telephone number" in text_of(staff.post(address, critical))
    assert everything() == before
    no_number = {**critical, "phone_24x7": "abc not a number"}
    assert "24x7 telephone number, with" in text_of(staff.post(address, no_number))
    assert everything() == before
    assert staff.post(address, {**critical, "phone_24x7": "+1 555 0111"}).status_code == 302
    assert fresh(case).severity == 1


@pytest.mark.rule("CASE-11")
def test_link_and_unlink(desk, staff):
    case, other = desk.owned_case(), desk.case(subject="The same again")
    address = url("link", case.pk)
    staff.post(address, form_of(case, kind="duplicate", number=other.number.lower()))
    assert "Duplicate of" in text_of(staff.get(page_url(case)))
    assert "Has as its duplicate" in text_of(staff.get(page_url(other)))
    link = CaseLink.objects.get()
    assert staff.get(url("unlink", case.pk, link.pk)).status_code == 405
    assert CaseLink.objects.exists()
    staff.post(url("unlink", case.pk, link.pk))
    assert not CaseLink.objects.exists()
    history = text_of(staff.get(url("history", case.pk)))
    assert "removed" in history


@pytest.mark.rule("CASE-9")
def test_the_history_says_who_when_what_and_why(desk, staff):
    case = desk.owned_case()
    staff.post(url("severity", case.pk), form_of(case, severity=2, text="Half of the calls drop."))
    page = staff.get(url("history", case.pk))
    words = text_of(page)
    assert "3 - Medium → 2 - High" in words
    assert "Half of the calls drop." in words
    assert "Severity changed" in words
    assert "Dana Designated" in words
    assert "nobody" not in words


@pytest.mark.rule("RESP-3")
def test_the_history_tells_every_time_in_the_readers_zone(desk, staff):
    Person.objects.filter(pk=desk.expert.pk).update(time_zone="Asia/Kolkata")
    case = desk.owned_case(priority=2)  # its response clock is due two business hours later
    history = text_of(staff.get(url("history", case.pk)))
    assert "3 Mar 2026, 20:30" in history  # NOW is 15:00 in UTC
    assert "3 Mar 2026, 22:30" in history
    assert "UTC" not in history


def test_the_closing_is_put_off_once(desk, staff):
    case = desk.case_in("awaiting_customer")
    address = url("extend", case.pk)
    assert address in staff.get(page_url(case)).content.decode()
    assert staff.post(address, form_of(case, text="They are on holiday.")).status_code == 302
    assert case.entries.order_by("-pk").first().event == "extended"
    assert address not in staff.get(page_url(case)).content.decode()
    before = everything()
    again = staff.post(address, form_of(case, text="Once more."))
    assert again.status_code == 422
    assert "that can be done only once" in text_of(again)
    assert everything() == before


def test_a_post_to_djangos_own_change_view_changes_nothing(desk, staff):
    case = desk.owned_case()
    before = everything()
    form = {"state": "closed", "severity": 1, "owner": desk.colleague.pk, "_save": "Save"}
    assert staff.post(page_url(case), form).status_code == 405
    after = fresh(case)
    assert (after.state, after.severity, after.owner) == ("in_progress", 3, desk.expert)
    assert everything() == before


@pytest.mark.rule("CASE-3")
def test_a_forged_post_of_an_impossible_action_changes_nothing(desk, staff):
    case = desk.case()
    before = everything()
    answer = staff.post(url("do", case.pk, "propose"), form_of(case, text="Forged."))
    assert answer.status_code == 422
    assert "is not possible: the case is New." in text_of(answer)
    # An action of contacts is not for staff, whatever the form says.
    assert staff.post(url("do", case.pk, "accept"), form_of(case)).status_code == 403
    assert staff.post(url("do", case.pk, "nonsense"), form_of(case)).status_code == 404
    assert fresh(case).state == "new"
    assert everything() == before


def test_a_file_is_a_download_and_held_while_it_is_not_clean(desk, staff):
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = desk.owned_case()
    upload = SimpleUploadedFile("trace.log", b"INVITE sip:100\n")
    form = composer(case, "internal", "The trace.", files=upload)
    assert staff.post(url("entry", case.pk, "internal"), form).status_code == 302
    file = case.entries.order_by("-pk").first().attachments.get()
    address = reverse("portal:file", args=[file.public_id])
    assert address in staff.get(page_url(case)).content.decode()
    answer = staff.get(address)
    assert b"".join(answer.streaming_content) == b"INVITE sip:100\n"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    file.scan_state = "infected"
    file.save()
    assert address not in staff.get(page_url(case)).content.decode()
    assert staff.get(address).status_code == 409
