"""The data of the portal's pages. Every query here starts from `visible_to` (ACC-4)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db.models import Exists, OuterRef, Q

from .models import (
    Announcement,
    Attachment,
    CarePlan,
    Case,
    CaseLink,
    Entry,
    Membership,
    Organization,
    Person,
    State,
)
from .rules.targets import TELEPHONE_SUPPORT
from .wording import WAITING_STATES, Situation, situation

HOME_ROWS = 10
#: The fields of a row in a list. The texts of a case are long, and lists do not show them.
ROW_FIELDS = (
    "number",
    "subject",
    "state",
    "severity",
    "third_party",
    "third_party_name",
    "updated_at",
    "organization__name",
    "owner__name",
    "owner__email",
)
FEED_ROWS = 40


class Row(TypedDict):
    """A case as a list shows it: in a template, reading a model's values takes twice as long."""

    address: str
    subject: str
    number: str
    state: str
    situation: Situation
    severity: int
    severity_name: str
    organization: Organization
    updated_at: dt.datetime
    owner: Person | None


def rows(cases: Iterable[Case]) -> list[Row]:
    """The cases with their states in plain words."""
    return [
        {
            "address": case.get_absolute_url(),
            "subject": case.subject,
            "number": case.number,
            "state": case.state,
            "situation": situation(case),
            "severity": case.severity,
            "severity_name": case.get_severity_display(),
            "organization": case.organization,
            "updated_at": case.updated_at,
            "owner": case.owner,
        }
        for case in cases
    ]


def listed(person: Person, roles: Sequence[Membership]) -> Any:
    """The cases that the contact sees by these memberships, with a row's fields; newest first.

    A page is read from an index in its order, however many cases there are: `case_of_organization`
    for a contact of one organization, `case_newest` for a contact of several.
    """
    return (
        Case.objects.visible_to(person, roles)
        .select_related("organization", "owner")
        .only(*ROW_FIELDS)
        .order_by("-updated_at", "-pk")
    )


@dataclass(frozen=True)
class Home:
    """The start page: what waits for the customer first."""

    waiting: list[Row]
    mine: list[Row]
    others: list[Row]
    announcements: list[Announcement]


def home(person: Person, roles: Sequence[Membership], now: dt.datetime) -> Home:
    """The open cases of the contact's organizations, at most `HOME_ROWS` of each kind."""
    cases = listed(person, roles).open()
    waiting = Q(state__in=WAITING_STATES)
    mine = Q(contact=person)
    return Home(
        waiting=rows(cases.filter(waiting).order_by("severity", "state_since_at")[:HOME_ROWS]),
        mine=rows(cases.filter(~waiting, mine)[:HOME_ROWS]),
        others=rows(cases.filter(~waiting, ~mine)[:HOME_ROWS]),
        announcements=list(Announcement.objects.current(now)[:3]),
    )


def memberships(person: Person) -> list[Membership]:
    """The contact's role in each organization, by the organization's name (ACC-3)."""
    plans = CarePlan.objects.filter(
        Q(pk=OuterRef("organization__plan")) | Q(pk=OuterRef("organization__add_on")),
        features__code__in=TELEPHONE_SUPPORT,
    )
    roles = person.memberships.select_related("organization__calendar")
    found: Any = list(roles.annotate(has_telephone_support=Exists(plans)))
    for each in found:
        each.organization.__dict__["has_telephone_support"] = each.has_telephone_support
    memberships: list[Membership] = found
    return memberships


def organizations_to_open_for(person: Person) -> list[Organization]:
    """The organizations for which the contact is Designated (ACC-1), by name."""
    return [each.organization for each in designated(memberships(person))]


def designated(roles: Sequence[Membership]) -> list[Membership]:
    """The memberships by which the contact opens and changes cases (ACC-1)."""
    return [each for each in roles if each.role == Membership.Role.DESIGNATED]


@dataclass(frozen=True)
class Feed:
    """The newest public entries in the order of the conversation (FEED-1, FEED-3)."""

    entries: list[Entry]
    #: Whether there are older entries that are not shown.
    has_older: bool
    newest_id: int


def feed(case: Case, *, whole: bool) -> Feed:
    """The case feed as contacts see it; `whole` shows all of it, however long."""
    newest_first = (
        case.entries.public()
        .select_related("author", "moved_by")
        .prefetch_related("attachments")
        .order_by("-created_at", "-pk")
    )
    entries = list(newest_first if whole else newest_first[: FEED_ROWS + 1])
    has_older = not whole and len(entries) > FEED_ROWS
    entries = entries[:FEED_ROWS] if has_older else entries
    entries.reverse()
    newest = max((entry.pk for entry in entries), default=0)
    return Feed(entries, has_older, newest)


def opening_files(case: Case) -> list[Attachment]:
    """The files that came with the form."""
    return list(
        Attachment.objects.filter(
            entry__case=case, entry__event=Entry.Event.OPENED, entry__visibility="public"
        )
    )


@dataclass(frozen=True)
class Link:
    """A linked case, in words that fit its side of the link (CASE-11)."""

    pk: int
    words: str
    case: Case


def links(case: Case, *, visible_to: Person | None = None) -> list[Link]:
    """The linked cases; with a contact, those that the contact may see."""
    others = Case.objects.visible_to(visible_to) if visible_to else Case.objects.all()
    found = CaseLink.objects.select_related("from_case", "to_case").filter(
        Q(from_case=case, to_case__in=others) | Q(to_case=case, from_case__in=others)
    )
    return [
        Link(each.pk, _link_words(each, "Duplicate of"), each.to_case)
        if each.from_case_id == case.pk
        else Link(each.pk, _link_words(each, "Has as its duplicate"), each.from_case)
        for each in found
    ]


def _link_words(link: CaseLink, duplicate: str) -> str:
    return duplicate if link.kind == CaseLink.Kind.DUPLICATE else "Related to"


def is_designated(person: Person, organization_id: int) -> bool:
    """For what the page shows; the services check the role again."""
    return person.memberships.filter(
        organization_id=organization_id, role=Membership.Role.DESIGNATED
    ).exists()


#: The state filter's values beyond the states themselves.
STATE_GROUPS = {
    "open": Q(state__in=[state.value for state in State if state != State.CLOSED]),
    "waiting": Q(state__in=WAITING_STATES),
}
