"""The demo world of the FedRAMP realm: its own organizations, people and addresses."""

import base64
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actors import Actor
from cases.demo.people import DeploymentData, OrganizationData, StaffData, World, contact, staff_of
from cases.demo.play import Stage
from cases.models import Case, Person
from cases.roles import ACCESS_ADMINISTRATOR, AUDITOR, ESCALATION_OWNER, SUPPORT_EXPERT
from cases.services.feeds import post_entry
from cases.services.files import check_files

from .models import Skill
from .scrubbing.feedback import marks_of
from .services import access, redactions
from .services.file_reviews import submit
from .services.pins import MISSES, check, digits_of, give_pin
from .services.scrub_reports import redact_passage, review, say_not_personal
from .services.skills import record, withdraw

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CX = "Genesys Cloud CX"
REGION = "us-east-2"
#: A member of staff who is not admitted (FED-6).
WITHOUT_SKILL = "noah.pell@fedramp-support.example"
#: This person's skill is due for review soon.
REVIEW_DUE = "sam.whitlock@fedramp-support.example"
#: These two were admitted once, and are no longer.
RUN_OUT, WITHDRAWN = "iris.calder@fedramp-support.example", "paul.renner@fedramp-support.example"
STAFF = (
    *staff_of("fedramp-support.example"),
    StaffData("Sam Whitlock", "sam.whitlock@fedramp-support.example", ACCESS_ADMINISTRATOR),
    StaffData("Judith Crane", "judith.crane@fedramp-support.example", AUDITOR),
    StaffData("Noah Pell", WITHOUT_SKILL, ESCALATION_OWNER),
    StaffData("Iris Calder", RUN_OUT, ESCALATION_OWNER),
    StaffData("Paul Renner", WITHDRAWN, ESCALATION_OWNER),
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
        add_on="flex_care_for_cloud",
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
        "Ivy Chang", "clearfield-systems", "fedramp-clearfield.example", student_aid="designated"
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
        "Between 06:00 and 08:00 UTC, administration pages are read-only. Calls are not affected.",
    ),
    (
        "Our e-mails don't contain case content",
        "E-mails from this portal name the case and link to it. You can only read the "
        "messages themselves in the portal.",
    ),
    (
        "Certificates expiring this quarter",
        "Please upload your identity provider's new signing certificate alongside the old one "
        "before the change.",
    ),
)


EVIDENCE = "Passport or card seen in person; form filed with the security officer."


class FedrampWorld(World):
    def admit(self, staff: Sequence[Person], *, now: dt.datetime) -> None:
        """One access administrator attested all but one; another attested that one's own skill."""
        by_email = {person.email: person for person in staff}
        administrators = [
            by_email[each.email] for each in STAFF if each.role == ACCESS_ADMINISTRATOR
        ]
        # The demo's past is 400 days long: what was attested then is still valid today.
        days = {REVIEW_DUE: 420, RUN_OUT: 390}
        for person in staff:
            if person.email == WITHOUT_SKILL:
                continue
            first, second = administrators
            record(
                person_id=person.pk,
                attested_by=second if person == first else first,
                status="green_card" if person.email == REVIEW_DUE else "citizen",
                is_in_us=True,
                evidence=EVIDENCE,
                ends_at=now + dt.timedelta(days=days.get(person.email, 700)),
                actor=Actor.of_job("demo"),
                now=now,
            )


WORLD = FedrampWorld("fedramp", ORGANIZATIONS, CONTACTS, STAFF, ANNOUNCEMENTS)


def furnish(stage: Stage) -> None:
    """Fill each queue of this realm, in each state that its items may have."""
    _skills(stage)
    _telephone(stage)
    _admin_cases(stage)
    _redactions(stage)
    _scrub_reports(stage)
    _second_eyes(stage)


def _staff(stage: Stage, role: str) -> Actor:
    return Actor.of(stage.people[next(each.email for each in STAFF if each.role == role)])


def _skills(stage: Stage) -> None:
    """One is withdrawn, one expired, one is due for review, and one person never had any."""
    withdraw(
        skill_id=Skill.objects.current().get(person__email=WITHDRAWN).pk,
        reason="Has moved to the Toronto office.",
        actor=_staff(stage, ACCESS_ADMINISTRATOR),
        now=stage.now - dt.timedelta(days=3),
    )


def _telephone(stage: Stage) -> None:
    """Every contact has a PIN, one of them locked; some callers were verified."""
    issued, at = stage.now - dt.timedelta(days=1), stage.now - dt.timedelta(hours=3)
    pins = {
        each.email: give_pin(stage.people[each.email], actor=Actor.of_job("demo"), now=issued)
        for each in CONTACTS
    }
    expert = _staff(stage, SUPPORT_EXPERT)
    first, last = CONTACTS[0].email, CONTACTS[-1].email
    checks = [(first, digits_of(pins[first])), ("nobody@fedramp-harbor.example", "000000")]
    checks += [(last, "a miss")] * (MISSES + 1)
    for number, (email, digits) in enumerate(checks):
        check(email=email, digits=digits, actor=expert, now=at + dt.timedelta(minutes=number))


def _admin_cases(stage: Stage) -> None:
    """One waits for a decision on two people; an earlier one has a decision on each person."""

    def admin_case(
        contact: Person, number: int, days: float, *people: access.Asked, note: str
    ) -> Any:
        domain = contact.email.split("@")[1]
        return access.ask(
            organization=contact.memberships.get().organization,
            people=people,
            note=note,
            submission=uuid.uuid5(uuid.NAMESPACE_DNS, f"admin-case-{number}.{domain}"),
            actor=Actor.of(contact),
            now=stage.now - dt.timedelta(days=days),
        )

    first = stage.people[CONTACTS[0].email]
    admin_case(
        first,
        1,
        1,
        access.Asked("Paula Whitfield", "paula.whitfield@fedramp-harbor.example", "designated"),
        access.Asked("Ned Calloway", "ned.calloway@fedramp-harbor.example", "read_only"),
        note="Both start on Monday on the evening shift.",
    )
    decided = admin_case(
        first,
        2,
        6,
        access.Asked("Rita Solano", "rita.solano@fedramp-harbor.example", "read_only"),
        access.Asked("Bert Hallam", "bert.hallam@fedramp-harbor.example", "read_only"),
        access.Asked("Lou Ferris", "lou.ferris@fedramp-harbor.example", "designated"),
        note="For the night desk.",
    )
    # The first one's invitation has expired by now; the second one's is valid for some hours.
    days = [5.0, 0.3, 5.0]
    for row, ago in zip(decided.people.order_by("pk"), days, strict=True):
        granted = row.name != "Lou Ferris"
        access.decide(
            row_id=row.pk,
            granted=granted,
            words="" if granted else "Your organization already has three Designated Contacts.",
            actor=_staff(stage, ACCESS_ADMINISTRATOR),
            now=stage.now - dt.timedelta(days=ago),
        )


def _redactions(stage: Stage) -> None:
    """One waits for a second person, one was confirmed, one declined."""
    case = Case.objects.filter(contact__isnull=False).order_by("pk").first()
    if case is None:
        return  # a demo without cases
    experts = [Actor.of(stage.people[each.email]) for each in STAFF if each.role == SUPPORT_EXPERT]
    reasons = (
        "It contains a home address.",
        "The text contains a name.",
        "It describes a recording.",
    )
    found = [each for each in redactions.targets(case) if not each.is_file][: len(reasons)]
    for number, (target, reason) in enumerate(zip(found, reasons, strict=False)):
        asked_at = stage.now - dt.timedelta(hours=9 - number)
        asked = redactions.ask(
            case_id=case.pk, target=target.key, reason=reason, actor=experts[0], now=asked_at
        )
        if number:
            redactions.decide(
                redaction_id=asked.pk,
                confirmed=number == 1,
                actor=experts[1],
                now=asked_at + dt.timedelta(minutes=20),
            )


def _scrub_reports(stage: Stage) -> None:
    """Of three placeholders, one was personal, one not, and one waits; so does a missed passage."""
    case = Case.objects.order_by("pk").first()
    if case is None:
        return  # a demo without cases
    writer, reviewer = [stage.people[each.email] for each in STAFF if each.role == SUPPORT_EXPERT][
        :2
    ]
    at = stage.now - dt.timedelta(hours=5)
    note = post_entry(
        case_id=case.pk,
        actor=Actor.of(writer),
        now=at,
        body="Test line 816-555-0142, sender alerts@avalon.example, gateway 203.113.77.8. "
        "The agent with the red scarf heard it.",
        internal=True,
    )
    marks = [each.key for each in marks_of(case, writer) if f":{note.pk}:" in each.key]
    said = say_not_personal(
        case_id=case.pk,
        marks=marks,
        reason="All three belong to test equipment.",
        actor=Actor.of(writer),
        now=at + dt.timedelta(minutes=4),
    )
    verdicts = [(False, ""), (True, "A real person reads that mailbox.")]
    for report, (personal, remark) in zip(said, verdicts, strict=False):
        review(
            report_id=report.pk,
            personal=personal,
            remark=remark,
            actor=Actor.of(reviewer),
            now=at + dt.timedelta(hours=1),
        )
    redact_passage(
        case_id=case.pk,
        text=f"cases.entry:{note.pk}:body",
        kind="PRIVATE",
        passage="with the red scarf",
        actor=Actor.of(reviewer),
        now=at + dt.timedelta(hours=2),
    )


def _second_eyes(stage: Stage) -> None:
    """A picture of one pixel waits for a review by somebody other than its uploader."""
    case = Case.objects.open().order_by("-pk").first()
    if case is None:
        return  # a demo without cases
    submit(
        case_id=case.pk,
        file=check_files([SimpleUploadedFile("colours-of-the-queue.png", PICTURE)])[0],
        reason="You can only see the queue's colour in the picture.",
        looked=True,
        actor=_staff(stage, SUPPORT_EXPERT),
        now=stage.now - dt.timedelta(hours=3),
        submission=uuid.uuid4(),
    )
