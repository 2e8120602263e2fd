"""FED-7: the writer says "this was not personal", and a passage that was missed is removed."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Attachment, Case, Entry, Incident, SearchText
from cases.models.search import matching
from cases.roles import ACCESS_ADMINISTRATOR, ROLES, SUPPORT_EXPERT
from cases.services.feeds import post_entry
from fedramp.models import Placeholder, ScrubReport
from fedramp.redaction.places import MORE_FIELDS, places
from fedramp.scrubbing.feedback import WRITERS, figures, marks_of, texts_of
from fedramp.services.scrub_reports import redact_passage, review, say_not_personal
from tests.fedramp.test_redacting import CANARY, say_in_the_escalations_feed, where_it_is
from tests.fedramp.test_redacting import case as case_full_of_it
from tests.stored import everything_stored
from tests.world import NOW, person

__all__ = ["case_full_of_it"]
pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]
LATER = NOW + dt.timedelta(hours=1)
BODY = "Mail tess@x.gov or ring 816-555-0142."


@pytest.fixture
def case(desk):
    """A case in which the contact wrote two things that were removed."""
    case = desk.owned_case()
    post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=BODY)
    return Case.objects.get(pk=case.pk)


def mark_of(case, who, kind):
    return next(each for each in marks_of(case, who) if each.kind == kind)


def say(case, who, *kinds, reason=""):
    return say_not_personal(
        case_id=case.pk,
        marks=[mark_of(case, who, kind).key for kind in kinds],
        reason=reason,
        actor=Actor.of(who),
        now=LATER,
    )


def drop(case, who, passage=CANARY, *, kind="PERSON", ends=":subject", text=None):
    texts = texts_of(case)
    key = text or next(each.key for each in texts if each.key.endswith(ends))
    return redact_passage(
        case_id=case.pk, text=key, kind=kind, passage=passage, actor=Actor.of(who), now=LATER
    )


# --- This was not personal


def test_what_was_not_personal_is_recorded_by_place_and_kind_and_never_restored(desk, case):
    before = Entry.objects.latest("pk").body
    (report,) = say(case, desk.designated, "EMAIL", reason="A product.")
    entry = Entry.objects.latest("pk")
    assert entry.body == before == "Mail [EMAIL-1] or ring [PHONE-1]."
    stored = ScrubReport.objects.get()
    assert stored == report
    assert (stored.case_id, stored.target, stored.placeholder) == (
        case.pk,
        f"cases.entry:{entry.pk}:body",
        "[EMAIL-1]",
    )
    assert (stored.said_by, stored.said_at, stored.reason) == (desk.designated, LATER, "A product.")
    assert stored.state == "asked"
    assert stored.history.get().history_user == desk.designated


def test_the_same_is_reported_once(desk, case):
    say(case, desk.designated, "EMAIL")
    assert say(case, desk.designated, "EMAIL") == []
    assert len(say(case, desk.designated, "EMAIL", "PHONE")) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ScrubReport.objects.create(
            **{
                each: getattr(ScrubReport.objects.first(), each)
                for each in ("case", "said", "target", "kind", "number", "said_by", "said_at")
            }
        )


def test_the_reason_brings_nothing_back_though_nothing_in_it_tells_that_it_is_personal(desk, case):
    """ "Quillon" is a name to the engine beside a key; in the reason it stands alone."""
    body = "user: quillon_prod7 fails."
    post_entry(case_id=case.pk, actor=Actor.of(desk.designated), now=NOW, body=body)
    assert "quillon" not in Entry.objects.latest("pk").body
    say(case, desk.designated, "USERNAME", reason="“quillon_prod7” names a server; t@y.gov.")
    assert ScrubReport.objects.get().reason == "“[USERNAME-1]” names a server; [EMAIL-2]."
    assert where_it_is("quillon") == set()


def test_only_the_writer_says_it_and_only_of_what_was_removed(desk, case):
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body="Not [PERSON-9] so.")
    key = mark_of(case, desk.designated, "EMAIL").key
    before = everything_stored()
    for who in (desk.expert, desk.colleague):
        assert marks_of(case, who) == []
        with pytest.raises(Invalid):
            say_not_personal(
                case_id=case.pk, marks=[key], reason="", actor=Actor.of(who), now=LATER
            )
    for who in (desk.outsider, desk.read_only):
        with pytest.raises(NotAllowed):
            say_not_personal(
                case_id=case.pk, marks=[key], reason="", actor=Actor.of(who), now=LATER
            )
    for marks in ([], [key.replace("EMAIL-1", "EMAIL-7")], [f"{key} "], ["x"]):
        with pytest.raises(Invalid):
            say_not_personal(
                case_id=case.pk,
                marks=marks,
                reason="",
                actor=Actor.of(desk.designated),
                now=LATER,
            )
    with pytest.raises(Invalid):
        say(case, desk.designated, "EMAIL", reason="x" * 301)
    assert everything_stored() == before


def test_every_text_that_people_write_has_its_writer():
    """A model that is added later has a line in the table, or its texts are of nobody: say so."""
    of_nobody = {"cases.notice", "cases.case.third_party_name"}
    for place in places():
        if place.model._meta.app_label == "fedramp" or place.label in of_nobody:
            continue
        known = {field for fields in WRITERS[place.label].values() for field in fields}
        scrubbed = {
            each
            for each in place.fields
            if each not in MORE_FIELDS.get(place.label, ())
            and f"{place.label}.{each}" not in of_nobody
        }
        assert known == scrubbed, place.label
        for path in WRITERS[place.label]:
            assert not place.model._base_manager.filter(**{path: 0}).exists()


# --- The review


def test_another_person_reviews_it_and_the_writer_reads_what_came_of_it(desk, case):
    (report,) = say(case, desk.designated, "EMAIL")
    before = everything_stored()
    for who in (desk.designated, person("e@support.example", roles=(ACCESS_ADMINISTRATOR,))):
        with pytest.raises(NotAllowed):
            review(report_id=report.pk, personal=False, remark="", actor=Actor.of(who), now=LATER)
    by = Actor.of(desk.expert)
    with pytest.raises(Invalid):
        review(report_id=report.pk, personal=True, remark=" ", actor=by, now=LATER)
    changed = {key for key, value in everything_stored().items() if before[key] != value}
    assert not {each for each in changed if "removal" in each}
    review(report_id=report.pk, personal=True, remark="tess@x.gov is one.", actor=by, now=LATER)
    done = ScrubReport.objects.get()
    assert (done.state, done.remark) == ("personal", "[EMAIL-1] is one.")
    assert (done.decided_by, done.decided_at, done.is_right) == (desk.expert, LATER, False)
    with pytest.raises(NotPossible):
        review(report_id=report.pk, personal=False, remark="", actor=by, now=LATER)
    assert [each.history_user for each in done.history.all()] == [desk.expert, desk.designated]


def test_nobody_reviews_the_own_report(desk, case):
    report = drop(case, desk.expert, "transfer", kind="PRIVATE")
    with pytest.raises(NotAllowed, match="second person"):
        review(
            report_id=report.pk,
            personal=True,
            remark="",
            actor=Actor.of(desk.expert),
            now=LATER,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ScrubReport.objects.update(decided_by=desk.expert, decided_at=LATER, state="personal")
    assert ScrubReport.objects.get().state == "asked"


def test_the_roles_that_confirm_redactions_review(desk):
    reviewing = {role for role, held in ROLES.items() if "fedramp.review_scrub_report" in held}
    assert reviewing == {role for role, held in ROLES.items() if "fedramp.redact" in held}
    assert SUPPORT_EXPERT in reviewing
    assert ACCESS_ADMINISTRATOR not in reviewing


def test_the_figures_are_kinds_and_counts(desk, case):
    (mail,) = say(case, desk.designated, "EMAIL")
    say(case, desk.designated, "PHONE")
    review(report_id=mail.pk, personal=False, remark="", actor=Actor.of(desk.expert), now=LATER)
    found = [(each.kind, each.said, each.asked, each.not_personal) for each in figures()]
    assert found == [("EMAIL", "not_personal", 0, 1), ("PHONE", "not_personal", 1, 0)]


# --- Redact this too


@pytest.mark.rule("FED-7")
def test_a_passage_is_gone_everywhere_at_once(desk, case_full_of_it, caplog):
    case = case_full_of_it
    Case.history.filter(id=case.pk).update(phone_24x7="")
    Case.objects.filter(pk=case.pk).update(phone_24x7="")
    incident = Incident.objects.create(
        title=f"{CANARY} down", created_at=NOW, created_by=desk.expert
    )
    Case.objects.filter(pk=case.pk).update(incident=incident)
    assert len(where_it_is()) > 10
    before = list(Entry.objects.order_by("pk").values_list("pk", "created_at", "author", "event"))
    report = drop(case, desk.expert)
    stored_file = Attachment.objects.get().file.name.rsplit("/", 1)[1]
    assert where_it_is() - {"django_session"} == {stored_file}
    assert all("zqx" not in repr(each.get_decoded()) for each in Session.objects.all())
    assert any("[PERSON-1]" in repr(each.get_decoded()) for each in Session.objects.all())
    after = Case.objects.get(pk=case.pk)
    assert (after.subject, after.conversation_id) == (
        "[PERSON-1] subject",
        "[PERSON-1]-conversation",
    )
    assert Attachment.objects.get().name == "[PERSON-1].log"
    assert Incident.objects.get().title == "[PERSON-1] down"
    assert "[person-1] description" in SearchText.objects.get(case=case, entry=None).text
    assert (
        list(Entry.objects.order_by("pk").values_list("pk", "created_at", "author", "event"))
        == before
    )
    assert (report.said, report.placeholder, report.state) == ("missed", "[PERSON-1]", "asked")
    lost = {"what": "cases.case.subject", "times": 1, "length": len(CANARY)}
    assert lost in report.removed
    assert "zqx" not in repr(ScrubReport.history.values_list()) + caplog.text


def test_its_number_is_that_of_the_value_in_the_case(desk):
    case = desk.owned_case(description="Ring Zqxcanary at 816-555-0142, says zqxcanary.")
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body="Zqxcanary knows.")
    numbers = Placeholder.objects.filter(case=case, kind="PERSON").count()
    report = drop(case, desk.expert, "zqxcanary", ends=":description")
    name = f"[PERSON-{numbers + 1}]"
    assert report.placeholder == name
    assert Case.objects.get().description == f"Ring {name} at [PHONE-1], says {name}."
    assert Entry.objects.latest("pk").body == f"{name} knows."
    body = "It is Zqxcanary again."
    post_entry(case_id=case.pk, actor=Actor.of(desk.expert), now=NOW, body=body)
    again = drop(case, desk.colleague, "Zqxcanary", ends=f"{Entry.objects.latest('pk').pk}:body")
    assert again.placeholder == name
    assert Entry.objects.latest("pk").body == f"It is {name} again."


def test_a_short_passage_goes_where_it_was_marked_alone(desk):
    case = desk.owned_case(description="Row QJ fails.", business_impact="QJ or not QJ.")
    drop(case, desk.expert, "QJ", ends=":description", kind="PRIVATE")
    now = Case.objects.get()
    assert (now.description, now.business_impact) == ("Row [PRIVATE-1] fails.", "QJ or not QJ.")
    assert "qj" in SearchText.objects.get(case=case, entry=None).text


def test_what_cannot_be_removed_changes_nothing(desk, case):
    before = everything_stored()
    for who in (desk.read_only, desk.outsider):
        with pytest.raises(NotAllowed):
            drop(case, who, "transfer")
    officer = person("e@support.example", roles=(ACCESS_ADMINISTRATOR,))
    with pytest.raises(NotAllowed):
        drop(case, officer, "transfer")
    lost = person("f@support.example", roles=(SUPPORT_EXPERT,), skill=False)
    with pytest.raises(NotAllowed):
        drop(case, lost, "transfer")
    for passage, kind, field in (
        ("", "PERSON", "passage"),
        ("x" * 301, "PERSON", "passage"),
        ("nowhere", "PERSON", "passage"),
        ("transf", "PERSON", "passage"),
        ("...", "PERSON", "passage"),
        ("[EMAIL-1]", "PERSON", "passage"),
        ("transfer", "NAME", "kind"),
        ("transfer", "PHONE", "kind"),
    ):
        with pytest.raises(Invalid) as error:
            drop(case, desk.expert, passage, kind=kind)
        assert error.value.field == field
    with pytest.raises(Invalid):
        drop(case, desk.expert, "transfer", text="cases.case:0:subject")
    after = everything_stored()
    assert {key for key, value in after.items() if before[key] != value} <= {
        key for key in after if any(each in key for each in ("person", "skill", "group", "vouched"))
    }


def test_a_failure_on_the_way_undoes_all_of_it(desk, case, monkeypatch):
    before = everything_stored()
    monkeypatch.setattr("fedramp.services.scrub_reports.save", None)
    with pytest.raises(TypeError), transaction.atomic():
        drop(case, desk.expert, "transfer", kind="PRIVATE")
    assert everything_stored() == before


def test_the_escalations_feed_is_found_by_what_it_says_and_not_by_what_went(desk):
    case = desk.owned_case(subject=f"{CANARY} calls drop")
    say_in_the_escalations_feed(
        desk, case, public=f"A quorum, says {CANARY}.", internal=f"A trombone for {CANARY}."
    )
    drop(case, desk.expert)
    for words, is_public in (("quorum, says [person-1]", True), ("trombone", False)):
        assert case in matching(Case.objects.all(), words, internal=True), words
        assert (case in matching(Case.objects.all(), words, internal=False)) is is_public, words
    assert not matching(Case.objects.all(), CANARY, internal=True)
    assert SearchText.objects.filter(case=case).count() == 3, "the case, and two entries"
