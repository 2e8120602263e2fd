"""Files leave the desk only by one view."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actors import Actor
from cases.models import Attachment
from cases.services.feeds import post_entry
from cases.services.files import check_files
from tests.world import NOW, staff_of_every_role

PAGE = b"<!doctype html><script>alert(1)</script>"


def attach(desk, *, internal=False, name="grüße 名.html"):
    case = desk.owned_case()
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.expert if internal else desk.designated),
        now=NOW,
        body="With a file.",
        internal=internal,
        files=check_files([SimpleUploadedFile(name, PAGE)]),
    )
    return Attachment.objects.get()


def test_a_file_is_a_download_that_no_browser_opens_as_a_page(desk, browse):
    file = attach(desk)
    for person in (desk.designated, desk.read_only):
        answer = browse(person).get(f"/files/{file.public_id}/")
        assert b"".join(answer.streaming_content) == PAGE
        assert answer["Content-Disposition"] == (
            "attachment; filename*=utf-8''gr%C3%BC%C3%9Fe%20%E5%90%8D.html"
        )
        assert answer["Content-Type"] == "text/plain"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.rule("ACC-4")
def test_a_file_does_not_exist_for_outsiders(desk, browse):
    file = attach(desk)
    assert browse(desk.outsider).get(f"/files/{file.public_id}/").status_code == 404
    answer = browse().get(f"/files/{file.public_id}/")
    assert answer.url.startswith("/accounts/login/")
    desk.designated.memberships.all().delete()
    assert browse(desk.designated).get(f"/files/{file.public_id}/").status_code == 404


@pytest.mark.rule("FEED-3")
def test_a_file_of_an_internal_entry_does_not_exist_for_contacts(desk, browse):
    file = attach(desk, internal=True)
    assert browse(desk.designated).get(f"/files/{file.public_id}/").status_code == 404
    assert browse(desk.expert).get(f"/files/{file.public_id}/").status_code == 200


@pytest.mark.rule("ACC-7")
def test_staff_need_the_right_to_view_files(desk, browse):
    file = attach(desk)
    for person in staff_of_every_role().values():
        expected = 200 if person.has_perm("cases.view_attachment") else 404
        answer = browse(person).get(f"/files/{file.public_id}/")
        assert answer.status_code == expected, person


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("pending", "being checked for viruses"),
        ("failed", "could not be checked"),
        ("infected", "found something"),
    ],
)
def test_a_held_file_is_never_served(desk, browse, state, words):
    file = attach(desk)
    due = NOW if state != "infected" else None
    Attachment.objects.filter(pk=file.pk).update(scan_state=state, scan_due_at=due)
    for person in (desk.designated, desk.expert):
        answer = browse(person).get(f"/files/{file.public_id}/")
        assert answer.status_code == 409
        assert words in answer.content.decode()
        assert PAGE not in answer.content
    page = browse(desk.designated).get(file.entry.case.get_absolute_url()).content.decode()
    assert f"/files/{file.public_id}/" not in page
    assert Attachment.ScanState(state).label in page
