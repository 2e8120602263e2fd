"""Whoever left, and whatever was lost: each public word reaches somebody on the other side."""

import datetime as dt
import itertools
import random
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from cases import realm
from cases.actors import Actor
from cases.jobs.clocks import remind_due
from cases.models import Case, Membership, Notice, Person
from cases.roles import ESCALATION_OWNER, PRODUCT_SUPPORT_MANAGER
from cases.services.departures import release_one
from cases.services.feeds import post_entry
from escalations.services.help_requests import request_help
from tests.world import NOW

from .world import LONG_AGO, Office

DAY = dt.timedelta(days=1)
LATER = NOW + dt.timedelta(hours=1)

OWNERS = ["present", "left", "lost the role", "no skill"]
OPENERS = ["present", "left the organization", "inactive", "read-only"]
#: The others of the organization; and whether somebody leads the queue of unassigned cases.
OTHERS = ["a Designated Contact", "one without mail", "a Read-Only contact", "nobody"]
MANAGERS = ["none", "present", "left"]
LEADS = [True, True, False]
#: By whom, and whether somebody must answer it.
KINDS = {
    "update": ("staff", False),
    "question": ("staff", True),
    "proposal": ("staff", True),
    "closing notice": ("job", True),
    "update of a contact": ("contact", False),
    "issue persists": ("contact", True),
    "request to the owner": ("contact", True),
    "escalation": ("contact", True),
    "reopened": ("contact", True),
    "closed": ("contact", False),
}
#: In which state the case is when the word is said.
STATES = {
    "closing notice": "ask",
    "issue persists": "propose",
    "reopened": "close",
}


@dataclass
class People:
    kind: str
    owner: str
    opener: str
    others: str
    manager: str
    has_lead: bool


def drawn() -> list[People]:
    """Each kind of word with each owner and opener; of the rest what chance, always the same, puts
    beside them."""
    rng = random.Random(11)
    return [
        People(*each, rng.choice(OTHERS), rng.choice(MANAGERS), rng.choice(LEADS))
        for each in itertools.product(KINDS, OWNERS, OPENERS)
        if each[1] != "no skill" or realm.current().name == "fedramp"
    ]


def settle(office: Office, people: People) -> None:
    """Past every service and signal: nothing has noticed it yet."""
    desk = office.desk
    lose(desk.expert, people.owner)
    own = Membership.objects.filter(person=desk.designated)
    if people.opener == "left the organization":
        own.delete()
    elif people.opener == "read-only":
        own.update(role="read_only")
    elif people.opener == "inactive":
        Person.objects.filter(pk=desk.designated.pk).update(is_active=False)
    other = Membership.objects.filter(person=desk.read_only)
    if people.others in OTHERS[:2]:
        other.update(role="designated")
        quiet = people.others == "one without mail"
        Person.objects.filter(pk=desk.read_only.pk).update(mail_my_cases=not quiet)
    elif people.others == "nobody":
        other.delete()
    if people.manager == "none":
        type(desk.organization).objects.update(technical_account_manager=None)
    elif people.manager == "left":
        lose(office.account_manager, "left")
    if not people.has_lead:
        leads = Group.objects.get(name=PRODUCT_SUPPORT_MANAGER)
        for each in leads.user_set.all():
            each.groups.remove(leads)


def lose(someone: Person, how: str) -> None:
    if how == "left":
        Person.objects.filter(pk=someone.pk).update(is_active=False)
    elif how == "lost the role":
        someone.groups.set(Group.objects.filter(name=ESCALATION_OWNER))
    elif how == "no skill":
        someone.skills.update(ends_at=LONG_AGO)


def says(office: Office, people: People, case: Case) -> bool:
    """Whether there was anybody who could say it."""
    desk, kind = office.desk, people.kind
    if kind == "closing notice":
        while remind_due(NOW + 2 * DAY):
            pass
        return True
    if KINDS[kind][0] == "staff":
        actor = Actor.of(Person.objects.get(pk=desk.colleague.pk))
        if kind == "update":
            post_entry(case_id=case.pk, actor=actor, now=LATER, body="We are on it.")
        else:
            action = {"question": "ask", "proposal": "propose"}[kind]
            desk.act(action, case, actor=actor.person, text="Which trunk?", now=LATER)
        return True
    stored = [Person.objects.get(pk=each.pk) for each in (desk.designated, desk.read_only)]
    contacts = [Actor.of(each) for each in stored]
    able = [each for each in contacts if each.is_designated_for(desk.organization.pk)]
    if not able:
        return False
    common = {"case_id": case.pk, "actor": able[0], "now": LATER}
    if kind == "update of a contact":
        post_entry(body="It goes on.", **common)
    elif kind == "request to the owner":
        request_help(reason="urgency_changed", details="It is worse.", **common)
    elif kind == "escalation":
        office.read(case, able[0].person)
        request_help(reason="other", details="Nothing happens.", impact="It costs.", **common)
    else:
        action = {"issue persists": "persist", "reopened": "reopen", "closed": "close"}[kind]
        desk.act(action, case, actor=able[0].person, text="It goes on.", now=LATER)
    return True


def is_heard(people: People, case: Case, before: set[int]) -> bool:
    by, needs_answer = KINDS[people.kind]
    told = Notice.objects.exclude(pk__in=before).filter(case=case).select_related("person")
    staff = [each for each in told if each.person.is_staff and may_read(each.person, case)]
    # With neither an owner nor a lead, it is the queue that says so, when the job has run.
    left_alone = not people.has_lead and people.owner != "present"
    if by == "contact":
        while release_one(LATER):
            pass
        in_queue = Case.objects.unassigned().filter(pk=case.pk).exists()
        # What a contact closes then is for nobody: there is no queue of closed cases.
        return bool(staff) or in_queue or (left_alone and people.kind == "closed")
    contacts = [each.person for each in told if not each.person.is_staff]
    able = [each for each in contacts if may_read(each, case)]
    if needs_answer:
        able = [each for each in able if Actor.of(each).is_designated_for(case.organization_id)]
    nobody_hears = {"unheard", "closing_unheard"}
    return bool(able) or any(each.event in nobody_hears for each in staff) or left_alone


def may_read(someone: Person, case: Case) -> bool:
    return Actor.of(Person.objects.get(pk=someone.pk)).may_see(case)


@pytest.mark.rule("ACC-1")
@pytest.mark.rule("ACC-7")
@pytest.mark.rule("CASE-5")
@pytest.mark.rule("RESP-1")
@pytest.mark.rule("HELP-3")
def test_each_public_word_reaches_somebody_on_the_other_side(office):
    desk = office.desk
    of_state = {None: office.case(severity=2)}
    for action in {*STATES.values()}:
        of_state[action] = desk.act(action, office.case(severity=2), text="Which trunk?", now=NOW)
    before = set(Notice.objects.values_list("pk", flat=True))
    unheard, said = [], 0
    for people in drawn():
        case = Case.objects.get(pk=of_state[STATES.get(people.kind)].pk)
        with transaction.atomic():
            settle(office, people)
            if says(office, people, case):
                said += 1
                if not is_heard(people, case, before):
                    unheard.append(people)
            transaction.set_rollback(True)
    assert unheard == []
    assert said > len(drawn()) / 2


@pytest.mark.parametrize("kind", ["question", "issue persists"])
def test_with_nobody_told_the_table_would_say_so(office, monkeypatch, kind):
    """The negative control: mails go to who is named, whether he is there or not."""
    case = office.case(severity=2)
    people = People(kind, "left", "inactive", "a Designated Contact", "none", has_lead=True)
    if kind == "issue persists":
        office.desk.act("propose", case, text="Set the codec.", now=NOW)
    settle(office, people)
    before = set(Notice.objects.values_list("pk", flat=True))

    def tell_nobody(told, occasions, actor):
        return [[] for _ in occasions], set()

    monkeypatch.setattr("cases.notices._readers", tell_nobody)
    assert says(office, people, Case.objects.get(pk=case.pk))
    monkeypatch.setattr("tests.escalations.test_reach.release_one", lambda now: 0)
    assert not is_heard(people, case, before)
