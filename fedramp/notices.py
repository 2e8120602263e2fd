"""The notices of the FedRAMP realm: access, skills, and cases that belong there."""

from django.db.models import QuerySet

from cases.actors import staff_gate
from cases.models import Person
from cases.notice_types import NoticeType
from cases.recipients import Addressee, Audience, Groups, Occasion, admitted, holders
from cases.roles import ACCESS_ADMINISTRATOR


def admitted_administrators() -> QuerySet[Person]:
    """The access administrators whom the realm admits."""
    group = Person.objects.filter(groups__name=ACCESS_ADMINISTRATOR)
    return staff_gate().admitted(group).distinct()


def access_administrators(groups: Groups, occasion: Occasion) -> list[Person]:
    """The access administrators."""
    return admitted(admitted_administrators())


def access_deciders(groups: Groups, occasion: Occasion) -> list[Person]:
    """The staff who decide on access."""
    return admitted(holders("fedramp", "decide_access"))


def asker(groups: Groups, occasion: Occasion) -> list[Person]:
    """The Designated Contact who asked."""
    return [occasion.words["row"].request.asked_by]


def account_holder(groups: Groups, occasion: Occasion) -> list[Addressee]:
    """The person whose account or case it is."""
    person = occasion.words["reader"]
    return [Addressee(person.email, person)]


def _row(event: str, what: str, to: Audience, subject: str, path: str = "") -> NoticeType:
    page = (lambda occasion, person: path) if path else None
    return NoticeType(event, what, (to,), subject=subject, page=page, template=f"fedramp_{event}")


TYPES = [
    _row(
        "invitation",
        "A contact is invited (FED-3).",
        account_holder,
        "Your access to the {portal_title}",
    ),
    _row(
        "access_asked",
        "An organization asks for access for its people (FED-9).",
        access_deciders,
        "{portal_title}: access requested",
        "/admin/fedramp/requestedperson/",
    ),
    _row(
        "access_decided",
        "Access for one of these people was granted or declined.",
        asker,
        "{portal_title}: access for your people",
        "/access/",
    ),
    _row(
        "pin_locked",
        "A telephone PIN was locked after wrong tries (FED-5).",
        account_holder,
        "{portal_title}: your telephone PIN is locked",
        "/profile/pin/",
    ),
    _row(
        "dormant",
        "Accounts were disabled that nobody used.",
        access_administrators,
        "Unused accounts have been disabled",
        "/admin/cases/person/?is_active__exact=0",
    ),
    _row(
        "redirected",
        "A case in the commercial realm was redirected to this one (FED-1).",
        account_holder,
        "{case.number} belongs in the FedRAMP portal",
    ),
]
