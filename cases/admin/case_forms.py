"""What staff do with one case: each an address, a form, and one call of a service.

A GET shows the form, a POST does it. A refusal shows the form again with every word that was typed.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from cases import drafts, selectors
from cases.errors import CaseChanged, NotAllowed, Refused
from cases.form_fields import TextField
from cases.forms import ActionForm, CaseForm, EntryForm, possible_owners, shown
from cases.models import Case, CaseLink, Person
from cases.rules.actions import ACTIONS
from cases.services import closures, feeds, lifecycle, links, severity
from cases.services.feeds import BODY_MAX
from cases.wording import SEVERITIES_IN_FULL

from . import case_page, queues
from .base import actor_of, staff_of

REFUSED = 422

DONE = {
    "take": "The case is yours.",
    "ask": "The question is sent. The case awaits the customer.",
    "engage": "The case waits for the third party.",
    "resume": "Work goes on.",
    "propose": "The resolution is proposed to the customer.",
    "close": "The case is closed.",
    "reopen": "The case is open again.",
    "join_incident": "The case is platform-level.",
    "leave_incident": "The case is not platform-level any more.",
    "deliver_analysis": "The root cause analysis is delivered.",
    "record_meeting": "The meeting is recorded.",
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


class SeverityForm(CaseForm):
    severity = forms.TypedChoiceField(
        label="Severity", choices=SEVERITIES_IN_FULL, coerce=int, widget=forms.RadioSelect
    )
    text = TextField(
        label="The reason",
        help_text="The customer reads it.",
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    phone_24x7 = forms.CharField(
        label="24x7 telephone number",
        help_text="A Critical case needs it: a Designated Contact must be reachable at all times.",
        required=False,
        max_length=40,
    )


class ExtendForm(CaseForm):
    text = TextField(
        label="The reason",
        help_text="The customer reads it, with the new time.",
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LinkForm(CaseForm):
    kind = forms.ChoiceField(label="This case is", choices=CaseLink.Kind)
    number = forms.CharField(
        label="Number of the other case",
        help_text="A case of the same organization.",
        max_length=20,
    )


def write_entry(model_admin: Any, request: HttpRequest, *, pk: int, kind: str) -> HttpResponse:
    """Posts a public or an internal entry (FEED-1, FEED-3)."""
    if kind not in case_page.COMPOSERS:
        raise Http404
    if not request.user.has_perm(case_page.COMPOSERS[kind]["permission"]):
        raise PermissionDenied
    case = case_page.get_case(pk)
    if request.method != "POST":  # back from the sign-in: the composer stands in the case page
        return redirect("admin:cases_case_change", case.pk)
    form = EntryForm(request.POST, request.FILES, prefix=kind)
    internal = kind == "internal"
    arguments = {"case_id": case.pk, "actor": actor_of(request), "now": timezone.now()}
    if form.run(feeds.post_entry, internal=internal, **arguments):
        done = "The internal note is saved." if internal else "Sent to the customer."
        messages.success(request, done)
        drafts.forget(request, request.path)
        return redirect("admin:cases_case_change", case.pk)
    _after_refusal(form, pk)
    return case_page.show(model_admin, request, pk, bound={kind: form}, status=REFUSED)


def do_action(model_admin: Any, request: HttpRequest, *, pk: int, name: str) -> HttpResponse:
    """One action of the table: its form, or the action itself."""
    action = ACTIONS.get(name)
    if action is None:
        raise Http404
    case = case_page.get_case(pk)
    actor = actor_of(request)
    if not lifecycle.may(action, actor=actor, case=case):
        raise PermissionDenied
    now = timezone.now()
    if request.method == "POST":
        form = ActionForm(request.POST, request.FILES, action=action)
        if form.run(lifecycle.act, case_id=pk, action=name, actor=actor, now=now):
            return _done(request, case, DONE.get(name, f"Done: {action.label}."))
        _after_refusal(form, pk)
    else:
        form = ActionForm(action=action, initial=_initial(request, case))
        if action not in lifecycle.possible_actions(case, actor=actor):
            messages.warning(request, lifecycle.why_not_possible(action, case))
            return redirect("admin:cases_case_change", case.pk)
    return _form_page(
        model_admin, request, case, form, title=action.label, help=action.help, button=action.label
    )


def assign(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """Gives the case to somebody: from New, or from one owner to the next."""
    case = _open_case_for(request, pk, "cases.assign_case")
    initial = _initial(request, case, owner=None if case.owner else staff_of(request))
    form = ReassignForm(request.POST or None, initial=initial)
    if request.method == "POST":
        arguments = {"case_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(lifecycle.reassign, **arguments):
            return _done(request, case, f"{form.result.owner} is the Case Owner.")
        _after_refusal(form, pk)
    label = "Reassign" if case.owner else "Assign"
    help = "The new Case Owner is told by mail. The customer reads who works on the case."
    return _form_page(model_admin, request, case, form, title=label, help=help, button=label)


def change_severity(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """SEV-2: the severity with its reason, which the customer can read."""
    case = _open_case_for(request, pk, "cases.change_severity")
    initial = _initial(request, case, severity=case.severity, phone_24x7=case.phone_24x7)
    form = SeverityForm(request.POST or None, initial=initial)
    if request.method == "POST":
        arguments = {"case_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(_change_severity, **arguments):
            changed: Case = form.result
            return _done(request, case, f"The severity is {changed.get_severity_display()}.")
        _after_refusal(form, pk)
    return _form_page(
        model_admin,
        request,
        case,
        form,
        title="Change the severity",
        help=f"The customer asked for priority {case.get_priority_display()}.",
        button="Change the severity",
    )


def extend(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """RESP-3: the closing by a job is put off, once, with a reason."""
    case = _open_case_for(request, pk, "cases.work_case")
    form = ExtendForm(request.POST or None, initial=_initial(request, case))
    if request.method == "POST":
        arguments = {"case_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(_extend, **arguments):
            return _done(request, case, "The closing is put off.")
        _after_refusal(form, pk)
    title = "Put off the closing"
    help = "The case closes later, as if it began to wait now. This can be done once."
    return _form_page(model_admin, request, case, form, title=title, help=help, button=title)


def link(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """CASE-11: this case is a duplicate of, or related to, another of the organization."""
    _check(request, "cases.work_case")
    case = case_page.get_case(pk)
    form = LinkForm(request.POST or None, initial=_initial(request, case))
    if request.method == "POST":
        arguments = {"case_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(_link_cases, **arguments):
            return _done(request, case, "The cases are linked.")
        _after_refusal(form, pk)
    return _form_page(
        model_admin, request, case, form, title="Link with another case", button="Link"
    )


def unlink(model_admin: Any, request: HttpRequest, *, pk: int, link_id: int) -> HttpResponse:
    """The link is removed; its history stays."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _check(request, "cases.work_case")
    case = case_page.get_case(pk)
    if not any(each.pk == link_id for each in selectors.links(case)):
        raise Http404
    try:
        links.unlink_cases(link_id=link_id, actor=actor_of(request), now=timezone.now())
    except Refused as error:
        messages.error(request, error.message)
        return redirect("admin:cases_case_change", pk)
    return _done(request, case, "The link is removed.")


def _change_severity(*, text: str, seen_version: int, **arguments: Any) -> Case:
    return severity.change_severity(reason=text, seen_version=seen_version, **arguments)


def _extend(*, text: str, **arguments: Any) -> Case:
    return closures.extend(reason=text, **arguments)


def _link_cases(*, seen_version: int, submission: Any, **arguments: Any) -> CaseLink:
    # A second click finds the link made, and is told so: nothing is written twice.
    return links.link_cases(**arguments)


def _initial(request: HttpRequest, case: Case, **values: Any) -> dict[str, Any]:
    """The version that the page shows, these values, and what was typed before a sign-in."""
    earlier = drafts.texts_for(request, request.path)
    return {**shown(case, for_contact=False), **values, **earlier}


def _check(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _open_case_for(request: HttpRequest, pk: int, permission: str) -> Case:
    _check(request, permission)
    return case_page.get_case(pk)


def _after_refusal(form: CaseForm, pk: int) -> None:
    """After a stale version the form counts for the present one; a lost right ends the page."""
    if isinstance(form.refusal, NotAllowed):
        raise PermissionDenied
    if isinstance(form.refusal, CaseChanged):
        form.renew(Case.objects.values_list("version", flat=True).get(pk=pk))


def _done(request: HttpRequest, case: Case, words: str) -> HttpResponse:
    queues.forget_counts(staff_of(request))
    drafts.forget(request, request.path)
    messages.success(request, f"{case.number}: {words}")
    return redirect("admin:cases_case_change", case.pk)


def _form_page(
    model_admin: Any,
    request: HttpRequest,
    case: Case,
    form: CaseForm,
    *,
    title: str,
    button: str,
    help: str = "",
) -> HttpResponse:
    """The head of the case and the form. The head is read again: it may be what changed."""
    context = {
        **case_page.head(model_admin, request, case_page.get_case(case.pk)),
        "form": form,
        "form_title": title,
        "form_help": help,
        "button": button,
        "was_kept": not form.is_bound and bool(drafts.texts_for(request, request.path)),
        "newest": case_page.newest_entries(case, 5),
        "changed": isinstance(form.refusal, CaseChanged),
    }
    status = REFUSED if form.is_bound else 200
    return TemplateResponse(request, "admin/cases/case/form.html", context, status=status)
