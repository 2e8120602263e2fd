"""People who asked for access with "Get started" (ACC-5): waiting, late, and decided."""

import datetime as dt
import uuid

from .. import realm
from ..actors import Actor
from ..roles import ACCESS_ADMINISTRATOR
from ..services.applicants import ask, decide
from .play import Stage

#: Name, organization as typed (empty: the first customer's), days ago, and the decision.
ASKED = (
    ("Mona Petrov", "", 0.2, ""),
    ("Felix Aranda", "", 8, ""),  # nobody decided in time
    ("Sol Kimura", "Brightwater, the bank", 0.5, ""),  # staff choose the organization
    ("Greta Lind", "", 12, "granted"),
    ("Hugo Walsh", "", 15, "declined"),
)


def scenes(stage: Stage) -> None:
    if not realm.current().takes_applicants:
        return
    first = stage.world.contacts[0]
    short_name, domain = next(iter(first.roles)), first.email.split("@")[1]
    staff = next(each.email for each in stage.world.staff if each.role == ACCESS_ADMINISTRATOR)
    for name, typed, days, outcome in ASKED:
        at = stage.now - dt.timedelta(days=days)
        applicant = ask(
            name=name,
            email=f"{name.lower().replace(' ', '.')}@{domain}",
            phone="",
            organization=typed or short_name,
            role="read_only",
            note="I'm taking over the night shift's cases.",
            submission=uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.{domain}".replace(" ", "-")),
            now=at,
        )
        if outcome:
            decide(
                applicant_id=applicant.pk,
                granted=outcome == "granted",
                role="read_only",
                words="" if outcome == "granted" else "Nobody by that name works with us.",
                actor=Actor.of(stage.people[first.email if outcome == "granted" else staff]),
                now=at + dt.timedelta(hours=20),
            )
