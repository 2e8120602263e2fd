"""Reports about scrubbing: the forms that portal and admin share."""

from typing import Any, cast

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst

from cases.form_fields import TextField
from cases.forms import ServiceForm
from cases.models import Attachment

from .scrubbing.feedback import Mark, Text, around
from .scrubbing.texts import WORDS
from .services.scrub_reports import KINDS, PASSAGE_MAX, REASON_MAX

ONCE_GONE = "Nothing that was scrubbed can be restored: it was never stored."


def reason_field(label: str, help_text: str) -> forms.CharField:
    return TextField(
        label=label,
        required=False,
        max_length=REASON_MAX,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NotPersonalForm(ServiceForm):
    """`run(say_not_personal, case_id=…, actor=…, now=…)`."""

    marks = forms.MultipleChoiceField(
        label="What was not personal",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Choose what was not personal: placeholders in your own texts."
        },
    )
    file = forms.ChoiceField(label="Or in a file of yours", required=False)
    placeholders = forms.CharField(
        label="Which placeholders in the file",
        required=False,
        max_length=400,
        help_text="As they appear in it: PERSON-3, IP-12.",
    )
    reason = reason_field(
        "What it was", "A few words, such as “a product”, without the thing itself."
    )

    def __init__(
        self, *args: Any, marks: list[Mark], files: list[Attachment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(each.public_id), each.name) for each in files]
        if choices:
            cast(forms.ChoiceField, self.fields["file"]).choices = [("", "---------"), *choices]
        else:
            del self.fields["file"], self.fields["placeholders"]
        field: Any = self.fields["marks"]
        field.choices = [(mark.key, _mark_label(mark)) for mark in marks if mark.report is None]

    def arguments(self) -> dict[str, Any]:
        names = ("marks", "reason", "file", "placeholders")
        return {name: self.cleaned_data[name] for name in names if name in self.fields}


def _mark_label(mark: Mark) -> str:
    words = "<span><code>{}</code> {} <q>{}</q></span>"
    return format_html(words, mark.placeholder, mark.word, mark.around)


class PassageForm(ServiceForm):
    """Used twice: first it shows what will be removed; then, with `sure`, it removes it."""

    text = forms.ChoiceField(label="Where it is")
    passage = forms.CharField(
        label="The passage",
        max_length=PASSAGE_MAX,
        help_text="Whole words, exactly as they appear. Select them in the text, or type them.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Copy the passage here."},
    )
    kind = forms.ChoiceField(
        label="What it is",
        choices=[("", "Choose what it is"), *((kind, capfirst(WORDS[kind][0])) for kind in KINDS)],
        error_messages={"required": "Choose what it is."},
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, texts: list[Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["text"]
        field.choices = [(each.key, f"{each.name}: “{around(each.text, 0, 0)}”") for each in texts]

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "passage", "kind")}


class ReviewForm(ServiceForm):
    """`run(review, report_id=…, actor=…, now=…)`."""

    verdict = forms.ChoiceField(
        choices=[("not_personal", "It was not personal"), ("personal", "It was personal")],
        widget=forms.RadioSelect,
    )
    remark = reason_field(
        "Remark", "The person who reported it can read this. Needed if you disagree."
    )

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"personal": values["verdict"] == "personal", "remark": values["remark"]}
