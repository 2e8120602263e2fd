"""The Case Owner's review queue: requests by contacts, and the answers (MGT-6, HELP-3, SEV-5)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.admin import case_page
from cases.admin.base import READING
from cases.admin.object_actions import REFUSED, ObjectAction, ObjectActionsAdmin
from cases.admin.queues import QueueAdmin, named
from cases.errors import NotAllowed
from cases.forms import ServiceForm, text_field
from cases.rules.texts import dialled
from cases.templatetags.staff import ago, severity_chip

from ..models import OwnerReview
from ..services.owner_reviews import answer_review


class AnswerForm(ServiceForm):
    done = forms.ChoiceField(
        label="Answer",
        choices=[("done", "Done"), ("declined", "Declined")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose “Done” or “Declined”."},
    )
    words = text_field(
        "The customer can read this", empty="Write an answer; the customer can read it."
    )

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        values["done"] = values["done"] == "done"
        return values


def _get(pk: Any) -> OwnerReview:
    rows = OwnerReview.objects.select_related(
        "case", "reason", "requested_by", "recorded_by", "answered_by"
    )
    try:
        found: OwnerReview = get_object_or_404(rows, pk=int(pk))
    except (ValueError, OverflowError):
        raise Http404 from None
    return found


@dataclass(frozen=True, kw_only=True)
class AnswerAction(ObjectAction[OwnerReview]):
    """Done or declined, with words that become part of the case (MGT-6)."""

    model: type[Model] = OwnerReview

    def find(self, request: HttpRequest, **address: Any) -> OwnerReview:
        return _get(address["pk"])

    def home(self, subject: OwnerReview) -> str:
        return reverse("admin:escalations_ownerreview_change", args=[subject.pk])

    def forbid(self, refusal: NotAllowed) -> None:
        """The form says so, and keeps the text."""

    def refused_page(
        self, model_admin: Any, request: HttpRequest, subject: OwnerReview, form: ServiceForm
    ) -> HttpResponse:
        page: HttpResponse = model_admin.page(request, subject, bound={self.name: form})
        return page


ANSWER = AnswerAction(
    name="answer",
    label="Answer",
    button="Send the answer",
    form=AnswerForm,
    is_on_page=True,
    permissions=("escalations.answer_review",),
    service=lambda it: answer_review(review_id=it.pk, **it.by, **it.typed),
    done=lambda it, review: f"{it.subject.case.number}: the answer has been sent to the customer.",
    to=lambda it, review: named(OwnerReview, "mine").address,
)


@admin.register(OwnerReview)
class OwnerReviewAdmin(ObjectActionsAdmin, QueueAdmin):
    """The Case Owner's queue. Nothing here saves a row."""

    object_actions = (ANSWER,)
    list_display = ("asked", "severity", "customer", "owner_shown", "state", "age")
    list_select_related = ("case__organization__plan", "case__owner", "reason")
    list_filter = ("state", "kind")
    search_fields = ("case__number", "case__organization__name")
    search_help_text = "Case number or organization"

    @admin.display(description="Request")
    def asked(self, review: OwnerReview) -> SafeString:
        link = format_html(
            '<a class="case-link" href="{}"><span class="number">{}</span> {}</a>',
            reverse("admin:escalations_ownerreview_change", args=[review.pk]),
            review.case.number,
            review.what,
        )
        if not review.callback_phone:
            return link
        # SEV-5: with this in the queue, staff can call at once.
        return format_html(
            '<div>{}<span class="below">Callback number: <a href="tel:{}">{}</a></span></div>',
            link,
            dialled(review.callback_phone),
            review.callback_phone,
        )

    @admin.display(description="Severity")
    def severity(self, review: OwnerReview) -> SafeString:
        return severity_chip(review.case)

    @admin.display(description="Customer")
    def customer(self, review: OwnerReview) -> SafeString:
        organization = review.case.organization
        return format_html(
            '<div>{}<span class="quiet below">{}</span></div>', organization, organization.plan
        )

    @admin.display(description="Case Owner")
    def owner_shown(self, review: OwnerReview) -> SafeString | str:
        owner = review.case.owner
        return str(owner) if owner else format_html('<em class="quiet">{}</em>', "nobody")

    @admin.display(description="Asked")
    def age(self, review: OwnerReview) -> SafeString | str:
        return ago(review.requested_at)

    # --- One request ---------------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.page(request, _get(object_id))

    def page(
        self,
        request: HttpRequest,
        review: OwnerReview,
        *,
        bound: dict[str, ServiceForm] | None = None,
    ) -> HttpResponse:
        case = case_page.get_case(review.case_id)
        answers = self.offered(request, review, bound) if bound or review.is_open else []
        context = {
            **case_page.head(self, request, case),
            "back_to": (named(OwnerReview, "mine").address, "Requests"),
            "review": review,
            "answer": answers[0] if answers else None,
            "newest": case_page.newest_entries(case, 5),
        }
        template = "admin/escalations/review/page.html"
        status = REFUSED if bound else 200
        return TemplateResponse(request, template, context, status=status)
