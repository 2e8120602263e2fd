"""Which demo case tells which story, for whom, how far it went, and when: always the same.

Pure: nothing here reads or writes a row. Times are spans before "now".
"""

import datetime as dt
import random
from dataclasses import dataclass, replace

from ..models.cases import State
from ..roles import SUPPORT_EXPERT
from . import platform, routing, telephony
from .people import ContactData, DeploymentData, OrganizationData, World
from .script import CRITICAL, HIGH, Log, Scenario, Step, states_of

#: All scripts of the demo, in one fixed order.
SCENARIOS = (*telephony.SCENARIOS, *routing.SCENARIOS, *platform.SCENARIOS)
#: The states of every twenty cases. The order mixes them, so that a small demo has them all.
TARGETS = (
    State.NEW,
    State.IN_PROGRESS,
    State.AWAITING_CUSTOMER,
    State.CLOSED,
    State.AWAITING_THIRD_PARTY,
    State.RESOLUTION_PROPOSED,
    State.CLOSED,
    State.IN_PROGRESS,
    State.CLOSED,
    State.AWAITING_CUSTOMER,
    State.CLOSED,
    State.NEW,
    State.IN_PROGRESS,
    State.CLOSED,
    State.RESOLUTION_PROPOSED,
    State.CLOSED,
    State.AWAITING_CUSTOMER,
    State.IN_PROGRESS,
    State.CLOSED,
    State.AWAITING_THIRD_PARTY,
)
#: For how many hours a case has been in its last state: some are close to a deadline.
STANDS_FOR = {
    State.NEW: (0.05, 20.0),
    State.IN_PROGRESS: (0.2, 70.0),
    State.AWAITING_CUSTOMER: (1.0, 74.0),
    State.AWAITING_THIRD_PARTY: (1.0, 140.0),
    State.RESOLUTION_PROPOSED: (1.0, 70.0),
    State.CLOSED: (1.0, 2900.0),
}
#: Hours before a step: minimum and maximum.
WAITS = {
    "take": (0.05, 1.8),
    "note": (0.1, 2.0),
    "say": (0.3, 6.0),
    "ask": (0.3, 5.0),
    "write": (0.5, 26.0),
    "accept": (1.0, 40.0),
    "persist": (1.0, 30.0),
    "reopen": (20.0, 90.0),
    "close": (20.0, 60.0),
}
QUEUES = ("Billing", "Claims", "Orders", "Second Level", "Appointments", "Complaints")
TRUNKS = ("TRK-NORTH-01", "TRK-EDGE-02", "TRK-BYOC-11", "TRK-MAIN-04")
FLOWS = ("Main_Inbound", "After_Hours", "Verify_Customer", "Callback_Offer")
MOST_LINKS = 10


@dataclass(frozen=True)
class CasePlan:
    """One case: its texts filled in, and each step with its time before now."""

    scenario: Scenario
    organization: OrganizationData
    deployment: DeploymentData
    contact: ContactData
    owner: str
    conversation: str
    is_assigned: bool
    opened_before: dt.timedelta
    steps: tuple[tuple[dt.timedelta, Step], ...]
    #: The index in the plan of an earlier case to which this one is linked once it is taken.
    related_to: int | None = None


def plan(world: World, cases: int, *, seed: int = 1) -> list[CasePlan]:
    """The first `cases` cases of the world, oldest first."""
    rng = random.Random(f"{seed}:{world.offering}")  # noqa: S311 - a story, not a secret
    customers = [each for each in world.organizations if each.weight]
    weights = [each.weight for each in customers]
    deck: list[Scenario] = []
    plans = []
    for index in range(cases):
        organization = rng.choices(customers, weights)[0]
        deployment = rng.choice(organization.deployments)
        target = TARGETS[index % len(TARGETS)]
        if not any(_fits(each, deployment, target) for each in deck):
            deck += rng.sample(SCENARIOS, len(SCENARIOS))
        scenario = next(each for each in deck if _fits(each, deployment, target))
        deck.remove(scenario)
        plans.append(_plan_case(rng, world, organization, deployment, scenario, target))
    plans.sort(key=lambda each: each.opened_before, reverse=True)
    return _linked(plans)


def _fits(scenario: Scenario, deployment: DeploymentData, target: State) -> bool:
    hosting = "cloud" if deployment.region else "premises"
    return scenario.hosting in ("", hosting) and target in states_of(scenario)


def _plan_case(
    rng: random.Random,
    world: World,
    organization: OrganizationData,
    deployment: DeploymentData,
    scenario: Scenario,
    target: State,
) -> CasePlan:
    states = states_of(scenario)
    last = rng.choice([index for index, state in enumerate(states) if state is target])
    if target is State.CLOSED:
        last = max(index for index, state in enumerate(states) if state is target)
    least, most = STANDS_FOR[target]
    if target is State.NEW and scenario.priority <= HIGH:
        most = 1.9
    before = dt.timedelta(hours=round(rng.triangular(least, most, least), 3))
    speed = 0.1 if scenario.priority == CRITICAL else 1.0
    steps: list[tuple[dt.timedelta, Step]] = []
    for step in reversed(scenario.steps[:last]):
        steps.append((before, step))
        wait = rng.uniform(*WAITS.get(step.kind, (0.5, 8.0))) * speed
        before += dt.timedelta(hours=round(wait, 3))
    conversation = str(rng.getrandbits(32)).zfill(10)
    words = {
        "site": rng.choice(organization.sites),
        "queue": rng.choice(QUEUES),
        "trunk": rng.choice(TRUNKS),
        "flow": rng.choice(FLOWS),
        "conversation": f"conversation {conversation}",
    }
    designated = [
        each for each in world.contacts if each.roles.get(organization.short_name) == "designated"
    ]
    return CasePlan(
        scenario=replace(
            scenario,
            subject=scenario.subject.format(**words),
            description=scenario.description.format(**words),
            impact=scenario.impact.format(**words),
            log=_filled(scenario.log, words),
        ),
        organization=organization,
        deployment=deployment,
        contact=rng.choice(designated),
        owner=rng.choice([each.email for each in world.staff if each.role == SUPPORT_EXPERT]),
        conversation=conversation if scenario.has_conversation else "",
        is_assigned=rng.random() < 0.25,
        opened_before=before,
        steps=tuple(
            (at, replace(step, text=step.text.format(**words), log=_filled(step.log, words)))
            for at, step in reversed(steps)
        ),
    )


def _filled(log: Log | None, words: dict[str, str]) -> Log | None:
    return Log(log.name, log.text.format(**words)) if log else None


def _linked(plans: list[CasePlan]) -> list[CasePlan]:
    """Link a few taken cases to an earlier one of the same organization and subject."""
    seen: dict[tuple[str, str], int] = {}
    links = 0
    for index, each in enumerate(plans):
        key = (each.organization.short_name, each.scenario.description[:40])
        if key in seen and each.steps and links < MOST_LINKS:
            plans[index] = replace(each, related_to=seen[key])
            links += 1
        seen.setdefault(key, index)
    return plans
