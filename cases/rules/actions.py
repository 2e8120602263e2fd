"""The actions on a case: one table for portal, admin, tests and documentation.

The state machine (`models.cases.Case`) says in which states an action is possible; for an action
that keeps the state, `rules.analysis` does. This table says who may act, what the action asks for,
what it writes into the feed, and which notice it causes.
"""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """For whom a person acts."""

    CONTACT = "contact"
    STAFF = "staff"
    JOB = "job"


class Ask(StrEnum):
    """A further value that an action asks for besides its text."""

    OWNER = "owner"
    THIRD_PARTY = "third_party"
    INCIDENT = "incident"
    HELD_AT = "held_at"


@dataclass(frozen=True)
class Action:
    """One business action on a case, carried out by `services.lifecycle.act`.

    `transition` is the method of the state machine. It is empty for actions on the platform
    incident or its root cause analysis, where `rules.analysis` decides. A contact must be a
    Designated Contact of the case's organization (ACC-1); staff need `permission`.
    """

    name: str
    transition: str
    label: str
    sides: frozenset[Side]
    permission: str
    text_label: str
    text_required: bool
    event: str
    notice: str
    help: str = ""
    asks: frozenset[Ask] = frozenset()

    @property
    def keeps_state(self) -> bool:
        """Whether the case stays in the same state."""
        return not self.transition


def _action(
    name: str,
    *,
    label: str,
    sides: tuple[Side, ...],
    text: str,
    event: str,
    notice: str,
    transition: str = "",
    required: bool = True,
    permission: str = "cases.work_case",
    asks: tuple[Ask, ...] = (),
    help: str = "",
    keeps_state: bool = False,
) -> Action:
    return Action(
        name=name,
        transition="" if keeps_state else transition or name,
        label=label,
        sides=frozenset(sides),
        permission=permission,
        text_label=text,
        text_required=required,
        event=event,
        notice=notice,
        help=help,
        asks=frozenset(asks),
    )


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        _action(
            "take",
            transition="assign",
            label="Take the case",
            sides=(Side.STAFF,),
            text="First message to the customer",
            required=False,
            event="assigned",
            notice="taken",
            help="You become the Case Owner, and the case is In Progress.",
        ),
        _action(
            "assign",
            label="Assign",
            sides=(Side.STAFF,),
            text="Note to the new owner (internal)",
            required=False,
            event="assigned",
            notice="assigned",
            permission="cases.assign_case",
            asks=(Ask.OWNER,),
            help="The new Case Owner is notified by e-mail.",
        ),
        _action(
            "ask",
            label="Ask the customer",
            sides=(Side.STAFF,),
            text="The question",
            event="question",
            notice="question",
            help="The customer can read this question. The case waits for the answer.",
        ),
        _action(
            "engage",
            label="Wait for a third party",
            sides=(Side.STAFF,),
            text="What is expected of them",
            event="third_party",
            notice="third_party",
            asks=(Ask.THIRD_PARTY,),
            help="The customer can see whom the case is waiting for, and read this text.",
        ),
        _action(
            "resume",
            label="Resume work",
            sides=(Side.STAFF,),
            text="Why work is resumed",
            event="resumed",
            notice="resumed",
            help="For example: the answer came by telephone. The customer can read this text.",
        ),
        _action(
            "propose",
            label="Propose a resolution",
            sides=(Side.STAFF,),
            text="The resolution",
            event="resolution",
            notice="resolution",
            help="The customer accepts it, or reports that the issue persists.",
        ),
        _action(
            "accept",
            label="Accept the resolution",
            sides=(Side.CONTACT,),
            text="A closing comment",
            required=False,
            event="accepted",
            notice="accepted",
            help="The case is closed. You can reopen it later.",
        ),
        _action(
            "persist",
            label="The issue persists",
            sides=(Side.CONTACT,),
            text="What still goes wrong",
            event="persists",
            notice="persists",
            help="Product Support will continue to work on the case.",
        ),
        _action(
            "close",
            label="Close the case",
            sides=(Side.CONTACT, Side.STAFF),
            text="The reason",
            event="closed",
            notice="closed",
            help="The reason appears in the case, which can be reopened later.",
        ),
        _action(
            "reopen",
            label="Reopen the case",
            sides=(Side.CONTACT, Side.STAFF),
            text="Why it is reopened",
            event="reopened",
            notice="reopened",
            help="It goes back to its Case Owner, or to the queue of new cases.",
        ),
        _action(
            "join_incident",
            keeps_state=True,
            label="Mark as platform-level",
            sides=(Side.STAFF,),
            text="Why",
            event="platform",
            notice="platform",
            permission="cases.manage_incident",
            asks=(Ask.INCIDENT,),
            help="The case joins a platform incident. The customer can read the reason; the "
            "restoration target counts from the opening of the case (SLA-3).",
        ),
        _action(
            "leave_incident",
            keeps_state=True,
            label="Not platform-level",
            sides=(Side.STAFF,),
            text="Why",
            event="single",
            notice="single",
            permission="cases.manage_incident",
            help="The case leaves its incident, and its targets end. The customer can read the "
            "reason.",
        ),
        _action(
            "ask_analysis",
            keeps_state=True,
            label="Ask for the root cause analysis",
            sides=(Side.CONTACT,),
            text="What it should answer",
            required=False,
            event="rca_asked",
            notice="analysis_asked",
            help="Product Support will deliver the official root cause analysis here, once "
            "service is restored.",
        ),
        _action(
            "deliver_analysis",
            keeps_state=True,
            label="Deliver the root cause analysis",
            sides=(Side.STAFF,),
            text="The analysis, or a note to go with the document",
            required=False,
            event="rca_given",
            notice="analysis_delivered",
            help="The customer can read it here. Write it, or attach the document. Deliver "
            "further documentation in the same way.",
        ),
        _action(
            "ask_documents",
            keeps_state=True,
            label="Ask for further documentation",
            sides=(Side.CONTACT,),
            text="What you need",
            event="docs_asked",
            notice="analysis_asked",
            help="Product Support will add it to the root cause analysis.",
        ),
        _action(
            "ask_discussion",
            keeps_state=True,
            label="Ask for a follow-up discussion",
            sides=(Side.CONTACT,),
            text="What you would like to discuss, and when you are available",
            event="talk_asked",
            notice="analysis_asked",
            help="A meeting will be arranged when the final document is delivered.",
        ),
        _action(
            "record_meeting",
            keeps_state=True,
            label="Record the follow-up meeting",
            sides=(Side.STAFF,),
            text="What was agreed",
            event="talk_held",
            notice="meeting_recorded",
            asks=(Ask.HELD_AT,),
            help="The customer can read it.",
        ),
    )
}
