"""Access for applicants from "Get started": requested by anybody, granted or declined (ACC-5)."""

import datetime as dt
import uuid
from urllib.parse import quote

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from ..actors import Actor
from ..errors import Invalid, NotAllowed, NotPossible
from ..models import Applicant, Membership, Organization, Person
from ..notices import notify
from ..persistence import save
from ..rules.actions import Side
from ..rules.business_time import add_days
from .grants import give_role
from .locks import check_belongs_here
from .texts import checked, checked_line

PERMISSION = "cases.decide_applicant"
GET_STARTED = Actor.of_job("get-started")
DECIDED = ["state", "organization", "decided_by", "decided_at", "words", "person"]


def ask(
    *,
    name: str,
    email: str,
    phone: str,
    organization: str,
    role: str,
    note: str,
    submission: uuid.UUID,
    now: dt.datetime,
) -> Applicant:
    """The request waits, due after `ACCESS_DUE_DAYS` business days of the organization, and those
    who decide on it are mailed (ACC-5).

    `organization` is its short name or its ID; an unknown one waits for staff, for 48 hours.
    A second call with the same `submission`, or another one from the same address while one waits
    for the same organization, returns the earlier one. Raises Invalid if something is missing.
    """
    name = checked_line("name", name, most=120, needed="Enter your name.")
    typed = checked_line(
        "organization", organization, most=150, needed="Enter the short name or ID."
    )
    phone = checked_line("phone", phone, most=40)
    note = checked("note", note, most=2000)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid("email", "This is not an e-mail address.") from error
    if role not in Membership.Role.values:
        raise Invalid("role", "Choose a role.")
    found = _organization(typed)
    with transaction.atomic():
        if found is not None:
            Organization.objects.select_for_update().get(pk=found.pk)
        waiting = Q(email=email, organization=found, state=Applicant.State.WAITS)
        if found is None:
            waiting &= Q(typed__iexact=typed)
        if earlier := Applicant.objects.filter(Q(submission=submission) | waiting).first():
            return earlier
        applicant = Applicant(
            name=name,
            email=email,
            phone=phone,
            typed=typed,
            organization=found,
            role=role,
            note=note,
            asked_at=now,
            due_at=_due_at(found, now),
            submission=submission,
        )
        save(applicant, actor=GET_STARTED, now=now, why="applicants.ask")
        # The applicant's name is only on the page: a stranger typed it.
        notify("applicant", str(applicant.pk), actor=GET_STARTED, now=now, applicant=applicant)
    return applicant


def _organization(typed: str) -> Organization | None:
    rows = Organization.objects.select_related("calendar")
    try:
        return rows.filter(org_id=uuid.UUID(typed)).first()
    except ValueError:
        return rows.filter(short_name__iexact=typed).first()


def _due_at(organization: Organization | None, now: dt.datetime) -> dt.datetime:
    """Without an organization's calendar, the 48 hours are plain hours: that is never later."""
    days: int = settings.ACCESS_DUE_DAYS
    if organization is None:
        return now + dt.timedelta(days=days)
    return add_days(organization.calendar.as_rule(), now, days)


def waiting_for(person: Person) -> QuerySet[Applicant]:
    """The requests on which this contact decides, decided or not: of their own organizations."""
    mine = person.memberships.filter(role=Membership.Role.DESIGNATED)
    return Applicant.objects.filter(organization__in=mine.values("organization_id"))


def decide(
    *,
    applicant_id: int,
    granted: bool,
    role: str,
    words: str,
    organization: Organization | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Applicant:
    """The applicant has the role and is mailed how to sign in, or why it was declined; once.

    A greater role from before stays (`give_role`).

    A Designated Contact decides for their own organizations, staff for all; staff name the
    `organization` if the typed one does not exist. Raises NotAllowed for anybody else; NotPossible
    if it was decided, or the address belongs to staff or to an inactive person; Invalid for a
    decline without words, or a grant without an organization or role.
    """
    words = checked("words", words, most=1000, needed="" if granted else "Say why.")
    with transaction.atomic():
        applicant = Applicant.objects.select_for_update().get(pk=applicant_id)
        _check_may(actor, applicant)
        if applicant.state != Applicant.State.WAITS:
            raise NotPossible("This has already been decided.")
        applicant.organization = applicant.organization or organization
        if granted:
            applicant.state = Applicant.State.GRANTED
            membership = _give(applicant, role, actor=actor, now=now)
            applicant.person, role = membership.person, membership.role
        else:
            applicant.state, applicant.words = Applicant.State.DECLINED, words
        applicant.decided_by, applicant.decided_at = actor.person, now
        save(applicant, actor=actor, now=now, why="applicants.decide", fields=DECIDED)
        _tell(applicant, role if granted else "", now)
    return applicant


def _check_may(actor: Actor, applicant: Applicant) -> None:
    if actor.side is Side.STAFF and actor.may(PERMISSION):
        return
    organization_id = applicant.organization_id
    if organization_id is not None and actor.is_designated_for(organization_id):
        return
    raise NotAllowed("Only a Designated Contact of the organization or Product Support can decide.")


def _give(applicant: Applicant, role: str, *, actor: Actor, now: dt.datetime) -> Membership:
    if applicant.organization is None:
        raise Invalid("organization", "Choose the organization.")
    check_belongs_here(applicant.organization)  # FED-1: its access is granted in its own realm
    if role not in Membership.Role.values:
        raise Invalid("role", "Choose a role.")
    return give_role(
        email=applicant.email,
        name=applicant.name,
        phone=applicant.phone,
        role=role,
        organization=applicant.organization,
        actor=actor,
        now=now,
        why="applicants.decide",
    )


# --- Mail


def _tell(applicant: Applicant, role: str, now: dt.datetime) -> None:
    person = applicant.person
    link = reverse("account_login")
    is_first = person is not None and not person.has_usable_password()
    if person and is_first:
        link = _link(person)
    notify(
        "applicant_decided",
        str(applicant.pk),
        actor=GET_STARTED,
        now=now,
        is_secret=is_first,
        applicant=applicant,
        has_password=person is not None and not is_first,
        role=Membership.Role(role).label if role else "",
        news="you have access" if person else "your request for access",
        url=settings.SITE_URL + link,
    )


def _link(person: Person) -> str:
    """The address at which only this person can choose the first password."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    return path.replace("UID-KEY", quote(key))
