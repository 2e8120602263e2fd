"""The telephone PIN: issued, renewed by its owner, checked by staff (FED-4, FED-5)."""

import datetime as dt
import hmac
import re
import secrets

from django.conf import settings
from django.db import IntegrityError, transaction

from cases.actors import Actor
from cases.errors import NotAllowed, NotPossible
from cases.models import Person
from cases.notices import notify
from cases.persistence import save

from ..crypto import decrypt, digest, digests, encrypt
from ..models import Pin, PinCheck

PERMISSION = "fedramp.check_pin"
DIGITS = 6
#: FED-5: after this many checks without a match the PIN is locked.
MISSES = 5
#: Of a million PINs some thousands are taken: a second draw is rare, a twentieth is a fault.
DRAWS = 20
#: A match is good for one call: this long, for the checker, until they check another one.
MATCH_HOLDS = dt.timedelta(minutes=30)
PIN_FIELDS = ["sealed", "digest", "issued_at", "tries", "locked_at"]

Outcome = PinCheck.Outcome


def renew(*, person_id: int, actor: Actor, now: dt.datetime) -> Pin:
    """The contact has a new PIN, which is not locked. Raises NotAllowed for anybody else's."""
    if actor.person is None or actor.person.pk != person_id or actor.person.is_staff:
        raise NotAllowed("Only its owner can create a PIN.")
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        return give_pin(person, actor=actor, now=now)


def give_pin(person: Person, *, actor: Actor, now: dt.datetime) -> Pin:
    """The contact has a new PIN that nobody else has. The caller holds the person's row lock."""
    pin = Pin.objects.filter(person=person).first() or Pin(person=person)
    pin.locked_at = None
    return _draw(pin, actor=actor, now=now)


def _draw(pin: Pin, *, actor: Actor, now: dt.datetime) -> Pin:
    for _ in range(DRAWS):
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        pin.digest = digest(digits)
        if Pin.objects.filter(digest__in=digests(digits)).exists():
            continue  # taken, or the one to be replaced
        pin.sealed = encrypt(digits, bound_to=_binding(pin.person_id))
        pin.issued_at, pin.tries = now, 0
        try:
            with transaction.atomic():
                save(
                    pin,
                    actor=actor,
                    now=now,
                    why="pins.give",
                    fields=PIN_FIELDS if pin.pk else None,
                )
        except IntegrityError:
            continue  # somebody drew the same one at the same instant
        return pin
    raise NotPossible("No free PIN was found. Please try again.")


def digits_of(pin: Pin) -> str:
    """The digits of the PIN, for its owner's page."""
    return decrypt(bytes(pin.sealed), bound_to=_binding(pin.person_id))


def _binding(person_id: int) -> str:
    return f"{settings.REALM}:{person_id}"


def check(*, email: str, digits: str, actor: Actor, now: dt.datetime) -> bool:
    """Whether these are the digits of this contact's PIN. Each check is recorded (FED-5).

    It is counted in its own transaction before the digits are compared: of thirty at once five
    are. The fifth miss locks the PIN, replaces it, and tells its owner. An unknown contact, one
    without a PIN and a locked one are answered like a miss. Raises NotAllowed without the right.
    """
    if not actor.may(PERMISSION):
        raise NotAllowed("Your role does not allow you to check PINs.")
    person = Person.objects.filter(
        email__iexact=email.strip(), is_staff=False, is_active=True
    ).first()
    if person is None:
        _record(None, Outcome.UNKNOWN, actor=actor, now=now)
        return False
    counted = _count(person, actor=actor, now=now)
    if counted is None:
        return False
    pin, row = counted
    typed = re.sub(r"[\s-]", "", digits)
    matches = hmac.compare_digest(digits_of(pin).encode(), typed.encode())
    return _conclude(row, pin, matches, actor=actor, now=now)


def caller_of(staff: Person, *, now: dt.datetime) -> Person | None:
    """The contact on the telephone with this member of staff (FED-5): their last check was a match
    for the contact, at most `MATCH_HOLDS` ago. A miss, or a check of somebody else, ends it."""
    newest = PinCheck.objects.select_related("person").filter(asked_by=staff).first()
    if newest is None or newest.outcome != Outcome.MATCH:
        return None
    caller = newest.person
    if caller is None or not caller.is_active or caller.is_staff:
        return None
    return caller if newest.asked_at <= now < newest.asked_at + MATCH_HOLDS else None


def _record(person: Person | None, outcome: str, *, actor: Actor, now: dt.datetime) -> PinCheck:
    row = PinCheck(person=person, asked_by=actor.person, asked_at=now, outcome=outcome)
    save(row, actor=actor, now=now, why="pins.check")
    return row


def _count(person: Person, *, actor: Actor, now: dt.datetime) -> tuple[Pin, PinCheck] | None:
    """The PIN to compare with, once the attempt is counted; None if none may be compared."""
    with transaction.atomic():
        pin = lock_pin(person.pk)
        if pin is None:
            _record(person, Outcome.NO_PIN, actor=actor, now=now)
            return None
        if pin.locked_at or pin.tries >= MISSES:
            _record(person, Outcome.LOCKED, actor=actor, now=now)
            return None
        pin.tries += 1
        save(pin, actor=actor, now=now, why="pins.count", fields=["tries"])
        return pin, _record(person, Outcome.COUNTED, actor=actor, now=now)


def _conclude(
    row: PinCheck, compared: Pin, matches: bool, *, actor: Actor, now: dt.datetime
) -> bool:
    with transaction.atomic():
        pin = lock_pin(compared.person_id)
        # The compared PIN may have been replaced meanwhile: then it is no longer a match.
        same = pin is not None and pin.digest == compared.digest and pin.locked_at is None
        matches = matches and same
        row.outcome = Outcome.MATCH if matches else Outcome.MISS
        save(row, actor=actor, now=now, why="pins.check", fields=["outcome"])
        if pin is None or not same:
            return False
        if matches:
            pin.tries = 0
            save(pin, actor=actor, now=now, why="pins.match", fields=["tries"])
        elif pin.tries >= MISSES:
            _lock_out(pin, actor=actor, now=now)
    return matches


def _lock_out(pin: Pin, *, actor: Actor, now: dt.datetime) -> None:
    """The PIN is locked and replaced, and the owner told. The row is locked."""
    pin.locked_at = now
    _draw(pin, actor=actor, now=now)
    reader = Person.objects.get(pk=pin.person_id)
    notify("pin_locked", f"{pin.pk}:{now.timestamp()}", actor=actor, now=now, reader=reader)


def lock_pin(person_id: int) -> Pin | None:
    """The contact's PIN under its row lock; the caller is in a transaction."""
    return Pin.objects.select_for_update().filter(person_id=person_id).first()
