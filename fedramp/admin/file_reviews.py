"""Files that cannot be scrubbed: submit one, look at somebody else's, accept or decline it."""

import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.admin.base import ReadOnlyAdmin, actor_of
from cases.errors import Invalid, NotAllowed, NotPossible
from cases.forms import ServiceForm
from cases.models import Case
from cases.services.files import check_files

from ..models import FileReview, QuarantinedFile
from ..services import file_reviews
from ..services.file_scrubs import open_quarantined
from .pages import address, check, finish, form_page, posted
from .redactions import ReasonForm

LIST = "admin:fedramp_filereview_changelist"
LOOKED = "I looked at the whole file: it holds no personal information."


class SubmitForm(ReasonForm):
    file = forms.FileField(help_text="A picture, PDF or other file that cannot be scrubbed.")
    looked = forms.BooleanField(
        label=LOOKED, required=False, help_text="Also at its corners, and what it says of itself."
    )

    field_order = ("file", "reason", "looked")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "It stands in the case as an internal note."

    def clean_file(self) -> Any:
        try:
            return check_files([self.cleaned_data["file"]])[0]
        except Invalid as error:
            raise forms.ValidationError(error.message) from error

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class DecideForm(ServiceForm):
    decision = forms.ChoiceField(
        choices=[("accept", "Accept: staff can open it"), ("decline", "Decline: it is destroyed")],
        widget=forms.RadioSelect,
    )
    looked = forms.BooleanField(label=LOOKED, required=False)

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"accepted": values["decision"] == "accept", "looked": values["looked"]}


@admin.register(FileReview)
class FileReviewAdmin(ReadOnlyAdmin):
    list_display = ("asked_at", "case_number", "file_name", "state", "asked_by", "decided_by")
    list_select_related = ("case", "attachment", "asked_by", "decided_by")
    list_filter = ("state",)
    search_fields = ("case__number",)
    search_help_text = "Case number"
    sortable_by = ()
    ordering = ("-id",)
    change_form_outer_before_template = "admin/fedramp/file_review_buttons.html"
    fields = (
        "case_link",
        "file_name",
        "reason",
        ("asked_by", "asked_at"),
        ("state", "decided_by", "decided_at"),
    )
    readonly_fields = ("case_link", "file_name")

    @admin.display(description="Case")
    def case_number(self, review: FileReview) -> str:
        return review.case.number

    @admin.display(description="Case")
    def case_link(self, review: FileReview) -> SafeString:
        to = reverse("admin:cases_case_change", args=[review.case_id])
        return format_html('<a class="text-link" href="{}">{}</a>', to, review.case.number)

    @admin.display(description="File")
    def file_name(self, review: FileReview) -> str:
        return review.attachment.name

    def get_urls(self) -> list[URLPattern]:
        return [
            address(self, "bring/<int:case_id>/", submit, "fedramp_filereview_submit"),
            address(self, "<int:pk>/decide/", decide, "fedramp_filereview_decide"),
            address(self, "<int:pk>/file/", file, "fedramp_filereview_file"),
            *super().get_urls(),
        ]


def submit(model_admin: Any, request: HttpRequest, *, case_id: int) -> HttpResponse:
    """A file that cannot be scrubbed, with a reason; a second person looks at it."""
    check(request, file_reviews.PERMISSION)
    check(request, "cases.view_case")
    case = get_object_or_404(Case, pk=case_id)
    form = SubmitForm(posted(request), request.FILES or None)
    back = reverse("admin:cases_case_change", args=[case_id])
    if request.method == "POST" and form.is_valid():
        arguments = {"case_id": case_id, "actor": actor_of(request), "now": timezone.now()}
        if form.run(file_reviews.submit, **arguments):
            words = "The file waits for a second person. Nobody else can open it until then."
            return finish(request, words, back)
    return form_page(
        model_admin,
        request,
        form,
        title=f"{case.number}: submit a file that cannot be scrubbed",
        help="For what only a picture or a PDF shows. It lies sealed until somebody else looked at "
        "it and accepts it; declined, or not looked at for 7 days, it is destroyed.",
        button="Hand it to a second person",
        back=back,
    )


def decide(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponse:
    """The second person, who looked at the file, accepts or declines it."""
    check(request, file_reviews.PERMISSION)
    review = _get(pk)
    form = DecideForm(posted(request))
    if request.method == "POST":
        arguments = {"review_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(file_reviews.decide, **arguments):
            accepted = form.result.state == FileReview.State.ACCEPTED
            words = "It can be opened in the case." if accepted else "It is destroyed."
            return finish(request, words, LIST)
        if isinstance(form.refusal, NotAllowed):
            raise PermissionDenied(form.refusal.message)
        if isinstance(form.refusal, NotPossible):
            messages.warning(request, form.refusal.message)
            return redirect(LIST)
    to = reverse("admin:fedramp_filereview_file", args=[pk])
    name = review.attachment.name
    waits = file_reviews.waits_for_scanner(review.attachment)
    return form_page(
        model_admin,
        request,
        form,
        title=f"{review.case.number}: second-person review",
        button="Decide",
        back=reverse("admin:fedramp_filereview_change", args=[pk]),
        facts=[
            ("File", name if waits else format_html('<a href="{}">Look at {}</a>', to, name)),
            *([("Virus scanner", file_reviews.NOT_SCANNED)] if waits else []),
            ("Why it is needed", review.reason),
            ("Brought by", review.asked_by),
        ],
    )


def file(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """What lies sealed, as a download for those who decide; recorded as read.

    Where a virus scanner is configured, once that found it clean.
    """
    check(request, file_reviews.PERMISSION)
    review = _get(pk)
    quarantined = QuarantinedFile.objects.filter(attachment=review.attachment_id).first()
    if request.method != "GET" or quarantined is None:
        raise Http404
    attachment = quarantined.attachment
    if file_reviews.waits_for_scanner(attachment):
        messages.warning(request, file_reviews.NOT_SCANNED)
        return redirect("admin:fedramp_filereview_decide", pk=pk)
    content = io.BufferedReader(open_quarantined(quarantined, attachment.file.open("rb")))
    response = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _get(pk: int) -> FileReview:
    rows = FileReview.objects.select_related("case", "attachment", "asked_by")
    found: FileReview = get_object_or_404(rows, pk=pk)
    return found
