"""The pages of the documentation that are made from the code, so that they cannot be wrong."""

from collections.abc import Callable, Iterable

from .models import Case
from .models.cases import State
from .notices import TABLE, To
from .roles import ROLES
from .rules.actions import ACTIONS, Action, Ask, Side

MADE = "<!-- Made by `manage.py document` from the code; a test fails when it is out of date. -->"


def states() -> str:
    """docs/states.md: the diagram of the state machine, and the table of actions."""
    lines = [
        MADE,
        "",
        "# The states of a case",
        "",
        "No other code path changes the state (CASE-3). The transitions stand in",
        "`cases/models/cases.py`, the actions in `cases/rules/actions.py`; both are carried out by",
        "`cases/services/lifecycle.py`, and `answer` by `cases/services/feeds.py`.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state.value}: {state.label}" for state in State),
        "    [*] --> new",
        *(f"    {source} --> {target}: {name}" for name, source, target in _moves()),
        "```",
        "",
        "`answer` is no action of its own: it is what a public entry of a Designated Contact does.",
        "An action that leads to the same state is a step of the platform incident or of",
        "its root cause analysis, possible at any open case as `cases/rules/analysis.py` says.",
        "",
        "## The actions",
        "",
        *table(
            ("action", "from", "to", "contacts", "staff", "asks for", "feed", "notice"),
            (_row(action) for action in ACTIONS.values()),
        ),
        "",
        "“Contacts” are Designated Contacts of the case's organization (ACC-1); Read-Only contacts",
        "can do none of this (ACC-2). No job comes through this table: the jobs that",
        "close a case which waited too long have a rule of their own, `services.closing`.",
    ]
    return "\n".join(lines) + "\n"


def notices() -> str:
    """docs/notices.md: who is told of what."""
    headings = [to.value[0].upper() + to.value[1:] for to in To]
    lines = [
        MADE,
        "",
        "# Who is told of what",
        "",
        "The table is `TABLE` in `cases/notices.py`. Nobody is mailed what he did himself, except",
        "the receipt of an opened case. Internal entries are told to nobody (FEED-3). Only active",
        "people are told; of contacts only those who are members of the case's organization, of",
        "staff only those whom the realm admits.",
        "",
        *table(
            ("event", *headings, "Also to those who chose no mail"),
            (
                (
                    f"`{event}`",
                    *("yes" if to in rule.to else "" for to in To),
                    "yes" if rule.always else "",
                )
                for event, rule in TABLE.items()
            ),
        ),
        "",
        "“Contacts involved” opened the case or wrote in it. Those who want mail about all cases",
        "of their organizations say so under Manage Profile; there the others can say that they",
        "want none. An owner who wants no mail about the cases he owns still hears of their end.",
        "",
        "In the FedRAMP realm a mail carries the number of the case and a link, and nothing of",
        "what the case holds (FED-13).",
    ]
    return "\n".join(lines) + "\n"


#: Page of docs/ -> what it says. Apps above add theirs when they are ready.
DOCUMENTS: dict[str, Callable[[], str]] = {"states.md": states, "notices.md": notices}


def _moves() -> list[tuple[str, str, str]]:
    """(method, source, target) of every transition, in the order of the life of a case."""
    order = [state.value for state in State]
    found = []
    for each in Case._meta.get_field("state").get_all_transitions(Case):
        targets = getattr(each.target, "allowed_states", None) or [each.target]
        found += [(each.name, str(each.source), str(target)) for target in targets]
    found = [(name, _value(source), _value(target)) for name, source, target in found]
    return sorted(found, key=lambda move: (order.index(move[1]), order.index(move[2]), move[0]))


def _value(state: str) -> str:
    return State(state).value


def _row(action: Action) -> tuple[str, ...]:
    moves = [move for move in _moves() if move[0] == action.transition]
    roles = [role for role, permissions in ROLES.items() if action.permission in permissions]
    text = action.text_label if action.text_required else f"{action.text_label} (not required)"
    asked = [text, *(ask.value.replace("_", " ") for ask in Ask if ask in action.asks)]
    return (
        f"**{action.label}** (`{action.name}`)",
        _labels(source for _, source, _ in moves) or "any open state",
        _labels(target for _, _, target in moves) or "the same",
        "yes" if Side.CONTACT in action.sides else "",
        ", ".join(roles) if Side.STAFF in action.sides else "",
        ", ".join(asked),
        f"`{action.event}`",
        f"`{action.notice}`",
    )


def _labels(states: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(State(state).label for state in states))


def table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of a table in Markdown."""
    lines = [headings, tuple("---" for _ in headings), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
