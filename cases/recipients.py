"""The readers of a notice: the audiences that a notice type names, as they are today.

Somebody on the other side always reads it: instead of an owner who can no longer work cases, the
leads of the unassigned queue; instead of contacts who left, the other Designated Contacts.
An audience is a function whose docstring is the words of docs/notices.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from .actors import Actor, staff_gate
from .models import Applicant, Case, Entry, Membership, Person
from .rules.actions import Side

#: If this many wait for an organization, its contacts get no further mail about them.
MOST_MAILED = 10


@dataclass(frozen=True)
class Addressee:
    """An address that is written to as it is, whoever has it: the only reader of a notice."""

    email: str
    person: Person | None = None


@dataclass(frozen=True)
class Occasion:
    """One occurrence: its part of the keys of the notices, its case, and further data for the
    audiences and the template."""

    key: str
    about: Case | None = None
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The case in which it happened."""
        assert self.about is not None
        return self.about


class Groups:
    """The people around some cases; each group is read once, for any number of cases."""

    def __init__(self, cases: Sequence[Case], *, actor: Actor, always: bool) -> None:
        self.actor = actor
        self.always = always
        #: Cases whose customer is told, but has nobody left who could answer, by primary key.
        self.unheard: set[int] = set()
        self._cases = cases
        self._contacts: dict[bool, Contacts] = {}

    def contacts(self, *, always: bool) -> "Contacts":
        """The contacts of all the cases."""
        if always not in self._contacts:
            self._contacts[always] = contacts_of(self._cases, always=always)
        return self._contacts[always]

    @cached_property
    def leads(self) -> list[Person]:
        """Staff who lead the queue of cases without an owner, by permission."""
        return admitted(holders("cases", "lead_unassigned"))

    def owner_or_leads(self, case: Case) -> list[Person]:
        """The Case Owner; if none can work the case, the leads of the unassigned queue."""
        if case.owner is not None and works_cases(case.owner):
            return [case.owner]
        return self.leads


Audience = Callable[[Groups, Occasion], Iterable[Person | Addressee]]


# --- Audiences ----------------------------------------------------------------------------------


def opener(groups: Groups, occasion: Occasion) -> list[Person]:
    """The contact who opened the case."""
    return [occasion.case.contact]


def contacts(groups: Groups, occasion: Occasion) -> list[Person]:
    """The contacts involved, and those who want mail about all cases."""
    found = groups.contacts(always=groups.always)
    groups.unheard |= found.unheard
    return found.of[occasion.case.pk]


def owner(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Case Owner, or the leads of the unassigned queue if the owner cannot work the case."""
    case = occasion.case
    if case.owner_id is None:
        return groups.leads if _left_every_queue(case, groups.actor) else []
    return [
        each
        for each in groups.owner_or_leads(case)
        if groups.always or each.mail_my_cases or each.pk != case.owner_id
    ]


def owner_or_leads(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Case Owner, or the leads of the unassigned queue if no owner can work the case."""
    return groups.owner_or_leads(occasion.case)


def owner_and_leads(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Case Owner and the leads of the unassigned queue."""
    return [*groups.leads, *groups.owner_or_leads(occasion.case)]


def another_who_works_it(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Case Owner; the leads of the unassigned queue if the lost mail was for the owner."""
    lost = occasion.words["failed"].person_id
    people = groups.owner_or_leads(occasion.case)
    if lost in {each.pk for each in people}:
        return [each for each in groups.leads if each.pk != lost]
    return people


def account_manager(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Technical Account Manager, or the leads of the queue if that person is gone."""
    manager = occasion.case.organization.technical_account_manager
    if manager is None:
        return []
    return [manager] if is_reachable(manager) else groups.leads


def deciders(groups: Groups, occasion: Occasion) -> list[Person]:
    """The organization's Designated Contacts, and the staff who decide on access."""
    organization = occasion.words["applicant"].organization
    staff = Person.objects.filter(groups__permissions__codename="decide_applicant")
    people = admitted(staff_gate().admitted(staff).distinct())
    if organization is None:
        return people
    if organization.applicants.filter(state=Applicant.State.WAITS).count() > MOST_MAILED:
        return []
    here = Q(memberships__organization=organization)
    designated = Q(memberships__role=Membership.Role.DESIGNATED)
    return [*Person.objects.filter(here, designated, is_active=True), *people]


def applicant(groups: Groups, occasion: Occasion) -> list[Addressee]:
    """The applicant."""
    who = occasion.words["applicant"]
    return [Addressee(who.email, who.person)]


def former_address(groups: Groups, occasion: Occasion) -> list[Addressee]:
    """The address that was used to sign in until now."""
    return [Addressee(occasion.words["email"])]


def _left_every_queue(case: Case, actor: Actor) -> bool:
    """Whether a contact closed a case that nobody owned: no queue shows the closing words, nor
    those before them."""
    return case.owner_id is None and not case.is_open and actor.side is Side.CONTACT


# --- Staff --------------------------------------------------------------------------------------


def holders(app: str, codename: str) -> QuerySet[Person]:
    """Staff of the realm who hold this permission, by a role or directly."""
    wanted = Q(content_type__app_label=app, codename=codename)
    permission = Permission.objects.filter(wanted)
    people = Person.objects.filter(
        Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    )
    return staff_gate().admitted(people).distinct()


def admitted(people: QuerySet[Person]) -> list[Person]:
    """These people, all known to be admitted by the realm: no further query for each of them."""
    found = list(people)
    for each in found:
        staff_gate().note_admitted(each)
    return found


def is_reachable(person: Person) -> bool:
    """Whether a mail to this person is read: active and, if staff, admitted by the realm."""
    return person.is_active and (not person.is_staff or staff_gate().admits(person))


def works_cases(person: Person | None) -> bool:
    """Whether this person can work cases today: an owner who can be told."""
    return person is not None and Actor.of(person).may("cases.work_case")


# --- Contacts -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contacts:
    """The people to tell on the customer's side of each case, and cases where nobody can answer."""

    of: Mapping[int, list[Person]]
    #: Cases of organizations without an active Designated Contact, by primary key.
    unheard: frozenset[int]


def contacts_of(cases: Iterable[Case], *, always: bool) -> Contacts:
    """For each case, the members of its organization who opened it or wrote in it, or want mail
    about all; if none of those involved is still a Designated Contact, the others who are.

    `always` includes those involved who chose to get no mail; of the others, only those who
    chose to get mail are told, or all if none did. Two queries for any number of cases, and a third
    if somebody left.
    """
    involved = {case.pk: {case.contact_id} for case in cases}
    wrote = Entry.objects.public().filter(case__in=cases, author_side="contact")
    for case_id, author_id in wrote.order_by().values_list("case_id", "author_id").distinct():
        involved[case_id].add(author_id)
    found = _members(cases).filter(
        Q(person__in=set().union(*involved.values())) | Q(person__mail_all_cases=True)
    )
    members = _by_organization(found)
    told, left = {}, []
    for case in cases:
        here = members.get(case.organization_id, [])
        told[case.pk] = [
            each.person
            for each in here
            if each.person.mail_all_cases
            or (each.person_id in involved[case.pk] and (always or each.person.mail_my_cases))
        ]
        can_answer = (
            each.person_id in involved[case.pk] or each.person.mail_all_cases
            for each in here
            if each.role == Membership.Role.DESIGNATED
        )
        if not any(can_answer):
            left.append(case)
    designated = _by_organization(
        _members(left).filter(role=Membership.Role.DESIGNATED) if left else ()
    )
    for case in left:
        others = [each.person for each in designated.get(case.organization_id, [])]
        willing = [each for each in others if each.mail_my_cases] or others
        told[case.pk] = sorted({*told[case.pk], *willing}, key=lambda each: each.pk)
    unheard = {case.pk for case in left if not designated.get(case.organization_id)}
    return Contacts(told, frozenset(unheard))


def _members(cases: Iterable[Case]) -> QuerySet[Membership]:
    found = Membership.objects.filter(
        organization__in={case.organization_id for case in cases},
        person__is_active=True,
        person__is_staff=False,
    )
    return found.select_related("person").order_by("person")


def _by_organization(members: Iterable[Membership]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    for each in members:
        found.setdefault(each.organization_id, []).append(each)
    return found
