"""FED-7: what cannot be scrubbed is kept where two members of staff looked at it."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cases import jobs
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.jobs.reports import report
from cases.models import Attachment
from cases.roles import ESCALATION_OWNER
from cases.services.files import check_files
from fedramp.models import AuditEntry, FileReview, QuarantinedFile
from fedramp.services import file_reviews, quarantine_scans
from tests import world
from tests.admin.pages import text_of
from tests.clamd import clamd
from tests.stored import everything_stored, stored_files
from tests.world import NOW

__all__ = ["clamd"]

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
LATER = NOW + dt.timedelta(hours=1)
LIST = "/admin/fedramp/filereview/"


def upload(content=PNG, name="screen of 816-555-0142.png"):
    return SimpleUploadedFile(name, content)


def bring(desk, case, content=PNG, **changes):
    arguments = {
        "reason": "Only the picture shows the colours.",
        "looked": True,
        "actor": Actor.of(desk.expert),
        "now": NOW,
        "submission": uuid.uuid4(),
        **changes,
    }
    return file_reviews.submit(case_id=case.pk, file=check_files([upload(content)])[0], **arguments)


def decide(acceptance, person, *, accepted=True, looked=True, now=LATER):
    return file_reviews.decide(
        review_id=acceptance.pk,
        accepted=accepted,
        looked=looked,
        actor=Actor.of(person),
        now=now,
    )


@pytest.fixture
def case(desk):
    return desk.owned_case()


def test_a_picture_is_brought_looked_at_and_accepted(
    desk, case, sign_in, django_capture_on_commit_callbacks
):
    """Through the pages, by two people."""
    first, second = sign_in(desk.expert), sign_in(desk.colleague)
    page = first.get(reverse("admin:cases_case_change", args=[case.pk]))
    to = reverse("admin:fedramp_filereview_submit", args=[case.pk])
    assert to in page.content.decode()
    submission = first.get(to).context["form"]["submission"].value()
    typed = {"submission": submission, "reason": "Only the picture shows it.", "file": upload()}
    assert "Look at the whole file first" in text_of(first.post(to, typed))
    done = first.post(to, {**typed, "looked": "on", "file": upload()})
    assert done.url == reverse("admin:cases_case_change", args=[case.pk])
    acceptance = FileReview.objects.get()
    file = acceptance.attachment
    assert (file.name, file.scan_state) == ("screen of [PHONE-100001].png", "review")  # FEED-3
    assert file.entry.is_internal
    assert [PNG[:8] in file.file.storage.open(each).read() for each in stored_files()] == [False]
    assert first.get(f"/files/{file.public_id}/").status_code == 409
    assert second.get(f"/files/{file.public_id}/").status_code == 409
    assert sign_in(desk.designated).get(f"/files/{file.public_id}/").status_code == 404

    cache.clear()  # counts of the side bar may be some seconds old
    assert "visibility Second-person file reviews 1" in text_of(second.get(LIST))
    assert "visibility Second-person file reviews 1" not in text_of(first.get(LIST))
    look = second.get(reverse("admin:fedramp_filereview_file", args=[acceptance.pk]))
    assert b"".join(look.streaming_content) == PNG
    assert look["Content-Disposition"].startswith("attachment")
    assert "sandbox" in look["Content-Security-Policy"]
    to = reverse("admin:fedramp_filereview_decide", args=[acceptance.pk])
    typed = {"decision": "accept", "submission": str(uuid.uuid4())}
    assert "Look at the whole file first" in text_of(second.post(to, typed))
    assert first.post(to, {**typed, "looked": "on"}).status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert second.post(to, {**typed, "looked": "on"}).url == LIST
    file = Attachment.objects.get(pk=file.pk)
    assert (file.is_servable, file.note) == (True, "Two members of staff have looked at it.")
    assert stored_files() == [file.file.name]
    assert b"".join(first.get(f"/files/{file.public_id}/").streaming_content) == PNG
    recorded = AuditEntry.objects.filter(about=case.number, event="file").order_by("pk")
    assert [(each.person, each.detail) for each in recorded] == [
        (desk.expert, f"brought, attachment {file.pk}"),
        (desk.colleague, f"accepted, attachment {file.pk}"),
    ]
    read = AuditEntry.objects.filter(page="admin:fedramp_filereview_file", event="read")
    assert read.get().person == desk.colleague


@pytest.mark.parametrize("how", ["declined", "late"])
def test_what_nobody_accepts_is_destroyed(desk, case, how, django_capture_on_commit_callbacks):
    acceptance = bring(desk, case)
    encrypted = stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        if how == "declined":
            decide(acceptance, desk.colleague, accepted=False, looked=False)
        else:
            over = acceptance.asked_at + file_reviews.WAITS
            assert file_reviews.destroy_some(over - dt.timedelta(seconds=1)) == 0
            assert file_reviews.destroy_some(over) == 1
    assert len(encrypted) == 1
    assert stored_files() == []
    assert not QuarantinedFile.objects.exists()
    file = Attachment.objects.get()
    assert (file.scan_state, file.file.name) == ("refused", "")
    assert "destroyed" in file.note
    assert FileReview.objects.get().state == "declined"
    with pytest.raises(NotPossible):
        decide(acceptance, desk.colleague)
    assert jobs.run("destroy-held-files") == 0


def test_it_takes_a_second_person_with_the_right_who_looked(desk, case):
    acceptance = bring(desk, case)
    other = world.person("other@support.example", roles=(ESCALATION_OWNER,))
    unskilled = world.person("u@support.example", roles=("Support Expert",), skill=False)
    before = everything_stored()
    for person, looked, refusal in (
        (desk.expert, True, NotAllowed),
        (other, True, NotAllowed),
        (unskilled, True, NotAllowed),
        (desk.designated, True, NotAllowed),
        (desk.colleague, False, Invalid),
    ):
        with pytest.raises(refusal):
            decide(acceptance, person, looked=looked)
        assert everything_stored() == before
    decide(acceptance, desk.colleague)
    with pytest.raises(NotPossible):
        decide(acceptance, desk.colleague, accepted=False)


def test_what_is_brought_needs_a_reason_a_look_and_the_right_and_is_no_text(desk, case):
    before = everything_stored()
    for refusal, changes in (
        (NotAllowed, {"actor": Actor.of(desk.designated)}),
        (Invalid, {"reason": " "}),
        (Invalid, {"looked": False}),
        (Invalid, {"content": b"a log"}),
    ):
        with pytest.raises(refusal):
            bring(desk, case, **changes)
        assert everything_stored() == before


def test_two_clicks_bring_one_file(desk, case):
    submission = uuid.uuid4()
    assert bring(desk, case, submission=submission) == bring(desk, case, submission=submission)
    assert Attachment.objects.count() == len(stored_files()) == 1


# --- The virus scanner looks first ----------------------------------------------------------------


def page_of(acceptance, what):
    return reverse(f"admin:fedramp_filereview_{what}", args=[acceptance.pk])


def is_refused(desk, acceptance, client):
    """Whether nobody can look at it or accept it, with the word why."""
    answer = client.get(page_of(acceptance, "file"), follow=True)
    assert not answer.streaming
    with pytest.raises(NotPossible, match="The virus scanner has not looked at it yet"):
        decide(acceptance, desk.colleague)
    return "The virus scanner has not looked at it yet" in text_of(answer)


def test_the_scanner_looks_at_a_held_file_before_a_person_does(desk, case, clamd, sign_in):
    second = sign_in(desk.colleague)
    acceptance = bring(desk, case)
    assert is_refused(desk, acceptance, second)
    assert f"Look at {acceptance.attachment.name}" not in text_of(
        second.get(page_of(acceptance, "decide"))
    )
    assert report("scan-held-files", timezone.now()).due == 1
    assert jobs.run("scan-attachments") == 0
    assert jobs.run("scan-held-files") == 1
    assert clamd.scanned == [PNG]
    assert jobs.run("scan-held-files") == report("scan-held-files", timezone.now()).due == 0
    answer = second.get(page_of(acceptance, "file"))
    assert b"".join(answer.streaming_content) == PNG
    file = Attachment.objects.get()
    assert (file.scan_state, file.is_servable) == ("review", False)
    assert file.history.latest().history_change_reason == "job: scan-held-files"
    decide(acceptance, desk.colleague)
    assert Attachment.objects.get().scan_state == "pending"


def test_an_infected_held_file_is_destroyed_at_once(
    desk, case, clamd, sign_in, django_capture_on_commit_callbacks
):
    acceptance = bring(desk, case, PNG + b"a virus in a test")
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.run("scan-held-files") == 1
    assert stored_files() == []
    assert not QuarantinedFile.objects.exists()
    file = Attachment.objects.get()
    assert (file.scan_state, file.file.name) == ("refused", "")
    assert "The virus scanner found something in it" in file.note
    acceptance.refresh_from_db()
    assert (acceptance.state, acceptance.decided_by) == ("declined", None)
    assert sign_in(desk.colleague).get(page_of(acceptance, "file")).status_code == 404
    with pytest.raises(NotPossible):
        decide(acceptance, desk.colleague)
    assert jobs.run("scan-held-files") == 0


@pytest.mark.parametrize("away", [True, False])
def test_while_the_scanner_says_nothing_a_held_file_stays_shut(
    desk, case, clamd, sign_in, settings, away
):
    acceptance, address = bring(desk, case), settings.CLAMD_URL
    if away:
        settings.CLAMD_URL = "tcp://127.0.0.1:1"
    else:
        clamd.answers = [b"INSTREAM size limit exceeded. ERROR"]
    assert jobs.run("scan-held-files") == 1
    assert is_refused(desk, acceptance, sign_in(desk.colleague))
    settings.CLAMD_URL = address
    due = Attachment.objects.get().scan_due_at
    assert not quarantine_scans.scan_one(due - dt.timedelta(seconds=1))
    assert quarantine_scans.scan_one(due)
    assert decide(acceptance, desk.colleague).state == "accepted"


def test_declining_needs_no_scanner(desk, case, clamd):
    assert decide(bring(desk, case), desk.colleague, accepted=False).state == "declined"
    assert jobs.run("scan-held-files") == 0
