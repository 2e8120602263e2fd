"""The only way for a file to leave the desk."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .. import gates
from ..actors import staff_gate
from ..gates import SignedInRequest
from ..models import Attachment, Person


def readable(person: Person) -> QuerySet[Attachment]:
    """Contacts: the files of what they see. Staff: all, with the right to view them."""
    if not person.is_staff:
        found: QuerySet[Attachment] = Attachment.objects.visible_to(person)
        return found
    if staff_gate().admits(person) and person.has_perm("cases.view_attachment"):
        return Attachment.objects.all()
    return Attachment.objects.none()


@require_safe
@gates.signed_in
def file(request: SignedInRequest, public_id: UUID) -> HttpResponseBase:
    """The file as a download that no browser opens as a page; a held one is never served."""
    attachment: Attachment = get_object_or_404(
        readable(request.user).select_related("entry__case"), public_id=public_id
    )
    if not attachment.is_servable:
        return render(request, "portal/held.html", {"file": attachment}, status=409)
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
