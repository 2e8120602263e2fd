"""Whose account at the OpenID provider it is, and what a sign-in there must prove (IA-8)."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cases import realm
from cases.actors import Actor
from cases.errors import Refused
from cases.models import Person
from cases.persistence import save

from ..models import OidcAccount


@dataclass(frozen=True)
class Proof:
    """What the provider proved: somebody authenticated there just now, strongly enough.

    The e-mail address is empty unless it was requested: accounts are not identified by it.
    """

    issuer: str
    subject: str
    email: str = ""
    email_is_verified: bool = False


#: What a person reads. Any other code means that the answer proved nothing.
WORDS = {
    "state": "This sign-in was started in another browser or too long ago, or has already been "
    "used.",
    "not signed in there": "{provider} did not sign you in.",
    "unreachable": "{provider} is not responding. Please try again in a few minutes.",
    "acr": "{provider} knows who you are, but not with the certainty needed here. Sign in there "
    "with a second factor; if you did, the administrator of your account there can help.",
    "invitation": "The invitation has been used in the meantime, was replaced by a newer one, or "
    "is too old.",
    "other e-mail": "The invitation went to a different e-mail address from that of your account "
    "at {provider}. Nothing was set up.",
    "e-mail not verified": "{provider} has not verified the e-mail address of your account there. "
    "Nothing was set up.",
    "account of another person": "This account at {provider} belongs to somebody else here. "
    "Nothing was set up.",
    "unknown account": "This account at {provider} is not known here. The first time, use the "
    "invitation that was e-mailed to you.",
    "another person": "You signed in at {provider} as a different person from here. Sign out "
    "first.",
    "disabled": "Your account here is disabled.",
}
NO_PROOF = "The response from {provider} does not prove who you are."


class NotProved(Refused):
    """Nobody is signed in and nothing is bound; `code` is for the audit log, `message` for people.

    `person` is the owner of the account, if known.
    """

    def __init__(self, code: str, person: Person | None = None) -> None:
        words = WORDS.get(code, NO_PROOF)
        super().__init__(words.format(provider=realm.current().sign_in_provider))
        self.code = code
        self.person = person


def person_of(proof: Proof) -> Person:
    """The account's contact. Raises NotProved if there is none, or if they may not enter."""
    rows = OidcAccount.objects.select_related("person")
    account = rows.filter(issuer=proof.issuer, subject=proof.subject).first()
    if account is None:
        raise NotProved("unknown account")
    if not account.person.is_active:
        raise NotProved("disabled", account.person)
    if account.person.is_staff:  # staff use a second factor of this desk
        raise NotProved("staff", account.person)
    return account.person


def has_account(person: Person) -> bool:
    """Whether the contact accepted an invitation by an account at the provider."""
    return OidcAccount.objects.filter(person=person).exists()


def bind(person: Person, proof: Proof, *, actor: Actor, now: dt.datetime) -> None:
    """The account is this contact's, and replaces any other. The caller holds the person's lock.

    Raises NotProved if it is somebody else's.
    """
    account = OidcAccount.objects.filter(person=person).first()
    account = account or OidcAccount(person=person)
    account.issuer, account.subject, account.bound_at = proof.issuer, proof.subject, now
    try:
        with transaction.atomic():
            save(account, actor=actor, now=now, why="invitations.accept")
    except IntegrityError as error:
        raise NotProved("account of another person", person) from error
