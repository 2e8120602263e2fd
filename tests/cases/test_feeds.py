"""The case feed (FEED-1, FEED-3), links, severity, and errors with forms and files."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actors import Actor
from cases.errors import CaseChanged, Invalid, NotAllowed, NotPossible
from cases.models import Attachment, Case, CaseLink, Entry, Membership, Notice, Person
from cases.models.search import matching
from cases.services.feeds import post_entry
from cases.services.files import check_files
from cases.services.lifecycle import possible_actions, reassign
from cases.services.links import link_cases, unlink_cases
from cases.services.severity import change_severity
from tests.stored import everything_stored
from tests.world import NOW, membership, person, staff_of_every_role

LATER = NOW + dt.timedelta(hours=2)


def log_file(name: str = "a.log"):
    return check_files([SimpleUploadedFile(name, b"one line")])


def post(case, by, **fields):
    fields = {"body": "Some words.", "now": LATER, **fields}
    return post_entry(case_id=case.pk, actor=Actor.of(by), **fields)


@pytest.mark.rule("ACC-1")
@pytest.mark.rule("ACC-2")
@pytest.mark.rule("FEED-3")
def test_who_may_write(desk):
    case = desk.owned_case()
    others = staff_of_every_role()
    internal_alone = {"Escalation Owner", "Product Support Manager"}
    for role, someone in others.items():
        for internal in (False, True):
            may = role == "Support Expert" or (internal and role in internal_alone)
            if may:
                post(case, someone, internal=internal)
                continue
            before = everything_stored()
            with pytest.raises(NotAllowed):
                post(case, someone, internal=internal)
            assert everything_stored() == before
    before = everything_stored()
    for someone, internal in [
        (desk.read_only, False),
        (desk.outsider, False),
        (desk.designated, True),
    ]:
        with pytest.raises(NotAllowed):
            post(case, someone, internal=internal)
    with pytest.raises(NotAllowed):
        post_entry(case_id=case.pk, actor=Actor.of_job("x"), now=NOW, body="a")
    assert everything_stored() == before


@pytest.mark.rule("ACC-3")
def test_who_lost_the_membership_or_the_account_writes_nothing_more(desk):
    case = desk.owned_case()
    Membership.objects.get(person=desk.designated).delete()
    other = person("sam@acme.example")
    membership(other, desk.organization, "designated")
    stale = Actor.of(other)
    fresh = Person.objects.get(pk=other.pk)
    fresh.is_active = False
    fresh.save()
    before = everything_stored()
    with pytest.raises(NotAllowed):
        post(case, desk.designated)
    with pytest.raises(NotAllowed):  # the object at hand still says that he is active
        post_entry(case_id=case.pk, actor=stale, now=LATER, body="a")
    assert possible_actions(case, actor=stale) == []
    assert everything_stored() == before


@pytest.mark.rule("CASE-5")
@pytest.mark.parametrize("state", ["awaiting_customer", "resolution_proposed"])
def test_an_entry_of_the_contact_brings_the_case_back(desk, state):
    case = desk.case_in(state)
    entry = post(case, desk.designated)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.state_since_at) == ("in_progress", LATER)
    assert entry.to_value == "In Progress"


@pytest.mark.rule("CASE-5")
@pytest.mark.parametrize("state", ["new", "in_progress", "awaiting_third_party"])
def test_elsewhere_an_entry_of_the_contact_moves_nothing(desk, state):
    case = desk.case_in(state)
    post(case, desk.designated)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.state_since_at) == (state, case.state_since_at)


@pytest.mark.rule("CASE-5")
def test_an_entry_of_staff_does_not_bring_the_case_back(desk):
    case = desk.case_in("awaiting_customer")
    post(case, desk.expert)
    assert Case.objects.get(pk=case.pk).state == "awaiting_customer"


@pytest.mark.rule("FEED-3")
def test_an_internal_entry_leaves_no_trace_that_a_contact_could_see(desk):
    case = desk.owned_case()
    mails = Notice.objects.count()
    entry = post(case, desk.expert, internal=True, body="The customer is difficult.")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.public_version, stored.updated_at) == (case.public_version, case.updated_at)
    assert (stored.version, stored.staff_updated_at) == (case.version + 1, case.staff_updated_at)
    assert Notice.objects.count() == mails
    assert entry not in Entry.objects.visible_to(desk.designated)
    seen = Case.objects.visible_to(desk.designated)
    assert not matching(seen, "difficult", internal=False)
    assert matching(seen, "difficult", internal=True)


@pytest.mark.rule("FEED-3")
def test_files_that_come_with_the_note_of_an_assignment_are_internal_like_the_note(desk):
    case = desk.case()
    desk.act("assign", case, owner=desk.colleague, text="Careful.", files=log_file())
    assert not Attachment.objects.visible_to(desk.designated).exists()
    assert Attachment.objects.get().entry.is_internal

    other = desk.case()
    before = everything_stored()
    with pytest.raises(Invalid):
        desk.act("assign", other, owner=desk.colleague, files=log_file())
    assert everything_stored() == before


def test_a_closed_case_is_reopened_before_anybody_writes_in_public(desk):
    case = desk.case_in("closed")
    before = everything_stored()
    for someone in (desk.designated, desk.expert):
        with pytest.raises(NotPossible):
            post(case, someone)
    assert everything_stored() == before
    post(case, desk.expert, internal=True)


@pytest.mark.parametrize("body", ["", " \n ", "x" * 50_001, "a\x00b", "\ud800"])
def test_a_body_that_cannot_be_stored_is_refused(desk, body):
    case = desk.owned_case()
    before = everything_stored()
    with pytest.raises(Invalid) as refusal:
        post(case, desk.designated, body=body, files=log_file())
    assert refusal.value.field == "body"
    for action in ("ask", "close"):
        with pytest.raises(Invalid) as refusal:
            desk.act(action, case, text=body)
        assert refusal.value.field == "text"
    assert everything_stored() == before


def test_a_stale_page_is_told_and_a_colleagues_note_does_not_make_the_contacts_page_stale(desk):
    case = desk.owned_case()
    post(case, desk.expert, internal=True)
    post(case, desk.designated, seen_version=case.public_version)
    before = everything_stored()
    for someone, seen in [(desk.designated, case.public_version), (desk.expert, case.version)]:
        with pytest.raises(CaseChanged):
            post(case, someone, seen_version=seen)
        with pytest.raises(CaseChanged):
            desk.act("close", case, actor=someone, text="x", seen_version=seen)
    assert everything_stored() == before


def test_two_clicks_of_one_form_are_one_entry(desk):
    case = desk.owned_case()
    submission = uuid.uuid4()
    first = post(case, desk.designated, submission=submission, seen_version=case.public_version)
    before = everything_stored()
    again = post(case, desk.designated, submission=submission, seen_version=case.public_version)
    assert again == first
    assert everything_stored() == before


def test_a_submission_is_of_one_person_and_one_case(desk):
    case, other = desk.owned_case(), desk.owned_case()
    submission = uuid.uuid4()
    post(case, desk.expert, internal=True, submission=submission)
    before = everything_stored()
    for target, someone in [(case, desk.designated), (other, desk.expert), (case, desk.colleague)]:
        with pytest.raises(CaseChanged):
            post(target, someone, submission=submission)
        with pytest.raises(CaseChanged):
            desk.act("close", target, actor=someone, text="x", submission=submission)
    assert everything_stored() == before


@pytest.mark.rule("CASE-8")
@pytest.mark.parametrize("loss", ["account", "staff", "role"])
def test_a_case_whose_owner_cannot_work_it_any_more_is_reopened_to_new(desk, loss):
    case = desk.case_in("closed")
    if loss == "account":
        desk.expert.is_active = False
    elif loss == "staff":
        desk.expert.is_staff = False
    else:
        desk.expert.groups.clear()
    desk.expert.save()
    case = desk.act("reopen", case, actor=desk.designated, text="Again.")
    assert (case.state, case.owner) == ("new", None)
    assert Case.objects.get(pk=case.pk).history.latest().owner is None
    assert case.entries.latest("pk").to_value == "New"


@pytest.mark.rule("CASE-8")
def test_a_case_closed_before_it_was_taken_is_reopened_to_new(desk):
    case = desk.act("close", desk.case(), actor=desk.designated, text="Solved.")
    assert desk.act("reopen", case, actor=desk.designated, text="Not so.").state == "new"


@pytest.mark.rule("CASE-11")
def test_a_link_stands_in_both_feeds_and_so_does_its_end(desk):
    case, other = desk.owned_case(), desk.case()
    actor = Actor.of(desk.expert)
    link = link_cases(
        case_id=other.pk, number=case.number.lower(), kind="related", actor=actor, now=NOW
    )
    assert (link.from_case, link.to_case) == (case, other)
    unlink_cases(link_id=link.pk, actor=actor, now=LATER)
    for each, peer in ((case, other), (other, case)):
        linked, unlinked = each.entries.filter(event__in=["linked", "unlinked"])
        assert (linked.to_value, unlinked.from_value) == (peer.number, peer.number)
        stored = Case.objects.get(pk=each.pk)
        assert stored.version == each.version + 2
        assert stored.public_version == each.public_version + 2
    row = CaseLink.history.latest()
    assert (row.history_type, row.history_user, row.history_date) == ("-", desk.expert, LATER)
    before = everything_stored()
    with pytest.raises(NotPossible):
        unlink_cases(link_id=link.pk, actor=actor, now=LATER)
    assert everything_stored() == before


@pytest.mark.rule("CASE-11")
def test_links_that_cannot_be(desk):
    case, other = desk.owned_case(), desk.case()
    foreign = desk.case(
        actor=Actor.of(desk.outsider),
        deployment=desk.outsider.memberships.get().organization.deployments.get(),
    )
    expert = Actor.of(desk.expert)
    link = link_cases(case_id=case.pk, number=other.number, kind="duplicate", actor=expert, now=NOW)
    before = everything_stored()
    for number, kind in [
        (foreign.number, "related"),
        (case.number, "related"),
        (other.number, "related"),
        ("", "related"),
        (other.number, "cousin"),
    ]:
        with pytest.raises(Invalid):
            link_cases(case_id=case.pk, number=number, kind=kind, actor=expert, now=NOW)
    with pytest.raises(Invalid):  # the other way round it is the same link
        link_cases(case_id=other.pk, number=case.number, kind="duplicate", actor=expert, now=NOW)
    for someone in (desk.designated, staff_of_every_role()["Escalation Owner"]):
        stored = everything_stored()
        with pytest.raises(NotAllowed):
            link_cases(
                case_id=case.pk,
                number=other.number,
                kind="related",
                actor=Actor.of(someone),
                now=NOW,
            )
        with pytest.raises(NotAllowed):
            unlink_cases(link_id=link.pk, actor=Actor.of(someone), now=NOW)
        assert everything_stored() == stored
    assert before["cases_caselink"] == CaseLink.objects.count()


@pytest.mark.rule("SEV-2")
def test_only_staff_change_the_severity_and_the_customer_reads_why(desk):
    case = desk.owned_case()
    changed = change_severity(
        case_id=case.pk, severity=2, reason="Two sites.", actor=Actor.of(desk.expert), now=LATER
    )
    assert (changed.severity, changed.priority) == (2, 3)
    entry = changed.entries.visible_to(desk.designated).latest("pk")
    assert (entry.from_value, entry.to_value, entry.body) == (
        "3 - Medium",
        "2 - High",
        "Two sites.",
    )
    before = everything_stored()
    for someone in (desk.designated, desk.read_only, desk.outsider):
        with pytest.raises(NotAllowed):
            change_severity(
                case_id=case.pk, severity=1, reason="x", actor=Actor.of(someone), now=LATER
            )
    for fields in [
        {"severity": 2},
        {"severity": 9},
        {"severity": 4, "reason": " "},
        {"severity": 4, "reason": "x" * 50_001},
        {"severity": 1},
        {"severity": 1, "phone_24x7": "1" * 41},
    ]:
        with pytest.raises(Invalid):
            change_severity(
                **{
                    "case_id": case.pk,
                    "reason": "x",
                    "actor": Actor.of(desk.expert),
                    "now": LATER,
                    **fields,
                }
            )
    assert everything_stored() == before


def test_a_case_is_handed_over_in_any_open_state_with_an_internal_note(desk):
    case = desk.case_in("awaiting_customer")
    manager = staff_of_every_role()["Product Support Manager"]
    done = reassign(
        case_id=case.pk, owner=desk.colleague, actor=Actor.of(manager), now=LATER, text="Holiday."
    )
    assert (done.owner, done.state) == (desk.colleague, "awaiting_customer")
    public, internal = done.entries.filter(created_at=LATER)
    assert (public.visibility, public.body, public.to_value) == ("public", "", "Cole Colleague")
    assert (internal.visibility, internal.body) == ("internal", "Holiday.")
    before = everything_stored()
    for owner in (desk.colleague, manager, desk.designated):
        with pytest.raises(Invalid):
            reassign(case_id=case.pk, owner=owner, actor=Actor.of(manager), now=LATER)
    with pytest.raises(NotAllowed):
        reassign(case_id=case.pk, owner=desk.expert, actor=Actor.of(desk.designated), now=LATER)
    assert everything_stored() == before


def test_the_actions_of_a_page_cost_one_question_for_a_contact(desk, django_assert_num_queries):
    case = desk.case_in("resolution_proposed")
    with django_assert_num_queries(1):
        assert len(possible_actions(case, actor=Actor.of(desk.designated))) == 3


@pytest.mark.parametrize("text", ["50%", "under_score", "back\\slash", "ÄRGER", "it's"])
def test_the_search_takes_signs_for_what_they_are(desk, text):
    found = desk.case(subject=f"About {text} today")
    desk.case(subject="About 500 underXscore things")
    assert list(matching(Case.objects.all(), text, internal=False)) == [found]


def test_the_search_survives_what_nobody_would_look_for(desk):
    case = desk.case()
    assert not matching(Case.objects.all(), "x" * 100_000, internal=True)
    assert not matching(Case.objects.all(), "%%%", internal=True)
    assert list(matching(Case.objects.all(), f"\x00{case.number.lower()}", internal=True)) == [case]
    assert list(matching(Case.objects.all(), "  ", internal=True)) == [case]
