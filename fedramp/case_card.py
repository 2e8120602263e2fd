"""What this app adds to the case pages of staff and contacts."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from cases import realm
from cases.extension import CasePagePart, Link, StaffCaseParts
from cases.gates import SignedInRequest
from cases.models import Case, Entry


def links(request: HttpRequest, case: Case) -> list[Link]:
    """Redact; redirect, if the case does not belong here (FED-1); files that need two people."""
    found: list[Link] = []
    belongs_here = realm.current().may_open_for(case.organization)
    may_redirect = request.user.has_perms(["fedramp.redirect_case", "cases.work_case"])
    if not belongs_here and may_redirect:
        address = reverse("admin:fedramp_redaction_redirect", args=[case.pk])
        found.append(("Redirect to FedRAMP", address))
    if realm.current().name == "fedramp":
        of = reverse("admin:fedramp_scrubreport_of", args=[case.pk])
        found.append(("What was scrubbed", of))
        if request.user.has_perm("fedramp.redact_passage"):
            passage = reverse("admin:fedramp_scrubreport_passage", args=[case.pk])
            found.append(("Redact a passage", passage))
    if request.user.has_perm("fedramp.redact"):
        found.append(("Redact", reverse("admin:fedramp_redaction_ask", args=[case.pk])))
    if realm.current().name == "fedramp" and request.user.has_perm("fedramp.review_file"):
        address = reverse("admin:fedramp_filereview_submit", args=[case.pk])
        found.append(("Submit a picture or PDF", address))
    return found


def show(
    request: HttpRequest, case: Case, entries: Sequence[Entry]
) -> tuple[SafeString, dict[int, Link]]:
    return SafeString(""), {}


def case_page(
    request: SignedInRequest, case: Case, can_write: bool, entries: Sequence[Entry]
) -> CasePagePart:
    """FED-7: links to the scrubbed text and to redacting what was missed, for people who write."""
    if not can_write:
        return CasePagePart(SafeString(""))
    return CasePagePart(render_to_string("fedramp/scrubbed_panel.html", {"case": case}, request))


STAFF_CASE_PARTS = StaffCaseParts(links=links, show=show)
