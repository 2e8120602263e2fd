"""A contact is invited, and accepts (FED-3)."""

import datetime as dt
import hashlib
import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from cases import realm
from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Person
from cases.notices import notify
from cases.persistence import save
from cases.rules.actions import Side

from ..models import Invitation
from ..scrubbing.people import vouch
from .oidc_accounts import NotProved, Proof, bind
from .pins import give_pin

TOKEN_BYTES = 32
DEAD = "This invitation cannot be used."


def invite(*, person_id: int, actor: Actor, now: dt.datetime) -> Invitation:
    """A link to accept is mailed to the contact; an earlier one is no longer valid.

    The token is in the mail only, and is deleted from the outbox when the mail is sent. A contact
    who accepted before signs in as usual until this one is accepted, too. Raises NotAllowed without
    the right to change people; NotPossible for anybody but an active contact whom the realm invites
    (`Person.is_invited`).
    """
    if actor.side is not Side.JOB and not actor.may("cases.change_person"):
        raise NotAllowed("Your role does not allow you to invite contacts.")
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        if person.is_staff or not person.is_active:
            raise NotPossible(f"{person} is not an active contact: no link was sent.")
        if not person.is_invited:
            raise NotPossible(
                f"{person} has accepted an invitation already, and chooses a new password by "
                "“I forgot my password” on the sign-in page."
            )
        for earlier in _open_ones(person):
            earlier.replaced_at = now
            why = "invitations.replace"
            save(earlier, actor=actor, now=now, why=why, fields=["replaced_at"])
        token = secrets.token_urlsafe(TOKEN_BYTES)
        (notice,) = notify(
            "invitation",
            secrets.token_hex(16),
            actor=actor,
            now=now,
            is_secret=True,
            reader=person,
            provider=realm.current().sign_in_provider,
            url=settings.SITE_URL + reverse("fedramp:invitation", args=[token]),
        )
        vouch(person)
        invitation = Invitation(
            person=person,
            token_hash=hashed(token),
            notice=notice,
            invited_by=actor.person,
            created_at=now,
        )
        save(invitation, actor=actor, now=now, why="invitations.invite")
    return invitation


def find(token: str, *, now: dt.datetime) -> Invitation | None:
    """The invitation that this token can accept now. Reads only: mail scanners open links."""
    found = Invitation.objects.select_related("notice", "person").filter(token_hash=hashed(token))
    invitation = found.first()
    if invitation is None or not _can_be_accepted(invitation, now):
        return None
    return invitation


def accept(*, token: str, password: str, now: dt.datetime) -> Person:
    """The contact has this password and a PIN, and the invitation is used (FED-3, FED-4).

    Raises NotPossible if it is unknown, used, replaced or too old, without telling which, and if
    contacts sign in by a provider; Invalid for a password that the realm's rules refuse.
    """
    with transaction.atomic():
        invitation = _lock(hashed(token))
        if (
            realm.current().sign_in_provider
            or invitation is None
            or not _can_be_accepted(invitation, now)
        ):
            raise NotPossible(DEAD)
        person = Person.objects.select_for_update().get(pk=invitation.person_id)
        actor = Actor.of(person)
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Invalid("password", " ".join(error.messages)) from error
        person.set_password(password)
        save(person, actor=actor, now=now, why="invitations.accept", fields=["password"])
        _use(invitation, person, actor=actor, now=now)
    return person


def accept_by_provider(*, token_hash: str, proof: Proof, now: dt.datetime) -> Person:
    """The contact signs in by this account at the provider, and the invitation is used (FED-3).

    Nothing else works from now on: no password, no second factor of this desk, no other account,
    and no earlier session. The contact has a PIN (FED-4). Raises NotProved if the invitation is
    not valid, and for an account without the invitation's e-mail address, verified there, or that
    belongs to somebody else already.
    """
    with transaction.atomic():
        invitation = _lock(token_hash)
        if invitation is None or not _can_be_accepted(invitation, now):
            raise NotProved("invitation")
        person = Person.objects.select_for_update().get(pk=invitation.person_id)
        if not proof.email_is_verified:
            raise NotProved("e-mail not verified", person)
        if proof.email.strip().lower() != person.email.lower():
            raise NotProved("other e-mail", person)
        actor = Actor.of(person)
        bind(person, proof, actor=actor, now=now)
        Authenticator.objects.filter(user=person).delete()
        person.set_unusable_password()  # a new value, which ends the sessions
        save(person, actor=actor, now=now, why="invitations.accept", fields=["password"])
        _use(invitation, person, actor=actor, now=now)
    return person


def _use(invitation: Invitation, person: Person, *, actor: Actor, now: dt.datetime) -> None:
    invitation.accepted_at = now
    why = "invitations.accept"
    save(invitation, actor=actor, now=now, why=why, fields=["accepted_at"])
    give_pin(person, actor=actor, now=now)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _lock(token_hash: str) -> Invitation | None:
    """The invitation under its row lock: of twenty who accept it at once, one finds it open."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("notice", "person")
    return rows.filter(token_hash=token_hash).first()


def _can_be_accepted(invitation: Invitation, now: dt.datetime) -> bool:
    person = invitation.person
    # The person who got the mail: after a change of the address it was somebody else.
    same = invitation.notice.email == person.email
    return invitation.is_open(now) and same and person.is_active and not person.is_staff


def _open_ones(person: Person) -> list[Invitation]:
    open_ones = Invitation.objects.filter(accepted_at__isnull=True, replaced_at__isnull=True)
    return list(open_ones.filter(person=person).select_for_update())
