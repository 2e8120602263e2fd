"""The texts of a demo case: what is opened, and what follows, step by step.

Texts may contain {site}, {queue}, {trunk}, {flow} and {conversation}: each case fills in its own.
"""

from dataclasses import dataclass

from ..models.cases import State

CRITICAL, HIGH, MEDIUM, LOW = 1, 2, 3, 4


@dataclass(frozen=True)
class Log:
    """A small text file that comes with a step."""

    name: str
    text: str


@dataclass(frozen=True)
class Step:
    """One thing that a person does; `kind` is an action's name, or say, note, write, severity."""

    kind: str
    text: str = ""
    by_contact: bool = False
    third_party: str = ""
    third_party_name: str = ""
    severity: int = 0
    log: Log | None = None


@dataclass(frozen=True)
class Scenario:
    """One issue from the customer's form to its end."""

    subject: str
    description: str
    impact: str
    steps: tuple[Step, ...]
    priority: int = MEDIUM
    hosting: str = ""  # empty: happens in the cloud and on premises
    log: Log | None = None
    has_conversation: bool = False


def take(text: str = "") -> Step:
    return Step("take", text)


def say(text: str, log: Log | None = None) -> Step:
    return Step("say", text, log=log)


def note(text: str, log: Log | None = None) -> Step:
    return Step("note", text, log=log)


def write(text: str, log: Log | None = None) -> Step:
    return Step("write", text, by_contact=True, log=log)


def ask(text: str) -> Step:
    return Step("ask", text)


def engage(third_party: str, text: str, name: str = "") -> Step:
    return Step("engage", text, third_party=third_party, third_party_name=name)


def resume(text: str) -> Step:
    return Step("resume", text)


def propose(text: str, log: Log | None = None) -> Step:
    return Step("propose", text, log=log)


def accept(text: str = "") -> Step:
    return Step("accept", text, by_contact=True)


def persist(text: str, log: Log | None = None) -> Step:
    return Step("persist", text, by_contact=True, log=log)


def close(text: str, *, by_contact: bool = False) -> Step:
    return Step("close", text, by_contact=by_contact)


def reopen(text: str, *, by_contact: bool = True) -> Step:
    return Step("reopen", text, by_contact=by_contact)


def severity(level: int, reason: str) -> Step:
    return Step("severity", reason, severity=level)


_LEADS_TO = {
    "take": State.IN_PROGRESS,
    "ask": State.AWAITING_CUSTOMER,
    "engage": State.AWAITING_THIRD_PARTY,
    "resume": State.IN_PROGRESS,
    "propose": State.RESOLUTION_PROPOSED,
    "accept": State.CLOSED,
    "persist": State.IN_PROGRESS,
    "close": State.CLOSED,
    "reopen": State.IN_PROGRESS,
}


def states_of(scenario: Scenario) -> list[State]:
    """The state after the opening and after each step, as the services will set it."""
    states = [State.NEW]
    for step in scenario.steps:
        state = _LEADS_TO.get(step.kind, states[-1])
        waits = state in (State.AWAITING_CUSTOMER, State.RESOLUTION_PROPOSED)
        if step.kind == "write" and waits:
            state = State.IN_PROGRESS
        states.append(state)
    return states
