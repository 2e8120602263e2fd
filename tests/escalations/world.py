"""The desk with those who manage escalations, and cases at the moment that a test needs."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from cases.actors import Actor
from cases.models import Case, Person
from cases.roles import ESCALATION_OWNER, PRODUCT_SUPPORT_MANAGER
from cases.services.feeds import post_entry
from escalations.models import Escalation
from escalations.selectors import newest_support_entry
from escalations.services.help_requests import request_help
from escalations.services.management import accept, take_review
from escalations.services.read_marks import mark_read
from tests import world
from tests.world import NOW, Desk, person

LONG_AGO = NOW - dt.timedelta(days=14)
HOUR = dt.timedelta(hours=1)


@dataclass
class Office:
    """Everybody of the desk, with the other side of an escalation."""

    desk: Desk
    owner: Person
    other_owner: Person
    manager: Person
    account_manager: Person

    def case(self, *, severity: int = 3, updated_at: dt.datetime = LONG_AGO, **fields: Any) -> Case:
        """A case that a Case Owner took at this time, and the contact read it."""
        if severity == 1:
            fields.setdefault("phone_24x7", "+1 555 0142")
        case = self.desk.case(now=updated_at, priority=severity, **fields)
        case = self.desk.act("take", case, now=updated_at, text="I look into it.")
        self.read(case)
        return case

    def read(self, case: Case, person: Person | None = None, now: dt.datetime = NOW) -> None:
        newest = newest_support_entry(case)
        assert newest is not None
        actor = Actor.of(person or self.desk.designated)
        mark_read(case=case, entry_id=newest, actor=actor, now=now)

    def update(self, case: Case, *, now: dt.datetime = NOW, **fields: Any) -> None:
        """Product Support writes in the case."""
        post_entry(
            case_id=case.pk,
            actor=Actor.of(self.desk.expert),
            now=now,
            body="We are on it.",
            **fields,
        )

    def ask(self, case: Case, person: Person | None = None, **fields: Any) -> Any:
        """The Designated Contact, or whoever is named, asks for help; for lack of progress."""
        fields.setdefault("reason", "other")
        fields.setdefault("details", "Nothing has happened for two weeks.")
        fields.setdefault("impact", "Forty agents call back by hand.")
        fields.setdefault("now", NOW)
        return request_help(
            case_id=case.pk, actor=Actor.of(person or self.desk.designated), **fields
        )

    def under_review(self, case: Case | None = None) -> Escalation:
        escalation = self.ask(case or self.case())
        return take_review(escalation_id=escalation.pk, actor=Actor.of(self.owner), now=NOW)

    def accepted(self, case: Case | None = None) -> Escalation:
        escalation = self.under_review(case)
        return accept(
            escalation_id=escalation.pk,
            actor=Actor.of(self.owner),
            now=NOW,
            importance=1,
            urgency=2,
            next_steps="Development looks at the trace today.",
            next_word_due_at=NOW + 4 * HOUR,
        )


def build() -> Office:
    return open_office(world.build())


def open_office(desk: Desk) -> Office:
    account_manager = person("tam@support.example", roles=(PRODUCT_SUPPORT_MANAGER,))
    desk.organization.technical_account_manager = account_manager
    desk.organization.save()
    return Office(
        desk=desk,
        owner=person("owen@support.example", name="Owen Owner", roles=(ESCALATION_OWNER,)),
        other_owner=person("olive@support.example", name="Olive Owner", roles=(ESCALATION_OWNER,)),
        manager=person("mia@support.example", name="Mia Manager", roles=(PRODUCT_SUPPORT_MANAGER,)),
        account_manager=account_manager,
    )
