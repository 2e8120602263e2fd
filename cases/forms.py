"""The forms of the portal; the admin shares those for entries and the table's actions.

A form carries the version of the case that its page showed, and its own submission: a stale tab
learns that the case changed, and a second click on the same form does nothing.
"""

import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.text import capfirst

from . import realm
from .actors import staff_gate
from .errors import Invalid, Refused
from .form_fields import LineField, TextField
from .local_times import MomentField
from .models import Case, Deployment, Incident, Organization, Person, Priority, ThirdParty
from .rules.actions import Action, Ask
from .services.analyses import TITLE_MAX
from .services.feeds import BODY_MAX
from .services.files import CheckedFile, check_files
from .services.new_cases import NO_PHONE
from .services.texts import can_be_called

T = TypeVar("T")

TOO_LONG = (
    "This is %(show_value)d characters long; at most %(limit_value)d fit. "
    "Shorten it, or attach the long part as a file."
)

NO_DEPLOYMENT = (
    "According to our records, this organization has no deployment in use, so no case can be "
    "opened for it."
)
NOTHING_OPENED = "No case was opened. Your text stays here until you leave this page."


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Any number of files, each checked by size and content; cleans to a list of CheckedFile."""

    widget = MultipleFileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.help_text = lazy(lambda: realm.current().files_note, str)()

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        try:
            return check_files(each for each in uploads if isinstance(each, UploadedFile))
        except Invalid as error:
            raise forms.ValidationError(error.message) from error


def submission_field() -> forms.UUIDField:
    """A new value each time a form is shown: no browser fills in an earlier one."""
    return forms.UUIDField(
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}), initial=uuid.uuid4
    )


def renew(form: forms.Form, **values: Any) -> None:
    """Renew the bound form with the same words: its next press is a new submission."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    for name, value in {**values, "submission": uuid.uuid4()}.items():
        data[form.add_prefix(name)] = str(value)
    form.data = data


class ServiceForm(forms.Form):
    """A form that one service carries out, once each time the form is shown."""

    submission = submission_field()

    def arguments(self) -> dict[str, Any]:
        """The typed values, under the names of the service's parameters."""
        return dict(self.cleaned_data)

    def run(self, service: Callable[[dict[str, Any]], T]) -> T | None:
        """What the service returns, called with what was typed; None if it was refused.

        A refusal changes nothing: its message is an error of this form, and the bound form still
        has every word.
        """
        if not self.is_valid():
            return None
        try:
            return service(self.arguments())
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)
        except Refused as error:
            self.refusal = error
            self.add_error(None, error.message)
        return None

    refusal: Refused | None = None


class CaseForm(ServiceForm):
    """A form about one case as it was shown: it carries the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        values["seen_version"] = values.pop("version")
        return values

    def renew(self, version: int) -> None:
        """After CaseChanged: what was typed stays, and the next press is for the new version."""
        renew(self, version=version)


def text_field(
    label: str | None = None,
    *,
    rows: int = 5,
    empty: str = "Write something first.",
    required: bool = True,
    help_text: str = "",
) -> Any:
    """A text of any length that the service takes; the errors say what to do."""
    return TextField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": empty, "max_length": TOO_LONG},
    )


def moment_field(label: str, *, required: bool = True) -> forms.DateTimeField:
    """A time in the reader's zone, chosen with the browser's own control."""
    return MomentField(
        label=label,
        required=required,
        help_text="In your time zone.",
        error_messages={"required": "Say when.", "invalid": "Write it like 2026-03-09 14:30."},
    )


class EntryForm(CaseForm):
    """Writes in the case feed: `post_entry`."""

    body = text_field("Your update")
    files = MultipleFileField(label="Files", required=False)  # type: ignore[assignment]


class ActionForm(CaseForm):
    """One action of the table: `act`."""

    text = text_field(empty="Please fill this in.")
    owner = forms.ModelChoiceField(Person.objects.none(), label="Case Owner")
    third_party = forms.ChoiceField(label="Waits for", choices=ThirdParty)
    third_party_name = LineField(label="Name of the 3rd party", max_length=100, required=False)
    incident = forms.ModelChoiceField(
        Incident.objects.none(),
        required=False,
        empty_label="A new incident, named below",
        help_text="Incidents whose service is not restored yet.",
    )
    title = LineField(
        label="Name of the new incident",
        max_length=TITLE_MAX,
        required=False,
        help_text="For staff. Do not name a customer: the incident covers the cases of several.",
    )
    held_at = moment_field("When it was held")
    files = MultipleFileField(label="Files", required=False)  # type: ignore[assignment]

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["text"].label = action.text_label
        self.fields["text"].required = action.text_required
        if Ask.OWNER in action.asks:
            self.fields["owner"].queryset = possible_owners()  # type: ignore[attr-defined]
        else:
            del self.fields["owner"]
        if Ask.THIRD_PARTY not in action.asks:
            del self.fields["third_party"], self.fields["third_party_name"]
        if Ask.INCIDENT in action.asks:
            going_on = Incident.objects.filter(restored_at=None)
            self.fields["incident"].queryset = going_on  # type: ignore[attr-defined]
        else:
            del self.fields["incident"], self.fields["title"]
        if Ask.HELD_AT not in action.asks:
            del self.fields["held_at"]


class OpenForm(ServiceForm):
    """Opens a case of one organization (CASE-1): `open_case`."""

    deployment = forms.ModelChoiceField(
        Deployment.objects.none(),
        empty_label="Choose a deployment",
        help_text="Where the issue occurs.",
        error_messages={"required": "Choose the deployment in which the issue occurs."},
    )
    conversation_id = LineField(
        max_length=100,
        required=False,
        help_text="Of a conversation that shows the issue, if there is one.",
    )
    subject = LineField(
        max_length=200,
        help_text="The issue in a few words.",
        error_messages={"required": "Say in a few words what the issue is."},
    )
    description = text_field(
        rows=8,
        empty="Describe the issue.",
        help_text="What happens, what you expected, since when, how often, and what you tried.",
    )
    business_impact = text_field(
        rows=4,
        empty="Say how the issue affects your business.",
        help_text="Who cannot do what, and how many people.",
    )
    priority = forms.TypedChoiceField(
        choices=Priority,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a priority."},
    )
    phone_24x7 = forms.CharField(
        label="24x7 telephone number",
        max_length=40,
        required=False,
        help_text="With country code. Required for Critical: a Designated Contact must be "
        "reachable at this number at all times.",
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    files = MultipleFileField(label="Files", required=False)  # type: ignore[assignment]

    def paragraphs(self) -> list[forms.BoundField]:
        """The long texts of the case, as its pages show them."""
        return self._texts(models.TextField)

    def lines(self) -> list[forms.BoundField]:
        """The short texts, besides the subject."""
        return self._texts(models.CharField)

    def _texts(self, kind: type[models.Field]) -> list[forms.BoundField]:
        names = [name for name in Case.OPENING_TEXTS if name != "subject"]
        return [self[name] for name in names if isinstance(Case._meta.get_field(name), kind)]

    def clean(self) -> dict[str, Any]:
        """The service enforces ACC-6; here its error appears together with all the others."""
        values = super().clean() or {}
        if not self.has_deployment:
            self.add_error(None, NOTHING_OPENED)
        if values.get("priority") == Priority.CRITICAL and not can_be_called(
            values.get("phone_24x7") or ""
        ):
            self.add_error("phone_24x7", NO_PHONE)
        return values

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Case.OPENING_TEXTS:  # named as the pages name them
            self.fields[name].label = capfirst(str(Case._meta.get_field(name).verbose_name))
        deployments = organization.deployments.filter(is_active=True)
        #: CASE-1: without a deployment there is nothing to choose, and no case can be opened.
        self.has_deployment = deployments.exists()
        self.fields["deployment"].queryset = deployments  # type: ignore[attr-defined]
        if not self.has_deployment:
            self.fields["deployment"].widget = forms.HiddenInput()


class ProfileForm(forms.Form):
    """What contacts say about themselves (PORT-3): `change_profile`."""

    name = LineField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = forms.CharField(
        label="Telephone",
        max_length=40,
        required=False,
        help_text="With country code, so that Product Support can call you back.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    time_zone = forms.ChoiceField(
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in known_zones()],
        help_text="All times in the portal and in e-mails are shown in this zone.",
    )
    mail_my_cases = forms.BooleanField(
        label="E-mails about my cases",
        required=False,
        help_text="Cases that you opened or wrote in. You always get an e-mail when you are "
        "asked a question, a resolution is proposed, or a case is closed.",
    )
    mail_all_cases = forms.BooleanField(
        label="E-mails about all cases of my organizations", required=False
    )

    @classmethod
    def of(cls, person: Person) -> dict[str, Any]:
        """The initial values for this person."""
        return {name: getattr(person, name) for name in cls.base_fields}


def known_zones() -> list[str]:
    """Every name that a person may have stored, in order."""
    return sorted(zoneinfo.available_timezones())


def possible_owners() -> Any:
    """Staff of the realm who may work cases, by name. The service checks the choice again."""
    return (
        staff_gate()
        .admitted(Person.objects.all())
        .filter(groups__permissions__codename="work_case")
        .distinct()
        .order_by("name")
    )


def shown(case: Case, *, for_contact: bool) -> dict[str, Any]:
    """The initial values of a CaseForm for this page view."""
    return {"version": case.public_version if for_contact else case.version}
