"""FED-7, FEED-3: a contact's "Redact this too" changes what the organization wrote, and asks for
the rest."""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed
from cases.models import Case, Entry, Incident, SearchText
from cases.services.feeds import post_entry
from fedramp.models import ScrubReport
from fedramp.services.scrub_reports import redact_passage, review
from tests.stored import everything_stored
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp"), pytest.mark.rule("FED-7")]
LATER = NOW + dt.timedelta(hours=1)
WORD = "zqxcanary"


def write(case, who, body, **more):
    post_entry(case_id=case.pk, actor=Actor.of(who), now=NOW, body=body, **more)
    return Entry.objects.latest("pk")


def body_of(entry):
    return Entry.objects.get(pk=entry.pk).body


def mark(case, who, entry, passage=WORD):
    return redact_passage(
        case_id=case.pk,
        text=f"cases.entry:{entry.pk}:body",
        kind="PERSON",
        passage=passage,
        actor=Actor.of(who),
        now=LATER,
    )


@pytest.fixture
def world(desk):
    """Everybody wrote the word; and so does an incident that other organizations read."""
    case = desk.owned_case(description=f"{WORD} is down.")
    found = SimpleNamespace(
        case=case,
        mine=write(case, desk.designated, f"here {WORD} fails."),
        answer=write(case, desk.expert, f"then {WORD}, please wait."),
        note=write(case, desk.expert, f"{WORD} too.", internal=True),
        incident=Incident.objects.create(
            title=f"{WORD} down", created_at=NOW, created_by=desk.expert
        ),
    )
    Case.objects.filter(pk=case.pk).update(incident=found.incident)
    return found


def test_a_contacts_mark_changes_what_the_organization_wrote_alone(desk, world):
    theirs = {
        name: rows
        for name, rows in everything_stored().items()
        if name in ("cases_incident", "cases_historicalincident")
    }
    history = Entry.history.filter(id__in=[world.answer.pk, world.note.pk]).order_by("pk")
    before = list(history.values_list("body", flat=True))
    report = mark(world.case, desk.designated, world.mine)
    assert body_of(world.mine) == "here [PERSON-1] fails."
    assert Case.objects.get().description == "[PERSON-1] is down."
    assert not Entry.history.filter(id=world.mine.pk, body__contains=WORD).exists()
    assert "zqx" not in SearchText.objects.get(entry=None).text
    assert body_of(world.answer) == f"then {WORD}, please wait."
    assert body_of(world.note) == f"{WORD} too."
    assert list(history.values_list("body", flat=True)) == before
    assert Incident.objects.get().title == f"{WORD} down"
    assert {name: everything_stored()[name] for name in theirs} == theirs
    assert report.elsewhere == [
        {"text": f"cases.entry:{world.answer.pk}:body", "start": 5, "end": 5 + len(WORD)},
        {"text": f"cases.entry:{world.note.pk}:body", "start": 0, "end": len(WORD)},
    ]
    assert "zqx" not in repr(list(ScrubReport.history.values_list())).lower()


def test_staff_decide_on_the_rest_and_the_incident_stays(desk, world):
    report = mark(world.case, desk.designated, world.mine)
    review(report_id=report.pk, personal=True, remark="", actor=Actor.of(desk.expert), now=LATER)
    assert body_of(world.answer) == "then [PERSON-1], please wait."
    assert body_of(world.note) == "[PERSON-1] too."
    assert not Entry.history.filter(body__contains=WORD).exists()
    assert Incident.objects.get().title == f"{WORD} down"
    assert len(ScrubReport.objects.get().removed) == 4


def test_not_personal_leaves_the_words_of_others(desk, world):
    report = mark(world.case, desk.designated, world.mine)
    by = Actor.of(desk.expert)
    review(report_id=report.pk, personal=False, remark="A product.", actor=by, now=LATER)
    assert body_of(world.answer) == f"then {WORD}, please wait."
    assert body_of(world.note) == f"{WORD} too."
    assert body_of(world.mine) == "here [PERSON-1] fails."


def test_a_text_that_changed_meanwhile_is_found_by_its_digest(desk, world):
    report = mark(world.case, desk.designated, world.mine)
    Entry.objects.filter(pk=world.answer.pk).update(body=f"[redacted], again ({WORD}), wait.")
    review(report_id=report.pk, personal=True, remark="", actor=Actor.of(desk.expert), now=LATER)
    assert body_of(world.answer) == "[redacted], again ([PERSON-1]), wait."


def test_the_texts_of_a_colleague_at_the_organization_are_the_organizations(desk, world):
    other = write(world.case, desk.designated, "placeholder for another author")
    Entry.objects.filter(pk=other.pk).update(author=desk.read_only, body=f"{WORD} asks.")
    mark(world.case, desk.designated, world.mine)
    assert body_of(other) == "[PERSON-1] asks."


def test_staff_mark_as_before_everywhere_and_in_the_incident(desk, world):
    report = mark(world.case, desk.expert, world.note)
    assert report.elsewhere == []
    assert body_of(world.answer) == "then [PERSON-1], please wait."
    assert Incident.objects.get().title == "[PERSON-1] down"


def test_a_contact_marks_nothing_in_the_texts_of_others(desk, world):
    before = everything_stored()
    for entry in (world.answer, world.note):
        with pytest.raises(Invalid):
            mark(world.case, desk.designated, entry)
    with pytest.raises(NotAllowed):
        mark(world.case, desk.read_only, world.mine)
    assert everything_stored() == before


@pytest.mark.rule("FEED-3")
def test_the_page_says_the_same_whether_others_wrote_it_or_not(desk, world, client):
    client.force_login(desk.designated)
    alone = write(world.case, desk.designated, "the quillonbase is mine.")
    pages = []
    for entry, passage in ((world.mine, WORD), (alone, "quillonbase")):
        address = reverse("fedramp:redact_passage", args=[world.case.number])
        data = {"text": f"cases.entry:{entry.pk}:body", "passage": passage, "kind": "PRIVATE"}
        data["submission"] = str(uuid.uuid4())
        shown = client.post(address, data)
        assert "Product Support will be asked to check it" in " ".join(
            shown.content.decode().split()
        )
        again = {**data, "sure": "on", "submission": str(uuid.uuid4())}
        done = client.post(address, again, follow=True)
        text = done.content.decode()
        assert "Product Support has been asked to check it and will decide" in text
        pages.append(text.count("internal"))
    assert pages[0] == pages[1]
    elsewhere = ScrubReport.objects.order_by("pk").values_list("elsewhere", flat=True)
    assert [len(each) for each in elsewhere] == [2, 0]


def test_the_reviewer_sees_where_it_stands(desk, world, sign_in):
    report = mark(world.case, desk.designated, world.mine)
    page = sign_in(desk.expert).get(reverse("admin:fedramp_scrubreport_review", args=[report.pk]))
    text = page.content.decode()
    assert "It is also in" in text
    assert "Message (internal): 1" in text
    assert "the summary of a platform incident is never changed by this" in text


def test_drafts_of_staff_stay_and_those_of_the_organization_lose_it(desk, world):
    from django.contrib.sessions.backends.db import SessionStore

    keys = []
    for who in (desk.designated, desk.expert):
        store = SessionStore()
        form = {"person": who.pk, "at": 0, "texts": {"body": f"{WORD} again"}}
        store["kept"] = {f"/cases/{world.case.number}/": form}
        store.save()
        keys.append(store.session_key)
    mark(world.case, desk.designated, world.mine)
    texts = [
        Session.objects.get(pk=key).get_decoded()["kept"][f"/cases/{world.case.number}/"]["texts"]
        for key in keys
    ]
    assert texts == [{"body": "[PERSON-1] again"}, {"body": f"{WORD} again"}]
