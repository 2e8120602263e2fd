"""This app's staff actions on a case: engage a manager, record a call for another severity or
priority (SEV-2, SEV-5), move a message between the feeds."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from cases import realm
from cases.actors import Actor
from cases.admin import case_page
from cases.admin.case_actions import CaseAction
from cases.admin.object_actions import ObjectAction, Press
from cases.errors import CaseChanged, NotAllowed
from cases.forms import CaseForm, ServiceForm, moment_field, text_field
from cases.models import Case, Entry, Person, Priority, Severity

from ..case_card import designated_contacts
from ..models import Escalation, EscalationEntry, OwnerReview
from ..notices import managers
from ..services import feeds
from ..services.owner_requests import record_call
from ..services.owner_reviews import engage_manager
from . import page


class EngageForm(ServiceForm):
    manager = forms.ModelChoiceField(
        Person.objects.none(),
        label="Product Support Manager",
        error_messages={"required": "Choose a Product Support Manager."},
    )
    note = text_field("Note to the manager (internal)", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = managers()  # type: ignore[attr-defined]
        self.fields["note"].required = False


class MoveForm(CaseForm):
    """A button; it carries the version of the escalation whose feed the person saw."""

    submission = None  # type: ignore[assignment]


class CallForm(ServiceForm):
    caller = forms.ModelChoiceField(
        Person.objects.none(),
        label="Who called",
        help_text="A Designated Contact of the organization.",
        error_messages={"required": "Choose who called."},
    )
    called_at = moment_field("When the call came")
    wanted = forms.ChoiceField(
        label="What the caller asked for",
        error_messages={"required": "Choose what the caller asked for."},
    )
    details = text_field("What the caller said", rows=4, empty="Write down what the caller said.")
    callback_phone = forms.CharField(
        label="Telephone number",
        max_length=40,
        required=False,
        help_text="The caller's number for this request. For Critical, the 24x7 number: a "
        "Designated Contact must be reachable at all times.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["caller"].queryset = designated_contacts(case)  # type: ignore[attr-defined]
        wanted: Any = self.fields["wanted"]
        kinds = OwnerReview.Kind
        wanted.choices = [
            ("", "---------"),
            ("Severity", _levels(kinds.SEVERITY, Severity, case.severity)),
            ("Priority", _levels(kinds.PRIORITY, Priority, case.priority)),
        ]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        kind, level = values.pop("wanted").split("-")
        return {**values, "kind": kind, "level": int(level)}


def _levels(kind: str, levels: Any, present: int) -> list[tuple[str, str]]:
    return [
        (f"{kind}-{each.value}", f"{kind.capitalize()} {each.label}")
        for each in levels
        if each != present
    ]


def _help(case: Case) -> str:
    now = f"{case.get_severity_display()}, priority {case.get_priority_display()}"
    words = (
        f"Now: severity {now}. The customer reads who called, when, and what was said. The request "
        "then waits for the Case Owner, who answers it."
    )
    page = realm.current().telephone_page
    if not page:
        return words
    return format_html(
        '{} First <a href="{}" target="_blank" rel="noopener">check the caller\'s PIN in a new '
        "tab</a>.",
        words,
        reverse(page),
    )


def newest_escalation(case_id: int) -> Escalation:
    """The escalation to whose feed a message of the case is moved, or 404."""
    found: Escalation | None = Escalation.objects.filter(case=case_id).first()
    if found is None:
        raise Http404
    return found


def _is_next_to_answer(press: Press[Case]) -> bool:
    return press.actor.may("escalations.answer_review")


@dataclass(frozen=True, kw_only=True)
class MoveAction(ObjectAction[Any]):
    """Moves a message to the other feed (FEED-1). After a second click it says: already moved."""

    model: type[Model] = Escalation
    label: str
    button: str = "Move"
    form: type[ServiceForm] = MoveForm
    permissions: tuple[str, ...] = ("escalations.move_entry",)
    done: str = "The message has been moved. A note stays in its place."
    keeps_draft: bool = False

    def why_not(self, subject: Any, actor: Actor) -> str:
        return "" if feeds.is_movable(subject) else "This message cannot be moved."

    def refused_page(
        self, model_admin: Any, request: HttpRequest, subject: Any, form: ServiceForm
    ) -> HttpResponse:
        """If the escalation changed since the page was shown, the page is shown again."""
        if form.refusal is None or isinstance(form.refusal, CaseChanged):
            messages.warning(
                request,
                "The escalation has changed in the meantime. Check it, then move the message.",
            )
            return redirect(request.path)
        messages.warning(request, form.refusal.message)
        return redirect(self.home(subject))

    def forbid(self, refusal: NotAllowed) -> None:
        """It is said on the page of the message."""


class MoveHere(MoveAction):
    """From the case feed to that of the case's newest escalation."""

    def find(self, request: HttpRequest, **address: Any) -> Entry:
        rows = Entry.objects.select_related("author")
        case = case_page.get_case(address["case_id"])
        newest_escalation(case.pk)
        entry: Entry = get_object_or_404(rows, pk=address["entry_id"], case=case)
        entry.case = case
        return entry

    def as_shown(self, subject: Entry) -> dict[str, Any]:
        return {"version": newest_escalation(subject.case_id).version}

    def home(self, subject: Entry) -> str:
        return reverse("admin:cases_case_change", args=[subject.case_id])

    def frame(self, model_admin: Any, request: HttpRequest, subject: Entry) -> dict[str, Any]:
        return {**case_page.frame(model_admin, request, subject.case), "letter": subject}


class MoveAway(MoveAction):
    """From the escalation's feed to the case feed."""

    def find(self, request: HttpRequest, **address: Any) -> EscalationEntry:
        rows = EscalationEntry.objects.select_related("author")
        escalation = page.get_escalation(address["pk"])
        entry: EscalationEntry = get_object_or_404(
            rows, pk=address["entry_id"], escalation=escalation
        )
        entry.escalation = escalation
        return entry

    def as_shown(self, subject: EscalationEntry) -> dict[str, Any]:
        return {"version": subject.escalation.version}

    def home(self, subject: EscalationEntry) -> str:
        return reverse("admin:escalations_escalation_change", args=[subject.escalation_id])

    def frame(
        self, model_admin: Any, request: HttpRequest, subject: EscalationEntry
    ) -> dict[str, Any]:
        return {**page.frame(model_admin, request, subject.escalation), "letter": subject}


CASE_ACTIONS: tuple[ObjectAction[Any], ...] = (
    CaseAction(
        name="engage",
        route="case/<int:case_id>/engage/",
        model=Escalation,
        label="Engage a Product Support Manager",
        button="Engage",
        help="The manager is notified by e-mail and shown on the case; the customer can see who "
        "it is.",
        form=EngageForm,
        permissions=("escalations.engage_manager",),
        service=lambda it: engage_manager(case_id=it.pk, **it.by, **it.typed),
        done=lambda press, made: f"{made.manager} has been engaged and notified.",
    ),
    CaseAction(
        name="record_call",
        route="case/<int:case_id>/call/",
        model=Escalation,
        label="Record a call",
        button="Record the call",
        help=_help,
        form=CallForm,
        begins=lambda request, case: {"called_at": timezone.now()},
        options=lambda request, case: {"case": case},
        permissions=("cases.change_severity",),
        service=lambda it: record_call(case_id=it.pk, **it.by, **it.typed),
        done=lambda press, review: (
            "the call is recorded. Answer the request here."
            if _is_next_to_answer(press)
            else "the call is recorded, and the Case Owner is told."
        ),
        to=lambda press, review: (
            reverse("admin:escalations_ownerreview_change", args=[review.pk])
            if _is_next_to_answer(press)
            else reverse("admin:cases_case_change", args=[review.case_id])
        ),
    ),
    MoveHere(
        name="move_here",
        route="case/<int:case_id>/move/<int:entry_id>/",
        label="Move to Escalation Details",
        help="The message appears in the escalation feed with its author and time. Here a trace "
        "remains that says who moved it, with its files. Nobody is notified.",
        service=lambda it: feeds.move_to_escalation(
            entry_id=it.pk,
            escalation_id=newest_escalation(it.subject.case_id).pk,
            **it.by,
            **it.typed,
        ),
    ),
    MoveAway(
        name="move_away",
        route="<int:pk>/move/<int:entry_id>/",
        label="Move to Case Details",
        help="The message appears in the case feed with its author and time. Here a trace remains "
        "that says who moved it. Nobody is notified.",
        service=lambda it: feeds.move_to_case(entry_id=it.pk, **it.by, **it.typed),
    ),
)
