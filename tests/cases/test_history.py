"""History on every model: who, when and why (CASE-9). Texts go through the realm's scrubber."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import F

from cases import realm
from cases.actors import Actor
from cases.change_reasons import FAMILIES, REASONS, in_words
from cases.fields import NoExpression
from cases.models import (
    Case,
    Entry,
    Heartbeat,
    Notice,
    Person,
    ResetRequest,
    SearchText,
    WorkerPulse,
)
from cases.services.feeds import post_entry
from cases.services.files import check_files
from cases.services.lifecycle import reassign
from cases.services.links import link_cases
from cases.services.severity import change_severity
from escalations.models import Refusal
from fedramp.models import (
    AuditEntry,
    AuditSeal,
    KeyCheck,
    Placeholder,
    QuarantinedFile,
    RealmMark,
    SessionMark,
    VouchedIdentity,
)
from tests.test_stored_vocabularies import reasons
from tests.world import NOW, person

#: Two are derived from the texts of the case, the next two are overwritten by every job's run,
#: three are written once and never changed, the last but one is written by each
#: click, the last is gone when it was done.
WITHOUT_HISTORY = {
    SearchText,
    Placeholder,
    Heartbeat,
    WorkerPulse,
    QuarantinedFile,
    AuditEntry,
    AuditSeal,
    RealmMark,
    KeyCheck,
    VouchedIdentity,
    Refusal,
    SessionMark,
    ResetRequest,
}


def audited() -> list[type]:
    return [
        model
        for app in ("cases", "escalations", "fedramp")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical") and model not in WITHOUT_HISTORY
    ]


@pytest.mark.rule("CASE-9")
def test_every_model_has_history():
    assert [model for model in audited() if not hasattr(model, "history")] == []


@pytest.mark.rule("CASE-9")
def test_every_service_leaves_who_when_and_why(desk):
    other = desk.case()
    colleague = Actor.of(desk.colleague)
    at = NOW + dt.timedelta(hours=1)
    case = desk.owned_case()
    done = {
        "feeds.post_entry": lambda: post_entry(
            case_id=case.pk,
            actor=colleague,
            now=at,
            body="x",
            files=check_files([SimpleUploadedFile("a.log", b"x")]),
        ),
        "severity.change_severity": lambda: change_severity(
            case_id=case.pk, severity=2, reason="x", actor=colleague, now=at
        ),
        "linking.link_cases": lambda: link_cases(
            case_id=case.pk, number=other.number, kind="related", actor=colleague, now=at
        ),
        "lifecycle.reassign": lambda: reassign(
            case_id=case.pk, owner=desk.colleague, actor=colleague, now=at
        ),
        "lifecycle.ask": lambda: desk.act("ask", case, actor=desk.colleague, text="x", now=at),
    }
    for why, service in done.items():
        newest = {
            model: getattr(model.history.order_by("history_id").last(), "history_id", 0)
            for model in audited()
        }
        service()
        row = Case.history.filter(id=case.pk).order_by("history_id").last()
        assert (row.history_user, row.history_date, row.history_change_reason) == (
            desk.colleague,
            at,
            why,
        )
        for model in audited():
            for row in model.history.filter(history_id__gt=newest[model]):
                assert (row.history_user, row.history_date) == (desk.colleague, at), model
                assert row.history_change_reason, model


@pytest.mark.rule("CASE-9")
def test_the_who_of_one_change_is_not_the_who_of_the_next(desk):
    case = desk.owned_case()
    case.conversation_id = "changed by nobody in particular"
    case.save(update_fields=["conversation_id"])
    row = case.history.latest("history_id")
    assert (row.history_user, row.history_change_reason) == (None, None)


@pytest.mark.rule("CASE-9")
@pytest.mark.rule("ACC-7")
def test_a_role_that_is_given_or_withdrawn_stands_in_history(desk):
    someone = person("new@support.example", roles=("Support Expert",))
    someone._change_reason = "access.withdraw"
    someone.groups.clear()
    rows = list(someone.history.order_by("history_id"))
    assert [row.groups.count() for row in rows[-2:]] == [1, 0]
    assert rows[-1].history_change_reason == "access.withdraw"


def test_the_password_is_in_no_history():
    columns = {field.name for field in Person.history.model._meta.fields}
    assert not columns & {"password", "last_login"}


# --- The realm's scrubber sees a text whichever way it is stored


@pytest.fixture
def scrubber(monkeypatch):
    monkeypatch.setattr(
        type(realm.current()),
        "scrub",
        lambda self, text, about=None: text.replace("SECRET", "[removed]"),
    )


def stored_texts(case: Case) -> list[str]:
    return [
        Case.objects.get(pk=case.pk).subject,
        *case.history.values_list("subject", flat=True),
    ]


def test_texts_are_scrubbed_by_save_update_bulk_and_in_history(desk, scrubber):
    case = desk.case(subject="one SECRET", description="SECRET", business_impact="SECRET")
    assert set(stored_texts(case)) == {"one [removed]"}
    assert case.subject == "one [removed]"

    Case.objects.filter(pk=case.pk).update(subject="two SECRET")
    assert Case.objects.get(pk=case.pk).subject == "two [removed]"

    case.subject = "three SECRET"
    Case.objects.bulk_update([case], ["subject"])
    assert Case.objects.get(pk=case.pk).subject == "three [removed]"

    entries = [
        Entry(
            case=case,
            visibility="public",
            author=desk.expert,
            author_side="staff",
            body="four SECRET",
            created_at=NOW,
        )
    ]
    Entry.objects.bulk_create(entries)
    assert Entry.objects.get(visibility="public", event="message").body == "four [removed]"


def test_texts_are_scrubbed_in_files_mails_search_and_third_parties(desk, scrubber):
    case = desk.owned_case(subject="one SECRET")
    post_entry(
        case_id=case.pk,
        actor=Actor.of(desk.designated),
        now=NOW,
        body="two SECRET",
        files=check_files([SimpleUploadedFile("SECRET.log", b"x")]),
    )
    desk.act(
        "engage", case, text="three SECRET", third_party="other", third_party_name="SECRET Ltd"
    )
    for model in (Case, Entry, Notice, SearchText, Entry.history.model, Notice.history.model):
        for row in model.objects.values_list():
            assert "SECRET" not in repr(row), model


def test_an_expression_is_refused_since_no_scrubber_can_read_it(desk, scrubber):
    case = desk.case(conversation_id="plain")
    with pytest.raises(NoExpression), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(subject=F("conversation_id"))
    assert Case.objects.get(pk=case.pk).subject != "plain"


@pytest.mark.rule("CASE-9")
@pytest.mark.parametrize("code", sorted(reasons()))
def test_every_reason_has_words(code):
    """No page shows a code; a family such as `clocks.{}` has words for each of its names."""
    if code.endswith("{}"):
        family = code.removesuffix("{}")
        assert family in FAMILIES or [each for each in REASONS if each.startswith(family)]
    else:
        assert code in REASONS


def test_a_code_of_an_earlier_version_is_shown_as_words():
    assert in_words("notices.opened") == "Mail queued"
    assert in_words("holding.put_off") == "Put off"
