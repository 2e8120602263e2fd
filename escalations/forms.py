"""The form with which a contact asks for help (HELP-2)."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from cases.errors import Invalid, Refused
from cases.forms import submission_field
from cases.services.texts import BODY_MAX

from .models import EscalationReason


class HelpForm(forms.Form):
    """A reason, its prompts, details and impact. The service judges what was typed (ESC-14)."""

    submission = submission_field()
    reason = forms.CharField(error_messages={"required": "Choose a reason."})
    details = forms.CharField(
        label="Details",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    impact = forms.CharField(
        label="How is the issue causing significant business impact?",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed for an escalation of a High case.",
    )

    def __init__(self, *args: Any, reasons: list[EscalationReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prompts: dict[str, int] = {}
        for reason in reasons:
            for prompt in reason.prompts.all():
                if not prompt.is_active:
                    continue
                name = f"prompt_{prompt.pk}"
                self._prompts[name] = prompt.pk
                self.fields[name] = forms.CharField(
                    label=prompt.question,
                    required=False,
                    max_length=BODY_MAX,
                    help_text=f"For “{reason.label}”. {prompt.help_text}".strip(),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )
        self.refusal: Refused | None = None
        self.result: Any = None

    def prompts(self) -> list[BoundField]:
        return [self[name] for name in self._prompts]

    def run(self, service: Any, **arguments: Any) -> bool:
        """Calls the service; a refusal becomes an error of this form. True where it was done."""
        if not self.is_valid():
            return False
        values = self.cleaned_data
        answers = {pk: values[name] for name, pk in self._prompts.items()}
        given = {name: values[name] for name in ("submission", "reason", "details", "impact")}
        try:
            self.result = service(answers=answers, **given, **arguments)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)
        except Refused as error:
            self.refusal = error
            self.add_error(None, error.message)
        return not self.errors
