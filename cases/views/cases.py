"""One case: its page, an entry in its feed, and the actions on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from .. import drafts, extension, gates, realm, selectors
from ..actors import Actor
from ..errors import CaseChanged, NotAllowed, NotPossible
from ..forms import ActionForm, CaseForm, EntryForm, shown
from ..gates import SignedInRequest
from ..models import Case, State
from ..models.cases import CaseQuerySet
from ..promises import announced_closing, open_clocks, promised_of_platform, promised_response_at
from ..redirects import go_to
from ..rules.actions import ACTIONS, Action, Side
from ..rules.search import case_number_in
from ..services.feeds import post_entry
from ..services.lifecycle import act as do_act
from ..services.lifecycle import possible_actions, why_not_possible
from ..services.locks import BELONGS_ELSEWHERE
from ..wording import WAITING_STATES

CONTACTS_ACTIONS = {name: what for name, what in ACTIONS.items() if Side.CONTACT in what.sides}

DONE = {
    "accept": "You accepted the resolution. The case is closed.",
    "persist": "Thank you. Product Support will continue to work on the case.",
    "close": "The case is closed.",
    "reopen": "The case is open again.",
    "ask_analysis": "You asked for the root cause analysis. It will be delivered here.",
    "ask_documents": "You asked for further documentation. It will be delivered here.",
    "ask_discussion": "You asked for a follow-up discussion. Product Support will get in touch.",
}


def case_of(request: SignedInRequest, number: str) -> Case:
    """The case with this number and what its pages show; 404 if the contact may not see it.

    In two queries: one join of all these tables takes PostgreSQL half a page's time to plan.
    """
    cases = Case.objects.select_related("deployment", "owner", "contact", "incident", "analysis")
    found = _visible(request, number, cases)
    request.memberships = selectors.memberships(request.user)
    for each in request.memberships:
        if each.organization_id == found.organization_id:
            found.organization = each.organization
    return found


def _visible(request: SignedInRequest, number: str, cases: CaseQuerySet) -> Case:
    """The one of these cases with this number, in any spelling."""
    found = cases.visible_to(request.user)
    case: Case = get_object_or_404(found, number=case_number_in(number))
    return case


@require_safe
@gates.contact
def case(request: SignedInRequest, number: str) -> HttpResponse:
    """The case page; Read-Only contacts see it without the controls (ACC-2)."""
    return _page(request, case_of(request, number))


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def entry(request: SignedInRequest, number: str) -> HttpResponse:
    """Writes in the case feed. GET leads to the composer, which is on the case page."""
    # The service reads all of it, under its lock.
    found = _visible(request, number, Case.objects.only("number", "state", "organization"))
    if request.method != "POST":
        return HttpResponseRedirect(f"{found.get_absolute_url()}#write")
    form = EntryForm(request.POST, request.FILES, auto_id="id_entry_%s")
    before = found.state
    actor, now = Actor.of(request.user), timezone.now()
    if form.run(lambda typed: post_entry(case_id=found.pk, actor=actor, now=now, **typed)):
        drafts.forget(request, request.path)
        back = before in {State.AWAITING_CUSTOMER, State.RESOLUTION_PROPOSED}
        messages.success(
            request,
            "Your update is in the case."
            + (" Product Support will continue to work on it." if back else ""),
        )
        return go_to(request, found.get_absolute_url())
    _require_designated(request, found)
    return _refused(request, case_of(request, number), form, composer=form)


@require_http_methods(["GET", "HEAD", "POST"])
@gates.contact
def act(request: SignedInRequest, number: str, action: str) -> HttpResponse:
    """One action of the table, on a page of its own: what it does, and its form."""
    what = CONTACTS_ACTIONS.get(action)
    if what is None:
        raise Http404
    found = case_of(request, number)
    _require_designated(request, found)
    if request.method == "POST":
        form = ActionForm(request.POST, request.FILES, action=what)
        actor, now = Actor.of(request.user), timezone.now()
        if form.run(
            lambda typed: do_act(case_id=found.pk, action=action, actor=actor, now=now, **typed)
        ):
            drafts.forget(request, request.path)
            messages.success(request, DONE[action])
            return go_to(request, found.get_absolute_url())
        return _refused(request, found, form, what=what)
    if what not in possible_actions(found, actor=Actor.of(request.user)):
        messages.info(request, why_not_possible(what, found))
        return go_to(request, found.get_absolute_url())
    earlier = drafts.texts_for(request, request.path)
    form = ActionForm(action=what, initial={**earlier, **shown(found, for_contact=True)})
    return _action_page(request, found, what, form, from_draft=bool(earlier))


def pointed_elsewhere(request: SignedInRequest, found: Case) -> HttpResponse | None:
    """FED-1: instead of a form, the words that say where the case belongs; None if it is here.

    A form that was sent all the same meets the gate of the services (`locks.lock_case`).
    """
    if request.method == "POST" or realm.current().may_open_for(found.organization):
        return None
    messages.info(request, BELONGS_ELSEWHERE)
    return go_to(request, found.get_absolute_url())


def _require_designated(request: SignedInRequest, found: Case) -> None:
    if not selectors.is_designated(request.user, found.organization_id):
        raise PermissionDenied(
            "You are a Read-Only contact of this organization: you can read its cases. Only a "
            "Designated Contact can write in them or change them."
        )


def _refused(
    request: SignedInRequest,
    found: Case,
    form: CaseForm,
    *,
    composer: EntryForm | None = None,
    what: Action | None = None,
) -> HttpResponse:
    """The form again, with every word that was typed, and what is new in the case."""
    if isinstance(form.refusal, NotAllowed):
        raise PermissionDenied(form.refusal.message)
    status = 200
    if isinstance(form.refusal, CaseChanged | NotPossible):
        status = 409
        found = case_of(request, found.number)
    if isinstance(form.refusal, CaseChanged):
        form.renew(found.public_version)
    if what is not None and isinstance(form, ActionForm):
        return _action_page(request, found, what, form, status=status)
    return _page(request, found, composer=composer, status=status)


def _seen_entry(request: SignedInRequest) -> int | None:
    """The newest entry on the page on which the form was filled in."""
    typed = request.POST.get("seen_entry", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def _page(
    request: SignedInRequest, found: Case, *, composer: EntryForm | None = None, status: int = 200
) -> HttpResponse:
    actor = Actor.of(request.user)
    designated_for = [each.organization for each in selectors.designated(request.memberships)]
    belongs_here = realm.current().may_open_for(found.organization)
    is_designated = found.organization in designated_for
    can_write = is_designated and belongs_here
    address = reverse("portal:entry", args=[found.number])
    earlier = drafts.texts_for(request, address) if can_write and composer is None else {}
    feed = selectors.feed(found, whole="whole" in request.GET)
    # A form that nobody can send would only keep people from reopening the case, but what was
    # typed stays visible even then.
    if composer is None and can_write and (found.is_open or earlier):
        composer = EntryForm(
            auto_id="id_entry_%s", initial={**earlier, **shown(found, for_contact=True)}
        )
    seen = _seen_entry(request)
    offered = extension.case_page_parts if belongs_here else []
    parts = [part(request, found, can_write, feed.entries) for part in offered]
    actions = possible_actions(found, actor=actor, is_designated=True) if can_write else []
    waits = found.is_platform or found.state in WAITING_STATES
    clocks = open_clocks(found) if waits else []
    context: dict[str, Any] = {
        "case": found,
        "promised": promised_of_platform(clocks),
        "steps": [each for each in actions if each.keeps_state],
        "feed": feed,
        "opening_files": selectors.opening_files(found) if feed.has_older else None,
        "answer_by": promised_response_at(found) if found.staff_updated_at is None else None,
        "closes_at": announced_closing(found, clocks, timezone.now()),
        "links": selectors.links(found, visible_to=request.user),
        "can_write": can_write,
        "belongs_here": belongs_here,
        "may_open_cases": bool(designated_for),  # for the menu, which would query again
        "actions": [each for each in actions if not each.keeps_state],
        "composer": composer,
        "entry_address": address,
        "from_draft": bool(earlier),
        "seen_entry": seen,
        "choose_files_again": bool(request.FILES),
        "parts": parts,
        "tabs": [tab for part in parts for tab in part.tabs],
    }
    return render(request, "portal/case.html", context, status=status)


def _action_page(
    request: SignedInRequest,
    found: Case,
    what: Action,
    form: forms.Form,
    *,
    from_draft: bool = False,
    status: int = 200,
) -> HttpResponse:
    feed = selectors.feed(found, whole=False)
    seen = _seen_entry(request)
    new = [each for each in feed.entries if seen is not None and each.pk > seen]
    for note in extension.entries_shown if request.method != "HEAD" else ():
        note(request, found, new or feed.entries[-1:])
    context = {
        "case": found,
        "action": what,
        "form": form,
        "is_possible": what in possible_actions(found, actor=Actor.of(request.user)),
        "from_draft": from_draft,
        "last_entry": feed.entries[-1] if feed.entries else None,
        "newest_id": feed.newest_id,
        "seen_entry": seen,
        "new_entries": new,
        "choose_files_again": bool(request.FILES),
    }
    return render(request, "portal/act.html", context, status=status)
