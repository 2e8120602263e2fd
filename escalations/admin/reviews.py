"""The Case Owner's review queue: what contacts asked, and the answer (MGT-6, HELP-3, SEV-5)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases import drafts
from cases.admin import case_page
from cases.admin.base import READING, actor_of, staff_of
from cases.admin.queues import QueueAdmin, forget_counts, named
from cases.forms import ServiceForm, renew, text_field
from cases.rules.texts import dialled
from cases.templatetags.staff import ago, severity_chip

from ..models import OwnerReview
from ..services.owner_reviews import answer_review

REFUSED = 422


class AnswerForm(ServiceForm):
    done = forms.ChoiceField(
        label="Answer",
        choices=[("done", "Done"), ("declined", "Declined")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose done or declined."},
    )
    words = text_field("The customer reads this", empty="Answer in words; the customer reads them.")

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        values["done"] = values["done"] == "done"
        return values


@admin.register(OwnerReview)
class OwnerReviewAdmin(QueueAdmin):
    """The Case Owner's queue. Nothing here saves a row."""

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
        # SEV-5: whoever looks at the queue can call at once.
        return format_html(
            '<div>{}<span class="below">Call back: <a href="tel:{}">{}</a></span></div>',
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
        return self._show(request, _get(object_id))

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Done or declined, with words that stand in the case (MGT-6)."""
        if not request.user.has_perm("escalations.answer_review"):
            raise PermissionDenied
        if request.method != "POST":  # back from the sign-in: the form stands on the page
            return redirect("admin:escalations_ownerreview_change", pk)
        review = _get(pk)
        form = AnswerForm(request.POST)
        arguments = {"review_id": pk, "actor": actor_of(request), "now": timezone.now()}
        if form.run(answer_review, **arguments):
            forget_counts(staff_of(request))
            drafts.forget(request, request.path)
            messages.success(request, f"{review.case.number}: the customer is answered.")
            return redirect(named(OwnerReview, "mine").address)
        if form.refusal:
            renew(form)
        return self._show(request, _get(pk), form=form, status=REFUSED)

    def _show(
        self,
        request: HttpRequest,
        review: OwnerReview,
        *,
        form: forms.Form | None = None,
        status: int = 200,
    ) -> HttpResponse:
        case = case_page.get_case(review.case_id)
        may_answer = review.is_open and request.user.has_perm("escalations.answer_review")
        address = reverse("admin:escalations_ownerreview_answer", args=[review.pk])
        earlier = drafts.texts_for(request, address) if may_answer and form is None else {}
        context = {
            **case_page.head(self, request, case),
            "answer_address": address,
            "was_kept": bool(earlier),
            "back_to": (named(OwnerReview, "mine").address, "Requests"),
            "review": review,
            "form": form or (AnswerForm(initial=earlier) if may_answer else None),
            "newest": case_page.newest_entries(case, 5),
        }
        template = "admin/escalations/review/page.html"
        return TemplateResponse(request, template, context, status=status)

    def get_urls(self) -> list[URLPattern]:
        def bound(request: HttpRequest, pk: int) -> HttpResponse:
            return self.answer(request, pk)

        view = self.admin_site.admin_view(bound)
        view.model_admin = self
        name = "escalations_ownerreview_answer"
        return [path("<int:pk>/answer/", view, name=name), *super().get_urls()]


def _get(pk: Any) -> OwnerReview:
    rows = OwnerReview.objects.select_related(
        "case", "reason", "requested_by", "recorded_by", "answered_by"
    )
    try:
        found: OwnerReview = get_object_or_404(rows, pk=int(pk))
    except (ValueError, OverflowError):
        raise Http404 from None
    return found
