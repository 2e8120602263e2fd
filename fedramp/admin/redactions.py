"""Redaction for staff: ask for one, confirm another person's, redirect a whole case (FED-1)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse

from cases import realm
from cases.admin.base import ReadOnlyAdmin
from cases.admin.object_actions import Facts, ObjectAction, ObjectActionsAdmin
from cases.form_fields import TextField
from cases.forms import ServiceForm
from cases.models import Case, Organization

from ..models import Redaction
from ..services import customer_flags, redactions

LIST = "admin:fedramp_redaction_changelist"
#: A realm that may hold cases of every organization redirects none.
REDIRECTS = realm.current().name != "fedramp"


class ReasonForm(ServiceForm):
    reason = TextField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Do not repeat the information itself: this text stays.",
    )

    def arguments(self) -> dict[str, Any]:
        return {each: value for each, value in super().arguments().items() if each != "submission"}


class AskForm(ReasonForm):
    target = forms.ChoiceField(label="What must be redacted", widget=forms.RadioSelect)

    field_order = ("target", "reason")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.choices = [
            (each.key, f"{each.label}: “{each.begins}”") for each in redactions.targets(case)
        ]


class DecideForm(ServiceForm):
    submission = None  # type: ignore[assignment]
    decision = forms.ChoiceField(
        choices=[("confirm", "Redact it for good"), ("decline", "Decline")],
        widget=forms.RadioSelect,
    )

    def arguments(self) -> dict[str, Any]:
        return {"confirmed": self.cleaned_data["decision"] == "confirm"}


def _what(redaction: Redaction) -> str:
    """The beginning of the text, so that the second person knows what will go."""
    found = redactions.targets(redaction.case)
    words = [f"{each.label}: “{each.begins}”" for each in found if each.key == redaction.target]
    return words[0] if words else "nothing left"


def _case_page(case: Case) -> str:
    return reverse("admin:cases_case_change", args=[case.pk])


def _open_cases(organization: Organization) -> Facts:
    found = [str(each) for each in customer_flags.open_cases(organization).order_by("pk")]
    return [("Open cases", ", ".join(found) or "none")]


ASK = ObjectAction[Case](
    name="ask",
    route="ask/<int:case_id>/",
    model=Redaction,
    objects=Case.objects.all(),
    label="Request the redaction",
    title=lambda case: f"{case.number}: redact a text or file",
    help="A second person confirms it. Then it is gone for good: from the case, its history, the "
    "search and the e-mails.",
    form=AskForm,
    options=lambda request, case: {"case": case},
    permissions=(redactions.REDACT, "cases.view_case"),
    service=lambda it: redactions.ask(case_id=it.pk, **it.by, **it.typed),
    done="It is waiting for a second person. Nothing has been redacted yet.",
    back=_case_page,
    to=lambda it, asked: reverse(LIST),
)
DECIDE = ObjectAction[Redaction](
    name="decide",
    model=Redaction,
    objects=Redaction.objects.select_related("case", "asked_by"),
    label="Decide",
    title=lambda redaction: f"{redaction.case.number}: confirm a redaction",
    facts=lambda redaction: [
        ("Case", redaction.case.number),
        ("What", _what(redaction)),
        ("Reason", redaction.reason),
        ("Asked by", redaction.asked_by),
    ],
    form=DecideForm,
    permissions=(redactions.REDACT,),
    service=lambda it: redactions.decide(redaction_id=it.pk, **it.by, **it.typed),
    done=lambda it, decided: (
        "It has been redacted." if decided.state == Redaction.State.DONE else "Declined."
    ),
    back=lambda redaction: reverse("admin:fedramp_redaction_change", args=[redaction.pk]),
    to=lambda it, decided: reverse(LIST),
    ends_once=True,
)
#: A case of a FedRAMP organization: closed, its contact told, all its texts removed.
REDIRECT = ObjectAction[Case](
    name="redirect",
    route="redirect/<int:case_id>/",
    model=Redaction,
    objects=Case.objects.select_related("organization", "contact"),
    label="Redirect, and redact what was written",
    title=lambda case: f"{case.number}: redirect to the FedRAMP portal",
    help="The contact is sent the link and the case is closed. Its texts, files, history and "
    "e-mails are redacted at once, and nobody can bring them back.",
    form=ReasonForm,
    permissions=(redactions.REDIRECT,),
    service=lambda it: redactions.redirect_case(case_id=it.pk, **it.by, **it.typed),
    done=lambda it, redaction: (
        f"{it.subject.number} is closed and redacted; {it.subject.contact} is told."
    ),
    back=_case_page,
)
#: An organization becomes a FedRAMP customer, and its open cases are redirected (FED-1).
FLAG = ObjectAction[Organization](
    name="flag",
    route="flag/<int:organization_id>/",
    model=Redaction,
    objects=Organization.objects.all(),
    label="Set the flag and redirect the open cases",
    title=lambda organization: f"{organization} is a FedRAMP organization",
    help="Its cases belong in the FedRAMP portal. The flag is set, each open case is closed, its "
    "contact is sent the link, and its texts, files, history and e-mails are redacted at "
    "once: nobody can bring them back. A case that was closed before is redirected on its "
    "own page.",
    facts=_open_cases,
    form=ReasonForm,
    permissions=(redactions.REDIRECT, customer_flags.CHANGE),
    service=lambda it: customer_flags.flag_organization(organization_id=it.pk, **it.by, **it.typed),
    done=lambda it, cases: (
        f"{it.subject} is a FedRAMP organization. Cases redirected: {len(cases)}."
    ),
    back=lambda organization: reverse("admin:cases_organization_change", args=[organization.pk]),
)


@admin.register(Redaction)
class RedactionAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    object_actions = (ASK, DECIDE, *((REDIRECT, FLAG) if REDIRECTS else ()))
    list_display = ("asked_at", "case_number", "what", "state", "asked_by", "decided_by", "size")
    list_select_related = ("case", "asked_by", "decided_by")
    list_filter = ("state", "what")
    search_fields = ("case__number",)
    search_help_text = "Case number"
    sortable_by = ()
    ordering = ("-id",)
    change_form_outer_before_template = "admin/fedramp/redaction_buttons.html"
    fields = (
        "case",
        ("what", "target"),
        "reason",
        ("asked_by", "asked_at"),
        ("state", "decided_by", "decided_at"),
        "gone",
    )
    readonly_fields = ("gone",)

    @admin.display(description="Case")
    def case_number(self, redaction: Redaction) -> str:
        return redaction.case.number

    @admin.display(description="Redacted")
    def gone(self, redaction: Redaction) -> str:
        """By kind and length. Unfold would show the JSON with styles that the policy refuses."""
        return ", ".join(f"{each['what']}: {each['length']}" for each in redaction.removed) or "-"

    @admin.display(description="Characters or bytes redacted")
    def size(self, redaction: Redaction) -> str:
        return str(sum(each["length"] for each in redaction.removed) or "")
