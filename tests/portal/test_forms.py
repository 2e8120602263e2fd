"""A form that is sent twice, too late, empty, too long, or by the wrong person."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actors import Actor
from cases.models import Attachment, Case, Entry, Notice
from cases.services.feeds import BODY_MAX, post_entry
from tests.portal.conftest import fields_of
from tests.portal.test_life import OPEN, typed
from tests.world import NOW, organization


def stored():
    """How much of everything there is."""
    return tuple(model.objects.count() for model in (Case, Entry, Attachment, Notice))


def composer(client, case):
    address = f"{case.get_absolute_url()}entry/"
    return address, fields_of(client.get(case.get_absolute_url()), action=address)


def test_a_double_click_is_one_whatever_the_realm_removes_from_the_text(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    body = "My number is 123-45-6789, write to jo@example.org, card 4111 1111 1111 1111."
    first = client.post(address, {**fields, "body": body})
    after = stored()
    assert client.post(address, {**fields, "body": body}).status_code == first.status_code == 302
    assert stored() == after


def test_a_double_click_writes_one_entry(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    first = client.post(address, {**fields, "body": "Once."})
    after = stored()
    second = client.post(address, {**fields, "body": "Once."})
    assert first.url == second.url == case.get_absolute_url()
    assert stored() == after
    assert Entry.objects.filter(body="Once.").count() == 1


def test_a_double_click_opens_one_case(desk, browse):
    client = browse(desk.designated)
    fields = fields_of(client.get(OPEN), action=OPEN)
    first = client.post(OPEN, {**fields, **typed(desk)})
    second = client.post(OPEN, {**fields, **typed(desk)})
    assert first.url == second.url
    assert Case.objects.count() == 1


def test_another_text_from_a_page_that_came_back_is_not_lost(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    client.post(address, {**fields, "body": "One."})
    before = stored()
    answer = client.post(address, {**fields, "body": "Two, typed into the old page."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "You sent this form before" in page
    assert "Two, typed into the old page." in page
    assert stored() == before
    again = {**fields_of(answer, action=address), "body": "Two, typed into the old page."}
    assert client.post(address, again).status_code == 302
    assert list(case.entries.filter(event="message").values_list("body", flat=True)) == [
        "One.",
        "Two, typed into the old page.",
    ]


def test_another_file_from_a_page_that_came_back_is_not_lost(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    client.post(address, {**fields, "body": "The log."})
    log = SimpleUploadedFile("a.log", b"INVITE")
    answer = client.post(address, {**fields, "body": "The log.", "files": [log]})
    assert answer.status_code == 409
    assert not Attachment.objects.exists()


def test_another_case_from_a_page_that_came_back_is_not_lost(desk, browse):
    client = browse(desk.designated)
    fields = fields_of(client.get(OPEN), action=OPEN)
    client.post(OPEN, {**fields, **typed(desk)})
    before = stored()
    other = typed(desk, subject="The wallboard is black")
    answer = client.post(OPEN, {**fields, **other})
    assert answer.status_code == 409
    assert "You sent this form before" in answer.content.decode()
    assert "The wallboard is black" in answer.content.decode()
    assert stored() == before
    assert client.post(OPEN, {**fields_of(answer, action=OPEN), **other}).status_code == 302
    assert Case.objects.filter(subject="The wallboard is black").count() == 1
    assert Case.objects.count() == 2


def test_a_double_click_closes_once(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address = f"{case.get_absolute_url()}close/"
    fields = fields_of(client.get(address), action=address)
    client.post(address, {**fields, "text": "Solved."})
    after = stored()
    assert client.post(address, {**fields, "text": "Solved."}).url == case.get_absolute_url()
    assert stored() == after


def test_a_stale_tab_sees_what_is_new_and_keeps_its_text(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    desk.act("ask", case, text="Since when?")
    before = stored()
    answer = client.post(address, {**fields, "body": "More about it."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The case changed while you were writing" in page
    assert "Since when?" in page
    assert page.count('class="chip fresh"') == 1
    assert "More about it." in page
    assert stored() == before
    # The next press is for what the person sees now.
    client.post(address, {**fields_of(answer, action=address), "body": "More about it."})
    assert Entry.objects.filter(body="More about it.").count() == 1


def test_an_internal_entry_makes_no_tab_stale(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body="n", internal=True)
    assert client.post(address, {**fields, "body": "Fresh."}).status_code == 302


def test_a_stale_action_shows_what_is_new(desk, browse):
    case = desk.act("propose", desk.owned_case(), text="Set the codec.")
    client = browse(desk.designated)
    address = f"{case.get_absolute_url()}accept/"
    fields = fields_of(client.get(address), action=address)
    case = desk.act("resume", case, text="That was wrong.")
    desk.act("propose", case, text="Set the other codec.")
    answer = client.post(address, {**fields, "text": "Thanks."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What is new in the case" in page
    assert "Set the other codec." in page
    assert "Thanks." in page
    assert Case.objects.get().state == "resolution_proposed"
    client.post(address, {**fields_of(answer, action=address), "text": "Thanks."})
    assert Case.objects.get().state == "closed"


def test_an_action_that_is_not_possible_any_more_says_why_and_keeps_the_text(desk, browse):
    case = desk.act("propose", desk.owned_case(), text="Set the codec.")
    client = browse(desk.designated)
    address = f"{case.get_absolute_url()}accept/"
    fields = fields_of(client.get(address), action=address)
    desk.act("resume", case, text="That was wrong.")
    first = client.post(address, {**fields, "text": "Thanks."})
    answer = client.post(address, {**fields_of(first, action=address), "text": "Thanks."})
    assert answer.status_code == 409
    assert "is not possible" in answer.content.decode()
    assert "Thanks." in answer.content.decode()
    assert "is not possible" in client.get(address, follow=True).content.decode()


def test_an_update_of_a_closed_case_is_kept_in_sight(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    desk.act("close", case, text="Solved.")
    first = client.post(address, {**fields, "body": "But it is not!"})
    answer = client.post(address, {**fields_of(first, action=address), "body": "But it is not!"})
    assert answer.status_code == 409
    assert "reopen it to write in it" in answer.content.decode()
    assert "But it is not!" in answer.content.decode()


def test_an_empty_form_says_what_is_missing_and_stores_nothing(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    before = stored()
    address, fields = composer(client, case)
    assert "Write something first." in client.post(address, fields).content.decode()
    address = f"{case.get_absolute_url()}close/"
    fields = fields_of(client.get(address), action=address)
    assert "fill this in" in client.post(address, fields).content.decode()
    page = client.post(OPEN, fields_of(client.get(OPEN), action=OPEN)).content.decode()
    for words in (
        "Choose the deployment",
        "Say in a few words",
        "Describe the issue",
        "how the issue affects your business",
        "Choose a priority",
        "Nothing has been sent yet",
    ):
        assert words in page
    assert stored() == before


def test_ten_megabytes_of_text_get_a_clear_answer_and_are_not_lost(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    address, fields = composer(client, case)
    before = stored()
    text = "0123456789" * 1024 * 1024
    answer = client.post(address, {**fields, "body": text})
    page = answer.content.decode()
    assert f"at most {BODY_MAX} fit" in page
    assert "attach the long part as a file" in page
    assert text in page
    assert stored() == before


def test_more_than_the_desk_takes_is_413(desk, browse, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    case = desk.owned_case()
    client = browse(desk.designated)
    answer = client.post(f"{case.get_absolute_url()}entry/", {"body": "x" * 2000})
    assert answer.status_code == 413
    assert "more than can be sent at once" in answer.content.decode()


def test_a_refused_file_keeps_the_text_and_asks_for_the_files_again(desk, browse):
    case = desk.owned_case()
    client = browse(desk.designated)
    before = stored()
    address, fields = composer(client, case)
    program = SimpleUploadedFile("tool.log", b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200)
    answer = client.post(address, {**fields, "body": "See the log.", "files": [program]})
    page = answer.content.decode()
    refusals = ("of a type that is not accepted", "it is a program", "a file of a kind that is not")
    assert any(each in page for each in refusals)
    assert "choose your files again" in page
    assert "See the log." in page
    assert stored() == before


@pytest.mark.rule("ACC-6")
@pytest.mark.parametrize(
    ("phone", "opened"),
    [("", False), ("  ", False), ("abc not a number", False), ("+1 212 555 0142", True)],
)
def test_a_critical_case_needs_its_24x7_number(desk, browse, phone, opened):
    client = browse(desk.designated)
    before = stored()
    fields = fields_of(client.get(OPEN), action=OPEN)
    answer = client.post(OPEN, {**fields, **typed(desk, priority="1", phone_24x7=phone)})
    if opened:
        page = client.get(answer.url).content.decode()
        assert "Call now" in page
        assert "+1 555 0100" in page
        assert Case.objects.get().number in page
    else:
        assert "must be reachable at all times" in answer.content.decode()
        assert stored() == before


def test_a_deployment_of_another_organization_is_refused(desk, browse):
    other = organization("initech").deployments.get()
    client = browse(desk.designated)
    before = stored()
    fields = fields_of(client.get(OPEN), action=OPEN)
    answer = client.post(OPEN, {**fields, **typed(desk, deployment=other.pk)})
    assert answer.status_code == 200
    assert stored() == before


@pytest.mark.rule("ACC-3", "CASE-1")
def test_who_is_designated_for_several_chooses_first(desk, browse):
    from cases.models import Membership

    initech = organization("initech")
    umbrella = organization("umbrella")
    Membership.objects.create(person=desk.designated, organization=initech, role="designated")
    Membership.objects.create(person=desk.designated, organization=umbrella, role="read_only")
    client = browse(desk.designated)
    page = client.get("/cases/open/").content.decode()
    assert "/cases/open/acme/" in page
    assert "/cases/open/initech/" in page
    assert "/cases/open/umbrella/" not in page
    assert client.get("/cases/open/umbrella/").status_code == 403


@pytest.mark.rule("FED-1")
@pytest.mark.realm("commercial")
def test_a_fedramp_organization_is_pointed_to_its_portal_before_anything_is_typed(
    desk, browse, settings
):
    settings.FEDRAMP_PORTAL_URL = "https://fedramp.desk.example"
    client = browse(desk.designated)
    fields = fields_of(client.get(OPEN), action=OPEN)
    desk.organization.is_fedramp = True
    desk.organization.save()
    before = stored()
    page = client.get(OPEN, follow=True).content.decode()
    assert "https://fedramp.desk.example" in page
    assert "<textarea" not in page
    assert client.post(OPEN, {**fields, **typed(desk)}).status_code == 403
    assert stored() == before


@pytest.mark.rule("FED-10")
@pytest.mark.realm("fedramp")
def test_in_its_own_realm_a_fedramp_organization_opens_cases(desk, browse):
    desk.organization.is_fedramp = True
    desk.organization.save()
    client = browse(desk.designated)
    fields = fields_of(client.get(OPEN), action=OPEN)
    assert client.post(OPEN, {**fields, **typed(desk)}).status_code == 302
    assert Case.objects.get().number.startswith("F-")
