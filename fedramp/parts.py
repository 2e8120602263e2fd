"""What this app adds to the staff's case page."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from cases import realm
from cases.extension import Link, StaffCaseParts
from cases.models import Case, Entry


def links(request: HttpRequest, case: Case) -> list[Link]:
    """Redacting, and in a realm where the case does not belong, redirecting (FED-1)."""
    found: list[Link] = []
    belongs_here = realm.current().may_open_for(case.organization)
    if not belongs_here and request.user.has_perm("fedramp.redirect_case"):
        address = reverse("admin:fedramp_redaction_redirect", args=[case.pk])
        found.append(("Redirect to FedRAMP", address))
    if request.user.has_perm("fedramp.redact"):
        found.append(("Redact", reverse("admin:fedramp_redaction_ask", args=[case.pk])))
    return found


def show(
    request: HttpRequest, case: Case, entries: Sequence[Entry]
) -> tuple[SafeString, dict[int, Link]]:
    return SafeString(""), {}


STAFF_CASE_PARTS = StaffCaseParts(links=links, show=show)
