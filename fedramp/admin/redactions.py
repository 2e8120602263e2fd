"""Redaction for staff: ask for one, confirm somebody else's, redirect a whole case (FED-1)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from cases import realm
from cases.admin.base import ReadOnlyAdmin, actor_of
from cases.errors import NotAllowed, Refused
from cases.form_fields import TextField
from cases.forms import ServiceForm
from cases.models import Case, Organization

from ..models import Redaction
from ..services import customer_flags, redactions
from .pages import address, check, finish, form_page, posted

LIST = "admin:fedramp_redaction_changelist"
#: The realm that may hold cases of every organization redirects none.
REDIRECTS = realm.current().name != "fedramp"


class ReasonForm(ServiceForm):
    reason = TextField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Without the thing itself: this text stays.",
    )

    def arguments(self) -> dict[str, Any]:
        return {each: value for each, value in super().arguments().items() if each != "submission"}


class AskForm(ReasonForm):
    target = forms.ChoiceField(label="What must go", widget=forms.RadioSelect)

    field_order = ("target", "reason")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["target"]
        field.choices = [
            (each.key, f"{each.label}: “{each.begins}”") for each in redactions.targets(case)
        ]


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("confirm", "Remove it beyond recovery"), ("decline", "Decline")],
        widget=forms.RadioSelect,
    )


@admin.register(Redaction)
class RedactionAdmin(ReadOnlyAdmin):
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

    @admin.display(description="Removed")
    def gone(self, redaction: Redaction) -> str:
        """By kind and length. Unfold would show the JSON with styles that the policy refuses."""
        return ", ".join(f"{each['what']}: {each['length']}" for each in redaction.removed) or "-"

    @admin.display(description="Characters or bytes removed")
    def size(self, redaction: Redaction) -> str:
        return str(sum(each["length"] for each in redaction.removed) or "")

    def get_urls(self) -> list[URLPattern]:
        more = [
            address(self, "ask/<int:case_id>/", ask, "fedramp_redaction_ask"),
            address(self, "<int:pk>/decide/", decide, "fedramp_redaction_decide"),
        ]
        if REDIRECTS:
            route = "redirect/<int:case_id>/"
            more.append(address(self, route, redirect_case, "fedramp_redaction_redirect"))
            route = "flag/<int:organization_id>/"
            more.append(address(self, route, flag_organization, "fedramp_redaction_flag"))
        return [*more, *super().get_urls()]


def ask(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """Asks for the redaction of one text or file; somebody else confirms it."""
    check(request, redactions.REDACT)
    check(request, "cases.view_case")
    case = get_object_or_404(Case, pk=case_id)
    form = AskForm(posted(request), case=case)
    if request.method == "POST":
        arguments = {"case_id": case_id, "actor": actor_of(request), "now": timezone.now()}
        if form.run(redactions.ask, **arguments):
            words = "It waits for a second person. Nothing is removed yet."
            return finish(request, words, LIST)
    return form_page(
        model_admin,
        request,
        form,
        title=f"{case.number}: redact a text or file",
        help="A second person confirms it. Then it is gone for good: from the case, its history, "
        "the search and the mails.",
        button="Ask for the redaction",
        back=reverse("admin:cases_case_change", args=[case_id]),
    )


def decide(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """The second person confirms or declines."""
    check(request, redactions.REDACT)
    redaction = get_object_or_404(Redaction.objects.select_related("case", "asked_by"), pk=pk)
    form = DecideForm(posted(request))
    if request.method == "POST" and form.is_valid():
        confirmed = form.cleaned_data["decision"] == "confirm"
        try:
            redactions.decide(
                redaction_id=pk, confirmed=confirmed, actor=actor_of(request), now=timezone.now()
            )
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        except Refused as error:
            messages.warning(request, error.message)
        else:
            messages.success(request, "It is removed." if confirmed else "Declined.")
        return redirect(LIST)
    return form_page(
        model_admin,
        request,
        form,
        title=f"{redaction.case.number}: confirm a redaction",
        button="Decide",
        back=reverse("admin:fedramp_redaction_change", args=[pk]),
        facts=[
            ("Case", redaction.case.number),
            ("What", _what(redaction)),
            ("Reason", redaction.reason),
            ("Asked by", redaction.asked_by),
        ],
    )


def _what(redaction: Redaction) -> str:
    """The text's beginning, so that the second person knows what goes."""
    found = redactions.targets(redaction.case)
    words = [f"{each.label}: “{each.begins}”" for each in found if each.key == redaction.target]
    return words[0] if words else "nothing any more"


def redirect_case(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """A case of a FedRAMP organization: closed, its contact told, all its words removed."""
    check(request, redactions.REDIRECT)
    case = get_object_or_404(Case.objects.select_related("organization", "contact"), pk=case_id)
    form = ReasonForm(posted(request))
    back = reverse("admin:cases_case_change", args=[case_id])
    if request.method == "POST":
        arguments = {"case_id": case_id, "actor": actor_of(request), "now": timezone.now()}
        if form.run(redactions.redirect_case, **arguments):
            words = f"{case.number} is closed and redacted; {case.contact} is told."
            return finish(request, words, back)
    return form_page(
        model_admin,
        request,
        form,
        title=f"{case.number}: redirect to the FedRAMP portal",
        help="The contact is mailed the link and the case is closed. Its texts, files, history and "
        "mails are removed at once, and nobody can bring them back.",
        button="Redirect, and remove what was written",
        back=back,
    )


def flag_organization(
    model_admin: Any, request: HttpRequest, *, organization_id: int
) -> HttpResponse:
    """An organization becomes a FedRAMP customer, and its open cases are redirected (FED-1)."""
    check(request, redactions.REDIRECT)
    check(request, customer_flags.CHANGE)
    organization = get_object_or_404(Organization, pk=organization_id)
    form = ReasonForm(posted(request))
    back = reverse("admin:cases_organization_change", args=[organization_id])
    if request.method == "POST":
        arguments = {"actor": actor_of(request), "now": timezone.now()}
        if form.run(customer_flags.flag_organization, organization_id=organization_id, **arguments):
            many = len(form.result)
            words = f"{organization} is a FedRAMP organization. Cases redirected: {many}."
            return finish(request, words, back)
    found = [str(each) for each in customer_flags.open_cases(organization).order_by("pk")]
    return form_page(
        model_admin,
        request,
        form,
        title=f"{organization} is a FedRAMP organization",
        help="Its cases belong in the FedRAMP portal. The flag is set, and each open case is "
        "closed, its contact mailed the link, and its texts, files, history and mails are removed "
        "at once: nobody can bring them back. A case that was closed before is redirected on its "
        "own page.",
        button="Set the flag, and redirect the open cases",
        back=back,
        facts=[("Open cases", ", ".join(found) or "none")],
    )
