"""The small world of the tests."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from cases import realm
from cases.actors import Actor
from cases.models import (
    BusinessCalendar,
    CarePlan,
    Case,
    Deployment,
    Membership,
    OpeningHours,
    Organization,
    Person,
)
from cases.roles import ROLES, SUPPORT_EXPERT, sync_roles
from cases.services.lifecycle import act
from cases.services.new_cases import open_case
from fedramp.models import PinCheck, ScrubReport, Skill
from fedramp.services.skills import record

NOW = dt.datetime(2026, 3, 3, 15, 0, tzinfo=dt.UTC)  # a Tuesday, 10:00 in New York

FAR_AWAY = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
PASSWORD = "correct horse battery staple"


@dataclass
class Desk:
    """Everybody of the small world, by role."""

    organization: Organization
    deployment: Deployment
    designated: Person
    read_only: Person
    outsider: Person
    expert: Person
    colleague: Person

    def case(self, **fields: Any) -> Case:
        """A New case, opened by the Designated Contact."""
        return open_case(
            actor=fields.pop("actor", None) or Actor.of(self.designated),
            now=fields.pop("now", NOW),
            **{
                "deployment": self.deployment,
                "subject": "Calls drop after transfer",
                "description": "Every second transfer drops.",
                "business_impact": "Agents call back by hand.",
                "priority": 3,
                **fields,
            },
        )

    def owned_case(self, **fields: Any) -> Case:
        """A case In Progress, taken by the expert."""
        return self.act("take", self.case(**fields))

    def act(self, action: str, case: Case, actor: Person | None = None, **fields: Any) -> Case:
        """Does the action, by the expert unless another person is named."""
        return act(
            case_id=case.pk,
            action=action,
            actor=Actor.of(actor or self.expert),
            now=fields.pop("now", NOW),
            **fields,
        )

    def hears(self, caller: Person, *, now: dt.datetime | None = None) -> None:
        """The expert has the caller on the telephone; if they have a PIN (FED-5), it matched."""
        if realm.current().telephone_page:
            PinCheck.objects.create(
                person=caller,
                asked_by=self.expert,
                asked_at=now or timezone.now(),
                outcome=PinCheck.Outcome.MATCH,
            )

    def case_in(self, state: str) -> Case:
        """A case in this state, brought there by the actions that lead to it."""
        if state == "new":
            return self.case()
        case = self.owned_case()
        if state == "awaiting_customer":
            return self.act("ask", case, text="Which trunk?")
        if state == "awaiting_third_party":
            return self.act("engage", case, text="Under analysis.", third_party="development")
        if state == "resolution_proposed":
            return self.act("propose", case, text="Set the codec to G.711.")
        if state == "closed":
            return self.act("close", case, text="Done.")
        return case


def person(
    email: str, *, name: str = "", roles: tuple[str, ...] = (), skill: bool = True, **fields: Any
) -> Person:
    """A person who signs in with PASSWORD; with roles, a member of staff.

    In the FedRAMP realm staff have its skill, unless `skill` is false.
    """
    someone = Person.objects.create_user(
        email,
        PASSWORD,
        name=name or email.split("@")[0].replace(".", " ").title(),
        is_staff=bool(roles),
        **fields,
    )
    someone.groups.set(Group.objects.filter(name__in=roles))
    if roles and skill and someone.is_active:
        admit(someone)
    return someone


def admit(someone: Person, *, until: dt.datetime = FAR_AWAY) -> Skill | None:
    """The realm admits this member of staff; attested by another, if need be by a stranger."""
    if realm.current().name != "fedramp":
        return None
    others = Person.objects.filter(is_staff=True).exclude(pk=someone.pk)
    officer = others.first() or Person.objects.create(
        email="officer@support.example", name="Olive Officer", is_staff=True
    )
    someone.__dict__.pop("_skill_ends_at", None)
    return record(
        person_id=someone.pk,
        attested_by=officer,
        status="citizen",
        is_in_us=True,
        evidence="Passport seen.",
        ends_at=until,
        actor=Actor.of_job("tests"),
        now=LONG_AGO,
    )


def membership(someone: Person, organization: Organization, role: str) -> Membership:
    """Gives the person this role in the organization."""
    return Membership.objects.create(person=someone, organization=organization, role=role)


def organization(short_name: str, **fields: Any) -> Organization:
    """An organization open on weekdays from 9 to 17 in New York, with one cloud deployment."""
    calendar, made = BusinessCalendar.objects.get_or_create(
        name="New York", defaults={"time_zone": "America/New_York", "holiday_country": "US"}
    )
    if made:
        for weekday in range(5):
            OpeningHours.objects.create(
                calendar=calendar, weekday=weekday, opens=9 * 60, closes=17 * 60
            )
    plan = fields.pop("plan", None) or CarePlan.objects.get(code="business_care_for_cloud")
    fields.setdefault("is_fedramp", realm.current().name == "fedramp")
    made_here = Organization.objects.create(
        name=short_name.title(), short_name=short_name, calendar=calendar, plan=plan, **fields
    )
    Deployment.objects.create(
        organization=made_here,
        name="Production",
        product="Genesys Cloud CX",
        region="us-east-2",
        offering_type="fedramp" if made_here.is_fedramp else "commercial",
    )
    return made_here


def open_always(calendar: BusinessCalendar) -> None:
    """Makes it always business time, even if the test runs on a Sunday."""
    calendar.opening_hours.all().delete()
    calendar.holiday_country = ""
    calendar.save()
    for weekday in range(7):
        OpeningHours.objects.create(calendar=calendar, weekday=weekday, opens=0, closes=24 * 60)


def build() -> Desk:
    if not Group.objects.exists():  # made once for the test database, see conftest.py
        sync_roles()
    acme = organization("acme")
    globex = organization("globex")
    designated = person("dana@acme.example", name="Dana Designated")
    read_only = person("rudi@acme.example", name="Rudi Readonly")
    outsider = person("olga@globex.example", name="Olga Outsider")
    Membership.objects.create(person=designated, organization=acme, role="designated")
    Membership.objects.create(person=read_only, organization=acme, role="read_only")
    Membership.objects.create(person=outsider, organization=globex, role="designated")
    return Desk(
        organization=acme,
        deployment=acme.deployments.get(),
        designated=designated,
        read_only=read_only,
        outsider=outsider,
        expert=person("erin@support.example", name="Erin Expert", roles=(SUPPORT_EXPERT,)),
        colleague=person("cole@support.example", name="Cole Colleague", roles=(SUPPORT_EXPERT,)),
    )


def staff_of_every_role() -> dict[str, Person]:
    """One member of staff for each role, by the role's name."""
    return {
        role: person(f"{role.lower().replace(' ', '.')}@support.example", name=role, roles=(role,))
        for role in ROLES
    }


def scrub_report(case: Case, by: Person) -> ScrubReport:
    """A report that something in the subject was missed; it waits for a review."""
    return ScrubReport.objects.create(
        case=case,
        said="missed",
        target=f"cases.case:{case.pk}:subject",
        kind="PERSON",
        number=1,
        said_by=by,
        said_at=NOW,
    )
