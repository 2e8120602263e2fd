"""Access for people of an organization: requested, decided for each person, invited (FED-9)."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from cases.actors import Actor
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.models import Membership, Organization, Person
from cases.notices import notify
from cases.persistence import save
from cases.rules.texts import one_line
from cases.services.grants import RANK, give_role
from cases.services.texts import checked

from ..models import AccessRequest, Invitation, RequestedPerson
from .invitations import invite
from .oidc_accounts import has_account

PERMISSION = "fedramp.decide_access"
ACCESS = Actor.of_job("access")
MOST = 200
DECIDED = ["state", "decided_by", "decided_at", "words", "person"]
ROLES = {
    "": Membership.Role.READ_ONLY,
    "read-only": Membership.Role.READ_ONLY,
    "read only": Membership.Role.READ_ONLY,
    "read_only": Membership.Role.READ_ONLY,
    "designated": Membership.Role.DESIGNATED,
    "designated contact": Membership.Role.DESIGNATED,
}


@dataclass(frozen=True)
class Asked:
    """One line of the list."""

    name: str
    email: str
    role: str


def read_list(text: str) -> tuple[list[Asked], list[str]]:
    """The people of a list "name, e-mail address, role", one a line, and the errors by line.

    A line with column names, and empty lines, are skipped; without a role it is Read-Only.
    """
    people: list[Asked] = []
    wrong: list[str] = []
    seen: set[str] = set()
    try:
        rows = list(csv.reader(io.StringIO(text), skipinitialspace=True))
    except csv.Error:
        return [], ["This is not a valid list: is a closing quotation mark missing?"]
    for number, row in enumerate(rows, 1):
        cells = [one_line(cell) for cell in row]
        if not any(cells) or (number == 1 and "@" not in "".join(cells) and len(cells) > 1):
            continue
        name, email, role = (*cells, "", "", "")[:3]
        problem = _problem(name, email.lower(), role, seen) if len(cells) < 4 else "too many commas"
        if problem:
            wrong.append(f"Line {number}: {problem}.")
            continue
        seen.add(email.lower())
        people.append(Asked(name, email.lower(), ROLES[role.lower()]))
    if not people and not wrong:
        wrong.append("Name at least one person.")
    if len(people) > MOST:
        wrong.append(f"At most {MOST} people at a time.")
    return people, wrong


def _problem(name: str, email: str, role: str, seen: set[str]) -> str:
    """What is wrong with a line; empty if nothing is."""
    if not name or len(name) > 120:
        return "the name is missing, or too long"
    if name[0] in "=+-@" or not name.isprintable():
        return (
            "the name is not valid: a spreadsheet would run it as a formula, or it has hidden "
            "characters"
        )
    try:
        validate_email(email)
    except ValidationError:
        return f"“{email[:80]}” is not an e-mail address"
    if email in seen:
        return f"{email} is already in the list"
    if role.lower() not in ROLES:
        return f"the role is “Designated” or “Read-Only”, not “{role[:40]}”"
    return ""


def ask(
    *,
    organization: Organization,
    people: Sequence[Asked],
    note: str,
    submission: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> AccessRequest:
    """An Admin case waits for a decision on each person, and access administrators are told.

    A second call with the same `submission` returns the first one's. Raises NotAllowed for anybody
    but a Designated Contact of the organization; Invalid for an empty list or a person who already
    has this access or waits for it.
    """
    if actor.person is None or not actor.is_designated_for(organization.pk):
        raise NotAllowed("Only a Designated Contact of the organization can request access.")
    note = checked("note", note, most=2000)
    if not 0 < len(people) <= MOST:
        raise Invalid("people", f"Name between one and {MOST} people.")
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        if earlier := AccessRequest.objects.filter(submission=submission).first():
            if earlier.asked_by_id != actor.person.pk:
                raise NotPossible("This form has already been used. Please open a new one.")
            return earlier
        if there := _already_there(organization, people, now):
            raise Invalid(
                "people", f"Already has this access, or is waiting for it: {', '.join(there)}."
            )
        request = AccessRequest(
            organization=organization,
            asked_by=actor.person,
            asked_at=now,
            note=note,
            submission=submission,
        )
        save(request, actor=actor, now=now, why="access.ask")
        for each in people:
            row = RequestedPerson(request=request, name=each.name, email=each.email, role=each.role)
            save(row, actor=actor, now=now, why="access.ask")
        notify("access_asked", str(request.pk), actor=ACCESS, now=now)
    return request


def _already_there(
    organization: Organization, people: Sequence[Asked], now: dt.datetime
) -> list[str]:
    """The addresses that already have the role or a greater one, or wait for a decision.

    A person whose invitation ran out has no way in: access may be requested again (FED-3).
    """
    emails = [each.email for each in people]
    found = Membership.objects.filter(
        organization=organization, person__email__in=emails, person__is_active=True
    ).select_related("person")
    roles = {
        each.person.email.lower(): each.role for each in found if not _is_shut_out(each.person, now)
    }
    waiting = set(
        RequestedPerson.objects.filter(
            request__organization=organization, state="asked", email__in=emails
        ).values_list("email", flat=True)
    )
    return [
        each.email
        for each in people
        if RANK[each.role] <= RANK.get(roles.get(each.email, ""), 0) or each.email in waiting
    ]


def _is_shut_out(person: Person, now: dt.datetime) -> bool:
    """Whether the person cannot get in, and has no open invitation that would let them in."""
    if person.has_usable_password() or has_account(person):
        return False
    invitations = Invitation.objects.filter(person=person).select_related("notice")
    return not any(each.is_open(now) for each in invitations)


def decide(
    *, row_id: int, granted: bool, words: str, actor: Actor, now: dt.datetime
) -> RequestedPerson:
    """The person has the role and is invited (FED-3), or was declined with words; once.

    A greater role from before stays (`give_role`).

    Raises NotAllowed without the right, and for the requestor; NotPossible if it was decided or the
    address belongs to staff or to an inactive person; Invalid for a decline without words.
    """
    if not actor.may(PERMISSION) or actor.person is None:
        raise NotAllowed("Your role does not allow you to decide on access.")
    words = checked("words", words, most=1000, needed="" if granted else "Say why.")
    with transaction.atomic():
        row = _lock(row_id)
        if row.request.asked_by_id == actor.person.pk:
            raise NotAllowed("Somebody else must decide: you made the request yourself.")
        if row.state != RequestedPerson.State.ASKED:
            raise NotPossible("This has already been decided.")
        if granted:
            row.state = RequestedPerson.State.GRANTED
            row.person = _give(row, row.request.organization, actor=actor, now=now)
        else:
            row.state, row.words = RequestedPerson.State.DECLINED, words
        row.decided_by, row.decided_at = actor.person, now
        save(row, actor=actor, now=now, why="access.decide", fields=DECIDED)
        asked_at = row.request.asked_at
        notify("access_decided", str(row.pk), actor=ACCESS, now=now, row=row, asked_at=asked_at)
    return row


def _lock(row_id: int) -> RequestedPerson:
    """The row under its lock, after that of its organization."""
    pk = RequestedPerson.objects.values_list("request__organization_id", flat=True)
    Organization.objects.select_for_update().get(pk=pk.get(pk=row_id))
    rows = RequestedPerson.objects.select_for_update(of=("self",))
    return rows.select_related("request__organization").get(pk=row_id)


def _give(
    row: RequestedPerson, organization: Organization, *, actor: Actor, now: dt.datetime
) -> Person:
    person = give_role(
        email=row.email,
        name=row.name,
        role=row.role,
        organization=organization,
        actor=actor,
        now=now,
        why="access.decide",
    ).person
    if not person.has_usable_password() and not has_account(person):
        invite(person_id=person.pk, actor=actor, now=now)
    return person


def state_of(row: RequestedPerson, now: dt.datetime) -> str:
    """The state of the request, for the requestor: the decision, and what became of the invitation.

    A list prefetches `person__invitations__notice`.
    """
    if row.state != RequestedPerson.State.GRANTED or row.person is None:
        return str(row.get_state_display())
    if row.person.has_usable_password():
        return "Granted: has access"
    person: Any = row.person
    invitation = next(iter(person.invitations.all()), None)  # the newest comes first
    return f"Granted. Invitation: {invitation.state(now)}" if invitation else "Granted"
