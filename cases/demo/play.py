"""Carries out the plan: people and organizations first, then every step in order of time."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.module_loading import import_string
from simple_history.utils import bulk_update_with_history

from ..actors import Actor
from ..models import (
    Announcement,
    BusinessCalendar,
    CarePlan,
    Case,
    Deployment,
    Membership,
    Notice,
    OpeningHours,
    Organization,
    Person,
)
from ..persistence import save
from ..roles import PRODUCT_SUPPORT_MANAGER, sync_roles
from ..services.feeds import post_entry
from ..services.files import CheckedFile, check_files
from ..services.lifecycle import act
from ..services.links import link_cases
from ..services.new_cases import open_case
from ..services.severity import change_severity
from . import SCENES
from .people import CALENDARS, World
from .plan import CasePlan, plan
from .script import CRITICAL, Log, Step
from .signins import PASSWORD

DEMO = Actor.of_job("demo")
#: A smaller demo, for a quick look and for tests, has no incidents and no scenes of other apps.
SCENES_FROM = 50
#: This many mails stay in the outbox, so that a person who opens the demo sees mails arrive.
STAY_QUEUED = 6
ORGANIZATION_IDS = uuid.UUID("6f3b2f0e-3f0a-4f5e-9a37-52b5a1c7d0aa")


def make(world: World, *, cases: int, now: dt.datetime) -> None:
    """Create the world in the database with this many cases, all or nothing."""
    with transaction.atomic():
        stage = Stage(world, now)
        stage.play(plan(world, cases))
        if cases >= SCENES_FROM:
            for scene in SCENES:
                import_string(scene)(stage)
        _settle_notices(now)


class Stage:
    """Everybody and everything that the plan names, by name."""

    def __init__(self, world: World, now: dt.datetime) -> None:
        self.world = world
        self.now = now
        self.began = now - dt.timedelta(days=400)
        sync_roles()
        self.calendars = {each.name: self._calendar(each.name) for each in CALENDARS}
        self.password = make_password(PASSWORD)
        self.people: dict[str, Person] = {}
        for someone in world.staff:
            staff = self._person(someone.email, someone.name, someone.time_zone, is_staff=True)
            staff._change_reason = f"job: {DEMO.job}"  # type: ignore[attr-defined]
            staff.groups.add(Group.objects.get(name=someone.role))
            if someone.role == PRODUCT_SUPPORT_MANAGER:
                self.manager = staff
        staff_here = [self.people[each.email] for each in world.staff]
        world.admit(staff_here, now=self.began)
        self.organizations: dict[str, Organization] = {}
        self.deployments: dict[tuple[str, str], Deployment] = {}
        for organization in world.organizations:
            self._organization(world, organization.short_name)
        for member in world.contacts:
            person = self._person(member.email, member.name, member.time_zone)
            for short_name, role in member.roles.items():
                self._save(
                    Membership(
                        person=person, organization=self.organizations[short_name], role=role
                    )
                )
        for position, (title, body) in enumerate(world.announcements):
            published = now - dt.timedelta(days=1 + 9 * position)
            self._save(Announcement(title=title, body=body, published_at=published))
        self.actors = {email: Actor.of(person) for email, person in self.people.items()}

    def _save(self, instance: object) -> None:
        save(instance, actor=DEMO, now=self.began, why="demo")  # type: ignore[arg-type]

    def _calendar(self, name: str) -> BusinessCalendar:
        data = next(each for each in CALENDARS if each.name == name)
        calendar = BusinessCalendar(
            name=data.name,
            time_zone=data.time_zone,
            holiday_country=data.country,
            holiday_subdivision=data.subdivision,
        )
        self._save(calendar)
        hours = (0, 24 * 60) if data.around_the_clock else (data.opens, data.closes)
        for weekday in range(7 if data.around_the_clock else 5):
            self._save(
                OpeningHours(calendar=calendar, weekday=weekday, opens=hours[0], closes=hours[1])
            )
        return calendar

    def _person(self, email: str, name: str, zone: str, *, is_staff: bool = False) -> Person:
        person = Person(
            email=email,
            name=name,
            time_zone=zone,
            is_staff=is_staff,
            password=self.password,
            joined_at=self.began,
            last_login=self.now,  # nobody's account is dormant (AC-2)
        )
        self._save(person)
        self.people[email] = person
        return person

    def _organization(self, world: World, short_name: str) -> None:
        data = next(each for each in world.organizations if each.short_name == short_name)
        organization = Organization(
            name=data.name,
            short_name=data.short_name,
            org_id=uuid.uuid5(ORGANIZATION_IDS, data.short_name),
            kind=data.kind,
            partner=self.organizations.get(data.partner),
            calendar=self.calendars[data.calendar],
            plan=CarePlan.objects.get(code=data.plan),
            add_on=CarePlan.objects.get(code=data.add_on) if data.add_on else None,
            technical_account_manager=self.people.get(data.account_manager),
            is_fedramp=data.is_fedramp,
        )
        self._save(organization)
        self.organizations[short_name] = organization
        for each in data.deployments:
            offering = "fedramp" if data.is_fedramp else "commercial"
            deployment = Deployment(
                organization=organization,
                name=each.name,
                product=each.product,
                hosting="cloud" if each.region else "premises",
                region=each.region,
                offering_type=offering,
            )
            self._save(deployment)
            self.deployments[short_name, each.name] = deployment

    # --- The cases

    def play(self, plans: Sequence[CasePlan]) -> None:
        """Every step of every case, in the order in which they happened."""
        events = [
            (before, index, number)
            for index, each in enumerate(plans)
            for number, before in enumerate(
                [each.opened_before, *(before for before, _ in each.steps)]
            )
        ]
        events.sort(key=lambda event: (-event[0], event[1], event[2]))
        cases: dict[int, Case] = {}
        for before, index, number in events:
            each, at = plans[index], self.now - before
            if number == 0:
                cases[index] = self._open(each, at)
                continue
            step = each.steps[number - 1][1]
            self._do(each, step, cases[index], at)
            if step.kind == "take" and each.related_to is not None:
                link_cases(
                    case_id=cases[index].pk,
                    number=cases[each.related_to].number,
                    kind="related",
                    actor=self.actors[each.owner],
                    now=at,
                )

    def _open(self, each: CasePlan, at: dt.datetime) -> Case:
        scenario = each.scenario
        return open_case(
            actor=self.actors[each.contact.email],
            now=at,
            deployment=self.deployments[each.organization.short_name, each.deployment.name],
            subject=scenario.subject,
            description=scenario.description,
            business_impact=scenario.impact,
            priority=scenario.priority,
            conversation_id=each.conversation,
            phone_24x7="+1 555 0142" if scenario.priority == CRITICAL else "",
            files=_files(scenario.log),
        )

    def _do(self, each: CasePlan, step: Step, case: Case, at: dt.datetime) -> None:
        actor = self.actors[each.contact.email if step.by_contact else each.owner]
        if step.kind in {"say", "note", "write"}:
            post_entry(
                case_id=case.pk,
                actor=actor,
                now=at,
                body=step.text,
                internal=step.kind == "note",
                files=_files(step.log),
            )
        elif step.kind == "severity":
            change_severity(
                case_id=case.pk, severity=step.severity, reason=step.text, actor=actor, now=at
            )
        elif step.kind == "take" and each.is_assigned:
            act(
                case_id=case.pk,
                action="assign",
                actor=Actor.of(self.manager),
                now=at,
                owner=self.people[each.owner],
                text="Could you take this one? You know this customer.",
            )
        else:
            act(
                case_id=case.pk,
                action=step.kind,
                actor=actor,
                now=at,
                text=step.text,
                third_party=step.third_party,
                third_party_name=step.third_party_name,
                files=_files(step.log),
            )


def _files(log: Log | None) -> list[CheckedFile]:
    return check_files([SimpleUploadedFile(log.name, log.text.encode())]) if log else []


def _settle_notices(now: dt.datetime) -> None:
    """Past mails count as sent at their time; only the newest few are left to deliver."""
    newest = Notice.objects.order_by("-created_at", "-pk").values_list("pk", flat=True)
    settled = []
    for notice in Notice.objects.exclude(pk__in=list(newest[:STAY_QUEUED])).defer("text"):
        notice.state = Notice.State.SENT
        notice.sent_at = min(notice.created_at + dt.timedelta(seconds=20), now)
        notice.due_at = None
        notice._history_date = notice.sent_at  # type: ignore[attr-defined]
        settled.append(notice)
    bulk_update_with_history(
        settled,
        Notice,
        ["state", "sent_at", "due_at"],
        batch_size=200,
        default_change_reason="job: demo",
    )
