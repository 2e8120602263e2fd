"""ACC-5: anybody may ask for access; a Designated Contact or staff decides; due in two days."""

import datetime as dt
import re
import uuid

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actors import Actor
from cases.demo.applicants import scenes
from cases.demo.play import Stage
from cases.demo.signins import world
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.jobs.sweeps import deliver_one
from cases.models import Applicant, Membership, Notice, Person
from cases.recipients import MOST_MAILED
from cases.roles import ACCESS_ADMINISTRATOR
from cases.rules.business_time import add_days
from cases.services.applicants import ask, decide
from tests.stored import everything_stored
from tests.world import NOW, membership, person

pytestmark = [pytest.mark.django_db, pytest.mark.realm("commercial")]

PAGE, LIST = "/get-started/", "/applicants/"
ADMIN = "/admin/cases/applicant/"
GOOD = "a quiet harbour at dusk"


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


@pytest.fixture
def administrator(desk):
    return person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,))


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def asked(**changed) -> Applicant:
    return ask(
        **{
            "name": "Nell Newcomer",
            "email": "Nell@acme.example",
            "phone": "+1 555 0100",
            "organization": "acme",
            "role": "designated",
            "note": "I take over from Dana.",
            "submission": uuid.uuid4(),
            "now": NOW,
            **changed,
        }
    )


def decided(applicant, by, **changed) -> Applicant:
    return decide(
        **{
            "applicant_id": applicant.pk,
            "granted": True,
            "role": "read_only",
            "words": "",
            "actor": Actor.of(by),
            "now": NOW,
            **changed,
        }
    )


def typed(**changed) -> dict:
    return {
        "name": "Nell Newcomer",
        "email": "nell@acme.example",
        "phone": "",
        "organization": "ACME",
        "role": "designated",
        "note": "",
        "submission": str(uuid.uuid4()),
        **changed,
    }


@pytest.mark.rule("ACC-5")
def test_who_asked_and_was_granted_signs_in_within_what_was_promised(desk, administrator):
    applicant = asked()
    assert applicant.due_at == add_days(desk.organization.calendar.as_rule(), NOW, 2)
    assert applicant.organization == desk.organization
    told = Notice.objects.filter(event="applicant")
    assert {each.email for each in told} == {desk.designated.email, administrator.email}
    assert not any("Nell" in each.text + each.subject for each in told)  # a stranger typed it
    done = decided(applicant, desk.designated)
    nell = Person.objects.get(email="nell@acme.example")
    assert (done.state, done.person, done.decided_by) == ("granted", nell, desk.designated)
    assert Membership.objects.get(person=nell).role == "read_only"  # as was decided, not asked
    assert not nell.has_usable_password()
    notice = Notice.objects.get(event="applicant_decided")
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", notice.text).group(1)
    while deliver_one(NOW):
        pass
    notice.refresh_from_db()
    assert link not in notice.text
    browser = Client()
    form = browser.get(browser.get(link).url)
    assert form.status_code == 200
    browser.post(form.request["PATH_INFO"], {"password1": GOOD, "password2": GOOD})
    assert Person.objects.get(pk=nell.pk).check_password(GOOD)


@pytest.mark.rule("ACC-5")
def test_who_was_declined_reads_why_and_gets_nothing(desk, administrator):
    applicant = asked()
    with pytest.raises(Invalid):
        decided(applicant, administrator, granted=False, words=" ")
    decided(applicant, administrator, granted=False, words="Nobody knows you here.")
    assert not Person.objects.filter(email="nell@acme.example").exists()
    assert "Nobody knows you here." in Notice.objects.get(event="applicant_decided").text
    with pytest.raises(NotPossible, match="already"):
        decided(applicant, administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Applicant.objects.filter(pk=applicant.pk).update(state="granted")


@pytest.mark.rule("ACC-5")
def test_a_designated_contact_of_the_organization_or_access_administrators_decide(
    desk, administrator
):
    applicant = asked()
    before = everything_stored()
    for someone in (desk.read_only, desk.outsider, desk.expert):
        with pytest.raises(NotAllowed):
            decided(applicant, someone)
    for changed in ({"role": "owner"}, {"role": ""}):
        with pytest.raises(Invalid):
            decided(applicant, desk.designated, **changed)
    assert everything_stored() == before
    # An address of staff, or of somebody who was disabled, is nobody to give access to.
    for email in (desk.expert.email, person("gone@acme.example", is_active=False).email):
        with pytest.raises(NotPossible):
            decided(asked(email=email), desk.designated)


@pytest.mark.rule("ACC-5")
def test_somebody_who_has_a_password_keeps_it_and_is_told(desk):
    decided(asked(email=desk.outsider.email), desk.designated)
    assert desk.outsider.memberships.count() == 2
    notice = Notice.objects.get(event="applicant_decided")
    assert "Sign in with your password" in notice.text
    assert "/reset/" not in notice.text


@pytest.mark.rule("ACC-5")
def test_an_unknown_organization_waits_for_staff_who_say_which_it_is(desk, administrator):
    applicant = asked(organization="The Acme people")
    assert applicant.organization is None
    assert applicant.due_at == NOW + dt.timedelta(hours=48)
    assert [each.email for each in Notice.objects.all()] == [administrator.email]
    with pytest.raises(NotAllowed):
        decided(applicant, desk.designated)
    with pytest.raises(Invalid):
        decided(applicant, administrator)
    decided(applicant, administrator, organization=desk.organization)
    assert Membership.objects.filter(person__email="nell@acme.example").exists()


@pytest.mark.rule("ACC-5")
def test_the_answer_does_not_tell_which_organizations_and_people_there_are(desk):
    pages = set()
    for changed in (
        {},
        {"organization": "nobody-knows"},
        {"organization": str(desk.organization.org_id)},
        {"email": desk.designated.email},
    ):
        answer = Client().post(PAGE, typed(**changed), follow=True)
        assert answer.status_code == 200
        pages.add(re.sub(r'nonce="[^"]*"', "", answer.content.decode()))
    assert len(pages) == 1
    # The third one is the first one's, by another name of the organization.
    assert Applicant.objects.count() == 3


@pytest.mark.rule("ACC-5")
def test_a_second_click_and_a_second_form_make_no_second_request(desk):
    form = typed()
    for _ in range(2):
        assert Client().post(PAGE, form).status_code == 302
    assert Client().post(PAGE, typed()).status_code == 302
    applicant = Applicant.objects.get()
    row = applicant.history.get()
    assert (row.history_user, row.history_change_reason) == (None, "job: get-started")
    decided(applicant, desk.designated, granted=False, words="Not yet.")
    assert Client().post(PAGE, typed()).status_code == 302  # asked anew
    assert Applicant.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("email", "no address"),
        ("organization", " "),
        ("organization", "x" * 151),
        ("role", "owner"),
        ("note", "x" * 2001),
        ("note", "x" * 10_000_000),
        ("note", "a\x00b"),
        ("submission", "no uuid"),
    ],
)
def test_bad_input_is_named_and_stores_nothing(desk, field, value):
    before = everything_stored()
    page = Client().post(PAGE, typed(**{field: value}))
    assert page.status_code == 422
    assert "Nothing has been sent yet" in page.content.decode()
    assert everything_stored() == before


def test_nobody_floods_the_desk_with_requests(desk):
    for number in range(10):
        form = typed(email=f"n{number}@acme.example")
        assert Client().post(PAGE, form).status_code == 302
    before = everything_stored()
    assert Client().post(PAGE, typed()).status_code == 429
    assert everything_stored() == before
    # From many addresses: the contacts are mailed of some, and see the others on their page.
    for number in range(10):
        asked(email=f"m{number}@acme.example")
    told = Notice.objects.filter(event="applicant", email=desk.designated.email)
    assert told.count() == MOST_MAILED
    assert Applicant.objects.count() == 20


@pytest.mark.rule("ACC-5")
def test_the_pages_of_a_designated_contact(desk):
    applicant = asked(now=timezone.now() - dt.timedelta(days=30))
    contact = signed_in(desk.designated)
    page = contact.get(LIST).content.decode()
    assert "Nell Newcomer" in page
    assert "is late" in page
    address = f"{LIST}{applicant.pk}/"
    assert contact.get(address).status_code == 200
    form = {"submission": str(uuid.uuid4()), "role": "read_only", "decision": "decline"}
    assert contact.post(address, form).status_code == 422
    assert contact.post(address, {**form, "words": "Who are you?"}).url == LIST
    assert "Who are you?" in contact.get(LIST).content.decode()
    assert contact.post(address, {**form, "decision": "grant"}).url == LIST
    assert Applicant.objects.get().state == "declined"
    assert signed_in(desk.outsider).get(address).status_code == 404
    assert "Nell" not in signed_in(desk.outsider).get(LIST).content.decode()


@pytest.mark.rule("ACC-5")
def test_the_queue_of_access_administrators(desk, administrator):
    known, unknown = asked(), asked(organization="Acme Inc", email="o@acme.example")
    staff = signed_in(administrator)
    page = staff.get(f"{ADMIN}?state__exact=waits").content.decode()
    assert "unknown: Acme Inc" in page
    assert re.search(r"Requests for access\s*</span>\s*<span[^>]*>\s*2\b", page)
    shown = staff.get(f"{ADMIN}{unknown.pk}/change/").content.decode()
    assert f"{ADMIN}{unknown.pk}/decide/" in shown
    form = {"decision": "grant", "role": "read_only", "submission": str(uuid.uuid4())}
    address = f"{ADMIN}{unknown.pk}/decide/"
    assert staff.post(address, form).status_code == 422
    assert staff.post(address, {**form, "organization": desk.organization.pk}).status_code == 302
    assert staff.post(address, {**form, "organization": desk.organization.pk}).status_code == 302
    assert staff.post(f"{ADMIN}{known.pk}/decide/", form).status_code == 302
    assert set(Applicant.objects.values_list("state", flat=True)) == {"granted"}
    assert Person.objects.filter(email__in=["nell@acme.example", "o@acme.example"]).count() == 2


def test_the_lists_take_the_same_queries_for_many(desk, administrator):
    contact, staff = signed_in(desk.designated), signed_in(administrator)
    counts = []
    for begin in (0, 10):
        for number in range(begin, begin + 10):
            applicant = asked(email=f"p{number}@acme.example")
            if number % 2:
                decided(applicant, desk.designated)
        for client, address in ((contact, LIST), (staff, ADMIN)):
            client.get(address)
            with CaptureQueriesContext(connection) as found:
                assert client.get(address).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 15


def test_a_partner_asks_for_a_second_organization(desk):
    """ACC-3: the role is held per organization, so is the request."""
    globex = desk.outsider.memberships.get().organization
    asked()
    asked(organization="globex")
    assert Applicant.objects.filter(organization=globex).count() == 1
    membership(desk.read_only, globex, "designated")
    decided(Applicant.objects.get(organization=globex), desk.read_only)
    assert Applicant.objects.get(organization=globex).state == "granted"


def test_the_demo_has_some_who_wait_one_who_is_late_and_some_who_were_decided_on():
    now = timezone.now()
    scenes(Stage(world(), now))
    states = list(Applicant.objects.order_by("asked_at").values_list("state", flat=True))
    assert states == ["declined", "granted", "waits", "waits", "waits"]
    assert Applicant.objects.filter(state="waits", due_at__lt=now).count() == 1
    assert Applicant.objects.filter(state="waits", organization=None).count() == 1
