"""The FedRAMP skill is attested, renewed and withdrawn (FED-6)."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Person
from cases.persistence import save
from cases.services.departures import give_back
from cases.services.texts import checked

from .. import audit
from ..models import Skill

PERMISSION = "fedramp.attest_skill"
WITHDRAWN = ["withdrawn_at", "withdrawn_by", "withdrawn_because"]
REPLACED = "Replaced by a new attestation."
EVIDENCE = "Say what was seen, and where it is filed."


def attest(
    *,
    person_id: int,
    status: str,
    is_in_us: bool,
    evidence: str,
    ends_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
) -> Skill:
    """Until `ends_at` the person holds the skill, attested by the actor, in place of an older one.

    Raises NotAllowed without the permission and for oneself; Invalid if something is missing,
    or the time is past or further away than `FEDRAMP_SKILL_DAYS`.
    """
    if not actor.may(PERMISSION) or actor.person is None:
        raise NotAllowed("Your role does not allow you to attest the FedRAMP skill.")
    if actor.person.pk == person_id:
        raise NotAllowed(
            "You cannot attest your own FedRAMP skill: ask another access administrator."
        )
    longest = now + dt.timedelta(days=settings.FEDRAMP_SKILL_DAYS)
    if not now < ends_at <= longest:
        raise Invalid("ends_at", f"Choose a day until {longest:%Y-%m-%d}.")
    return record(
        person_id=person_id,
        attested_by=actor.person,
        status=status,
        is_in_us=is_in_us,
        evidence=evidence,
        ends_at=ends_at,
        actor=actor,
        now=now,
    )


def record(
    *,
    person_id: int,
    attested_by: Person,
    status: str,
    is_in_us: bool,
    evidence: str,
    ends_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
) -> Skill:
    """Store what `attested_by` attests. Only `attest` and the bootstrap call it; both check who.

    Raises Invalid if the person is not an active member of staff or something is missing.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        if not (person.is_staff and person.is_active):
            raise Invalid("person", "Only active staff can hold the skill.")
        if status not in Skill.Status.values:
            raise Invalid("status", "Choose the status.")
        if not is_in_us:
            raise Invalid("is_in_us", "Only people located in the United States can hold it.")
        evidence = checked("evidence", evidence, most=1000, needed=EVIDENCE)
        current = Skill.objects.current().filter(person=person).select_for_update().first()
        if current is not None:
            _end(current, REPLACED, actor=actor, now=now, why="skills.replace")
        skill = Skill(
            person=person,
            status=status,
            is_in_us=is_in_us,
            evidence=evidence,
            attested_by=attested_by,
            attested_at=now,
            ends_at=ends_at,
        )
        save(skill, actor=actor, now=now, why="skills.attest")
    return skill


def withdraw(*, skill_id: int, reason: str, actor: Actor, now: dt.datetime) -> Skill:
    """The skill is withdrawn and every session of its holder ended: out at the next click (FED-6).
    The holder's cases wait for a new owner.

    Raises NotAllowed without the permission; NotPossible if it was withdrawn before; Invalid
    without a reason.
    """
    if not actor.may(PERMISSION):
        raise NotAllowed("Your role does not allow you to withdraw the FedRAMP skill.")
    with transaction.atomic():
        # The person first, as `record` does: the two wait for each other, and never in a circle.
        person_id = Skill.objects.values_list("person_id", flat=True).get(pk=skill_id)
        # Not its key: an entry of the person in a case that `give_back` waits for can be stored.
        Person.objects.select_for_update(no_key=True).get(pk=person_id)
        skill = Skill.objects.select_for_update().get(pk=skill_id)
        if skill.withdrawn_at is not None:
            raise NotPossible("It has already been withdrawn.")
        reason = checked("reason", reason, most=1000, needed="Say why.")
        _end(skill, reason, actor=actor, now=now, why="skills.withdraw")
        end_sessions(person_id)
        give_back(person_id=person_id, now=now)
    return skill


#: Why the skill ended, by what was changed.
ENDED = {
    "address": "The e-mail address of the account was changed.",
    "account": "The account was disabled or enabled, or its kind was changed.",
    "reset": "The sign-in was reset.",
}


def end_with_sign_in(
    sender: object = None,
    *,
    person: Person,
    what: str,
    actor: Actor,
    now: dt.datetime,
    **kwargs: object,
) -> None:
    """FED-6: the attestation was for the person with this address and these factors.

    After a change or reset by anybody, the current skill ends until somebody attests again; every
    session ends, and the holder's cases wait for a new owner. It is in the audit log, even if the
    person held no skill.
    """
    # The account's flags are recorded with its history, see `fedramp.receivers`.
    if detail := {"address": "e-mail address changed", "reset": "sign-in reset"}.get(what):
        about = f"person {person.pk}"
        audit.record(audit.Event.RIGHTS, now=now, person=actor.person, about=about, detail=detail)
    current = Skill.objects.current().filter(person_id=person.pk).select_for_update().first()
    if current is not None:
        _end(current, ENDED[what], actor=actor, now=now, why="skills.end_with_sign_in")
        person.__dict__.pop("_skill_ends_at", None)
        end_sessions(person.pk)
        give_back(person_id=person.pk, now=now)


def _end(skill: Skill, reason: str, *, actor: Actor, now: dt.datetime, why: str) -> None:
    skill.withdrawn_at = now
    skill.withdrawn_by = actor.person
    skill.withdrawn_because = reason
    save(skill, actor=actor, now=now, why=why, fields=WITHDRAWN)


def end_sessions(person_id: int) -> None:
    """Nobody is signed in as this person any longer.

    A session tells its person only when it is opened, so all of them are opened: this is rare.
    """
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(person_id):
            session.delete()
