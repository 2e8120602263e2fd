"""The words that the portal uses: states, events, priorities. It decides nothing."""

from dataclasses import dataclass

from .job_table import JOBS
from .models import Case, Entry, Priority, Severity, State


@dataclass(frozen=True)
class Situation:
    """A state in plain words: what is going on, and what is expected of whom."""

    headline: str
    expected: str
    #: Whether the customer's side must act; such cases come first.
    waits_for_you: bool = False
    #: The headline for a person who can act.
    yours: str = ""


_SITUATIONS: dict[str, Situation] = {
    State.NEW: Situation(
        "Waiting for a support expert",
        "Product Support will assign an expert, who will write to you here. You do not need to "
        "do anything; anything you learn in the meantime is welcome in the case.",
    ),
    State.IN_PROGRESS: Situation(
        "Product Support is working on it",
        "The next step is with Product Support. Add what you learn about the issue at any time.",
    ),
    State.AWAITING_CUSTOMER: Situation(
        "An answer is needed",
        "Product Support asked a question and will continue as soon as a Designated Contact "
        "answers it here.",
        waits_for_you=True,
        yours="Your answer is needed",
    ),
    State.RESOLUTION_PROPOSED: Situation(
        "A resolution is proposed",
        "Please try it. Then accept it, which closes the case, or report that the issue persists.",
        waits_for_you=True,
    ),
    State.CLOSED: Situation(
        "Closed", "If the issue comes back, a Designated Contact can reopen the case here."
    ),
}

#: The states in which the next step is the customer's.
WAITING_STATES = [state for state, words in _SITUATIONS.items() if words.waits_for_you]


def situation(case: Case) -> Situation:
    """The case's state in plain words."""
    if case.state == State.AWAITING_THIRD_PARTY:
        return Situation(
            f"Waiting for {_in_sentence(case.waits_for)}",
            "Product Support is following it up and will write here as soon as there is news. "
            "You do not need to do anything.",
        )
    if case.state == State.NEW and case.severity == Severity.CRITICAL:
        return Situation(
            "Waiting for a support expert",
            "This is a Critical case: if you have not called yet, call Product Support now and "
            f"quote {case.number}.",
        )
    return _SITUATIONS[case.state]


def _in_sentence(name: str) -> str:
    return "a 3rd party" if name == "A 3rd party" else name


#: SEV-1: the definitions, for people who designate a priority or read a severity.
DEFINITIONS: dict[int, str] = {
    Severity.CRITICAL: "A severe problem: a critical business function cannot be performed, and "
    "there is no workaround.",
    Severity.HIGH: "People can do their work, but performance is degraded or severely limited.",
    Severity.MEDIUM: "Work is largely unaffected. Functions that are not critical are unusable or "
    "hard to use, and there is a workaround.",
    Severity.LOW: "The service is available and works. The impact on the business is trivial, or "
    "you need information or help with capabilities or configuration.",
}


@dataclass(frozen=True)
class PriorityChoice:
    value: int
    name: str
    definition: str


PRIORITIES = [PriorityChoice(each.value, each.label, DEFINITIONS[each.value]) for each in Priority]


#: SEV-1: each severity with its meaning, for staff who choose one in a row of buttons.
SEVERITIES_IN_FULL = [(each.value, f"{each.label}: {DEFINITIONS[each.value]}") for each in Severity]


def author(entry: Entry) -> str:
    """The author's name as a customer reads it."""
    return str(entry.author) if entry.author else "The support desk"


def event(entry: Entry) -> str:
    """What happened, as the rest of a sentence that begins with the author; empty for a message."""
    match entry.event:
        case Entry.Event.OPENED:
            return "opened the case"
        case Entry.Event.ASSIGNED:
            instead = f" instead of {entry.from_value}" if entry.from_value else ""
            if entry.author and entry.to_value == str(entry.author):
                return f"took the case{instead}"
            return f"made {entry.to_value} the Case Owner{instead}"
        case Entry.Event.QUESTION:
            return "asked a question"
        case Entry.Event.THIRD_PARTY:
            return f"is waiting for {_in_sentence(entry.to_value)}"
        case Entry.Event.RESUMED:
            return "resumed work on the case"
        case Entry.Event.RESOLUTION:
            return "proposed a resolution"
        case Entry.Event.ACCEPTED:
            return "accepted the resolution and closed the case"
        case Entry.Event.PERSISTS:
            return "reported that the issue persists"
        case Entry.Event.CLOSED:
            return "closed the case"
        case Entry.Event.REOPENED:
            return "reopened the case"
        case Entry.Event.SEVERITY:
            return f"changed the severity from {entry.from_value} to {entry.to_value}"
        case Entry.Event.LINKED:
            return f"linked this case with {entry.to_value}"
        case Entry.Event.UNLINKED:
            return f"removed the link with {entry.from_value}"
        case Entry.Event.FILE_REFUSED:
            return "refused a file"
        case Entry.Event.NOTICE:
            return "gave notice that the case will be closed"
        case Entry.Event.EXTENDED:
            return "postponed the closing of the case"
        case Entry.Event.ESCALATED:
            return f"requested an escalation: {entry.to_value}"
        case Entry.Event.HELP_ASKED:
            return f"asked the Case Owner: {entry.to_value}"
        case Entry.Event.HELP_ANSWERED:
            return f"answered “{entry.from_value}”: {entry.to_value.lower()}"
        case Entry.Event.HELP_WITHDRAWN:
            return f"withdrew a request: {entry.from_value}"
        case Entry.Event.MANAGER:
            return f"engaged {entry.to_value}, Product Support Manager"
        case Entry.Event.ATTENTION:
            return "asked for management attention"
        case Entry.Event.PLATFORM:
            return f"found that the platform is affected (incident {entry.to_value})"
        case Entry.Event.SINGLE:
            return f"found that this is not part of incident {entry.to_value}"
        case Entry.Event.RESTORED:
            return "restored the service"
        case Entry.Event.NOT_RESTORED:
            return "withdrew the restoration of the service"
        case Entry.Event.RCA_ASKED:
            return "asked for the root cause analysis"
        case Entry.Event.RCA_GIVEN:
            return "delivered the root cause analysis"
        case Entry.Event.DOCS_ASKED:
            return "asked for further documentation"
        case Entry.Event.TALK_ASKED:
            return "asked for a follow-up discussion"
        case Entry.Event.TALK_HELD:
            return f"recorded the follow-up meeting of {entry.to_value}"
        case Entry.Event.MOVED:
            return "wrote in the escalation feed; it was moved here"
        case Entry.Event.RELEASED:
            return "is looking for a new Case Owner"
        case Entry.Event.CALLED:
            return f"recorded a call by {entry.from_value}, {entry.to_value}"
    return "" if entry.event == Entry.Event.MESSAGE else entry.get_event_display()


def job_in_words(name: str) -> str:
    """The title of the job; the name itself, if no row of the table has it."""
    return JOBS[name].title if name in JOBS else name.replace("-", " ").capitalize()
