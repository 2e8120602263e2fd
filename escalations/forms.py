"""The forms with which contacts ask for help. The services check what was typed (ESC-14)."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.http import QueryDict

from cases.form_fields import LineField, TextField
from cases.forms import TOO_LONG, ServiceForm, text_field
from cases.models import Case, Priority, Severity
from cases.rules.texts import has_words, tidied
from cases.services.texts import BODY_MAX
from cases.wording import DEFINITIONS

from . import questions
from .errors import QuestionsChanged
from .models import EscalationReason, ReasonPrompt


@dataclass(frozen=True)
class Prompt:
    """A further question of a reason, as a field of the form."""

    field: BoundField
    is_required: bool


class HelpForm(ServiceForm):
    """A reason, its prompts, details and impact (HELP-2): `run(request_help, case_id=…, …)`.

    It carries the questions that it shows. If they changed before it was sent, `take_up` turns it
    into a form with the current questions that keeps every word that was typed.
    """

    asked = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    reason = forms.CharField(error_messages={"required": "Choose a reason."})
    details = TextField(
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A clear and concise description for the person who will read this.",
        error_messages={"max_length": TOO_LONG},
    )
    impact = TextField(
        label="Business impact",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(
        self, *args: Any, case: Case, reasons: list[EscalationReason], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        self.initial["asked"] = questions.signed(reasons)
        self._prompts: dict[str, ReasonPrompt] = {}
        for reason in reasons:
            for prompt in reason.prompts.all():
                if prompt.is_active:
                    self._add(prompt)
        self.needs_impact = case.severity == Severity.HIGH
        self.fields["impact"].help_text = (
            "How is the issue causing significant business impact? A High case cannot be "
            "escalated without it: say who cannot do what, and how many people."
            if self.needs_impact
            else "How the issue affects your business: who cannot do what, and how many people. "
            "It helps Product Support to prioritize your request."
        )

    def _add(self, prompt: ReasonPrompt) -> None:
        name = f"prompt_{prompt.pk}"
        self._prompts[name] = prompt
        # The reason determines whether an answer is required: the service checks it.
        self.fields[name] = TextField(
            label=prompt.question,
            required=False,
            max_length=BODY_MAX,
            help_text=prompt.help_text,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"max_length": TOO_LONG},
        )

    def prompts_of(self, reason: EscalationReason) -> list[Prompt]:
        """The further questions of this reason, in their order."""
        return [
            Prompt(self[name], prompt.is_required)
            for name, prompt in self._prompts.items()
            if prompt.reason_id == reason.pk
        ]

    def clean(self) -> dict[str, Any]:
        """Check the signed questions: without them, nobody knows what an answer answers."""
        values = super().clean() or {}
        values["asked"] = questions.read(values.get("asked") or "")
        if values["asked"] is None:
            self.add_error(None, UNREADABLE)
        return values

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        answers = dict(_answers_in(self.data))
        for name, prompt in self._prompts.items():
            answers[prompt.pk] = values.pop(name)
        return {**values, "answers": answers}

    def take_up(self) -> None:
        """Make the refused form ask the current questions. It says what changed for the chosen
        reason, and moves answers to removed questions into the details."""
        shown = questions.read(self.data.get("asked", ""))
        code = self.data.get("reason", "")
        if shown is not None and code and not isinstance(self.refusal, QuestionsChanged):
            offered = next((each for each in self.reasons if each.code == code), None)
            now = questions.asked(offered) if offered else None
            if said := questions.changes(shown.get(code), now):
                self.add_error(None, QuestionsChanged(said).message)
        data = QueryDict(mutable=True)
        data.update(self.data)
        if gone := gone_answers(self.data, self.fields, shown):
            data["details"] = _joined([self.data.get("details", ""), gone])
            self.add_error(None, MOVED)
        data["asked"] = questions.signed(self.reasons)
        self.data = data


#: HELP-2: the errors of a form that comes back.
UNREADABLE = (
    "The form is too old, so nothing was sent. Everything you wrote is kept: check it, then send "
    "it again."
)
MOVED = "Your answers to questions that are no longer asked are now under “Details”."


def with_gone_answers(typed: dict[str, str], reasons: list[EscalationReason]) -> dict[str, str]:
    """The texts kept over a sign-in, with answers to removed questions moved into the details."""
    fields = {
        f"prompt_{prompt.pk}"
        for reason in reasons
        for prompt in reason.prompts.all()
        if prompt.is_active
    }
    gone = gone_answers(typed, fields, None)
    return {**typed, "details": _joined([typed.get("details", ""), gone])} if gone else typed


def gone_answers(
    typed: Mapping[str, str], fields: Collection[str], shown: Mapping[str, questions.Asked] | None
) -> str:
    """The answers that no field of the form is left for, each under its question."""
    gone = {pk: text for pk, text in _answers_in(typed) if f"prompt_{pk}" not in fields}
    known = questions.texts(shown)
    if missing := gone.keys() - known.keys():
        known |= dict(ReasonPrompt.objects.filter(pk__in=missing).values_list("pk", "question"))
    return _joined(f"{known.get(pk, '')}\n{text}" for pk, text in gone.items())


def _answers_in(typed: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The non-empty answers, by the question's primary key, whatever the form asks now."""
    for name, text in typed.items():
        found = re.fullmatch(r"prompt_([0-9]{1,18})", name)
        if found and has_words(text):
            yield int(found.group(1)), text


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(tidied(part) for part in parts if has_words(part))


class LevelForm(ServiceForm):
    """Asks for another severity or priority (SEV-5): `run(request_…_change, case_id=…, …)`."""

    #: The service's parameter for the choice, and the words for its levels.
    names = "level"
    labels: type[Severity | Priority] = Severity

    level = forms.TypedChoiceField(
        coerce=int, widget=forms.RadioSelect, error_messages={"required": "Choose one."}
    )
    details = text_field("What has changed?", rows=5, empty="Say what has changed.")
    callback_phone = forms.CharField(
        label="Callback number",
        max_length=40,
        required=False,
        help_text="With country code. Product Support uses it for this request only; it does not "
        "appear in the case or in e-mails to you.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, levels: list[int], needs_number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = [(each, self.labels(each).label) for each in levels]
        if len(levels) == 1:
            level.initial = levels[0]
        if not needs_number:
            del self.fields["callback_phone"]

    @property
    def choices(self) -> list[tuple[BoundWidget, str]]:
        """Each level as a radio button, with its meaning (SEV-1)."""
        return [(each, DEFINITIONS[int(each.data["value"])]) for each in self["level"]]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        values[self.names] = values.pop("level")
        return values

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error("level" if field == self.names else field, error)


class SeverityForm(LevelForm):
    """`run(request_severity_change, …)`."""

    names = "severity"


class PriorityForm(LevelForm):
    """`run(request_priority_change, …)`."""

    names = "priority"
    labels = Priority


class MessageForm(ServiceForm):
    """A message in the escalation's feed (FEED-2): `run(post_in_feed, escalation_id=…, …)`."""

    body = text_field("Your message", rows=4)


class AttentionForm(ServiceForm):
    """The urgency request to management (MGT-8): `run(send_management_attention, case_id=…, …)`."""

    problem = LineField(
        label="Brief problem statement",
        max_length=200,
        error_messages={"required": "Say briefly what it is about."},
    )
    region = LineField(
        label="Your region or country",
        max_length=100,
        error_messages={"required": "Enter your region or country."},
    )
    product = LineField(max_length=100, error_messages={"required": "Enter the product."})
    description = text_field("Detailed problem description", rows=6, empty="Describe the problem.")
    impact = text_field(
        "Business impact, or why it is urgent", rows=4, empty="Say how it affects your business."
    )

    @classmethod
    def of(cls, case: Case) -> dict[str, Any]:
        """What the desk already knows; the contact may correct it."""
        deployment, country = case.deployment, case.organization.calendar.holiday_country
        return {
            "problem": case.subject,
            "product": deployment.product,
            "region": ", ".join(filter(None, [country, deployment.region])),
        }
