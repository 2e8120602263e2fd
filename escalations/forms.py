"""The forms with which contacts ask for help. The services judge what was typed (ESC-14)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from cases.form_fields import LineField, TextField
from cases.forms import TOO_LONG, ServiceForm, text_field
from cases.models import Case, Severity
from cases.services.texts import BODY_MAX

from .models import EscalationReason, ReasonPrompt


@dataclass(frozen=True)
class Prompt:
    """A further question of a reason, as a field of the form."""

    field: BoundField
    is_required: bool


class HelpForm(ServiceForm):
    """A reason, its prompts, details and impact (HELP-2): `run(request_help, case_id=…, …)`."""

    reason = forms.CharField(error_messages={"required": "Choose a reason."})
    details = TextField(
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For the person who reads this: what is the matter, in your own words.",
        error_messages={"max_length": TOO_LONG},
    )
    impact = TextField(
        label="How is the issue causing significant business impact?",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(
        self, *args: Any, case: Case, reasons: list[EscalationReason], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._prompts: dict[str, ReasonPrompt] = {}
        for reason in reasons:
            for prompt in reason.prompts.all():
                if prompt.is_active:
                    self._add(prompt)
        self.needs_impact = case.severity == Severity.HIGH
        if self.needs_impact:
            self.fields[
                "impact"
            ].help_text = (
                "A High case is escalated with it alone: say who cannot do what, and how many."
            )

    def _add(self, prompt: ReasonPrompt) -> None:
        name = f"prompt_{prompt.pk}"
        self._prompts[name] = prompt
        # Whether it must be answered depends on the reason: the service asks for it.
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

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        answers = {prompt.pk: values.pop(name) for name, prompt in self._prompts.items()}
        return {**values, "answers": answers}


class MediumForm(ServiceForm):
    """Asks for Medium (SEV-5): `run(request_severity_change, case_id=…, severity=…, …)`."""

    details = text_field("What has changed?", rows=5, empty="Say what has changed.")


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
        error_messages={"required": "Name your region or country."},
    )
    product = LineField(max_length=100, error_messages={"required": "Name the product."})
    description = text_field("Detailed problem description", rows=6, empty="Describe the problem.")
    impact = text_field(
        "Business impact, or why it is urgent", rows=4, empty="Say what it does to your business."
    )

    @classmethod
    def of(cls, case: Case) -> dict[str, Any]:
        """What the desk knows already; the contact may correct it."""
        deployment, country = case.deployment, case.organization.calendar.holiday_country
        return {
            "problem": case.subject,
            "product": deployment.product,
            "region": ", ".join(filter(None, [country, deployment.region])),
        }
