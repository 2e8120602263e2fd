"""Who hears of a case: the people behind the groups of `notices.TABLE`, as they are today.

Somebody on the other side always does: for an owner who cannot work cases any more stand those who
lead the unassigned queue, for contacts who left the organization its other Designated Contacts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from .actors import Actor, staff_gate
from .models import Case, Entry, Membership, Person
from .rules.actions import Side


class To(StrEnum):
    """Groups of people who can be told."""

    OPENER = "who opened the case, as a receipt"
    CONTACTS = "contacts involved, and those who want mail about all cases"
    #: Also for a case that a contact closed before anybody owned it.
    OWNER = "the Case Owner; for one who cannot work it any more, who leads the unassigned queue"
    OWNER_OR_LEADS = "the same, and the leads also of a case that has no owner"
    OWNER_AND_LEADS = "the Case Owner, and who leads the unassigned queue"
    ACCOUNT_MANAGER = "the organization's Technical Account Manager"


@dataclass(frozen=True)
class Rule:
    """One row: an event, whom it is told, in the words of `mail/<event>.txt`.

    The person who did it is not told, except by a receipt. `always` goes past the choice of a
    contact to get no mail: for what he must not miss.
    """

    to: frozenset[To]
    always: bool = False


def told(
    rule: Rule, cases: Sequence[Case], *, actor: Actor
) -> tuple[dict[Case, list[Person]], list[Case]]:
    """The people whom the rule names in each of these cases, by primary key; and the cases whose
    customer is told, but has nobody left who could answer."""
    found = Contacts({}, frozenset())
    if To.CONTACTS in rule.to:
        found = contacts(*cases, always=rule.always)
    people = {
        case: _reachable(case, rule, found.of.get(case.pk, []), actor=actor) for case in cases
    }
    return people, [case for case in cases if case.pk in found.unheard]


def _reachable(case: Case, rule: Rule, involved: list[Person], *, actor: Actor) -> list[Person]:
    named = list(involved)
    if To.OPENER in rule.to:
        named.append(case.contact)
    if To.OWNER in rule.to and case.owner_id is not None:
        named += [
            each
            for each in owner_or_leads(case)
            if rule.always or each.mail_my_cases or each.pk != case.owner_id
        ]
    if To.OWNER in rule.to and _left_every_queue(case, actor):
        named += queue_leads()
    if To.OWNER_OR_LEADS in rule.to:
        named += owner_or_leads(case)
    if To.OWNER_AND_LEADS in rule.to:
        named += [*queue_leads(), *owner_or_leads(case)]
    if To.ACCOUNT_MANAGER in rule.to:
        named += manager_or_leads(case)
    people = {person.pk: person for person in named}
    if actor.person and To.OPENER not in rule.to:
        people.pop(actor.person.pk, None)
    return [people[pk] for pk in sorted(people) if is_reachable(people[pk])]


def _left_every_queue(case: Case, actor: Actor) -> bool:
    """Whether a contact closed a case that nobody owned: no queue shows the words he closed it
    with, nor those before them."""
    return case.owner_id is None and not case.is_open and actor.side is Side.CONTACT


def queue_leads() -> QuerySet[Person]:
    """Staff who lead the queue of cases without an owner, by permission."""
    return holders("cases", "lead_unassigned")


def holders(app: str, codename: str) -> QuerySet[Person]:
    """Staff of the realm who hold this permission, by a role or by itself."""
    wanted = Q(content_type__app_label=app, codename=codename)
    permission = Permission.objects.filter(wanted)
    people = Person.objects.filter(
        Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)
    )
    return staff_gate().admitted(people).distinct()


def is_reachable(person: Person) -> bool:
    """Whether a mail to this person is read: active, and of staff only whom the realm admits."""
    return person.is_active and (not person.is_staff or staff_gate().admits(person))


def works_cases(person: Person | None) -> bool:
    """Whether this is somebody who can work cases today: an owner who hears."""
    return person is not None and Actor.of(person).may("cases.work_case")


def owner_or_leads(case: Case) -> list[Person]:
    """The Case Owner; where there is none who can work it, who leads the unassigned queue."""
    if case.owner is not None and works_cases(case.owner):
        return [case.owner]
    return list(queue_leads())


def manager_or_leads(case: Case) -> list[Person]:
    """The Technical Account Manager, where the organization has one; who leads the unassigned
    queue, where that one is gone (PLAN-3)."""
    manager = case.organization.technical_account_manager
    if manager is None:
        return []
    return [manager] if is_reachable(manager) else list(queue_leads())


@dataclass(frozen=True)
class Contacts:
    """Who is told on the customer's side of each case, and the cases where nobody can answer."""

    of: Mapping[int, list[Person]]
    #: Cases of organizations without an active Designated Contact, by primary key.
    unheard: frozenset[int]


def contacts_involved(*cases: Case, always: bool) -> dict[int, list[Person]]:
    """The people of `contacts`, by the case's primary key."""
    return dict(contacts(*cases, always=always).of)


def contacts(*cases: Case, always: bool) -> Contacts:
    """For each case, the members of its organization who opened it or wrote in it, or want mail
    about all; where none of those involved is a Designated Contact any more, the others who are.

    `always` takes in those involved who chose to get no mail; those others are asked first who
    chose to get some. Two queries, however many cases, and a third where somebody left.
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
