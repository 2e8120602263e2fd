"""Staff actions on an escalation: the rows, and the page around them (MGT-1 to MGT-5, MGT-9).

The service checks the state; the states here decide only what is offered.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cases.actors import Actor
from cases.admin.base import staff_of
from cases.admin.object_actions import REFUSED, ObjectAction, Press
from cases.errors import NotAllowed
from cases.forms import ServiceForm

from ..models import Escalation
from ..notices import preview_decline
from ..services import feeds, management
from . import action_forms as forms
from . import page

MANAGE, NOTE = "escalations.manage_escalation", "cases.write_internal_entry"
PREVIEW = "admin/escalations/escalation/_preview.html"
REQUESTED, UNDER_REVIEW, ACCEPTED = "requested", "under_review", "accepted"


@dataclass(frozen=True, kw_only=True)
class EscalationAction(ObjectAction[Escalation]):
    """On a page with the head of the escalation, and its newest entries."""

    model: type[Model] = Escalation
    route: str = "<int:pk>/do/<slug:name>/"
    label: str
    form: type[forms.EscalationForm]
    permissions: tuple[str, ...] = (MANAGE,)
    #: The states in which it is offered; empty for any.
    states: frozenset[str] = frozenset()
    #: Only for the escalation's own owner.
    own: bool = True
    #: In the head of the page it is a button, not a link to a form.
    is_button: bool = False

    def find(self, request: HttpRequest, **address: Any) -> Escalation:
        return page.get_escalation(address["pk"])

    def why_not(self, subject: Escalation, actor: Actor) -> str:
        if self.states and subject.state not in self.states:
            return (
                f"“{self.label}” is not possible: the escalation is {subject.get_state_display()}."
            )
        if self.own and (actor.person is None or subject.owner_id != actor.person.pk):
            return f"“{self.label}” is for {subject.owner}, who owns this escalation."
        return ""

    def as_shown(self, subject: Escalation) -> dict[str, Any]:
        return {"version": subject.version}

    def home(self, subject: Escalation) -> str:
        return reverse("admin:escalations_escalation_change", args=[subject.pk])

    def frame(self, model_admin: Any, request: HttpRequest, subject: Escalation) -> dict[str, Any]:
        return page.frame(model_admin, request, subject)

    def make(self, request: HttpRequest, subject: Escalation, *data: Any, **more: Any) -> Any:
        more["initial"] = {**self.form.first_values(subject), **more.get("initial", {})}
        return super().make(request, subject, *data, escalation=subject, **more)

    def done_words(self, press: Press[Escalation], result: Any) -> str:
        return f"{press.subject.case.number}: {super().done_words(press, result)}"

    def forbid(self, refusal: NotAllowed) -> None:
        """The escalation has another owner by now: the form says so, and keeps the text."""

    def refused_page(
        self, model_admin: Any, request: HttpRequest, subject: Escalation, form: ServiceForm
    ) -> HttpResponse:
        if not self.is_on_page:
            return super().refused_page(model_admin, request, subject, form)
        bound = {self.name: form}
        return page.show(model_admin, request, subject.pk, bound=bound, status=REFUSED)


@dataclass(frozen=True, kw_only=True)
class DeclineAction(EscalationAction):
    def asks_first(
        self, request: HttpRequest, subject: Escalation, form: forms.DeclineForm
    ) -> dict[str, Any] | None:
        """A preview of the text as the customer will read it, before it is sent."""
        if not form.is_valid() or form.was_previewed():
            return None
        form.note_preview()
        values = form.cleaned_data
        actor = Actor.of(staff_of(request))
        shown = preview_decline(subject, actor=actor, codes=values["codes"], words=values["words"])
        return {"above_template": PREVIEW, "preview": shown, "button": "Decline and send this"}


def toggle_watch(press: Press[Escalation]) -> Escalation:
    """Puts the accepted escalation on the watch list, or off it; nothing else changes (MGT-9)."""
    shown = press.subject
    return management.assess(
        escalation_id=shown.pk,
        **press.by,
        importance=shown.importance or 0,
        urgency=shown.urgency or 0,
        trend=shown.trend,
        on_watch=not shown.on_watch,
        **press.typed,  # the version: what was read above counts only if nothing changed since
    )


ESCALATION_ACTIONS: tuple[EscalationAction, ...] = (
    EscalationAction(
        name="word",
        label="Post an update",
        form=forms.WordForm,
        service=lambda it: management.give_word(escalation_id=it.pk, **it.by, **it.typed),
        done="The update has been sent to the customer, and the next one is promised.",
        states=frozenset({ACCEPTED}),
        is_on_page=True,
        prefix="word",
        key="r",
    ),
    EscalationAction(
        name="message",
        label="Write to the customer",
        form=forms.MessageForm,
        service=lambda it: feeds.post_in_feed(escalation_id=it.pk, **it.by, **it.typed),
        done="Sent to the customer.",
        states=frozenset({REQUESTED, UNDER_REVIEW}),
        own=False,
        is_on_page=True,
        prefix="message",
        key="r",
    ),
    EscalationAction(
        name="note",
        label="Internal note",
        form=forms.NoteForm,
        service=lambda it: feeds.post_in_feed(
            escalation_id=it.pk, **it.by, internal=True, **it.typed
        ),
        done="The internal note has been saved.",
        permissions=(NOTE,),
        own=False,
        is_on_page=True,
        prefix="note",
        key="n",
        is_internal=True,
    ),
    EscalationAction(
        name="take",
        label="Take for review",
        form=forms.PlainForm,
        service=lambda it: management.take_review(escalation_id=it.pk, **it.by, **it.typed),
        done="The escalation is now yours to review.",
        states=frozenset({REQUESTED}),
        help="You become its Escalation Owner. The customer can see who is reviewing it.",
        own=False,
        is_button=True,
        prefix="take",
    ),
    EscalationAction(
        name="accept",
        label="Accept",
        form=forms.AcceptForm,
        service=lambda it: management.accept(escalation_id=it.pk, **it.by, **it.typed),
        done="The escalation has been accepted, and the customer has been notified.",
        states=frozenset({UNDER_REVIEW}),
        help="The customer can read the next steps, and when to expect the next update.",
    ),
    DeclineAction(
        name="decline",
        label="Decline",
        form=forms.DeclineForm,
        service=lambda it: management.decline(escalation_id=it.pk, **it.by, **it.typed),
        done="The escalation has been declined, and the person who asked has been told why.",
        states=frozenset({UNDER_REVIEW}),
        help="You will see what the customer will read before it is sent.",
        button="Show what the customer will read",
    ),
    EscalationAction(
        name="assess",
        label="Reassess",
        form=forms.AssessForm,
        service=lambda it: management.assess(escalation_id=it.pk, **it.by, **it.typed),
        done="The escalation has been reassessed.",
        states=frozenset({ACCEPTED}),
        help="For staff only: importance, urgency, trend and watch list.",
    ),
    EscalationAction(
        name="watch",
        label="Watch list",
        form=forms.PlainForm,
        service=toggle_watch,
        done="The watch list has been changed.",
        states=frozenset({ACCEPTED}),
        help="Adds the escalation to the watch list, or removes it.",
        is_button=True,
        prefix="watch",
    ),
    EscalationAction(
        name="hand-over",
        label="Hand over",
        form=forms.HandOverForm,
        service=lambda it: management.hand_over(escalation_id=it.pk, **it.by, **it.typed),
        done="The escalation has a new owner, who has been notified.",
        states=frozenset({UNDER_REVIEW, ACCEPTED}),
        help="The customer can see who the new Escalation Owner is. The note stays internal.",
        own=False,
    ),
    EscalationAction(
        name="close",
        label="Close the escalation",
        form=forms.CloseForm,
        service=lambda it: management.close(escalation_id=it.pk, **it.by, **it.typed),
        done="The escalation has been closed, and the customer has been told why.",
        states=frozenset({ACCEPTED}),
        help="The case stays open. Another escalation is possible from now on.",
    ),
)
