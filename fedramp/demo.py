"""The demo world of the FedRAMP realm: its own organizations, people and addresses."""

import datetime as dt
import uuid
from collections.abc import Sequence

from cases.actors import Actor
from cases.demo.people import (
    DeploymentData,
    OrganizationData,
    StaffData,
    World,
    contact,
    staff_of,
)
from cases.demo.play import Stage
from cases.models import Person
from cases.roles import ACCESS_ADMINISTRATOR, ESCALATION_OWNER

CX = "Genesys Cloud CX"
REGION = "us-east-2"
#: Is staff, and yet does not get in (FED-6).
WITHOUT_SKILL = "noah.pell@fedramp-support.example"
#: The review of this one's skill is due soon.
REVIEW_DUE = "sam.whitlock@fedramp-support.example"
STAFF = (
    *staff_of("fedramp-support.example"),
    StaffData("Sam Whitlock", "sam.whitlock@fedramp-support.example", ACCESS_ADMINISTRATOR),
    StaffData("Noah Pell", WITHOUT_SKILL, ESCALATION_OWNER),
)
MANAGER = "lena.brandt@fedramp-support.example"
CENTRAL, MOUNTAIN, PACIFIC = "America/Chicago", "America/Denver", "America/Los_Angeles"


def _agency(
    name: str,
    short_name: str,
    deployments: tuple[str, ...],
    sites: tuple[str, ...],
    *,
    plan: str = "business_care_for_cloud",
    calendar: str = "US East",
    add_on: str = "",
    account_manager: str = "",
    kind: str = "direct",
    partner: str = "",
    weight: int = 2,
) -> OrganizationData:
    return OrganizationData(
        name,
        short_name,
        calendar,
        plan,
        tuple(DeploymentData(each, CX, REGION) for each in deployments),
        sites,
        add_on=add_on,
        account_manager=account_manager,
        kind=kind,
        partner=partner,
        is_fedramp=True,
        weight=weight,
    )


ORGANIZATIONS = (
    _agency(
        "Harbor Benefits Administration",
        "harbor-benefits",
        ("Benefits hotline", "Appeals"),
        ("Baltimore", "Kansas City"),
        add_on="flex_care_for_cloud",
        account_manager=MANAGER,
        weight=4,
    ),
    _agency("Office of Rural Transit", "rural-transit", ("Traveller line",), ("Des Moines",)),
    _agency(
        "Bureau of Trail and River Permits",
        "trail-permits",
        ("Permit line",),
        ("Boise", "Missoula"),
        plan="care_for_cloud",
    ),
    _agency(
        "National Weather Line",
        "weather-line",
        ("Public line",),
        ("Norman", "Wichita"),
        calendar="Around the clock",
        account_manager=MANAGER,
        weight=3,
    ),
    _agency("Veterans Travel Desk", "veterans-travel", ("Travel desk",), ("Tucson",), weight=3),
    _agency(
        "Clearfield Systems",
        "clearfield-systems",
        ("Laboratory",),
        ("Reston",),
        kind="partner",
        weight=1,
    ),
    _agency(
        "Small Harbors Commission",
        "small-harbors",
        ("Harbor masters",),
        ("Portland",),
        kind="end_user",
        partner="clearfield-systems",
    ),
    _agency(
        "Student Aid Enquiries",
        "student-aid",
        ("Enquiries",),
        ("Dayton", "Fresno"),
        kind="end_user",
        partner="clearfield-systems",
        plan="care_for_cloud",
    ),
    _agency("Federal Seed Registry", "seed-registry", ("Registry",), ("Ames",), weight=1),
    _agency("Lighthouse Records Centre", "lighthouse-records", ("Records",), ("Akron",), weight=1),
)

CONTACTS = (
    contact("Denise Harlow", "harbor-benefits", "fedramp-harbor.example"),
    contact("Marcus Bell", "harbor-benefits", "fedramp-harbor.example"),
    contact("Tessa Grant", "harbor-benefits", "fedramp-harbor.example", zone=CENTRAL),
    contact("Roy Kimball", "harbor-benefits", "fedramp-harbor.example", "read_only"),
    contact("Alma Reyes", "rural-transit", "fedramp-transit.example", zone=CENTRAL),
    contact("Curtis Vance", "rural-transit", "fedramp-transit.example", zone=CENTRAL),
    contact("Gwen Park", "rural-transit", "fedramp-transit.example", "read_only", CENTRAL),
    contact("Hank Sorrell", "trail-permits", "fedramp-trail.example", zone=MOUNTAIN),
    contact("June Whitaker", "trail-permits", "fedramp-trail.example", zone=MOUNTAIN),
    contact("Cody Lamb", "trail-permits", "fedramp-trail.example", "read_only", MOUNTAIN),
    contact("Nina Castle", "weather-line", "fedramp-weather.example", zone=CENTRAL),
    contact("Omar Haddad", "weather-line", "fedramp-weather.example", zone=CENTRAL),
    contact("Stella Moon", "weather-line", "fedramp-weather.example", zone=CENTRAL),
    contact("Ray Tibbs", "weather-line", "fedramp-weather.example", "read_only", CENTRAL),
    contact("Walt Jennings", "veterans-travel", "fedramp-vtd.example", zone=MOUNTAIN),
    contact("Carmen Ruiz", "veterans-travel", "fedramp-vtd.example", zone=MOUNTAIN),
    contact("Bree Nolan", "veterans-travel", "fedramp-vtd.example", "read_only", MOUNTAIN),
    contact(
        "Colin Frost",
        "clearfield-systems",
        "fedramp-clearfield.example",
        small_harbors="designated",
        student_aid="read_only",
    ),
    contact(
        "Ivy Chang",
        "clearfield-systems",
        "fedramp-clearfield.example",
        student_aid="designated",
    ),
    contact("Seth Waters", "small-harbors", "fedramp-harbors.example", zone=PACIFIC),
    contact("Molly Pike", "small-harbors", "fedramp-harbors.example", "read_only", PACIFIC),
    contact("Grace Udall", "student-aid", "fedramp-aid.example"),
    contact("Victor Shaw", "student-aid", "fedramp-aid.example", zone=PACIFIC),
    contact("Dora Finley", "student-aid", "fedramp-aid.example", "read_only"),
    contact("Earl Mason", "seed-registry", "fedramp-seed.example", zone=CENTRAL),
    contact("Wilma Stokes", "seed-registry", "fedramp-seed.example", zone=CENTRAL),
    contact("Lon Baxter", "seed-registry", "fedramp-seed.example", "read_only", CENTRAL),
    contact("Hope Larkin", "lighthouse-records", "fedramp-lighthouse.example"),
    contact("Dean Mercer", "lighthouse-records", "fedramp-lighthouse.example"),
    contact("Fay Durant", "lighthouse-records", "fedramp-lighthouse.example", "read_only"),
)

ANNOUNCEMENTS = (
    (
        "Maintenance in us-east-2 on Sunday",
        "Between 06:00 and 08:00 UTC administration pages are read-only. Calls are not affected.",
    ),
    (
        "Mails of this portal carry no case content",
        "A mail names the case and links to it. What was written is read in the portal alone.",
    ),
    (
        "Certificates that end this quarter",
        "Upload the new signing certificate of the identity provider beside the old one before "
        "the change.",
    ),
)

WORLD = World("fedramp", ORGANIZATIONS, CONTACTS, STAFF, ANNOUNCEMENTS)


def admit(people: Sequence[Person], *, now: dt.datetime) -> None:
    """All but one hold the skill: attested by one access administrator, whose own another did."""
    from .services.skills import record

    by_email = {person.email: person for person in people}
    administrators = [by_email[each.email] for each in STAFF if each.role == ACCESS_ADMINISTRATOR]
    for person in people:
        if person.email == WITHOUT_SKILL:
            continue
        first, second = administrators
        record(
            person_id=person.pk,
            attested_by=second if person == first else first,
            status="green_card" if person.email == REVIEW_DUE else "citizen",
            is_in_us=True,
            evidence="Passport or card seen in person; the form lies with the security officer.",
            # The demo's past is 400 days long: what was attested then holds until today and on.
            ends_at=now + dt.timedelta(days=420 if person.email == REVIEW_DUE else 700),
            actor=Actor.of_job("demo"),
            now=now,
        )


def furnish(stage: Stage) -> None:
    """Every contact has a PIN, and an Admin case waits for a decision on two people."""
    from .services.access import Asked, ask
    from .services.pins import give_pin

    people, now = stage.people, stage.now - dt.timedelta(days=1)
    for each in CONTACTS:
        give_pin(people[each.email], actor=Actor.of_job("demo"), now=now)
    first = people[CONTACTS[0].email]
    ask(
        organization=first.memberships.get().organization,
        people=[
            Asked("Paula Whitfield", "paula.whitfield@fedramp-harbor.example", "designated"),
            Asked("Ned Calloway", "ned.calloway@fedramp-harbor.example", "read_only"),
        ],
        note="Both start on Monday, on the evening shift.",
        submission=uuid.uuid5(uuid.NAMESPACE_DNS, "admin-case.fedramp-harbor.example"),
        actor=Actor.of(first),
        now=now,
    )
