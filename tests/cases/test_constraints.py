"""The refusals of the database itself: each constraint, without a service or form."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from cases.models import (
    Analysis,
    Announcement,
    Applicant,
    Attachment,
    BusinessCalendar,
    CalendarDay,
    CareFeature,
    CarePlan,
    Case,
    CaseLink,
    Clock,
    Deployment,
    Entry,
    Incident,
    Membership,
    Notice,
    OpeningHours,
    Organization,
    Person,
    Recomputation,
    SlaTarget,
)
from tests import realms
from tests.world import NOW, Desk

numbers, OLD = itertools.count(1), NOW - dt.timedelta(days=1)


def case(desk: Desk, **fields: Any) -> Case:
    return Case(
        **{
            "organization": desk.organization,
            "deployment": desk.deployment,
            "contact": desk.designated,
            **dict.fromkeys(("subject", "description", "business_impact"), "x"),
            "priority": 3,
            "severity": 3,
            **dict.fromkeys(("created_at", "state_since_at", "updated_at"), NOW),
            **fields,
        }
    )


def care_plan(**fields: Any) -> CarePlan:
    return CarePlan(**{"code": "x", "name": "x", "family": "cloud", **fields})


def applicant(desk: Desk, **fields: Any) -> Applicant:
    asked = {"role": "read_only", "asked_at": NOW, "due_at": NOW, "submission": SUBMISSION}
    return Applicant(**{"name": "x", "email": "x@x.example", **asked, **fields})


def entry(desk: Desk, **fields: Any) -> Entry:
    return Entry(
        **{
            "case": desk.case(),
            "visibility": "public",
            "author": desk.expert,
            "author_side": "staff",
            "body": "x",
            "created_at": NOW,
            **fields,
        }
    )


def attachment(desk: Desk, **fields: Any) -> Attachment:
    return Attachment(
        **{
            "entry": desk.case().entries.get(),
            "file": "x",
            "name": "x",
            "content_type": "text/plain",
            "size": 1,
            "sha256": "x",
            "created_at": NOW,
            "scan_state": "clean",
            **fields,
        }
    )


def notice(desk: Desk, **fields: Any) -> Notice:
    number = next(numbers)
    return Notice(
        **{
            "key": f"k{number}",
            "event": "entry",
            "email": "a@b.example",
            "message_id": f"<{number}@x>",
            "created_at": NOW,
            "due_at": NOW,
            **fields,
        }
    )


def link(desk: Desk, **fields: Any) -> CaseLink:
    first, second = desk.case(), desk.case()
    chosen = {"from_case": first, "to_case": second, "kind": "related"}
    chosen |= {
        key: {"first": first, "second": second}.get(value, value) for key, value in fields.items()
    }
    return CaseLink(created_at=NOW, created_by=desk.expert, **chosen)


def organization(desk: Desk, **fields: Any) -> Organization:
    name = f"org{next(numbers)}"
    calendar = desk.organization.calendar
    return Organization(
        **{
            "name": name,
            "short_name": name,
            "calendar": calendar,
            "plan": desk.organization.plan,
            "is_fedramp": desk.organization.is_fedramp,
            **fields,
        }
    )


def deployment(desk: Desk, **fields: Any) -> Deployment:
    return Deployment(
        **{
            "organization": desk.organization,
            "name": f"d{next(numbers)}",
            "product": "x",
            "region": "us-east-2",
            "offering_type": desk.deployment.offering_type,
            **fields,
        }
    )


def hours(desk: Desk, **fields: Any) -> OpeningHours:
    calendar = desk.organization.calendar
    return OpeningHours(**{"calendar": calendar, "weekday": 5, "opens": 1, "closes": 2, **fields})


def day(desk: Desk, **fields: Any) -> CalendarDay:
    return CalendarDay(
        **{"calendar": desk.organization.calendar, "date": dt.date(2026, 5, 5), **fields}
    )


def clock(desk: Desk, **fields: Any) -> Clock:
    return Clock(
        **{
            "case": desk.case(),
            "kind": "proposal",
            "started_at": NOW,
            "due_at": NOW,
            "acts_at": NOW,
            **fields,
        }
    )


def target(desk: Desk, **fields: Any) -> SlaTarget:
    known = SlaTarget.objects.first()
    assert known is not None
    copied = {f.name: getattr(known, f.name) for f in SlaTarget._meta.fields if f.name != "id"}
    return SlaTarget(**{**copied, **fields})


def two_clocks(desk: Desk) -> list[models.Model]:
    first = clock(desk)
    return [first, clock(desk, case=first.case)]


def incident(desk: Desk, **fields: Any) -> Incident:
    made = {"title": "x", "created_at": NOW, "created_by": desk.expert, **fields}
    return Incident(**{"number": f"CI-{next(numbers)}", **made})


def analysis(desk: Desk, **fields: Any) -> Analysis:
    return Analysis(**{"case": desk.case(), **fields})


def recomputation(desk: Desk, *of: str, **fields: Any) -> Recomputation:
    """A running one of each of these: a target, a calendar, a plan, an organization."""
    things = {
        "target": SlaTarget.objects.first(),
        "calendar": desk.organization.calendar,
        "plan": desk.organization.plan,
        "organization": desk.organization,
    }
    changed = {name: things[name] for name in of}
    return Recomputation(**{"asked_at": NOW, "asked_by": desk.expert, **changed, **fields})


def twice(make: Callable[..., models.Model], **fields: Any) -> Callable[[Desk], list[models.Model]]:
    return lambda desk: [make(desk, **fields), make(desk, **fields)]


def once(make: Callable[..., models.Model], **fields: Any) -> Callable[[Desk], list[models.Model]]:
    return lambda desk: [make(desk, **fields)]


def same_link(desk: Desk) -> list[models.Model]:
    first = link(desk)
    return [first, CaseLink(**{f: getattr(first, f) for f in LINK_FIELDS})]


LINK_FIELDS = ("from_case", "to_case", "created_at", "created_by", "kind")
SUBMISSION = "6f3b2f0e-3f0a-4f5e-9a37-52b5a1c7d0aa"

REFUSED: dict[str, list[Callable[[Desk], list[models.Model]]]] = {
    "announcement_expires_after_publication": [
        lambda desk: [Announcement(title="x", body="x", published_at=NOW, expires_at=NOW)]
    ],
    "attachment_scan_state_known": [once(attachment, scan_state="fine")],
    "attachment_held_has_a_next_scan": [
        once(attachment, scan_state="pending"),
        once(attachment, scan_state="failed"),
    ],
    "calendar_subdivision_needs_country": [
        lambda desk: [BusinessCalendar(name="x", time_zone="UTC", holiday_subdivision="CA")]
    ],
    "opening_hours_in_order": [
        once(hours, opens=2, closes=2),
        once(hours, weekday=7),
        once(hours, closes=1441),
    ],
    "opening_hours_once": [twice(hours)],
    "calendar_day_in_order": [
        once(day, opens=5, closes=5),
        once(day, opens=5),
        once(day, closes=5),
        once(day, opens=5, closes=1441),
    ],
    "calendar_day_interval_once": [twice(day, opens=5, closes=6)],
    "calendar_day_closed_once": [twice(day)],
    "case_state_known": [once(case, state="lost")],
    "case_severity_and_priority_known": [
        once(case, severity=0),
        once(case, severity=5),
        once(case, priority=5),
    ],
    "case_closed_has_its_time": [once(case, state="closed"), once(case, closed_at=NOW)],
    "case_new_has_no_owner": [lambda desk: [case(desk, owner=desk.expert)]],
    "case_worked_has_an_owner": [
        once(case, state=state)
        for state in ("in_progress", "awaiting_customer", "resolution_proposed")
    ],
    "case_third_party_is_recorded": [
        lambda desk: [case(desk, state="awaiting_third_party", owner=desk.expert)],
        once(case, third_party="development"),
    ],
    "case_critical_has_a_24x7_number": [once(case, severity=1), once(case, priority=1)],
    "case_link_once": [same_link],
    "case_link_to_another_case": [once(link, to_case="first", kind="duplicate")],
    "case_link_related_is_stored_once": [once(link, from_case="second", to_case="first")],
    "clock_one_runs_per_case_and_kind": [two_clocks],
    "clock_kind_known": [once(clock, kind="egg")],
    "clock_state_has_its_times": [
        once(clock, acts_at=None),
        once(clock, ended_at=NOW),
        once(clock, state="breached"),
        once(clock, state="met", acts_at=None),
        once(clock, state="cancelled", ended_at=NOW),
        once(clock, state="lost"),
    ],
    "clock_warns_before_it_is_due": [once(clock, warns_at=NOW + dt.timedelta(seconds=1))],
    "sla_target_once_per_severity": [once(target)],
    "sla_target_known": [
        once(target, promise="x"),
        once(target, unit="x"),
        once(target, severity=5),
        once(target, warn_percent=0),
        once(target, warn_percent=100),
    ],
    "entry_visibility_known": [once(entry, visibility="secret")],
    "entry_has_a_person_or_a_job": [
        once(entry, author=None),
        once(entry, author_side="job"),
        once(entry, job="x"),
        once(entry, author_side="nobody"),
    ],
    "entry_of_a_contact_is_public": [
        once(entry, author_side="contact", visibility="internal"),
    ],
    "entry_message_says_something": [once(entry, body="")],
    "notice_sent_has_its_time": [
        once(notice, state="sent", due_at=None),
        once(notice, sent_at=NOW),
        once(notice, state="lost"),
    ],
    "notice_queued_has_a_next_try": [once(notice, due_at=None)],
    "organization_kind_known": [once(organization, kind="friend")],
    "organization_only_end_users_have_a_partner": [
        lambda desk: [organization(desk, partner=desk.organization)]
    ],
    "organization_not_its_own_partner": [
        lambda desk: [organization(desk, pk=999, partner_id=999, kind="end_user")]
    ],
    "deployment_name_once_per_organization": [twice(deployment, name="Same")],
    "deployment_in_the_cloud_has_a_region": [
        once(deployment, offering_type="commercial", region="")
    ],
    "deployment_fedramp_is_in_us_east_2": [
        once(deployment, offering_type="fedramp", region="us-west-2"),
        once(deployment, offering_type="fedramp", hosting="premises", region=""),
    ],
    "membership_one_role_per_organization": [
        lambda desk: [
            Membership(person=desk.designated, organization=desk.organization, role="read_only")
        ]
    ],
    "membership_role_known": [
        lambda desk: [
            Membership(person=desk.outsider, organization=desk.organization, role="owner")
        ]
    ],
    "person_email_once_in_any_case": [
        lambda desk: [Person(email=desk.designated.email.upper(), name="x")]
    ],
    "applicant_role_known": [once(applicant, role="owner")],
    "applicant_decided_has_its_facts": [
        once(applicant, state="granted", decided_at=NOW),
        once(applicant, state="declined", decided_at=NOW),
        once(applicant, decided_at=NOW),
    ],
    "incident_is_summed_up_when_restored": [once(incident, summary="Early.")],
    "incident_is_corrected_while_it_goes_on": [once(incident, correction="x", restored_at=NOW)],
    "incident_resolved_once_restored": [once(incident, resolved_at=NOW)],
    "incident_began_before_it_was_restored": [once(incident, impact_began_at=NOW, restored_at=OLD)],
    "analysis_meeting_after_the_document": [once(analysis, met_at=NOW)],
    "recomputation_of_one_thing": [
        lambda desk: [recomputation(desk)],
        lambda desk: [recomputation(desk, "target", "plan")],
        lambda desk: [recomputation(desk, "plan", "organization")],
        lambda desk: [recomputation(desk, "target", "calendar", "plan")],
    ],
    "recomputation_one_a_target_at_a_time": [
        lambda desk: [recomputation(desk, "target"), recomputation(desk, "target")]
    ],
    **{
        f"recomputation_one_a_{of}_at_a_time": [
            lambda desk, of=of: [recomputation(desk, of), recomputation(desk, of)]
        ]
        for of in ("calendar", "plan", "organization")
    },
    "superuser_is_staff": [lambda desk: [Person(email="x@x.example", is_superuser=True)]],
    "care_plan_add_on_takes_none": [lambda _: [care_plan(is_add_on=True, takes_add_on=True)]],
    "care_plan_family_known": [lambda _: [care_plan(family="x")]],
    # Not constraints of `Meta`, but of a field: exactly once is a rule here too.
    "case number": [twice(case, number="C-SAME000")],
    "case submission": [twice(case, submission=SUBMISSION)],
    "entry submission": [twice(entry, submission=SUBMISSION)],
    "notice key": [twice(notice, key="same")],
    "notice message id": [twice(notice, message_id="<same@x>")],
    "organization short name": [twice(organization, short_name="same")],
    "care feature code": [lambda desk: [CareFeature(code="x"), CareFeature(code="x")]],
}


def constraints() -> list[models.BaseConstraint]:
    found = [model._meta.constraints for model in apps.get_app_config("cases").get_models()]
    return list(itertools.chain.from_iterable(found))


def test_every_constraint_is_tried():
    assert {each.name for each in constraints()} <= set(REFUSED)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, tries in REFUSED.items() for number in range(len(tries))],
)
def test_the_database_refuses(desk, name, number):
    rows = REFUSED[name][number](desk)
    # Those of the realm have tests of their own, and would refuse some rows first.
    with realms.without_rules(), pytest.raises(IntegrityError) as refusal, transaction.atomic():
        type(rows[0])._base_manager.bulk_create(rows)
    checks = {each.name for each in constraints() if isinstance(each, models.CheckConstraint)}
    if name in checks:
        assert name in str(refusal.value)


@pytest.mark.parametrize(
    "make", [case, entry, attachment, notice, link, organization, deployment, hours, day, clock]
)
def test_what_differs_in_no_fact_is_accepted(desk, make):
    """The same rows without the one wrong fact: so it is the fact that was refused."""
    type(make(desk))._base_manager.bulk_create([make(desk)])
