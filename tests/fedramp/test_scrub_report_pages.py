"""FED-7: the pages on which people see what was removed, and say what they think of it."""

import uuid

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from cases.actors import Actor
from cases.models import Attachment, Case, Entry
from cases.services.feeds import post_entry
from cases.services.files import check_files
from fedramp.models import AuditEntry, ScrubReport
from tests.admin.pages import composer, text_of, url
from tests.fedramp.test_redacting import CANARY, where_it_is
from tests.portal.conftest import browse, fields_of
from tests.world import NOW

__all__ = ["browse"]
pytestmark = [pytest.mark.django_db, pytest.mark.rule("FED-7")]
fedramp = pytest.mark.realm("fedramp")
BODY = f"Mail tess@x.gov, says {CANARY}."


def admin_page(name, *args):
    return reverse(f"admin:fedramp_scrubreport_{name}", args=args)


@pytest.fixture
def case(desk):
    case = desk.owned_case()
    post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=BODY)
    return case


def sent(client, address, **fields):
    hidden = fields_of(client.get(address), action=address)
    return client.post(address, {**hidden, **fields}, follow=True)


@fedramp
def test_a_contact_goes_from_the_message_to_the_report_and_reads_what_came_of_it(
    desk, browse, sign_in
):
    case = desk.owned_case()
    client = browse(desk.designated)
    action, page = f"/cases/{case.number}/entry/", f"/cases/{case.number}/removed/"
    assert "Nothing was scrubbed from what you wrote" in text_of(client.get(page))
    hidden = fields_of(client.get(f"/cases/{case.number}/"), action=action)
    told = client.post(
        action, {**hidden, "body": "Mail tess@x.gov, ring 816-555-0142."}, follow=True
    )
    words = told.content.decode()
    assert f'<a class="telling" href="{page}">This was not personal</a>' in words
    assert "&lt;" not in words[words.index("Scrubbed before") :][:400]

    entry = Entry.objects.latest("pk").pk
    assert "cannot be restored" in text_of(client.get(page))
    assert sent(client, page).status_code == 422
    done = sent(client, page, marks=[f"cases.entry:{entry}:body EMAIL-1"], reason="A queue.")
    assert "It stays scrubbed; please write it again in other words." in text_of(done)
    assert "[EMAIL-1] This was not personal" in text_of(done)
    assert "Waiting for a review" in text_of(done)
    report = ScrubReport.objects.get()
    assert (report.placeholder, report.reason) == ("[EMAIL-1]", "A queue.")

    staff = sign_in(desk.colleague)
    shown = text_of(staff.get(admin_page("review", report.pk)))
    assert "Mail [EMAIL-1], ring [PHONE-1]." in shown
    assert "A queue." in shown
    form = {"verdict": "not_personal", "remark": "Thank you.", "submission": str(uuid.uuid4())}
    assert staff.post(admin_page("review", report.pk), form).status_code == 302
    assert "It was not personal . Thank you." in text_of(client.get(page))


@fedramp
def test_staff_are_led_to_their_own_texts_and_to_the_queue(desk, sign_in):
    case = desk.owned_case()
    staff = sign_in(desk.expert)
    told = staff.post(
        url("entry", case.pk, "internal"),
        composer(case, "internal", "Mail tess@x.gov."),
        follow=True,
    )
    page = admin_page("of", case.pk)
    assert f'href="{page}">This was not personal</a>' in told.content.decode()
    assert "[EMAIL-100001] e-mail address" in text_of(staff.get(page))
    key = f"cases.entry:{Entry.objects.latest('pk').pk}:body EMAIL-100001"
    form = {"marks": [key], "reason": "", "submission": str(uuid.uuid4())}
    assert staff.post(page, {**form, "marks": ["x"]}).status_code == 422
    assert "Waiting for a review" in text_of(staff.post(page, form, follow=True))
    report = ScrubReport.objects.get()
    queue = staff.get(admin_page("changelist"))
    assert report.placeholder in text_of(queue)
    shown, review = admin_page("change", report.pk), admin_page("review", report.pk)
    assert review not in staff.get(shown).content.decode()
    assert staff.post(review, {"verdict": "personal", "remark": "x"}).status_code == 422
    own = {"verdict": "not_personal", "submission": str(uuid.uuid4())}
    assert staff.post(review, own).status_code == 403

    other = sign_in(desk.colleague)
    assert review in other.get(shown).content.decode()
    cache.clear()  # the side bar's counts are kept for seconds
    assert "Scrub reports 1" in text_of(other.get(shown))
    assert other.post(review, own).status_code == 302
    assert "Personal E-mail addresses This was not personal 0 1 0" in text_of(
        other.get(admin_page("kinds"))
    )
    lines = other.get(admin_page("csv")).content.decode().splitlines()
    assert lines == ["kind,said,waiting,not_personal,personal", "EMAIL,not_personal,0,1,0"]
    assert "already" in text_of(other.post(review, own, follow=True))


@fedramp
def test_a_contact_removes_a_passage_after_seeing_what_goes(desk, browse, case, caplog):
    client = browse(desk.designated)
    page = f"/cases/{case.number}/removed/passage/"
    entry = Entry.objects.latest("pk")
    form = {"text": f"cases.entry:{entry.pk}:body", "kind": "PERSON", "passage": CANARY}
    wrong = sent(client, page, **{**form, "passage": "zqx"})
    assert wrong.status_code == 422
    assert "mark whole words" in text_of(wrong)
    asked = sent(client, page, **form)
    assert f"“ {CANARY} ” occurs 1 time in this text" in text_of(asked)
    assert Entry.objects.latest("pk").body == f"Mail [EMAIL-1], says {CANARY}."
    done = sent(client, page, **form, sure="on")
    assert "Redacted: [PERSON-1] has replaced it there" in text_of(done)
    assert Entry.objects.latest("pk").body == "Mail [EMAIL-1], says [PERSON-1]."
    assert where_it_is() == set()
    assert CANARY not in caplog.text
    twice = sent(client, page, **form, sure="on")
    assert twice.status_code == 422
    assert ScrubReport.objects.count() == 1
    assert {each.page for each in AuditEntry.objects.filter(event="read")} >= {
        "fedramp:redact_passage"
    }


@fedramp
def test_staff_remove_a_passage_from_the_case_page(desk, sign_in, case):
    staff = sign_in(desk.expert)
    page = admin_page("passage", case.pk)
    assert page in staff.get(url("change", case.pk)).content.decode()
    entry = Entry.objects.latest("pk")
    form = {"text": f"cases.entry:{entry.pk}:body", "kind": "PERSON", "passage": CANARY}
    asked = staff.post(page, {**form, "submission": str(uuid.uuid4())})
    assert asked.status_code == 200
    assert "occurs 1 time" in text_of(asked)
    form |= {"sure": "on", "submission": str(uuid.uuid4())}
    assert "Redacted 1 time: [PERSON-1]" in text_of(staff.post(page, form, follow=True))
    assert where_it_is() == set()


@fedramp
def test_no_session_keeps_what_is_typed_about_a_removal(desk, browse, sign_in, case):
    """What is typed there may be the very thing that must go."""
    client = browse(desk.designated)
    for page in (f"/cases/{case.number}/removed/", f"/cases/{case.number}/removed/passage/"):
        fields = fields_of(client.get(page), action=page)
        assert set(fields) == {"csrfmiddlewaretoken", "submission"}
    report = ScrubReport.objects.create(
        case=case,
        said="missed",
        target="cases.case:1:subject",
        kind="PERSON",
        number=1,
        said_by=desk.designated,
        said_at=NOW,
    )
    staff = sign_in(desk.expert)
    for page in (
        admin_page("of", case.pk),
        admin_page("passage", case.pk),
        admin_page("review", report.pk),
    ):
        assert "kept_for" not in staff.get(page).content.decode()


def attach(case, who, content, *, internal=False):
    upload = SimpleUploadedFile("trace.log", content.encode())
    arguments = {"actor": Actor.of(who), "now": NOW, "body": "The log.", "internal": internal}
    post_entry(case_id=case.pk, files=check_files([upload]), **arguments)
    return Attachment.objects.latest("pk")


@fedramp
def test_a_placeholder_in_a_file_is_reported_from_beside_it(desk, browse, sign_in):
    """By its sender alone; recorded by file, kind and number, reviewed, and never restored."""
    case = desk.owned_case()
    file = attach(case, desk.designated, "10:00:00.1 INFO ani=+18165550142 ip=203.113.77.8\n")
    before = file.file.read()
    assert before == b"10:00:00.1 INFO ani=[PHONE-1] ip=[IP-1]\n"
    client, link = browse(desk.designated), f"/files/{file.public_id}/removed/"
    assert link in client.get(f"/cases/{case.number}/").content.decode()
    staff = sign_in(desk.colleague)
    assert link not in staff.get(url("change", case.pk)).content.decode()

    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    assert address == f"/cases/{case.number}/removed/?file={file.public_id}"
    assert page.context["form"]["file"].value() == str(file.public_id)
    address = address.partition("?")[0]
    typed = {"file": str(file.public_id), "reason": "A test host."}
    for wrong in ("", "IP-2", "the host", "[IP-1] EMAIL-9", " ".join(["IP-1"] * 21)):
        refused = sent(client, address, **typed, placeholders=wrong)
        assert (refused.status_code, ScrubReport.objects.count()) == (422, 0), wrong
        assert "Type them as they appear in the file" in text_of(refused)
    other = attach(case, desk.expert, "10:00:00.1 INFO ip=203.113.77.8\n")
    for stranger in (str(other.public_id), str(uuid.uuid4()), "x"):
        refused = sent(client, address, file=stranger, placeholders="IP-1")
        assert (refused.status_code, ScrubReport.objects.count()) == (422, 0)
    done = sent(client, address, **typed, placeholders="[ip-1], IP-1 and PHONE-1")
    assert "It stays scrubbed; please write it again in other words." in text_of(done)
    told = ScrubReport.objects.order_by("pk")
    assert [(each.placeholder, each.target, each.reason) for each in told] == [
        ("[IP-1]", f"cases.attachment:{file.pk}:file", "A test host."),
        ("[PHONE-1]", f"cases.attachment:{file.pk}:file", "A test host."),
    ]
    sent(client, address, **typed, placeholders="IP-1")
    assert ScrubReport.objects.count() == 2
    assert Attachment.objects.get(pk=file.pk).file.read() == before

    review = admin_page("review", told[0].pk)
    assert "in the file “trace.log”" in text_of(staff.get(review))
    verdict = {"verdict": "not_personal", "remark": "Thanks.", "submission": str(uuid.uuid4())}
    assert staff.post(review, verdict).status_code == 302
    assert "It was not personal . Thanks." in text_of(client.get(address))


@fedramp
def test_staff_report_what_was_removed_from_their_own_files(desk, sign_in):
    case, staff = desk.owned_case(), sign_in(desk.expert)
    file = attach(case, desk.expert, "10:00:00.1 INFO ip=203.113.77.8\n", internal=True)
    clean = attach(case, desk.expert, "10:00:00.1 INFO calm\n")
    shown = staff.get(url("change", case.pk)).content.decode()
    assert f"/files/{file.public_id}/removed/" in shown
    assert f"/files/{clean.public_id}/removed/" not in shown
    page = staff.get(f"/files/{file.public_id}/removed/").url
    assert page == f"{admin_page('of', case.pk)}?file={file.public_id}"
    form = {"file": file.public_id, "placeholders": "IP-100001", "submission": str(uuid.uuid4())}
    assert staff.get(page).context["form"]["file"].value() == str(file.public_id)
    assert staff.post(page, {**form, "file": clean.public_id}).status_code == 422
    assert staff.post(page, form).status_code == 302
    assert ScrubReport.objects.get().said_by == desk.expert


@fedramp
def test_the_pages_cost_the_same_however_long_the_case_is(desk, browse, case):
    client, page = browse(desk.designated), f"/cases/{case.number}/removed/"
    client.get(page)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as taken:
            assert client.get(page).status_code == 200
        return len(taken)

    few = queries()
    for _ in range(5):
        post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=BODY)
    assert queries() == few
    assert few <= 25


@pytest.mark.realm("commercial")
def test_the_commercial_realm_has_none_of_it(desk, browse, sign_in):
    case = desk.owned_case()
    with pytest.raises(NoReverseMatch):
        admin_page("changelist")
    staff, client = sign_in(desk.expert), browse(desk.designated)
    for path in (
        "/admin/fedramp/scrubreport/",
        f"/admin/fedramp/scrubreport/of/{case.pk}/",
        f"/admin/fedramp/scrubreport/of/{case.pk}/passage/",
        "/admin/fedramp/scrubreport/kinds/",
    ):
        assert staff.get(path).status_code == 404
    for path in ("removed/", "removed/passage/"):
        assert client.get(f"/cases/{case.number}/{path}").status_code == 404
    assert "removed" not in client.get(f"/cases/{case.number}/").content.decode()
    assert "What was scrubbed" not in staff.get(url("change", case.pk)).content.decode()
    assert Case.objects.get().subject == case.subject
