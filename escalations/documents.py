"""docs/escalations.md, made from the code so that it cannot be wrong."""

from cases import documents, realm

from . import notices, wording
from .models import Escalation, EscalationState
from .rules.criteria import CRITERIA, Remedy


def escalations() -> str:
    """The criteria, their words, the state diagram, and who is told of what."""
    label = realm.RealmRules.usual_help_label
    lines = [
        documents.MADE,
        "",
        "# Escalations",
        "",
        f"On the case page stands the button “{label}” (“Escalate Case” in the FedRAMP realm). A",
        "Designated Contact asks for help with it; the desk judges the request by the criteria",
        "below, and says at once why not, what to do instead, and from when it will be possible.",
        "The page judges to show; the service judges again on the locked case (ESC-14), and a",
        "unique constraint of the database has the last word (ESC-5).",
        "",
        "## The criteria",
        "",
        "`escalations/rules/criteria.py`: one function of plain facts a criterion. A fact that is",
        "missing means not met. `manage.py eligibility CASE --contact EMAIL` prints the verdict.",
        "",
        *documents.table(
            ("rule", "what is asked for", "function"),
            (
                (rule, wording.CRITERIA[check.__name__], f"`{check.__name__}`")
                for rule, check in CRITERIA
            ),
        ),
        "",
        "## Why not",
        "",
        *documents.table(
            ("code", "what the contact reads"),
            ((f"`{code}`", text) for code, text in wording.REASONS.items()),
        ),
        "",
        "## What to do instead",
        "",
        *documents.table(
            ("code", "what the contact reads"),
            ((f"`{code.value}`", wording.REMEDIES[code]) for code in Remedy),
        ),
        "",
        "## The states of an escalation",
        "",
        "The transitions are in `escalations/models/escalations.py`; only",
        "`escalations/services/management.py` calls them (MGT-1). One escalation of a case may be",
        "active: Requested, Under Review or Accepted.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state.value}: {state.label}" for state in EscalationState),
        "    [*] --> requested",
        *(f"    {source} --> {target}: {name}" for name, source, target in _moves()),
        "```",
        "",
        "## Who is told of what",
        "",
        *documents.table(
            ("event", "who"),
            (
                (f"`{event}`", "; ".join(to.value for to in notices.To if to in rule.to))
                for event, rule in notices.TABLE.items()
            ),
        ),
        "",
        "Nobody is mailed what he did himself, except the receipt. In the FedRAMP realm a mail",
        "carries the number of the case and a link (FED-13).",
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
