"""The parts of a demo world: calendars, organizations and people, as plain data."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..models import Person
from ..roles import (
    ACCESS_ADMINISTRATOR,
    ESCALATION_OWNER,
    OPERATIONS_ADMINISTRATOR,
    PRODUCT_SUPPORT_MANAGER,
    SUPPORT_EXPERT,
)


@dataclass(frozen=True)
class CalendarData:
    """A business calendar: minutes of the day, Monday to Friday unless open around the clock."""

    name: str
    time_zone: str
    country: str = ""
    subdivision: str = ""
    opens: int = 9 * 60
    closes: int = 17 * 60
    around_the_clock: bool = False


@dataclass(frozen=True)
class DeploymentData:
    name: str
    product: str
    region: str = ""  # empty: on premises


@dataclass(frozen=True)
class OrganizationData:
    """A customer; `sites` are the places that its cases mention."""

    name: str
    short_name: str
    calendar: str
    plan: str
    deployments: tuple[DeploymentData, ...]
    sites: tuple[str, ...]
    kind: str = "direct"
    partner: str = ""
    add_on: str = ""
    account_manager: str = ""  # the e-mail address of a member of staff
    is_fedramp: bool = False
    weight: int = 2  # how many cases it has, compared with others


@dataclass(frozen=True)
class ContactData:
    """A customer's contact; roles by the organization's short name."""

    name: str
    email: str
    roles: dict[str, str]
    time_zone: str = "America/New_York"
    choices: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class StaffData:
    name: str
    email: str
    role: str
    time_zone: str = "America/New_York"


@dataclass(frozen=True)
class World:
    """Everything that differs between the demo worlds of the realms."""

    offering: str
    organizations: tuple[OrganizationData, ...]
    contacts: tuple[ContactData, ...]
    staff: tuple[StaffData, ...]
    announcements: tuple[tuple[str, str], ...]

    def admit(self, staff: Sequence[Person], *, now: dt.datetime) -> None:
        """Let the staff enter the realm from now on; a realm may require more for that."""


CALENDARS = (
    CalendarData("US East", "America/New_York", "US"),
    CalendarData("London", "Europe/London", "GB", "ENG", closes=17 * 60 + 30),
    CalendarData("Berlin", "Europe/Berlin", "DE", "BE", opens=8 * 60),
    CalendarData("Tokyo", "Asia/Tokyo", "JP", closes=18 * 60),
    CalendarData("Sydney", "Australia/Sydney", "AU", "NSW", opens=8 * 60 + 30),
    CalendarData("Around the clock", "UTC", around_the_clock=True),
)


def staff_of(domain: str) -> tuple[StaffData, ...]:
    """Eight members of staff in all five roles."""
    return (
        StaffData("Erin Holt", f"erin.holt@{domain}", SUPPORT_EXPERT),
        StaffData("Marek Novotny", f"marek.novotny@{domain}", SUPPORT_EXPERT, "Europe/Berlin"),
        StaffData("Priya Raman", f"priya.raman@{domain}", SUPPORT_EXPERT, "Europe/London"),
        StaffData("Tom Okafor", f"tom.okafor@{domain}", SUPPORT_EXPERT),
        StaffData("Ines Valente", f"ines.valente@{domain}", ESCALATION_OWNER),
        StaffData("Lena Brandt", f"lena.brandt@{domain}", PRODUCT_SUPPORT_MANAGER),
        StaffData("Ada Morrow", f"ada.morrow@{domain}", ACCESS_ADMINISTRATOR),
        StaffData("Oscar Lund", f"oscar.lund@{domain}", OPERATIONS_ADMINISTRATOR),
    )


def contact(
    name: str, organization: str, domain: str, role: str = "designated", zone: str = "", **more: str
) -> ContactData:
    """A contact of one organization; `more` adds roles in others, with _ for - in their names."""
    roles = {organization: role} | {key.replace("_", "-"): value for key, value in more.items()}
    email = f"{name.lower().replace(' ', '.')}@{domain}"
    return ContactData(name, email, roles, zone or "America/New_York")
