"""State x action x role: every cell is tried by the service, against the table written here.

The expected table is not derived from the code: a rule must be changed in both places.
"""

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from django.db import transaction

from cases.actors import Actor
from cases.errors import NotAllowed, NotPossible
from cases.models import Case, Notice, Person
from cases.rules.actions import ACTIONS
from cases.services.lifecycle import act, possible_actions
from tests.stored import everything_stored
from tests.world import NOW, Desk, person, staff_of_every_role

AT = NOW + dt.timedelta(hours=1)

NEW = "new"
WORK = "in_progress"
CUSTOMER = "awaiting_customer"
THIRD = "awaiting_third_party"
PROPOSED = "resolution_proposed"
CLOSED = "closed"
STATES = [NEW, WORK, CUSTOMER, THIRD, PROPOSED, CLOSED]

DESIGNATED, READ_ONLY, OUTSIDER = "Designated", "Read-Only", "Designated of another organization"
EXPERT, INACTIVE, JOB = "Support Expert", "inactive Support Expert", "a job"
MANAGER, ESCALATIONS = "Product Support Manager", "Escalation Owner"
ACCESS, OPERATIONS = "Access Administrator", "Operations Administrator"
ROLES = [
    DESIGNATED,
    READ_ONLY,
    OUTSIDER,
    EXPERT,
    MANAGER,
    ESCALATIONS,
    ACCESS,
    OPERATIONS,
    INACTIVE,
    JOB,
]


@dataclass(frozen=True)
class Expected:
    """One action: from where to where, who may, what the feed says, and who is told."""

    sources: tuple[str, ...]
    target: str
    who: tuple[str, ...]
    event: str
    told: dict[str, tuple[str, ...]]
    is_public_text: bool = True


#: `told`: by the role that acts, the e-mail addresses. The contact opened the case, the expert
#: owns it wherever it has an owner, and nobody is told what he did himself.
CONTACT, OWNER, COLLEAGUE = "dana@acme.example", "erin@support.example", "cole@support.example"
TABLE = {
    "take": Expected((NEW,), WORK, (EXPERT,), "assigned", {EXPERT: (CONTACT,)}),
    "assign": Expected(
        (NEW,),
        WORK,
        (EXPERT, MANAGER),
        "assigned",
        {EXPERT: (COLLEAGUE,), MANAGER: (COLLEAGUE,)},
        is_public_text=False,
    ),
    "ask": Expected((WORK,), CUSTOMER, (EXPERT,), "question", {EXPERT: (CONTACT,)}),
    "engage": Expected((WORK,), THIRD, (EXPERT,), "third_party", {EXPERT: (CONTACT,)}),
    "resume": Expected(
        (CUSTOMER, THIRD, PROPOSED), WORK, (EXPERT,), "resumed", {EXPERT: (CONTACT,)}
    ),
    "propose": Expected(
        (WORK, CUSTOMER, THIRD), PROPOSED, (EXPERT,), "resolution", {EXPERT: (CONTACT,)}
    ),
    "accept": Expected((PROPOSED,), CLOSED, (DESIGNATED,), "accepted", {DESIGNATED: (OWNER,)}),
    "persist": Expected((PROPOSED,), WORK, (DESIGNATED,), "persists", {DESIGNATED: (OWNER,)}),
    "close": Expected(
        (NEW, WORK, CUSTOMER, THIRD, PROPOSED),
        CLOSED,
        (DESIGNATED, EXPERT),
        "closed",
        {DESIGNATED: (OWNER,), EXPERT: (CONTACT,)},
    ),
    "reopen": Expected(
        (CLOSED,),
        WORK,
        (DESIGNATED, EXPERT),
        "reopened",
        {DESIGNATED: (OWNER,), EXPERT: (CONTACT,)},
    ),
}


@pytest.fixture
def people(desk: Desk) -> dict[str, Person | None]:
    others = staff_of_every_role()
    return {
        DESIGNATED: desk.designated,
        READ_ONLY: desk.read_only,
        OUTSIDER: desk.outsider,
        **others,
        EXPERT: desk.expert,
        INACTIVE: person("gone@support.example", roles=(EXPERT,), is_active=False),
        JOB: None,
    }


def actor_of(role: str, people: dict[str, Person | None]) -> Actor:
    someone = people[role]
    return Actor.of(someone) if someone else Actor.of_job("some-job")


def attempt(case: Case, action: str, actor: Actor, desk: Desk) -> Case:
    return act(
        case_id=case.pk,
        action=action,
        actor=actor,
        now=AT,
        text="Some words.",
        owner=desk.colleague,
        third_party="development",
    )


def test_the_table_is_whole():
    # Steps that change no state have a table of their own: test_incidents.py.
    assert set(TABLE) == {name for name, action in ACTIONS.items() if not action.keeps_state}


@pytest.mark.rule("ACC-1")
@pytest.mark.rule("ACC-2")
@pytest.mark.rule("ACC-7")
@pytest.mark.rule("CASE-3")
@pytest.mark.rule("CASE-4")
@pytest.mark.rule("CASE-5")
@pytest.mark.rule("CASE-6")
@pytest.mark.rule("CASE-7")
@pytest.mark.rule("CASE-8")
@pytest.mark.parametrize("state", STATES)
def test_every_action_and_role_in(state: str, desk: Desk, people: dict[str, Person | None]) -> None:
    case = desk.case_in(state)
    stored = everything_stored()
    actors = {role: actor_of(role, people) for role in ROLES}
    for action, role in itertools.product(TABLE, ROLES):
        expected, actor = TABLE[action], actors[role]
        allowed = role in expected.who and state in expected.sources
        shown = action in {each.name for each in possible_actions(case, actor=actor)}
        assert shown == allowed, f"{role} is shown {action} in {state}: {shown}"
        if allowed:
            with transaction.atomic():
                check_done(attempt(case, action, actor, desk), case, action, role, actor)
                transaction.set_rollback(True)
        else:
            refusal = NotPossible if role in expected.who else NotAllowed
            with pytest.raises(refusal):
                attempt(case, action, actor, desk)
        assert everything_stored() == stored, f"{action} by {role} left something behind"


def check_done(done: Case, before: Case, action: str, role: str, actor: Actor) -> None:
    expected = TABLE[action]
    stored = Case.objects.get(pk=before.pk)
    target = NEW if action == "reopen" and before.owner is None else expected.target
    assert (done.state, stored.state) == (target, target)
    assert (stored.state_since_at, stored.updated_at) == (AT, AT)
    assert (stored.closed_at == AT) == (target == CLOSED)
    assert stored.version == before.version + 1
    assert stored.public_version == before.public_version + 1
    if role != DESIGNATED:
        assert stored.staff_updated_at == AT
    else:
        assert stored.staff_updated_at == before.staff_updated_at

    row = stored.history.latest()
    assert (row.history_user, row.history_date) == (actor.person, AT)
    assert (row.history_change_reason, row.state) == (f"lifecycle.{action}", target)

    written = list(stored.entries.filter(created_at=AT))
    assert [each.event for each in written] == [expected.event] + (
        [] if expected.is_public_text else ["message"]
    )
    assert [each.visibility for each in written] == ["public"] + (
        [] if expected.is_public_text else ["internal"]
    )
    assert {each.author for each in written} == {actor.person}
    assert written[-1].body == "Some words."
    assert written[0].body == ("Some words." if expected.is_public_text else "")

    told = set(Notice.objects.filter(created_at=AT).values_list("email", flat=True))
    wanted = set(expected.told[role])
    if before.owner is None:
        wanted.discard(OWNER)
        if target == CLOSED and role == DESIGNATED:
            wanted.add(
                "product.support.manager@support.example"
            )  # or nobody on staff would see it (CASE-7)
    assert told == wanted


@pytest.mark.rule("CASE-4")
def test_taking_makes_the_taker_owner_and_assigning_the_one_named(desk):
    assert desk.act("take", desk.case()).owner == desk.expert
    assert desk.act("assign", desk.case(), owner=desk.colleague).owner == desk.colleague


@pytest.mark.rule("CASE-3")
def test_the_third_party_is_recorded_and_forgotten_again(desk):
    case = desk.act(
        "engage", desk.owned_case(), text="x", third_party="other", third_party_name=" Telco "
    )
    assert (case.third_party, case.third_party_name, case.waits_for) == ("other", "Telco", "Telco")
    assert case.entries.latest("pk").to_value == "Telco"
    case = desk.act("resume", case, text="They answered.")
    assert (case.third_party, case.third_party_name, case.waits_for) == ("", "", "")
