"""Staff actions on one case: the rows, their forms, and the page around them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from cases import selectors
from cases.actors import Actor
from cases.errors import Refused
from cases.form_fields import TextField
from cases.forms import ActionForm, CaseForm, EntryForm, ServiceForm, possible_owners, shown
from cases.models import Case, CaseLink, Person
from cases.rules.actions import ACTIONS, Action
from cases.services import closures, feeds, lifecycle, links, severity
from cases.services.feeds import BODY_MAX
from cases.wording import SEVERITIES_IN_FULL

from . import case_page
from .base import actor_of, staff_of
from .object_actions import REFUSED, ObjectAction, Press, check
from .queues import forget_counts

DONE = {
    "take": "The case is now yours.",
    "ask": "The question has been sent. The case is waiting for the customer.",
    "engage": "The case is waiting for the third party.",
    "resume": "Work has been resumed.",
    "propose": "The resolution has been proposed to the customer.",
    "close": "The case is closed.",
    "reopen": "The case is open again.",
    "join_incident": "The case is platform-level.",
    "leave_incident": "The case is no longer platform-level.",
    "deliver_analysis": "The root cause analysis has been delivered.",
    "record_meeting": "The meeting has been recorded.",
}


class ReassignForm(CaseForm):
    owner = forms.ModelChoiceField(Person.objects.none(), label="Case Owner")
    text = TextField(
        label="Note to the new owner (internal)",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = possible_owners()  # type: ignore[attr-defined]


class ReasonForm(CaseForm):
    text = TextField(
        label="The reason",
        help_text="The customer can read it.",
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        values["reason"] = values.pop("text")
        return values


class SeverityForm(ReasonForm):
    severity = forms.TypedChoiceField(
        label="Severity", choices=SEVERITIES_IN_FULL, coerce=int, widget=forms.RadioSelect
    )
    phone_24x7 = forms.CharField(
        label="24x7 telephone number",
        help_text="Needed for a Critical case: a Designated Contact must be reachable at all "
        "times.",
        required=False,
        max_length=40,
    )

    field_order = ("severity", "text", "phone_24x7")


class ExtendForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = "The customer can read it, with the new time."


class LinkForm(CaseForm):
    kind = forms.ChoiceField(label="This case is", choices=CaseLink.Kind)
    number = forms.CharField(
        label="Number of the other case",
        help_text="It must be a case of the same organization.",
        max_length=20,
    )

    def arguments(self) -> dict[str, Any]:
        # After a second click the link exists, and the page says so: nothing is written twice.
        return {name: self.cleaned_data[name] for name in ("kind", "number")}


@dataclass(frozen=True, kw_only=True)
class CaseAction(ObjectAction[Case]):
    """On a page with the head of the case, and its newest entries."""

    model: type[Model] = Case

    def find(self, request: HttpRequest, **address: Any) -> Case:
        return case_page.get_case(next(iter(address.values())))

    def as_shown(self, subject: Case) -> dict[str, Any]:
        return shown(subject, for_contact=False)

    def home(self, subject: Case) -> str:
        return reverse("admin:cases_case_change", args=[subject.pk])

    def frame(self, model_admin: Any, request: HttpRequest, subject: Case) -> dict[str, Any]:
        return case_page.frame(model_admin, request, subject)

    def done_words(self, press: Press[Any], result: Any) -> str:
        return f"{press.subject.number}: {super().done_words(press, result)}"


@dataclass(frozen=True, kw_only=True)
class EntryAction(CaseAction):
    """A composer on the case page (FEED-1, FEED-3)."""

    route: str = "<int:pk>/entry/<slug:kind>/"
    form: type[ServiceForm] = EntryForm
    is_on_page: bool = True
    #: A note above the text.
    text_label: str

    def why_not(self, subject: Case, actor: Actor) -> str:
        """A closed case takes only internal notes."""
        return "" if subject.is_open or self.is_internal else "The case is closed."

    def done_words(self, press: Press[Any], result: Any) -> str:
        return ObjectAction.done_words(self, press, result)

    def refused_page(
        self, model_admin: Any, request: HttpRequest, subject: Case, form: ServiceForm
    ) -> HttpResponse:
        bound = {self.name: form}
        return case_page.show(model_admin, request, subject.pk, bound=bound, status=REFUSED)


@dataclass(frozen=True, kw_only=True)
class TableAction(CaseAction):
    """One action of the table that the portal and the admin share."""

    route: str = "<int:pk>/do/<slug:name>/"
    form: type[ServiceForm] = ActionForm
    permissions: tuple[str, ...] = ()
    action: Action

    def may(self, subject: Case, actor: Actor) -> bool:
        return lifecycle.may(self.action, actor=actor, case=subject)

    def why_not(self, subject: Case, actor: Actor) -> str:
        if self.action in lifecycle.possible_actions(subject, actor=actor):
            return ""
        return lifecycle.why_not_possible(self.action, subject)

    def make(self, request: HttpRequest, subject: Case, *data: Any, **more: Any) -> ActionForm:
        return ActionForm(*data, action=self.action, **more)


def _of_table(action: Action) -> TableAction:
    def act(press: Press[Case]) -> Case:
        return lifecycle.act(case_id=press.pk, action=action.name, **press.by, **press.typed)

    return TableAction(
        name=action.name,
        label=action.label,
        help=action.help,
        action=action,
        service=act,
        done=DONE.get(action.name, f"Done: {action.label}."),
    )


def _post_entry(press: Press[Case], *, internal: bool) -> Any:
    return feeds.post_entry(case_id=press.pk, **press.by, internal=internal, **press.typed)


CASE_ACTIONS: tuple[CaseAction, ...] = (
    EntryAction(
        name="public",
        label="Write to the customer",
        text_label="The customer can read this",
        button="Send to customer",
        key="r",
        prefix="public",
        permissions=("cases.work_case",),
        service=lambda it: _post_entry(it, internal=False),
        done="Sent to the customer.",
    ),
    EntryAction(
        name="internal",
        label="Internal note",
        text_label="For staff only; the customer never sees this",
        button="Save internal note",
        key="n",
        is_internal=True,
        prefix="internal",
        permissions=("cases.write_internal_entry",),
        service=lambda it: _post_entry(it, internal=True),
        done="The internal note has been saved.",
    ),
    *map(_of_table, ACTIONS.values()),
    CaseAction(
        name="assign",
        label=lambda case: "Reassign" if case.owner else "Assign",
        help="The new Case Owner is notified by e-mail. The customer can see who is working on "
        "the case.",
        form=ReassignForm,
        begins=lambda request, case: {"owner": None if case.owner else staff_of(request)},
        permissions=("cases.assign_case",),
        service=lambda it: lifecycle.reassign(case_id=it.pk, **it.by, **it.typed),
        done=lambda press, changed: f"{changed.owner} is the Case Owner.",
    ),
    CaseAction(
        name="severity",
        label="Change the severity",
        help=lambda case: f"The customer designated priority {case.get_priority_display()}.",
        form=SeverityForm,
        begins=lambda request, case: {"severity": case.severity, "phone_24x7": case.phone_24x7},
        permissions=("cases.change_severity",),
        service=lambda it: severity.change_severity(case_id=it.pk, **it.by, **it.typed),
        done=lambda press, changed: f"The severity is {changed.get_severity_display()}.",
    ),
    CaseAction(
        name="extend",
        label="Postpone closing",
        help="The case will close later, as if its wait began now. You can do this once.",
        form=ExtendForm,
        permissions=("cases.work_case",),
        service=lambda it: closures.extend(case_id=it.pk, **it.by, **it.typed),
        done="The closing has been postponed.",
    ),
    CaseAction(
        name="link",
        label="Link with another case",
        button="Link",
        form=LinkForm,
        permissions=("cases.work_case",),
        service=lambda it: links.link_cases(case_id=it.pk, **it.by, **it.typed),
        done="The cases are now linked.",
    ),
)


def unlink(model_admin: Any, request: HttpRequest, *, pk: int, link_id: int) -> HttpResponse:
    """Removes the link; its history stays."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    check(request, "cases.work_case")
    case = case_page.get_case(pk)
    if not any(each.pk == link_id for each in selectors.links(case)):
        raise Http404
    try:
        links.unlink_cases(link_id=link_id, actor=actor_of(request), now=timezone.now())
    except Refused as error:
        messages.error(request, error.message)
    else:
        forget_counts(staff_of(request))
        messages.success(request, f"{case.number}: The link is removed.")
    return redirect("admin:cases_case_change", pk)
