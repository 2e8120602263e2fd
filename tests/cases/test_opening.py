"""Opening a case (CASE-1), and its number (CASE-10)."""

import itertools
import re
import uuid

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible, SentBefore
from cases.models import Case, Deployment, Notice
from cases.models.cases import NUMBER_ALPHABET, new_case_number
from cases.rules.search import case_number_in
from cases.services.files import check_files
from cases.services.new_cases import NUMBERS_TRIED, open_case
from tests.stored import everything_stored, stored_files
from tests.world import NOW, membership, person

PREFIX = {"commercial": "C", "fedramp": "F"}[settings.REALM]


def draw(monkeypatch, *bodies: str) -> None:
    """The next numbers drawn are these."""
    characters = itertools.chain.from_iterable(bodies)
    monkeypatch.setattr("cases.models.cases.secrets.choice", lambda _: next(characters))


@pytest.mark.rule("CASE-1")
@pytest.mark.rule("SEV-2")
def test_a_new_case_starts_from_what_the_customer_said(desk):
    case = desk.case(priority=2, conversation_id=" 123 ", subject="  Calls drop ")

    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.owner, case.severity, case.priority) == ("new", None, 2, 2)
    assert (case.subject, case.conversation_id) == ("Calls drop", "123")
    assert (case.organization, case.contact) == (desk.organization, desk.designated)
    entry = case.entries.get()
    assert (entry.event, entry.visibility, entry.author) == ("opened", "public", desk.designated)
    row = case.history.get()
    assert (row.history_user, row.history_date) == (desk.designated, NOW)
    assert row.history_change_reason == "opening.open_case"
    assert Notice.objects.get().email == desk.designated.email


@pytest.mark.rule("CASE-1")
@pytest.mark.rule("ACC-6")
@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("subject", {"subject": " "}),
        ("subject", {"subject": "x" * 201}),
        ("subject", {"subject": "a\x00b"}),
        ("description", {"description": "\n"}),
        ("description", {"description": "x" * 50_001}),
        ("description", {"description": "a\ud800b"}),
        ("business_impact", {"business_impact": ""}),
        ("conversation_id", {"conversation_id": "x" * 101}),
        ("phone_24x7", {"phone_24x7": "1" * 41}),
        ("phone_24x7", {"priority": 1}),
        ("phone_24x7", {"priority": 1, "phone_24x7": "  "}),
        ("phone_24x7", {"priority": 1, "phone_24x7": "abc not a number"}),
        ("phone_24x7", {"priority": 1, "phone_24x7": "+1 5550"}),
        ("priority", {"priority": 0}),
        ("priority", {"priority": 5}),
    ],
)
def test_what_cannot_be_accepted_is_refused_by_field_and_nothing_is_stored(desk, field, fields):
    before = everything_stored()
    with pytest.raises(Invalid) as refusal:
        desk.case(**fields)
    assert refusal.value.field == field
    assert everything_stored() == before


def test_the_longest_texts_are_stored_whole(desk):
    case = desk.case(subject="x" * 200, description="y" * 50_000, conversation_id="z" * 100)
    stored = Case.objects.get(pk=case.pk)
    assert (len(stored.subject), len(stored.description)) == (200, 50_000)


@pytest.mark.rule("ACC-1")
@pytest.mark.rule("ACC-4")
def test_only_a_designated_contact_of_the_organization_opens(desk):
    foreign = Deployment.objects.exclude(organization=desk.organization).get()
    suspended = person("sam@acme.example", is_active=False)
    membership(suspended, desk.organization, "designated")
    before = everything_stored()
    tries = [
        {"actor": Actor.of(desk.read_only)},
        {"actor": Actor.of(desk.outsider)},
        {"actor": Actor.of(suspended)},
        {"actor": Actor.of(desk.designated), "deployment": foreign},
        {"actor": Actor.of(desk.read_only), "contact": desk.designated},
        {"actor": Actor.of(desk.outsider), "contact": desk.designated},
        {"actor": Actor.of(desk.expert)},
        {"actor": Actor.of(desk.expert), "contact": desk.read_only},
        {"actor": Actor.of_job("some-job"), "contact": desk.designated},
    ]
    for fields in tries:
        with pytest.raises(NotAllowed):
            open_case(
                **{
                    "now": NOW,
                    "deployment": desk.deployment,
                    "subject": "a",
                    "description": "b",
                    "business_impact": "c",
                    "priority": 3,
                    **fields,
                }
            )
    assert everything_stored() == before


def test_staff_open_for_a_designated_contact_who_called(desk):
    desk.hears(desk.designated, now=NOW)
    case = desk.case(actor=Actor.of(desk.expert), contact=desk.designated)
    assert (case.contact, case.entries.get().author) == (desk.designated, desk.expert)
    assert Notice.objects.get().email == desk.designated.email


def test_a_deployment_out_of_use_is_refused(desk):
    desk.deployment.is_active = False
    with pytest.raises(Invalid):
        desk.case()
    assert not Case.objects.exists()


def test_a_second_click_finds_the_first_ones_case(desk):
    submission = uuid.uuid4()
    first = desk.case(submission=submission)
    before = everything_stored()
    assert desk.case(submission=submission) == first
    assert everything_stored() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Another"},
        {"description": "Another"},
        {"business_impact": "Another"},
        {"conversation_id": "7"},
        {"phone_24x7": "+1 555 0199"},
        {"priority": 2},
        {"files": check_files([SimpleUploadedFile("a.log", b"one line")])},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_another_case_under_the_same_submission_is_refused_and_not_taken_for_the_first(
    desk, fields
):
    submission = uuid.uuid4()
    desk.case(submission=submission)
    before = everything_stored()
    with pytest.raises(SentBefore):
        desk.case(submission=submission, **fields)
    assert everything_stored() == before


def test_the_form_of_somebody_else_is_refused(desk):
    submission = uuid.uuid4()
    desk.case(submission=submission)
    other = person("dora@acme.example")
    membership(other, desk.organization, "designated")
    before = everything_stored()
    with pytest.raises(NotPossible):
        desk.case(submission=submission, actor=Actor.of(other))
    assert everything_stored() == before


@pytest.mark.rule("CASE-10")
def test_numbers_are_short_name_the_realm_and_follow_no_order(desk):
    numbers = [new_case_number() for _ in range(500)]
    assert len(set(numbers)) == 500
    assert all(re.fullmatch(rf"{PREFIX}-[{NUMBER_ALPHABET}]{{7}}", each) for each in numbers)
    assert numbers != sorted(numbers)
    assert not set("OILU") & set(NUMBER_ALPHABET)


@pytest.mark.rule("CASE-10")
def test_a_taken_number_is_drawn_again(desk, monkeypatch, tmp_path):
    draw(monkeypatch, "AAAAAAA", "AAAAAAA", "AAAAAAA", "BBBBBBB")
    first = desk.case()
    files = check_files([SimpleUploadedFile("a.log", b"one line")])
    second = desk.case(files=files, submission=uuid.uuid4())

    assert (first.number, second.number) == (f"{PREFIX}-AAAAAAA", f"{PREFIX}-BBBBBBB")
    assert Case.objects.count() == 2
    assert second.entries.get().attachments.get().file.read() == b"one line"
    assert len(stored_files()) == 1


@pytest.mark.rule("CASE-10")
def test_when_no_number_is_free_the_case_is_refused_and_nothing_stays(desk, monkeypatch):
    draw(monkeypatch, *["AAAAAAA"] * (NUMBERS_TRIED + 1))
    desk.case()
    before = everything_stored()
    with pytest.raises(NotPossible):
        desk.case()
    assert everything_stored() == before


def test_another_broken_constraint_is_a_fault_and_is_not_tried_again(desk, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "cases.services.new_cases.notify", lambda *args, **kwargs: drawn.append(1) or broken()
    )

    def broken():
        raise IntegrityError("something else")

    before = everything_stored()
    # The number of the failed case is not in the database: its row was rolled back.
    with pytest.raises(IntegrityError, match="something else"):
        desk.case()
    assert (len(drawn), everything_stored()) == (1, before)


@pytest.mark.rule("CASE-10")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("c-7q4m2kx", "C-7Q4M2KX"),
        (" C 7Q4 M2KX ", "C-7Q4M2KX"),
        ("C-OIL00AA", "C-01100AA"),
        ("F7Q4M2KX", "F-7Q4M2KX"),
        ("", ""),
    ],
)
def test_a_number_is_found_as_people_say_and_type_it(typed, meant):
    assert case_number_in(typed) == meant
