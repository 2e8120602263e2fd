"""The sign-ins to try the desk with: `manage.py demo` makes them."""

from dataclasses import dataclass

from django.utils.module_loading import import_string

from .. import realm
from ..roles import (
    ACCESS_ADMINISTRATOR,
    AUDITOR,
    ESCALATION_OWNER,
    OPERATIONS_ADMINISTRATOR,
    PRODUCT_SUPPORT_MANAGER,
    SUPPORT_EXPERT,
)
from .people import World

#: One password for everybody in the demo. The command that sets it refuses outside development.
PASSWORD = "try-the-support-desk"  # noqa: S105


@dataclass(frozen=True)
class SignIn:
    """Whom to sign in as, and why."""

    email: str
    name: str
    what: str


def world() -> World:
    """The demo world of the realm that this process serves."""
    found: World = import_string(realm.current().demo_world)
    return found


def signins() -> list[SignIn]:
    """One person for each view of the desk, from this realm's demo world."""
    here = world()
    names = {each.short_name: each.name for each in here.organizations}
    first = here.contacts[0]
    home = next(iter(first.roles))
    read_only = next(each for each in here.contacts if each.roles.get(home) == "read_only")
    two = next(each for each in here.contacts if len(set(each.roles.values())) > 1)
    found = [
        SignIn(first.email, first.name, f"Designated Contact of {names[home]}"),
        SignIn(read_only.email, read_only.name, f"Read-Only contact of {names[home]}"),
        SignIn(two.email, two.name, "partner: Designated for one customer, Read-Only for another"),
    ]
    for role in (
        SUPPORT_EXPERT,
        PRODUCT_SUPPORT_MANAGER,
        ESCALATION_OWNER,
        ACCESS_ADMINISTRATOR,
        OPERATIONS_ADMINISTRATOR,
        AUDITOR,
    ):
        # The realm that keeps no audit log has nobody who reads it.
        person = next((each for each in here.staff if each.role == role), None)
        if person:
            found.append(SignIn(person.email, person.name, role))
    return found
