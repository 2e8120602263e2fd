"""FED-1: what must not be here is removed beyond recovery: a whole case, or one text or file."""

import datetime as dt
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Attachment, Case, Entry, Notice
from cases.models.search import matching
from cases.roles import ESCALATION_OWNER
from cases.services.feeds import post_entry
from cases.services.files import check_files
from cases.storage import NEW
from escalations.models import Escalation, EscalationReason, OwnerReview
from escalations.services.feeds import post_in_feed
from escalations.services.help_requests import request_help
from fedramp.models import Redaction
from fedramp.services.redactions import ask, decide, redirect_case, targets
from tests import realms
from tests.admin.pages import text_of
from tests.stored import everything_stored
from tests.world import NOW, person

pytestmark = pytest.mark.django_db
CANARY = "zqxcanary"
LATER = NOW + dt.timedelta(hours=1)


def where_it_is(canary: str = CANARY) -> set[str]:
    """Every table and file that still holds the string, read past the models."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            if canary in repr(cursor.fetchall()):
                found.add(table)
    folder = Path(default_storage.path(""))
    return found | {
        path.name.removesuffix(NEW)
        for path in folder.rglob("*")
        if path.is_file() and canary in path.read_text()
    }


@pytest.fixture
def case(desk):
    """A case with the canary in every text and file that staff and contacts can write."""
    case = desk.owned_case(
        subject=f"{CANARY} subject",
        description=f"{CANARY} description",
        business_impact=f"{CANARY} impact",
        conversation_id=f"{CANARY}-conversation",
        phone_24x7=f"{CANARY}-phone",
    )
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body=f"{CANARY} entry",
        files=check_files([SimpleUploadedFile(f"{CANARY}.log", f"{CANARY} file".encode())]),
    )
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.expert),
        now=NOW,
        body=f"{CANARY} internal",
        internal=True,
    )
    desk.act(
        "engage",
        case,
        text=f"{CANARY} engage",
        third_party="other",
        third_party_name=CANARY,
    )
    desk.act("resume", case, text=f"{CANARY} resume")
    request_help(
        case_id=case.pk,
        reason="case_update",
        actor=Actor.of(desk.designated),
        now=NOW,
        details=f"{CANARY} details",
    )
    LogEntry.objects.create(
        user=desk.expert,
        content_type=ContentType.objects.get_for_model(Case),
        object_id=str(case.pk),
        object_repr=f"{CANARY} log",
        action_flag=2,
        change_message=CANARY,
    )
    session = SessionStore()
    session["kept"] = {f"/cases/{case.number}/entry/": {"texts": {"body": CANARY}}, "/x/": {}}
    session.save()
    return Case.objects.get(pk=case.pk)


def say_in_the_escalations_feed(desk, case, *, public: str, internal: str) -> None:
    owner = person("owen@support.example", roles=(ESCALATION_OWNER,))
    escalation = Escalation.objects.create(
        case=case,
        requested_by=desk.designated,
        requested_at=NOW,
        reason=EscalationReason.objects.get(code="other"),
        severity=case.severity,
        answer_warns_at=NOW,
        answer_due_at=NOW,
    )
    for body, is_internal in ((public, False), (internal, True)):
        post_in_feed(
            escalation_id=escalation.pk,
            actor=Actor.of(owner),
            now=NOW,
            body=body,
            internal=is_internal,
        )


def flag(desk) -> None:
    realms.flag(desk.organization)


# --- A whole case


@pytest.mark.rule("FED-1")
@pytest.mark.realm("commercial")
def test_a_redirected_case_leaves_no_word_anywhere_but_number_times_and_people(
    desk, case, django_capture_on_commit_callbacks
):
    assert len(where_it_is()) > 8
    kept_before = list(
        Entry.objects.order_by("pk").values_list("pk", "created_at", "author", "event")
    )
    flag(desk)
    with django_capture_on_commit_callbacks(execute=True):
        done = redirect_case(
            case_id=case.pk, reason="Seen in triage.", actor=Actor.of(desk.expert), now=LATER
        )
    assert where_it_is() - {"django_session"} == set()
    assert all("zqx" not in repr(each.get_decoded()) for each in Session.objects.all())
    assert any("/x/" in each.get_decoded().get("kept", {}) for each in Session.objects.all())
    after = Case.objects.get(pk=case.pk)
    assert (after.number, after.state, after.subject) == (case.number, "closed", "[redacted]")
    assert (after.created_at, after.contact_id, after.owner_id, after.closed_at) == (
        case.created_at,
        case.contact_id,
        case.owner_id,
        LATER,
    )
    kept_after = list(
        Entry.objects.order_by("pk").values_list("pk", "created_at", "author", "event")
    )
    assert kept_after[: len(kept_before)] == kept_before
    assert "FedRAMP portal: http" in Entry.objects.order_by("pk").last().body
    assert {"what": "cases.case.subject", "length": len(case.subject)} in done.removed
    assert "zqx" not in repr(done.removed)

    mail = Notice.objects.get(event="redirected")
    assert (mail.email, mail.state) == (desk.designated.email, "queued")
    assert "http://fedramp.localhost:8001" in mail.text
    assert Notice.objects.filter(case=case, state="queued").count() == 1
    file = Attachment.objects.get()
    assert (file.name, file.file.read()) == ("[redacted]", b"[redacted]")


@pytest.mark.rule("FED-1")
@pytest.mark.realm("commercial")
def test_who_redirects_what(desk, case):
    before = everything_stored()
    common = {"case_id": case.pk, "reason": "Seen.", "now": LATER}
    with pytest.raises(NotPossible, match="belong here"):
        redirect_case(actor=Actor.of(desk.expert), **common)
    flag(desk)
    with pytest.raises(NotAllowed):
        redirect_case(actor=Actor.of(desk.designated), **common)
    with pytest.raises(Invalid):
        redirect_case(actor=Actor.of(desk.expert), **{**common, "reason": " "})
    after = everything_stored()
    assert {key for key in before if before[key] != after[key]} <= {"cases_historicalorganization"}
    redirect_case(actor=Actor.of(desk.expert), **common)
    with pytest.raises(NotPossible, match="already"):
        redirect_case(actor=Actor.of(desk.expert), **common)


@pytest.mark.rule("FED-1")
@pytest.mark.realm("commercial")
def test_a_failure_on_the_way_undoes_all_of_it(desk, case, mail_of_a_redirect_fails):
    flag(desk)
    before = everything_stored()
    with pytest.raises(KeyError), transaction.atomic():
        redirect_case(case_id=case.pk, reason="x", actor=Actor.of(desk.expert), now=LATER)
    after = everything_stored()
    assert {key for key in before if before[key] != after[key]} <= {"files"}


@pytest.mark.rule("FED-1")
@pytest.mark.realm("commercial")
def test_nothing_more_is_written_into_a_case_that_belongs_elsewhere(desk, case):
    flag(desk)
    contact = Actor.of(desk.designated)
    before = everything_stored()
    with pytest.raises(NotPossible, match="FedRAMP portal"):
        post_entry(case_id=case.pk, actor=contact, now=NOW, body="One more thing.")
    assert everything_stored() == before
    redirect_case(case_id=case.pk, reason="Seen.", actor=Actor.of(desk.expert), now=LATER)
    before = everything_stored()
    for someone in (desk.designated, desk.expert):
        with pytest.raises(NotPossible, match="FedRAMP portal"):
            desk.act("reopen", case, actor=someone, text="Again.")
    assert everything_stored() == before


@pytest.mark.realm("commercial")
def test_staff_redirect_from_the_case_page(desk, case, sign_in):
    staff = sign_in(desk.expert)
    page = reverse("admin:cases_case_change", args=[case.pk])
    link = reverse("admin:fedramp_redaction_redirect", args=[case.pk])
    assert link not in staff.get(page).content.decode()
    flag(desk)
    assert link in staff.get(page).content.decode()
    assert staff.get(link).status_code == 200
    assert Case.objects.get(pk=case.pk).is_open
    assert staff.post(link, {"reason": ""}).status_code == 422
    form = {"reason": "Seen.", "submission": "5a0f2a5c-8f5f-4a8e-9d4c-000000000001"}
    assert staff.post(link, form).status_code == 302
    assert "[redacted]" in staff.get(page).content.decode()
    assert CANARY not in staff.get(page).content.decode()


# --- One text or file, in either realm


def asked(desk, case, ends: str) -> Redaction:
    target = next(each.key for each in targets(case) if each.key.endswith(ends))
    return ask(
        case_id=case.pk, target=target, reason="Not ours.", actor=Actor.of(desk.expert), now=NOW
    )


@pytest.mark.rule("FED-1")
@pytest.mark.parametrize("ends", [":body", ":subject", ":file", ":details"])
def test_one_text_or_file_goes_when_a_second_person_confirms(
    desk, case, ends, django_capture_on_commit_callbacks
):
    place = {":body": Entry, ":subject": Case, ":file": Attachment, ":details": OwnerReview}[ends]
    request = asked(desk, case, ends)
    row = int(request.target.split(":")[1])
    value = {
        ":body": lambda: Entry.objects.get(pk=row).body,
        ":subject": lambda: Case.objects.get(pk=row).subject,
        ":file": lambda: Attachment.objects.get(pk=row).name,
        ":details": lambda: OwnerReview.objects.get(pk=row).details,
    }[ends]
    text = value()
    assert place._meta.label_lower in request.target
    assert where_it_is(text)  # nothing is removed yet
    with django_capture_on_commit_callbacks(execute=True):
        decide(redaction_id=request.pk, confirmed=True, actor=Actor.of(desk.colleague), now=NOW)
    assert value() == "[redacted]"
    gone = "zqxcanary file" if ends == ":file" else text
    # Django's own log keeps what others wrote about this row, until the row itself is redacted.
    assert where_it_is(gone) <= {"django_admin_log"}
    row_of = Redaction.objects.get(pk=request.pk)
    assert (row_of.state, row_of.decided_by) == ("done", desk.colleague)
    assert "zqx" not in repr(row_of.removed)
    assert row_of.removed[0]["length"] > 0
    assert len(where_it_is()) > 3  # the rest of the case stands


@pytest.mark.rule("FED-1")
def test_what_the_escalations_feed_says_is_found_after_another_text_went(desk, case):
    say_in_the_escalations_feed(desk, case, public="A quorum of trunks.", internal="A trombone.")
    request = asked(desk, case, ":subject")
    decide(redaction_id=request.pk, confirmed=True, actor=Actor.of(desk.colleague), now=NOW)
    for words, is_public in (("quorum", True), ("trombone", False), (f"{CANARY} impact", True)):
        assert case in matching(Case.objects.all(), words, internal=True), words
        assert (case in matching(Case.objects.all(), words, internal=False)) is is_public, words
    assert not matching(Case.objects.all(), f"{CANARY} subject", internal=True)


@pytest.mark.rule("FED-1")
def test_a_file_that_was_to_go_stays_where_all_of_it_is_undone(
    desk, case, monkeypatch, django_capture_on_commit_callbacks
):
    request = asked(desk, case, ":file")
    attachment = Attachment.objects.get()
    before = everything_stored()

    def fail(*args, **kwargs):
        raise RuntimeError

    def confirm():
        with django_capture_on_commit_callbacks(execute=True):
            decide(redaction_id=request.pk, confirmed=True, actor=Actor.of(desk.colleague), now=NOW)

    with monkeypatch.context() as patch:
        patch.setattr("fedramp.services.redactions.save", fail)
        with pytest.raises(RuntimeError):
            confirm()
    assert everything_stored() == before
    with attachment.file.open("rb") as content:
        assert content.read() == f"{CANARY} file".encode()
    confirm()
    assert where_it_is(f"{CANARY} file") == set()


def test_nobody_confirms_the_own_request_and_nothing_goes_twice(desk, case, sign_in):
    request = asked(desk, case, ":subject")
    before = everything_stored()
    with pytest.raises(NotAllowed, match="second person"):
        decide(redaction_id=request.pk, confirmed=True, actor=Actor.of(desk.expert), now=NOW)
    with pytest.raises(NotAllowed):
        decide(redaction_id=request.pk, confirmed=True, actor=Actor.of(desk.designated), now=NOW)
    with pytest.raises(NotPossible):
        asked(desk, case, ":subject")
    with pytest.raises(Invalid):
        ask(
            case_id=case.pk,
            target="cases.case:999:subject",
            reason="x",
            actor=Actor.of(desk.expert),
            now=NOW,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Redaction.objects.filter(pk=request.pk).update(decided_by=desk.expert)
    assert everything_stored() == before
    decide(redaction_id=request.pk, confirmed=False, actor=Actor.of(desk.colleague), now=NOW)
    assert Case.objects.get(pk=case.pk).subject == case.subject
    with pytest.raises(NotPossible):
        decide(redaction_id=request.pk, confirmed=True, actor=Actor.of(desk.colleague), now=NOW)


def test_the_pages_ask_and_confirm(desk, case, sign_in):
    one, two = sign_in(desk.expert), sign_in(desk.colleague)
    page = reverse("admin:fedramp_redaction_ask", args=[case.pk])
    assert f"{CANARY} subject" in text_of(one.get(page))
    target = next(each.key for each in targets(case) if each.key.endswith(":subject"))
    form = {
        "target": target,
        "reason": "Not ours.",
        "submission": "5a0f2a5c-8f5f-4a8e-9d4c-000000000001",
    }
    assert one.post(page, {**form, "target": "x"}).status_code == 422
    assert one.post(page, form).status_code == 302
    request = Redaction.objects.get()
    confirm = reverse("admin:fedramp_redaction_decide", args=[request.pk])
    shown = reverse("admin:fedramp_redaction_change", args=[request.pk])
    assert confirm not in one.get(shown).content.decode()
    assert confirm in two.get(shown).content.decode()
    assert f"{CANARY} subject" in text_of(two.get(confirm))
    assert one.post(confirm, {"decision": "confirm"}).status_code == 403
    assert two.post(confirm, {}).status_code == 422
    assert two.post(confirm, {"decision": "confirm"}).status_code == 302
    assert Case.objects.get(pk=case.pk).subject == "[redacted]"
