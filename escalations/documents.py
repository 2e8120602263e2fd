"""docs/escalations.md, made from the code so that it is always correct."""

from cases import documents, realm

from . import wording
from .models import Escalation, EscalationState
from .rules.criteria import CRITERIA, Remedy


def escalations() -> str:
    """The criteria, their words, the state diagram, and who is notified of what."""
    label = realm.RealmRules.usual_help_label
    lines = [
        documents.MADE,
        "",
        "# Escalations",
        "",
        *documents.paragraph(
            f"The case page has the button “{label}” (“Escalate Case” in the FedRAMP realm). "
            "With it a Designated Contact asks for help. The desk checks the request "
            "against the criteria below. If one is not met, the page says why, what to do "
            "instead, and from when it will be possible. The page checks only to inform; "
            "the service checks again on the locked case (ESC-14), and a unique constraint "
            "of the database has the last word (ESC-5)."
        ),
        "",
        "## The criteria",
        "",
        *documents.paragraph(
            "`escalations/rules/criteria.py` has one function of plain facts for each "
            "criterion. It is not met while one of its facts is missing. `manage.py "
            "eligibility CASE --contact EMAIL` prints the verdict."
        ),
        "",
        *documents.items(
            f"{rule} `{check.__name__}`: {wording.CRITERIA[check.__name__]}"
            for rule, check in CRITERIA
        ),
        "",
        "## Why not",
        "",
        "The reason that the contact reads, by its code:",
        "",
        *documents.items(f"`{code}`: {text}" for code, text in wording.REASONS.items()),
        "",
        "## What to do instead",
        "",
        "The advice that the contact reads, by its code:",
        "",
        *documents.items(f"`{code.value}`: {wording.REMEDIES[code]}" for code in Remedy),
        "",
        "## The states of an escalation",
        "",
        *documents.paragraph(
            "The transitions are defined in `escalations/models/escalations.py`, and only "
            "`escalations/services/management.py` calls them (MGT-1). A case has at most one "
            "active escalation: Requested, Under Review or Accepted."
        ),
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state.value}: {state.label}" for state in EscalationState),
        "    [*] --> requested",
        *(f"    {source} --> {target}: {name}" for name, source, target in _moves()),
        "```",
        "",
        "Who is told of what is in [notices.md](notices.md).",
    ]
    return "\n".join(lines) + "\n"


def _moves() -> list[tuple[str, str, str]]:
    """(method, source, target) of every transition, in the order of the states."""
    order = [state.value for state in EscalationState]
    found = [
        (each.name, EscalationState(each.source).value, EscalationState(each.target).value)
        for each in Escalation._meta.get_field("state").get_all_transitions(Escalation)
    ]
    return sorted(found, key=lambda move: (order.index(move[1]), order.index(move[2]), move[0]))
