"""Many at once: one invitation is accepted once, and of many guesses at a PIN five are compared."""

import time

import pytest
from django.db import OperationalError

from cases.actors import Actor
from cases.errors import NotPossible
from cases.models import Person
from fedramp.models import Invitation, Pin, PinCheck
from fedramp.services import invitations, pins
from tests.concurrency.together import together
from tests.fedramp.test_invitations import token_of
from tests.world import NOW, build

pytestmark = pytest.mark.realm("fedramp")


@pytest.fixture
def desk(transactional_db):
    return build()


def accept_at_once(many: int) -> list[Person]:
    """Who got through, of so many that accept a fresh invitation."""
    someone = Person.objects.create(email=f"p{time.time_ns()}@acme.example", name="P", password="!")
    invitation = invitations.invite(person_id=someone.pk, actor=Actor.of_job("test"), now=NOW)
    token = token_of(invitation)
    outcomes = together(
        [
            lambda number=number: invitations.accept(
                token=token, password=f"the password of number {number}", now=NOW
            )
            for number in range(many)
        ]
    )
    won = [each for each in outcomes if isinstance(each, Person)]
    assert all(isinstance(each, Person | NotPossible | OperationalError) for each in outcomes)
    return won


@pytest.mark.rule("FED-3")
def test_of_twenty_who_accept_one_invitation_one_does(desk):
    assert len(accept_at_once(20)) == 1
    assert Pin.objects.count() == 1


@pytest.mark.servers
def test_without_the_lock_more_than_one_accepts(desk, monkeypatch):
    def unlocked(token_hash: str) -> Invitation | None:
        rows = Invitation.objects.select_related("notice", "person")
        found = rows.filter(token_hash=token_hash).first()
        time.sleep(0.05)
        return found

    monkeypatch.setattr(invitations, "_lock", unlocked)
    assert any(len(accept_at_once(8)) > 1 for _ in range(5))


def guess_at_once(desk, many: int) -> int:
    """How many of the wrong guesses were compared with a fresh PIN."""
    owner = Actor.of(desk.designated)
    digits = pins.digits_of(pins.renew(person_id=desk.designated.pk, actor=owner, now=NOW))
    expert = Actor.of(desk.expert)
    before = PinCheck.objects.filter(outcome="miss").count()
    outcomes = together(
        [
            lambda number=number: pins.check(
                email=desk.designated.email,
                digits=f"{(int(digits) + 1 + number) % 1_000_000:06}",
                actor=expert,
                now=NOW,
            )
            for number in range(many)
        ]
    )
    assert set(outcomes) == {False}
    return PinCheck.objects.filter(outcome="miss").count() - before


@pytest.mark.rule("FED-5")
def test_of_thirty_guesses_at_once_five_are_compared(desk):
    assert guess_at_once(desk, 30) == 5
    assert PinCheck.objects.filter(outcome="locked").count() == 25
    assert Pin.objects.get().locked_at == NOW


@pytest.mark.servers
def test_without_the_lock_more_than_five_are_compared(desk, monkeypatch):
    def unlocked(person_id: int) -> Pin | None:
        pin = Pin.objects.filter(person_id=person_id).first()
        time.sleep(0.05)
        return pin

    monkeypatch.setattr(pins, "lock_pin", unlocked)
    assert any(guess_at_once(desk, 12) > 5 for _ in range(5))
