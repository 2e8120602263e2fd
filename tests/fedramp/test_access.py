"""FED-9: an Admin case asks for access for people; each is decided on, who is granted invited."""

import datetime as dt
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Membership, Notice, Person
from cases.roles import ACCESS_ADMINISTRATOR, AUDITOR
from cases.services.new_cases import open_case
from fedramp.models import AccessRequest, Invitation, RequestedPerson
from fedramp.services.access import Asked, ask, decide, read_list, state_of
from fedramp.services.invitations import accept
from tests.fedramp.test_invitations import GOOD, deliver, token_of
from tests.stored import everything_stored
from tests.world import NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("fedramp")]

NELL = Asked("Nell Newcomer", "nell@acme.example", "designated")
OTTO = Asked("Otto Other", "otto@acme.example", "read_only")
PAGE, LIST = "/access/ask/", "/access/"


@pytest.fixture
def administrator(desk):
    return person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))


def asked(desk, *people: Asked, **changed) -> AccessRequest:
    return ask(
        **{
            "organization": desk.organization,
            "people": people or (NELL, OTTO),
            "note": "New on the team.",
            "submission": uuid.uuid4(),
            "actor": Actor.of(desk.designated),
            "now": NOW,
            **changed,
        }
    )


@pytest.mark.rule("FED-9")
def test_each_person_is_decided_on_and_each_granted_one_is_invited(desk, administrator):
    request = asked(desk)
    assert [each.email for each in Notice.objects.filter(event="access_asked")] == [
        administrator.email
    ]
    nell, otto = request.people.all()
    by = Actor.of(administrator)
    decide(row_id=nell.pk, granted=True, words="", actor=by, now=NOW)
    decide(row_id=otto.pk, granted=False, words="Has left.", actor=by, now=NOW)
    someone = Person.objects.get(email=NELL.email)
    assert Membership.objects.get(person=someone).role == "designated"
    assert not Person.objects.filter(email=OTTO.email).exists()
    invitation = Invitation.objects.get()
    assert (invitation.person, invitation.invited_by) == (someone, administrator)

    def state(row: RequestedPerson) -> str:
        return state_of(RequestedPerson.objects.get(pk=row.pk), NOW)

    assert state(nell) == "Granted. Invitation: Being sent"
    token = token_of(invitation)
    deliver(NOW)
    assert state(nell) == "Granted. Invitation: Sent, not accepted yet"
    accept(token=token, password=GOOD, now=NOW)
    assert state(nell) == "Granted: has access"
    assert state(otto) == "Declined"
    told = Notice.objects.filter(event="access_decided")
    assert {each.email for each in told} == {desk.designated.email}
    assert told.count() == 2
    assert not any(name in each.text for each in told for name in ("Nell", "Otto", "left"))
    with pytest.raises(NotPossible):
        decide(row_id=nell.pk, granted=False, words="Twice.", actor=by, now=NOW)


@pytest.mark.rule("FED-9")
def test_who_asks_and_who_decides(desk, administrator):
    before = everything_stored()
    for someone in (desk.read_only, desk.outsider, desk.expert, administrator):
        with pytest.raises(NotAllowed):
            asked(desk, actor=Actor.of(someone))
    assert everything_stored() == before
    row = asked(desk, NELL).people.get()
    before = everything_stored()
    for someone in (desk.designated, desk.expert, desk.read_only):
        with pytest.raises(NotAllowed):
            decide(row_id=row.pk, granted=True, words="", actor=Actor.of(someone), now=NOW)
    with pytest.raises(Invalid):
        decide(row_id=row.pk, granted=False, words=" ", actor=Actor.of(administrator), now=NOW)
    assert everything_stored() == before
    # Somebody who asked as a contact, and joined the staff since, does not decide on it.
    AccessRequest.objects.update(asked_by=administrator)
    with pytest.raises(NotAllowed, match="Somebody else"):
        decide(row_id=row.pk, granted=True, words="", actor=Actor.of(administrator), now=NOW)


@pytest.mark.rule("FED-9")
def test_a_second_click_and_people_who_are_there_already(desk, administrator):
    submission = uuid.uuid4()
    first = asked(desk, NELL, submission=submission)
    assert asked(desk, NELL, submission=submission) == first
    assert RequestedPerson.objects.count() == 1
    with pytest.raises(Invalid, match="waiting for it: nell"):
        asked(desk, NELL)
    rudi = Asked("Rudi", desk.read_only.email, "read_only")
    with pytest.raises(Invalid, match="rudi"):
        asked(desk, rudi)
    # Another role of somebody who is there: granted at once, without an invitation.
    row = asked(desk, Asked("Rudi", desk.read_only.email, "designated")).people.get()
    decide(row_id=row.pk, granted=True, words="", actor=Actor.of(administrator), now=NOW)
    assert Membership.objects.get(person=desk.read_only).role == "designated"
    assert not Invitation.objects.exists()
    staff = asked(desk, Asked("Erin", desk.expert.email, "read_only")).people.get()
    with pytest.raises(NotPossible, match="belongs to staff"):
        decide(row_id=staff.pk, granted=True, words="", actor=Actor.of(administrator), now=NOW)


@pytest.mark.rule("FED-9")
def test_a_list_is_checked_line_by_line():
    people, wrong = read_list(
        "name, e-mail, role\n"
        "Nell Newcomer, NELL@acme.example, Designated\n"
        '"Other, Otto", otto@acme.example\n'
        "\n"
        "Nobody, no address, Read-Only\n"
        ", a@acme.example, Read-Only\n"
        "Nell again, nell@acme.example, Read-Only\n"
        "Boss, boss@acme.example, Chief\n"
        "A, b@acme.example, Designated, more\n"
    )
    assert people == [NELL, Asked("Other, Otto", "otto@acme.example", "read_only")]
    assert [each.split(":")[0] for each in wrong] == [f"Line {n}" for n in (5, 6, 7, 8, 9)]
    assert read_list("")[1] == ["Name at least one person."]
    many = "\n".join(f"P, p{n}@acme.example" for n in range(201))
    assert read_list(many)[1] == ["At most 200 people at a time."]


def test_the_pages_of_who_asks_and_who_decides(desk, administrator, sign_in):
    contact, staff = sign_in(desk.designated), sign_in(administrator)
    assert contact.get(PAGE).status_code == 200
    form = {
        "organization": desk.organization.pk,
        "people": "Nell Newcomer, nell@acme.example, Designated\nbad line",
        "note": "",
        "submission": str(uuid.uuid4()),
    }
    page = contact.post(PAGE, form)
    assert page.status_code == 422
    assert "Line 2" in page.content.decode()
    assert "nell@acme.example" in page.content.decode()  # what was typed is still there
    for name, content in (("x.csv", b"\xff\xfe\x00"), ("x.csv", b"x" * 200_001), ("x", b"a,b")):
        file = SimpleUploadedFile(name, content)
        assert contact.post(PAGE, {**form, "people": "", "file": file}).status_code == 422
    other = {**form, "organization": desk.outsider.memberships.get().organization_id}
    assert contact.post(PAGE, other).status_code == 422
    assert not AccessRequest.objects.exists()
    file = SimpleUploadedFile("x.csv", "\ufeffNell, nell@acme.example, Designated".encode())
    assert contact.post(PAGE, {**form, "people": "", "file": file}).url == LIST
    assert "Waiting for a decision" in contact.get(LIST).content.decode()
    assert "nell@acme.example" not in sign_in(desk.outsider).get(LIST).content.decode()

    row = RequestedPerson.objects.get()
    queue = reverse("admin:fedramp_requestedperson_changelist")
    address = reverse("admin:fedramp_requestedperson_decide", args=[row.pk])
    assert "nell@acme.example" in staff.get(queue).content.decode()
    shown = reverse("admin:fedramp_requestedperson_change", args=[row.pk])
    assert address in staff.get(shown).content.decode()
    assert staff.get(address).status_code == 200
    assert staff.post(address, {}).status_code == 422
    decision = {"decision": "grant", "submission": str(uuid.uuid4())}
    assert staff.post(address, decision).status_code == 302
    assert staff.post(address, decision).status_code == 302  # the second click: told, and no more
    assert Invitation.objects.count() == 1


def test_the_list_takes_the_same_queries_for_many_people(desk, administrator, sign_in):
    contact = sign_in(desk.designated)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert contact.get(LIST).status_code == 200
        return len(found)

    counts = []
    for begin in (0, 10):
        people = [Asked("P", f"p{n}@acme.example", "read_only") for n in range(begin, begin + 10)]
        for row in asked(desk, *people).people.all():
            decide(row_id=row.pk, granted=True, words="", actor=Actor.of(administrator), now=NOW)
        counts.append(queries())
    assert counts[0] == counts[1] <= 15


def test_the_demo_has_something_in_each_queue_and_state(sign_in):
    from cases.demo.play import Stage
    from cases.demo.signins import signins, world
    from fedramp.demo import furnish
    from fedramp.models import Pin, PinCheck, Redaction, ScrubReport, Skill

    stage = Stage(world(), timezone.now())
    organization = stage.organizations["harbor-benefits"]
    open_case(
        actor=stage.actors[world().contacts[0].email],
        now=timezone.now(),
        deployment=organization.deployments.first(),
        subject="No audio",
        description="Since this morning.",
        business_impact="Nobody can work.",
        priority=3,
    )
    furnish(stage)
    assert Pin.objects.count() == len(world().contacts)
    assert Pin.objects.exclude(locked_at=None).count() == 1
    assert RequestedPerson.objects.filter(state="asked").count() == 2
    assert set(RequestedPerson.objects.values_list("state", flat=True)) == {
        *RequestedPerson.State.values
    }
    assert set(Redaction.objects.values_list("state", flat=True)) == {*Redaction.State.values}
    reports = set(ScrubReport.objects.values_list("said", "state"))
    assert {state for said, state in reports if said == "not_personal"} == {
        *ScrubReport.State.values
    }
    assert ("missed", "asked") in reports
    assert {*PinCheck.objects.values_list("outcome", flat=True)} == {
        "match",
        "miss",
        "locked",
        "unknown",
    }
    now = timezone.now()
    assert Skill.objects.run_out(now).count() == 1
    assert Skill.objects.due_for_review(now, dt.timedelta(days=30)).count() == 1
    assert Skill.objects.exclude(withdrawn_at=None).count() == 1
    assert Person.objects.filter(groups__name=AUDITOR).count() == 1
    administrator = next(each.email for each in signins() if each.what == ACCESS_ADMINISTRATOR)
    page = sign_in(Person.objects.get(email=administrator)).get("/admin/fedramp/skill/")
    badge = r"(Admin cases|FedRAMP skills)\s*</span>\s*<span[^>]*>\s*(\d+)"
    badges = re.findall(badge, page.content.decode())
    assert dict(badges) == {"Admin cases": "2", "FedRAMP skills": "2"}


@pytest.mark.rule("FED-9")
def test_a_hostile_list_is_refused_or_harmless(desk, administrator, sign_in):
    """What a spreadsheet would run is no name; what is too much is said, and stores nothing."""
    contact = sign_in(desk.designated)

    def sent(content: bytes) -> int:
        form = {"organization": desk.organization.pk, "note": "", "submission": uuid.uuid4()}
        file = SimpleUploadedFile("people.csv", content)
        return contact.post(PAGE, {**form, "people": "", "file": file}).status_code

    lines = b"".join(b"P, p%d@acme.example\r\n" % number for number in range(10_000))
    before = everything_stored()
    for hostile in (
        lines,
        b"\xef\xbb\xbf",
        b"\x00" * 100,
        b'"' + b"x" * 150_000,
        b"=HYPERLINK(1), a@acme.example, Designated",
        b"+1+cmd|x, a@acme.example",
        b"@SUM(A1), a@acme.example",
        b"Nell, a@acme.example\nOtto, A@ACME.example",
        "Nell, n\u0435ll@acme.example\u200b".encode(),
    ):
        assert sent(hostile) == 422, hostile[:40]
    assert everything_stored() == before
    assert sent("\ufeffNell; the new one, nell@acme.example\r\n\r\n".encode()) == 302
    assert RequestedPerson.objects.get().name == "Nell; the new one"
    assert sent("Nell\u202e\0, turned@acme.example\0".encode()) == 302
    assert RequestedPerson.objects.get(email="turned@acme.example").name == "Nell"
