"""FEED-3: the numbers of placeholders tell a contact nothing of what contacts cannot read."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actors import Actor
from cases.errors import Invalid
from cases.models import Attachment, Case, Entry
from cases.services.feeds import post_entry
from cases.services.files import check_files
from escalations.models import ManagerEngagement
from fedramp.models import Placeholder, ScrubReport
from fedramp.scrubbing.feedback import files_of, marks_of
from fedramp.services.redactions import ask, targets
from fedramp.services.scrub_reports import redact_passage, review, say_not_personal
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp"), pytest.mark.rule("FEED-3")]
LATER = NOW + dt.timedelta(hours=1)
SECRET = "816-555-0142"
INTERNAL = "[PHONE-100001]"


def write(case, who, body, **more):
    post_entry(case_id=case.pk, actor=Actor.of(who), now=NOW, body=body, **more)
    return Entry.objects.latest("pk").body


def guess(desk, case):
    """What the contact reads who writes the number of the note, and then one that is new."""
    return [
        write(case, desk.designated, f"Is it {number} perhaps?")
        for number in (SECRET, "303-555-0199")
    ]


NEW = ["Is it [PHONE-1] perhaps?", "Is it [PHONE-2] perhaps?"]


def by_note(desk, case):
    assert write(case, desk.expert, f"Ring {SECRET}.", internal=True) == f"Ring {INTERNAL}."


def by_file(desk, case):
    files = check_files([SimpleUploadedFile("a.log", f"Ring {SECRET}.".encode())])
    write(case, desk.expert, "see the file", internal=True, files=files)
    assert Attachment.objects.get().file.read() == f"Ring {INTERNAL}.".encode()


def by_file_name(desk, case):
    files = check_files([SimpleUploadedFile(f"{SECRET}.log", b"nothing")])
    write(case, desk.expert, "see the file", internal=True, files=files)
    assert "PHONE-100001" in Attachment.objects.get().name


def by_redaction(desk, case):
    target = targets(case)[0].key
    reason = f"It says {SECRET}."
    asked = ask(case_id=case.pk, target=target, reason=reason, actor=Actor.of(desk.expert), now=NOW)
    assert asked.reason == f"It says {INTERNAL}."


def by_engagement(desk, case):
    note = ManagerEngagement.objects.create(
        case=case,
        manager=desk.colleague,
        engaged_by=desk.expert,
        engaged_at=NOW,
        note=f"Ring {SECRET}.",
    )
    assert note.note == f"Ring {INTERNAL}."


@pytest.mark.parametrize("by", [by_note, by_file, by_file_name, by_redaction, by_engagement])
def test_a_guess_gets_a_number_like_any_other_and_none_is_left_out(desk, by):
    case = desk.owned_case()
    by(desk, Case.objects.get(pk=case.pk))
    assert guess(desk, case) == NEW
    assert Placeholder.objects.filter(is_internal=True).count() == 1


def test_without_a_note_the_same_is_read(desk):
    assert guess(desk, desk.owned_case()) == NEW


def test_staff_read_in_a_note_the_number_that_contacts_read(desk):
    case = desk.owned_case()
    by_note(desk, case)
    guess(desk, case)
    assert write(case, desk.expert, f"Yes, {SECRET}.", internal=True) == "Yes, [PHONE-1]."
    assert write(case, desk.expert, "Or 913-555-0100.", internal=True) == "Or [PHONE-100002]."


def test_neither_a_reason_nor_a_typed_placeholder_tells_of_a_note(desk):
    """What a contact types in a report is compared with what contacts can read alone."""
    case = desk.owned_case()
    write(case, desk.expert, "user: quillon_prod7 fails.", internal=True)
    assert "USERNAME-100001" in Entry.objects.latest("pk").body
    files = check_files([SimpleUploadedFile("a.log", b"Mail tess@x.gov or [USERNAME-100001].")])
    write(case, desk.designated, "Mail tess@x.gov, not [USERNAME-100001].", files=files)
    case = Case.objects.get(pk=case.pk)
    (mark,) = marks_of(case, desk.designated)
    assert mark.placeholder == "[EMAIL-1]"
    (file,) = files_of(case, desk.designated)
    by = {"case_id": case.pk, "actor": Actor.of(desk.designated), "now": LATER}
    with pytest.raises(Invalid):
        say_not_personal(
            marks=[], reason="", file=str(file.public_id), placeholders="USERNAME-100001", **by
        )
    (report,) = say_not_personal(marks=[mark.key], reason="“quillon_prod7” or a town.", **by)
    assert report.reason == "“quillon_prod7” or a town."
    remark = "Not quillon_prod7."
    actor = Actor.of(desk.expert)
    review(report_id=report.pk, personal=True, remark=remark, actor=actor, now=LATER)
    # The contact reads the remark: what staff know is removed, by a number of the contact's series.
    assert ScrubReport.objects.get().remark == "Not [USERNAME-1]."


def test_a_passage_that_staff_mark_in_a_note_is_numbered_by_who_reads_it(desk):
    case = desk.owned_case(description="The Aldebaran fails.")
    for body in ("it is xqcanary alone", "it is aldebaran"):
        write(case, desk.expert, body, internal=True)
        entry = Entry.objects.latest("pk")
        redact_passage(
            case_id=case.pk,
            text=f"cases.entry:{entry.pk}:body",
            kind="PRIVATE",
            passage=body.removeprefix("it is ").removesuffix(" alone"),
            actor=Actor.of(desk.expert),
            now=LATER,
        )
    bodies = list(Entry.objects.filter(visibility="internal").values_list("body", flat=True))
    assert bodies == ["it is [PRIVATE-100001] alone", "it is [PRIVATE-1]"]
    assert Case.objects.get().description == "The [PRIVATE-1] fails."
