"""Many at once, over HTTP: who accepts an invitation, guesses a PIN, or decides the same thing.

As in test_access_races.py, and with negative controls; here the whole way is real.
"""

import time
import uuid
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases.actors import Actor
from cases.models import Membership, Person
from cases.roles import ACCESS_ADMINISTRATOR
from cases.services.files import check_files
from fedramp.models import FileReview, Invitation, Pin, PinCheck, QuarantinedFile, RequestedPerson
from fedramp.services import access, file_reviews, invitations, pins
from tests import world
from tests.concurrency.sending import Sender, statuses
from tests.concurrency.test_races import fails_at_least_once
from tests.concurrency.together import together
from tests.fedramp.test_invitations import token_of

pytestmark = [pytest.mark.realm("fedramp"), pytest.mark.servers]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def desk(transactional_db: None) -> world.Desk:
    return world.build()


def unlocked(model: Any) -> Any:
    """A look at the row that takes no lock, and takes its time."""

    def look(pk: int) -> Any:
        found = model.objects.get(pk=pk)
        time.sleep(0.1)
        return found

    return look


# --- FED-3: an invitation


def twenty_accept(server: Any) -> None:
    nell = Person.objects.create(email=f"{uuid.uuid4()}@acme.example", name="N", password="!")
    job = Actor.of_job("test")
    token = token_of(invitations.invite(person_id=nell.pk, actor=job, now=timezone.now()))
    sender = Sender(server, f"/invitation/{token}/")
    words = [f"a quiet harbour at dusk {number}" for number in range(20)]
    answers = together([sender.form(new_password1=each, new_password2=each) for each in words])
    assert statuses(answers) == [302] + [410] * 19
    [won] = [word for word, (status, _) in zip(words, answers, strict=True) if status == 302]
    assert check_password(won, Person.objects.get(pk=nell.pk).password)
    assert Pin.objects.filter(person=nell).count() == 1


@pytest.mark.rule("FED-3")
def test_of_twenty_who_accept_one_invitation_one_does(desk: Any, server: Any) -> None:
    twenty_accept(server)


def test_without_the_lock_several_accept(desk: Any, server: Any, monkeypatch: Any) -> None:
    def look(token_hash: str) -> Invitation | None:
        rows = Invitation.objects.select_related("notice", "person")
        found = rows.filter(token_hash=token_hash).first()
        time.sleep(0.1)
        return found

    monkeypatch.setattr(invitations, "_lock", look)
    fails_at_least_once(twenty_accept, server)


# --- FED-5: a PIN


def thirty_guess(desk: Any, server: Any) -> None:
    owner, now = Actor.of(desk.designated), timezone.now()
    digits = pins.digits_of(pins.renew(person_id=desk.designated.pk, actor=owner, now=now))
    before = PinCheck.objects.filter(outcome="miss").count()
    sender = Sender(server, "/admin/fedramp/pincheck/telephone/", desk.expert)
    wrong = [f"{(int(digits) + 1 + number) % 1_000_000:06}" for number in range(30)]
    answers = together([sender.form(email=desk.designated.email, pin=each) for each in wrong])
    assert statuses(answers) == [422] * 30
    assert all("No match." in said for _, said in answers), "a locked one answers alike"
    assert PinCheck.objects.filter(outcome="miss").count() - before == 5
    assert Pin.objects.get(person=desk.designated).locked_at is not None


@pytest.mark.rule("FED-5")
def test_of_thirty_guesses_at_once_five_are_compared(desk: Any, server: Any) -> None:
    thirty_guess(desk, server)


def test_without_the_lock_more_are_compared(desk: Any, server: Any, monkeypatch: Any) -> None:
    def look(person_id: int) -> Pin | None:
        found = Pin.objects.filter(person_id=person_id).first()
        time.sleep(0.1)
        return found

    monkeypatch.setattr(pins, "lock_pin", look)
    fails_at_least_once(thirty_guess, desk, server)


# --- FED-9: a line of an Admin case


def two_decide(desk: Any, server: Any, people: list[Person]) -> None:
    """One grants and the other declines: what holds is all of one's, and nothing of the other's."""
    email = f"{uuid.uuid4()}@acme.example"
    request = access.ask(
        organization=desk.organization,
        people=[access.Asked("Nell Newcomer", email, "designated")],
        note="",
        submission=uuid.uuid4(),
        actor=Actor.of(desk.designated),
        now=timezone.now(),
    )
    row = request.people.get()
    address = f"/admin/fedramp/requestedperson/{row.pk}/decide/"
    first, second = (Sender(server, address, each) for each in people)
    answers = together(
        [first.form(decision="grant"), second.form(decision="decline", words="Unknown to us.")]
    )
    assert statuses(answers) == [302, 302]
    row = RequestedPerson.objects.get(pk=row.pk)
    granted = row.state == RequestedPerson.State.GRANTED
    assert (row.decided_by, row.words) == (
        (people[0], "") if granted else (people[1], "Unknown to us.")
    )
    assert row.history.filter(history_change_reason="access.decide").count() == 1
    assert Membership.objects.filter(person__email=email).exists() == granted
    assert Invitation.objects.filter(person__email=email).exists() == granted


@pytest.fixture
def administrators(desk: Any) -> list[Person]:
    names = ("ada", "abe")
    return [
        world.person(f"{each}@support.example", roles=(ACCESS_ADMINISTRATOR,)) for each in names
    ]


@pytest.mark.rule("FED-9")
def test_of_two_who_decide_on_a_person_one_does(
    desk: Any, server: Any, administrators: Any
) -> None:
    for _ in range(3):
        two_decide(desk, server, administrators)


def test_without_the_lock_both_decide(
    desk: Any, server: Any, administrators: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(access, "_lock", unlocked(RequestedPerson))
    fails_at_least_once(two_decide, desk, server, administrators)


# --- FED-7: a file that a second person reviews


def two_look(desk: Any, server: Any, people: list[Person]) -> None:
    acceptance = file_reviews.submit(
        case_id=desk.owned_case().pk,
        file=check_files([SimpleUploadedFile("screen.png", PNG)])[0],
        reason="Only the picture shows the colours.",
        looked=True,
        submission=uuid.uuid4(),
        actor=Actor.of(desk.expert),
        now=timezone.now(),
    )
    address = f"/admin/fedramp/filereview/{acceptance.pk}/decide/"
    first, second = (Sender(server, address, each) for each in people)
    answers = together(
        [first.form(decision="accept", looked="on"), second.form(decision="decline")]
    )
    assert statuses(answers) == [302, 302]
    acceptance = FileReview.objects.get(pk=acceptance.pk)
    accepted = acceptance.state == FileReview.State.ACCEPTED
    assert acceptance.decided_by == people[0 if accepted else 1]
    assert acceptance.history.filter(history_change_reason="accepting.decide").count() == 1
    assert not QuarantinedFile.objects.filter(attachment=acceptance.attachment_id).exists()
    file = acceptance.attachment
    stored = bool(file.file) and file.file.storage.exists(file.file.name)
    assert stored == accepted == (file.scan_state == "not_scanned")


@pytest.fixture
def experts(desk: Any) -> list[Person]:
    return [desk.colleague, world.person("elsa@support.example", roles=("Support Expert",))]


@pytest.mark.rule("FED-7")
def test_of_two_who_decide_on_a_file_one_does(desk: Any, server: Any, experts: Any) -> None:
    for _ in range(3):
        two_look(desk, server, experts)


def test_without_the_lock_both_decide_on_the_file(
    desk: Any, server: Any, experts: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(file_reviews, "lock", unlocked(FileReview))
    fails_at_least_once(two_look, desk, server, experts)
