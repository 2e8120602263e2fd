"""The forms of staff's actions on an escalation. The services check the input."""

import datetime as dt
import hashlib
from typing import Any

from django import forms
from django.utils import timezone

from cases.forms import CaseForm, text_field
from cases.models import Person
from cases.rules import business_time

from ..criterion_status import verdicts_now
from ..models import Escalation, Importance, Trend, Urgency
from ..notices import owners
from ..wording import CRITERIA


class EscalationForm(CaseForm):
    """A form about one escalation as it was shown; `version` is the escalation's."""

    def __init__(self, *args: Any, escalation: Escalation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.escalation = escalation

    @staticmethod
    def first_values(escalation: Escalation) -> dict[str, Any]:
        return {}


class PlainForm(EscalationForm):
    """A button without input."""


def level_field(choices: Any, label: str, help_text: str) -> Any:
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": f"Choose the {label.lower()}."},
    )


class PromiseForm(EscalationForm):
    """Asks when the customer will hear again (MGT-3, MGT-4)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_word_due_at"] = forms.DateTimeField(
            label="Next update by",
            help_text=f"The customer can read it. In your time zone, "
            f"{timezone.get_current_timezone_name()}.",
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={"required": "Say when the customer will hear from you next."},
        )

    @staticmethod
    def first_values(escalation: Escalation) -> dict[str, Any]:
        return {"next_word_due_at": a_business_day_from_now(escalation)}


def a_business_day_from_now(escalation: Escalation) -> dt.datetime | None:
    """The suggested value; None if the customer's calendar never opens."""
    try:
        calendar = escalation.case.organization.calendar.as_rule()
        return business_time.add_days(calendar, timezone.now(), 1)
    except (ValueError, LookupError):
        return None


class AcceptForm(PromiseForm):
    importance = level_field(Importance, "Importance", "What is at stake for the customer.")
    urgency = level_field(Urgency, "Urgency", "How soon something must happen.")
    next_steps = text_field("Next steps", empty="Say what happens next.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next_steps"].help_text = "The customer can read them."


class WordForm(PromiseForm):
    body = text_field("The customer can read this", rows=4)


class MessageForm(EscalationForm):
    body = text_field("The customer can read this", rows=4)


class NoteForm(MessageForm):
    body = text_field("For staff only; the customer never sees this", rows=4)


class DeclineForm(EscalationForm):
    """Criteria and reasons; sent only after the same text was previewed as the customer sees it."""

    codes = forms.MultipleChoiceField(
        label="Criteria that are not met",
        choices=list(CRITERIA.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The criteria that are not met now are selected.",
    )
    words = text_field("Why it is declined", empty="Say why; the customer can read it.")
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def first_values(escalation: Escalation) -> dict[str, Any]:
        verdict = verdicts_now([escalation], timezone.now())[escalation.pk]
        return {"codes": [outcome.criterion for outcome in verdict.refusals]}

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        del values["previewed"]
        return values

    def fingerprint(self) -> str:
        """A digest of the text for the customer. The form must be valid."""
        values = self.cleaned_data
        text = "\n".join([*values["codes"], values["words"]])
        return hashlib.sha256(text.encode()).hexdigest()

    def was_previewed(self) -> bool:
        return bool(self.cleaned_data["previewed"] == self.fingerprint())

    def note_preview(self) -> None:
        """Stores in the form which text its preview shows."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("previewed")] = self.fingerprint()
        self.data = data


class HandOverForm(EscalationForm):
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        label="New Escalation Owner",
        error_messages={"required": "Choose somebody who manages escalations."},
    )
    note = text_field("Note to the new owner (internal)", rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = owners()
        if not self.is_bound:  # after a second click, names the current owner
            possible = possible.exclude(owned_escalations=self.escalation)
        self.fields["owner"].queryset = possible  # type: ignore[attr-defined]
        self.fields["note"].required = False


class AssessForm(EscalationForm):
    importance = level_field(Importance, "Importance", "What is at stake for the customer.")
    urgency = level_field(Urgency, "Urgency", "How soon something must happen.")
    trend = forms.ChoiceField(choices=Trend, widget=forms.RadioSelect)
    on_watch = forms.BooleanField(label="On the watch list", required=False)

    @staticmethod
    def first_values(escalation: Escalation) -> dict[str, Any]:
        names = ("importance", "urgency", "trend", "on_watch")
        return {name: getattr(escalation, name) for name in names}


class CloseForm(EscalationForm):
    justification = text_field("Why it is closed", empty="Say why; the customer can read it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["justification"].help_text = "The customer can read it."
