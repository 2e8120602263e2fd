"""A desk on which anything happens in any order: the steps of the walk (tests/escalations/walked.py
holds what is true after each).

Hypothesis draws who does what. People act by the services that the pages call; who leaves and who
comes back, and what changes in the calendar, goes through the admin's own forms.
"""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import time_machine
from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from cases import jobs, realm
from cases.actors import Actor
from cases.errors import Refused
from cases.models import BusinessCalendar, Case, Person
from cases.roles import ACCESS_ADMINISTRATOR, OPERATIONS_ADMINISTRATOR, PRODUCT_SUPPORT_MANAGER
from cases.services.closures import extend
from cases.services.feeds import post_entry
from cases.services.lifecycle import act, possible_actions, reassign
from escalations.models import Escalation, EscalationEntry, OwnerReview
from escalations.selectors import newest_support_entry
from escalations.services import management
from escalations.services.feeds import (
    is_movable,
    move_to_case,
    move_to_escalation,
    post_in_feed,
)
from escalations.services.help_requests import request_help
from escalations.services.owner_reviews import answer_review
from escalations.services.read_marks import mark_read
from tests import world
from tests.world import NOW, admit, membership, person

from .office_forms import changes_calendar, changes_contact, changes_person
from .world import Office, open_office

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
#: Opened so long before, a case is old enough for an escalation of severity High (ESC-8).
OLD = dt.timedelta(hours=25)
CASES = 3
JOBS = [each for each in jobs.JOBS if each.endswith(("-clocks", "-notices", "-cases"))]
#: Past every page and service, as a skill that runs out: a job notices it.
SILENTLY = "silently"
LOSSES = (SILENTLY, "account", "role")


def usual_steps() -> list[str]:
    """What happens, as often as it stands here."""
    often = {
        Walk.staff_act: 8,
        Walk.a_contact_acts: 4,
        Walk.all_jobs_run: 7,
        Walk.an_escalation_owner_acts: 4,
        Walk.time_passes: 2,
        Walk.one_job_runs: 2,
        Walk.a_contact_escalates_or_writes_to_the_owner: 2,
        Walk.an_entry_is_moved: 2,
        Walk.a_contact_leaves_or_comes_back: 2,
        Walk.staff_leave_or_come_back: 2,
        Walk.the_calendar_changes: 1,
    }
    return [step.__name__ for step, times in often.items() for _ in range(times)]


@dataclass
class Place:
    """The office with everybody who takes part in a walk."""

    office: Office
    contacts: list[Person]
    experts: list[Person]
    owners: list[Person]
    access: Person
    operations: Person
    cases: list[int]


def build() -> Place:
    office = open_office(world.build())
    desk = office.desk
    other = person("dora@acme.example", name="Dora")
    membership(other, desk.organization, "designated")
    asked = desk.owned_case(now=NOW - OLD, description="It says qcbbq.")
    desk.act("ask", asked, text="Which trunk?", now=NOW - HOUR)
    # One who leads the queue stays, and one of each kind who administers.
    person("lena@support.example", name="Lena", roles=(PRODUCT_SUPPORT_MANAGER,))
    return Place(
        office=office,
        contacts=[desk.designated, other, desk.read_only],
        experts=[desk.expert, desk.colleague],
        owners=[office.owner, office.other_owner],
        access=person("ada@support.example", roles=(ACCESS_ADMINISTRATOR,)),
        operations=person("opal@support.example", roles=(OPERATIONS_ADMINISTRATOR,)),
        cases=[
            desk.case(priority=2, now=NOW - OLD, description="It says qbbbq.").pk,
            asked.pk,
        ],
    )


class Walk(RuleBasedStateMachine):
    """The desk, and the words that anybody wrote on it."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = NOW
        #: Every text that was stored, by the word in it that stands in no other; what was refused
        #: stands nowhere.
        self.said = {"qbbbq", "qcbbq"}
        self.count = itertools.count(len(self.said))
        self.steps = 0
        #: Somebody lost a right, and no job has noticed it yet.
        self.is_pending = False
        place = self.place
        self.desk, self.contacts, self.experts = place.office.desk, place.contacts, place.experts
        self.owners, self.access, self.operations = place.owners, place.access, place.operations
        self.roles = {each.pk: list(each.groups.all()) for each in self.experts + self.owners}
        self.calendar_id = self.desk.organization.calendar_id
        self.cases = list(place.cases)

    @rule(seed=st.integers(0, 2**32))
    def something_happens(self, seed: int) -> None:
        """Hypothesis likes to draw the same again, and what is simple: little would happen."""
        self.steps += 1
        rng = random.Random(f"{seed}:{self.steps}")
        step = rng.choice(usual_steps())
        number, who, what = rng.randrange(12), rng.randrange(3), rng.randrange(12)
        note(f"self.{step}({number}, {who}, {what})")
        getattr(self, step)(number, who, what)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- What every step uses

    @contextmanager
    def moment(self, after: dt.timedelta = MINUTE) -> Iterator[dt.datetime]:
        """A step takes place at an instant of its own."""
        self.now += after
        with time_machine.travel(self.now, tick=False):
            yield self.now

    def word(self) -> str:
        """A word that stands in no other text, and that nobody takes for a name or a number."""
        letters, number = "", next(self.count)
        for _ in range(3):
            number, letter = divmod(number, 20)
            letters += "bcdfghjklmnpqrstvwxz"[letter]
        return f"q{letters}q"

    def says(self, do: Callable[..., object], *words: str, **fields: Any) -> None:
        """Somebody does this with these words; it is done, or refused and nothing of it stands."""
        with suppress(Refused), transaction.atomic():
            do(**fields)
            self.said |= set(words)

    def case(self, number: int) -> Case:
        found: Case = Case.objects.select_related("owner", "organization").get(
            pk=self.cases[number % len(self.cases)]
        )
        return found

    @staticmethod
    def actor(someone: Person) -> Actor:
        return Actor.of(Person.objects.get(pk=someone.pk))

    def escalation(self, case: Case) -> Escalation | None:
        return Escalation.objects.filter(case=case).order_by("-pk").first()

    # --- Time, and the jobs

    def time_passes(self, number: int, who: int, what: int) -> None:
        with self.moment((1, 3, 8, 24, 24, 72)[number % 6] * HOUR):
            pass

    def all_jobs_run(self, number: int, who: int, what: int) -> None:
        """Often a day later: nobody writes for days, and cases come to their closing."""
        for _ in range(1 + number % 3):
            self.now += DAY if number > 3 else MINUTE
            for name in JOBS:
                self.runs(name)

    def one_job_runs(self, number: int, who: int, what: int) -> None:
        """The others are late, or at work on something else."""
        self.runs(JOBS[number % len(JOBS)])

    def runs(self, name: str) -> None:
        with self.moment(dt.timedelta(seconds=1)) as now:
            while jobs.JOBS[name].some(now):
                pass
            self.is_pending &= name != "release-cases"

    # --- The customer

    def a_contact_acts(self, number: int, who: int, what: int) -> None:
        case, actor = self.case(number), self.actor(self.contacts[who])
        with self.moment() as now:
            word = self.word()
            fields = {"case_id": case.pk, "actor": actor, "now": now}
            names = [each.name for each in possible_actions(case, actor=actor)]
            if what > 0 and "close" in names and number > 1:
                names.remove("close")
            if what < 4 and names:
                name = names[what % len(names)]
                self.says(act, word, action=name, text=f"I say {word}.", **fields)
            elif what == 4:
                self.says(
                    request_help, word, reason="urgency_changed", details=f"I ask {word}.", **fields
                )
            elif (
                what == 5
                and len(self.cases) < CASES
                and actor.is_designated_for(case.organization_id)
            ):
                about = {"description": f"It says {word}.", "priority": 3}
                self.cases.append(self.desk.case(now=now, actor=actor, **about).pk)
                self.said.add(word)
            else:
                self.says(post_entry, word, body=f"I say {word}.", **fields)

    def a_contact_escalates_or_writes_to_the_owner(self, number: int, who: int, what: int) -> None:
        case, actor = self.case(number), self.actor(self.contacts[who % 2])
        with self.moment() as now:
            escalation = self.escalation(case)
            word, more = self.word(), self.word()
            if escalation is not None and escalation.is_active:
                body = f"I say {word}."
                self.says(
                    post_in_feed,
                    word,
                    escalation_id=escalation.pk,
                    actor=actor,
                    now=now,
                    body=body,
                )
                return
            newest = newest_support_entry(case)
            if newest is not None and actor.may_see(case):
                mark_read(case=case, entry_id=newest, actor=actor, now=now)
            self.says(
                request_help,
                word,
                more,
                case_id=case.pk,
                actor=actor,
                now=now,
                reason="other",
                details=f"I ask {word}.",
                impact=f"It costs {more}.",
            )

    # --- Product Support

    def staff_act(self, number: int, who: int, what: int) -> None:
        case, actor = self.case(number), self.actor(self.experts[who % 2])
        with self.moment() as now:
            word = self.word()
            text = f"We say {word}."
            fields: dict[str, Any] = {"case_id": case.pk, "actor": actor, "now": now}
            names = [each.name for each in possible_actions(case, actor=actor)]
            names = [each for each in names if each not in ("join_incident", "close")]
            if {"ask", "propose"} <= {*names} and number > 2:
                names = ["ask", "propose"]  # what is answered, or closed by a job
            review = OwnerReview.objects.open().filter(case=case).first()
            if what == 9 and review:
                self.says(
                    answer_review,
                    word,
                    review_id=review.pk,
                    actor=actor,
                    now=now,
                    done=True,
                    words=text,
                )
            elif what in (10, 11) and case.state in ("awaiting_customer", "resolution_proposed"):
                self.says(extend, word, reason=text, **fields)
            elif what == 8 and case.is_open:
                other = Person.objects.get(pk=self.experts[1 - who % 2].pk)
                self.says(reassign, word, owner=other, text=text, **fields)
            elif what == 7 and number == 7:
                self.says(act, word, action="close", text=text, **fields)
            elif what == 6:
                self.says(post_entry, word, body=text, internal=number % 2 == 0, **fields)
            elif names:
                name = names[what % len(names)]
                more = {"third_party": "development"} if name == "engage" else {}
                more |= {"owner": actor.person} if name == "assign" else {}
                self.says(act, word, action=name, text=text, **more, **fields)

    def an_escalation_owner_acts(self, number: int, who: int, what: int) -> None:
        escalation = self.escalation(self.case(number))
        if escalation is None:
            return
        actor = self.actor(self.owners[who % 2])
        with self.moment() as now:
            word = self.word()
            text = f"We say {word}."
            fields = {"escalation_id": escalation.pk, "actor": actor, "now": now}
            promised = {"next_word_due_at": now + DAY}
            if escalation.state == "requested":
                self.says(management.take_review, **fields)
            elif escalation.owner_id != actor.person.pk:
                self.says(management.hand_over, word, owner=actor.person, note=text, **fields)
            elif escalation.state == "under_review" and what < 4:
                self.says(management.decline, word, codes=[], words=text, **fields)
            elif escalation.state == "under_review":
                more = {"importance": 1, "urgency": 2, **promised}
                self.says(management.accept, word, next_steps=text, **more, **fields)
            elif what < 4:
                self.says(management.close, word, justification=text, **fields)
            elif what < 8:
                self.says(management.give_word, word, body=text, **promised, **fields)
            else:
                self.says(post_in_feed, word, body=text, internal=what == 8, **fields)

    def an_entry_is_moved(self, number: int, who: int, what: int) -> None:
        """To the other feed, whichever it stands in."""
        case = self.case(number)
        escalation = self.escalation(case)
        if escalation is None:
            return
        entries = [
            *EscalationEntry.objects.filter(escalation__case=case).order_by("-pk"),
            *case.entries.order_by("-pk"),
        ]
        movable = [each for each in entries if is_movable(each)]
        if not movable:
            return
        entry = movable[what % len(movable)]
        with self.moment() as now:
            fields = {"entry_id": entry.pk, "actor": self.actor(self.owners[0]), "now": now}
            if isinstance(entry, EscalationEntry):
                self.says(move_to_case, **fields)
            else:
                self.says(move_to_escalation, escalation_id=escalation.pk, **fields)

    # --- Who leaves, and who comes back

    def a_contact_leaves_or_comes_back(self, number: int, who: int, what: int) -> None:
        how = ("member", "role", "account")[number] if number < 3 else "back"
        contact = Person.objects.get(pk=self.contacts[who].pk)
        role = {"role": "read_only"}.get(how, "designated")
        with self.moment():
            changes_contact(
                contact,
                organization=self.desk.organization,
                role="" if how == "member" else role,
                is_active=how != "account",
                by=self.access,
            )

    def staff_leave_or_come_back(self, number: int, who: int, what: int) -> None:
        """The last Escalation Owner stays: somebody is there to take over."""
        how = LOSSES[number] if number < 3 else "back"
        someone = Person.objects.get(pk=[*self.experts, *self.owners][who].pk)
        with self.moment() as now:
            if how == SILENTLY:
                if realm.current().name == "fedramp":
                    someone.skills.update(ends_at=now)
                else:
                    Person.objects.filter(pk=someone.pk).update(is_active=False)
                self.is_pending = True
                return
            groups = [] if how == "role" else [each.pk for each in self.roles[someone.pk]]
            changes_person(someone, groups=groups, is_active=how != "account", by=self.access)
            if how == "back":
                someone = Person.objects.get(pk=someone.pk)
                if not Actor.of(someone).may("cases.view_case"):
                    admit(someone)

    # --- The calendar

    def the_calendar_changes(self, number: int, who: int, what: int) -> None:
        """A day is closed or opened again, or the hours are others; running clocks count anew."""
        calendar = BusinessCalendar.objects.get(pk=self.calendar_id)
        days, change = number % 5, ("closed", "closed", "open", "hours")[what % 4]
        hours = (8 + days, 15 + days) if change == "hours" else None
        closed = set(calendar.days.values_list("date", flat=True))
        if change == "open" and closed:
            closed.remove(sorted(closed)[days % len(closed)])
        elif change == "closed" and len(closed) < 4:
            closed.add(self.now.date() + days * DAY)
        with self.moment():
            changes_calendar(calendar, closed=closed, hours=hours, by=self.operations)
