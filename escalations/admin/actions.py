"""What staff can do with an escalation: one table of forms and services (MGT-1 to MGT-5, MGT-9).

From which state a service works it says itself; the states here decide which buttons are shown.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cases.actors import Actor

from ..models import Escalation
from ..services import feeds, management
from . import action_forms as forms

MANAGE, NOTE = "escalations.manage_escalation", "cases.write_internal_entry"
REQUESTED, UNDER_REVIEW, ACCEPTED = "requested", "under_review", "accepted"


@dataclass(frozen=True)
class Deed:
    """One thing that is done: an address, a form and one call of a service."""

    name: str
    label: str
    service: Callable[..., Any]
    form: type[forms.EscalationForm]
    done: str
    #: In these states it is offered; empty: in any.
    states: frozenset[str] = frozenset()
    help: str = ""
    permission: str = MANAGE
    #: Only for the escalation's own owner.
    own: bool = True
    is_button: bool = False
    is_composer: bool = False

    def is_possible(self, escalation: Escalation, actor: Actor) -> bool:
        """Whether it is offered to this member of staff; the service judges again."""
        mine = actor.person is not None and escalation.owner_id == actor.person.pk
        return (
            (not self.states or escalation.state in self.states)
            and (mine or not self.own)
            and actor.may(self.permission)
        )

    def blank(
        self, escalation: Escalation, earlier: Mapping[str, str] | None = None
    ) -> forms.EscalationForm:
        """The form as it is shown first, with what was typed before a sign-in."""
        return self.form(escalation=escalation, prefix=self.prefix, earlier=earlier)

    def address(self, escalation: Escalation) -> str:
        return reverse("admin:escalations_escalation_do", args=[escalation.pk, self.name])

    @property
    def prefix(self) -> str | None:
        """Several of these forms stand on one page."""
        return self.name if self.is_button or self.is_composer else None


def toggle_watch(
    *,
    escalation_id: int,
    actor: Actor,
    now: dt.datetime,
    seen_version: int,
    submission: uuid.UUID,
) -> Escalation:
    """The accepted escalation is on the watch list, or no longer; all else stays (MGT-9)."""
    shown = Escalation.objects.get(pk=escalation_id)
    return management.assess(
        escalation_id=escalation_id,
        actor=actor,
        now=now,
        importance=shown.importance or 0,
        urgency=shown.urgency or 0,
        trend=shown.trend,
        on_watch=not shown.on_watch,
        seen_version=seen_version,  # what was read above counts only if nothing changed since
        submission=submission,
    )


def write_note(**arguments: Any) -> Any:
    return feeds.post_in_feed(internal=True, **arguments)


DEEDS: dict[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed(
            "word",
            "Give the next word",
            management.give_word,
            forms.WordForm,
            "The customer is told, and the next word is promised.",
            frozenset({ACCEPTED}),
            is_composer=True,
        ),
        Deed(
            "message",
            "Write to the customer",
            feeds.post_in_feed,
            forms.MessageForm,
            "Sent to the customer.",
            frozenset({REQUESTED, UNDER_REVIEW}),
            own=False,
            is_composer=True,
        ),
        Deed(
            "note",
            "Internal note",
            write_note,
            forms.NoteForm,
            "The internal note is saved.",
            permission=NOTE,
            own=False,
            is_composer=True,
        ),
        Deed(
            "take",
            "Take for review",
            management.take_review,
            forms.PlainForm,
            "The escalation is yours to review.",
            frozenset({REQUESTED}),
            help="You become its Escalation Owner. The customer reads who reviews it.",
            own=False,
            is_button=True,
        ),
        Deed(
            "accept",
            "Accept",
            management.accept,
            forms.AcceptForm,
            "The escalation is accepted, and the customer is told.",
            frozenset({UNDER_REVIEW}),
            help="The customer reads the next steps, and when to expect the next word.",
        ),
        Deed(
            "decline",
            "Decline",
            management.decline,
            forms.DeclineForm,
            "The escalation is declined, and who asked is told why.",
            frozenset({UNDER_REVIEW}),
            help="You see what the customer will read before it is sent.",
        ),
        Deed(
            "assess",
            "Assess anew",
            management.assess,
            forms.AssessForm,
            "The escalation is ranked anew.",
            frozenset({ACCEPTED}),
            help="For staff only: importance, urgency, trend and watch list.",
        ),
        Deed(
            "watch",
            "Watch list",
            toggle_watch,
            forms.PlainForm,
            "The watch list is changed.",
            frozenset({ACCEPTED}),
            help="On the watch list, or no longer.",
            is_button=True,
        ),
        Deed(
            "hand-over",
            "Hand over",
            management.hand_over,
            forms.HandOverForm,
            "The escalation has a new owner, who is told.",
            frozenset({UNDER_REVIEW, ACCEPTED}),
            help="The customer reads who the new Escalation Owner is. The note stays internal.",
            own=False,
        ),
        Deed(
            "close",
            "Close the escalation",
            management.close,
            forms.CloseForm,
            "The escalation is closed, and the customer is told why.",
            frozenset({ACCEPTED}),
            help="The case stays open. Another escalation is possible from now on.",
        ),
    )
}


def possible(escalation: Escalation, actor: Actor) -> list[Deed]:
    """What this member of staff is offered now, in the order of the table."""
    return [deed for deed in DEEDS.values() if deed.is_possible(escalation, actor)]
