"""The list of cases: filters, search, pages (PORT-1)."""

from collections.abc import Sequence

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import gates, selectors
from ..gates import SignedInRequest
from ..models import Case, Organization, Severity, State
from ..models.search import matching
from ..pagination import CappedPaginator
from ..redirects import go_to
from ..rules.search import SEARCH_MAX, case_number_in

ROWS = 25


class FilterForm(forms.Form):
    """A plain GET form. Unknown values filter nothing; of a search that is too long the beginning
    counts, as in the admin."""

    q = forms.CharField(
        label="Search",
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Case number, subject or text",
                "maxlength": SEARCH_MAX,
            }
        ),
    )
    state = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Any state"),
            ("open", "Open"),
            ("waiting", "Waiting for you"),
            *State.choices,
        ],
    )
    severity = forms.ChoiceField(required=False, choices=[("", "Any severity"), *Severity.choices])
    organization = forms.ChoiceField(required=False)

    def __init__(self, data: object, organizations: Sequence[Organization]) -> None:
        super().__init__(data, label_suffix="")  # type: ignore[arg-type]
        self.fields["organization"].choices = [  # type: ignore[attr-defined]
            ("", "All organizations"),
            *((each.short_name, each.name) for each in organizations),
        ]
        self.several = len(organizations) > 1


@require_safe
@gates.contact
def cases(request: SignedInRequest) -> HttpResponse:
    """The cases that the contact sees, newest first, 25 on a page."""
    roles = request.memberships = selectors.memberships(request.user)
    organizations = {each.organization.short_name: each.organization for each in roles}
    form = FilterForm(request.GET, list(organizations.values()))
    form.is_valid()
    chosen = form.cleaned_data
    found = selectors.listed(request.user, roles)
    if text := chosen.get("q", ""):
        if exact := found.filter(number=case_number_in(text)).first():
            return go_to(request, exact.get_absolute_url())
        found = matching(found, text, internal=False)
    if state := chosen.get("state"):
        group = selectors.STATE_GROUPS.get(state)
        found = found.filter(group) if group else found.filter(state=state)
    if severity := chosen.get("severity"):
        found = found.filter(severity=int(severity))
    if organization := chosen.get("organization"):
        found = found.filter(organization=organizations[organization])
    page = CappedPaginator(found, ROWS).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    return render(
        request,
        "portal/cases.html",
        {
            "form": form,
            "page": page,
            "rows": selectors.rows(page.object_list),
            "may_open_cases": bool(selectors.designated(roles)),  # for the menu, which would query
            "filtered": any(chosen.values()),
            "query": kept.urlencode(),
            "sees_none": not page.paginator.count
            and not Case.objects.visible_to(request.user).exists(),
        },
    )
