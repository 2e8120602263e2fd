"""The progress of the scrubbing of a file, and the way to what was removed from it."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases import gates
from cases.gates import SignedInRequest
from cases.models import Attachment
from cases.views.files import readable


@require_safe
@gates.signed_in
def file_progress(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """For the script: the file's line as on the page of its case. For a person: that page."""
    file: Attachment = get_object_or_404(
        readable(request.user).select_related("entry__case"), public_id=public_id
    )
    case = file.entry.case
    is_staff = request.user.is_staff
    if "HX-Request" not in request.headers:
        page = reverse("admin:cases_case_change", args=[case.pk])
        return HttpResponseRedirect(page if is_staff else case.get_absolute_url())
    template = "admin/cases/case/_file.html" if is_staff else "portal/_file.html"
    return render(request, template, {"file": file})


@require_safe
@gates.signed_in
def file_scrubbed(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """From beside a file to the page on what was removed, with the file chosen."""
    file: Attachment = get_object_or_404(
        readable(request.user).select_related("entry__case"), public_id=public_id
    )
    case = file.entry.case
    to = (
        reverse("admin:fedramp_scrubreport_of", args=[case.pk])
        if request.user.is_staff
        else reverse("fedramp:removed", args=[case.number])
    )
    return HttpResponseRedirect(f"{to}?file={file.public_id}")
