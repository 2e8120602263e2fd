"""Files that cannot be scrubbed: submit one, read another person's, accept or decline it."""

import io
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.admin.base import ReadOnlyAdmin
from cases.admin.object_actions import Facts, ObjectAction, ObjectActionsAdmin, check
from cases.errors import Invalid
from cases.forms import ServiceForm
from cases.models import Case
from cases.services.files import check_files

from ..models import FileReview, QuarantinedFile
from ..services import file_reviews
from ..services.file_scrubs import open_quarantined
from .redactions import ReasonForm

LIST = "admin:fedramp_filereview_changelist"
LOOKED = "I have looked at the whole file: it contains no personal information."


class SubmitForm(ReasonForm):
    file = forms.FileField(
        help_text="A picture; or the original of an Office file, a PDF or a mail, of which "
        "otherwise only the text is kept."
    )
    looked = forms.BooleanField(
        label=LOOKED, required=False, help_text="Including its corners and its metadata."
    )

    field_order = ("file", "reason", "looked")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "It appears in the case as an internal note."

    def clean_file(self) -> Any:
        try:
            return check_files([self.cleaned_data["file"]])[0]
        except Invalid as error:
            raise forms.ValidationError(error.message) from error

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class DecideForm(ServiceForm):
    decision = forms.ChoiceField(
        choices=[
            ("accept", "Accept: staff can open it"),
            ("decline", "Decline: the file is destroyed"),
        ],
        widget=forms.RadioSelect,
    )
    looked = forms.BooleanField(label=LOOKED, required=False)

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"accepted": values["decision"] == "accept", "looked": values["looked"]}


def _facts(review: FileReview) -> Facts:
    to = reverse("admin:fedramp_filereview_file", args=[review.pk])
    name = review.attachment.name
    waits = file_reviews.waits_for_scanner(review.attachment)
    return [
        ("File", name if waits else format_html('<a href="{}">Look at {}</a>', to, name)),
        *([("Virus scanner", file_reviews.NOT_SCANNED)] if waits else []),
        ("Why it is needed", review.reason),
        ("Submitted by", review.asked_by),
    ]


#: A file that cannot be scrubbed, with a reason; a second person reviews it.
SUBMIT = ObjectAction[Case](
    name="submit",
    route="bring/<int:case_id>/",
    model=FileReview,
    objects=Case.objects.all(),
    label="Submit for review",
    title=lambda case: f"{case.number}: submit a file that cannot be scrubbed",
    help="For what only a picture or a PDF can show. The file stays in quarantine until somebody "
    "else has looked at it and accepted it; if it is declined, or nobody looks at it for 7 days, "
    "it is destroyed.",
    form=SubmitForm,
    permissions=(file_reviews.PERMISSION, "cases.view_case"),
    service=lambda it: file_reviews.submit(case_id=it.pk, **it.by, **it.typed),
    done="The file is waiting for a second person. Nobody else can open it until then.",
    back=lambda case: reverse("admin:cases_case_change", args=[case.pk]),
)
#: The second person, who read the file, accepts or declines it.
DECIDE = ObjectAction[FileReview](
    name="decide",
    model=FileReview,
    objects=FileReview.objects.select_related("case", "attachment", "asked_by"),
    label="Decide",
    title=lambda review: f"{review.case.number}: second-person review",
    facts=_facts,
    form=DecideForm,
    permissions=(file_reviews.PERMISSION,),
    service=lambda it: file_reviews.decide(review_id=it.pk, **it.by, **it.typed),
    done=lambda it, decided: (
        "The file can now be opened in the case."
        if decided.state == FileReview.State.ACCEPTED
        else "The file has been destroyed."
    ),
    back=lambda review: reverse("admin:fedramp_filereview_change", args=[review.pk]),
    to=lambda it, decided: reverse(LIST),
    ends_once=True,
)


@admin.register(FileReview)
class FileReviewAdmin(ObjectActionsAdmin, ReadOnlyAdmin):
    object_actions = (SUBMIT, DECIDE)
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
        download = self.address("<int:pk>/file/", file, "fedramp_filereview_file")
        return [download, *super().get_urls()]


def file(model_admin: Any, request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """The quarantined file as a download for those who decide; recorded as read.

    If a virus scanner is configured, only after it found the file clean.
    """
    check(request, file_reviews.PERMISSION)
    review = get_object_or_404(FileReview, pk=pk)
    quarantined = QuarantinedFile.objects.filter(attachment=review.attachment_id).first()
    if request.method != "GET" or quarantined is None:
        raise Http404
    attachment = quarantined.attachment
    if file_reviews.waits_for_scanner(attachment):
        messages.warning(request, file_reviews.NOT_SCANNED)
        return redirect("admin:fedramp_filereview_decide", pk=pk)
    content = io.BufferedReader(open_quarantined(quarantined, attachment.file.open("rb")))
    response = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
