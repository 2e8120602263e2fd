"""The pages of the documentation that are made from the code, so that they are always correct."""

import textwrap
from collections.abc import Callable, Iterable

from .models import Case
from .models.cases import State
from .notice_types import GROUPS, NoticeType
from .roles import ROLES
from .rules.actions import ACTIONS, Action, Ask, Side

#: Columns of a line of Markdown; `tests/test_project_guards.py` checks it for every page.
WIDTH = 100
MADE = "<!-- Made by `manage.py document` from the code; a test fails when it is out of date. -->"


def states() -> str:
    """docs/states.md: the diagram of the state machine, and the table of actions."""
    lines = [
        MADE,
        "",
        "# The states of a case",
        "",
        *paragraph(
            "Only these transitions change the state (CASE-3). They are defined in "
            "`cases/models/cases.py`, and the actions in `cases/rules/actions.py`. "
            "`cases/services/lifecycle.py` carries them out, except `answer`, which "
            "`cases/services/feeds.py` does."
        ),
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f"    {state.value}: {state.label}" for state in State),
        "    [*] --> new",
        *(f"    {source} --> {target}: {name}" for name, source, target in _moves()),
        "```",
        "",
        *paragraph(
            "`answer` is not an action: it is the effect of a public entry by a Designated "
            "Contact. An action that leaves the state as it is concerns the platform "
            "incident or its root cause analysis; `cases/rules/analysis.py` says when it is "
            "possible."
        ),
        "",
        "## The actions",
        "",
        *paragraph(
            "Each one is listed with its states, the people who may use it, what it asks "
            "for, and the feed entry and the notice that it causes. “Contacts” are "
            "Designated Contacts of the case's organization (ACC-1); Read-Only contacts can "
            "use none of these actions (ACC-2). No job uses this table: the jobs that close "
            "a case have rules of their own in `services.closures`."
        ),
        "",
        *items(_description(action) for action in ACTIONS.values()),
    ]
    return "\n".join(lines) + "\n"


def notices() -> str:
    """docs/notices.md: who is notified of what."""
    lines = [
        MADE,
        "",
        "# Who is told of what",
        "",
        *paragraph(
            "This is every mail of the desk. The rows are in `cases/notice_types.py`, and in "
            "`notices.py` of the other apps. Nobody is mailed about their own action, unless "
            "the row says so. Nobody is told of an internal entry (FEED-3). Only active people are "
            "told: contacts only while they are members of the case's organization, and staff "
            "only while the realm admits them."
        ),
        "",
        *paragraph(
            "Contacts are involved when they opened the case or wrote in it. Under Manage "
            "Profile they choose mail about all cases of their organizations, or no mail at "
            "all; owners can choose no mail about their cases. “Always” means that a mail also "
            "goes to people who chose to get none."
        ),
        "",
        *paragraph(
            "In the FedRAMP realm a mail carries the case number and a link, and no content "
            "of the case (FED-13)."
        ),
    ]
    for heading, types in sorted(GROUPS.items()):
        audiences = {each.__name__: each.__doc__ for row in types for each in row.to}
        lines += ["", f"## {heading}", ""]
        lines += items(f"**{audience(name)}**: {words}" for name, words in audiences.items())
        lines += ["", "They are told when:", "", *items(map(_told, types))]
    return "\n".join(lines) + "\n"


def _told(row: NoticeType) -> str:
    to = ", ".join(audience(each.__name__) for each in row.to)
    marks = {", always": row.always, ", also the person who did it": row.receipt}
    return f"`{row.event}`: {row.what} To: {to}{''.join(m for m, on in marks.items() if on)}."


#: Page of docs/ -> its content. Apps above add theirs when they are ready.
DOCUMENTS: dict[str, Callable[[], str]] = {"states.md": states, "notices.md": notices}


def _moves() -> list[tuple[str, str, str]]:
    """(method, source, target) of every transition, in the order of a case's life."""
    order = [state.value for state in State]
    found = []
    for each in Case._meta.get_field("state").get_all_transitions(Case):
        targets = getattr(each.target, "allowed_states", None) or [each.target]
        found += [(each.name, str(each.source), str(target)) for target in targets]
    found = [(name, _value(source), _value(target)) for name, source, target in found]
    return sorted(found, key=lambda move: (order.index(move[1]), order.index(move[2]), move[0]))


def _value(state: str) -> str:
    return State(state).value


def _description(action: Action) -> str:
    moves = [move for move in _moves() if move[0] == action.transition]
    roles = [role for role, permissions in ROLES.items() if action.permission in permissions]
    people = ["contacts"] if Side.CONTACT in action.sides else []
    if Side.STAFF in action.sides:
        people += roles
    text = action.text_label if action.text_required else f"{action.text_label} (optional)"
    asked = [text, *(ask.value.replace("_", " ") for ask in Ask if ask in action.asks)]
    states = "in any open state, which does not change"
    if moves:
        states = f"from {_sources(moves)} to {_labels(target for _, _, target in moves)}"
    return (
        f"**{action.label}** (`{action.name}`): {states}. "
        f"By: {', '.join(people)}. Asks for: {', '.join(asked)}. "
        f"Entry `{action.event}`, notice `{action.notice}`."
    )


def _sources(moves: Iterable[tuple[str, str, str]]) -> str:
    sources = {source for _, source, _ in moves}
    if sources == {state.value for state in State if state != State.CLOSED}:
        return "any open state"
    return _labels(state.value for state in State if state.value in sources)


def audience(function: str) -> str:
    """The group of people by its short name: "owner or leads"."""
    return function.replace("_", " ")


def _labels(states: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(State(state).label for state in states))


def paragraph(text: str, first: str = "", rest: str = "") -> list[str]:
    """The lines of a paragraph, `first` before its first line and `rest` before the others."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def items(texts: Iterable[str]) -> list[str]:
    """The lines of a list in Markdown."""
    return [line for text in texts for line in paragraph(text, "- ", "  ")]


def table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The lines of a table in Markdown."""
    lines = [headings, tuple("---" for _ in headings), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
