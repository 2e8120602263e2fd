"""The outbox for staff: mails that were sent, that wait, and that were given up."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone

from cases.models import Notice
from cases.notice_types import REGISTRY
from cases.persistence import save

from .base import ReadOnlyAdmin, actor_of


def event_in_words(event: str) -> str:
    """What happened, as the registry of notices says without rule; of a gone row, its event."""
    for each in REGISTRY.values():
        if event in (each.event, each.stored_as):
            return each.what.partition(" (")[0].removesuffix(".")
    return event.split("/")[-1].replace("_", " ").capitalize()


class EventFilter(admin.AllValuesFieldListFilter):
    """The events that there are, in words."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            words = choice["display"]
            yield choice if words == "All" else {**choice, "display": event_in_words(str(words))}


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("subject", "email", "what", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", ("event", EventFilter))
    search_fields = ("email", "subject")
    search_help_text = "Address or subject"
    ordering = ("-id",)
    change_form_outer_before_template = "admin/cases/notice/_resend.html"

    readonly_fields = ("what",)

    @admin.display(description="Event", ordering="event")
    def what(self, notice: Notice) -> str:
        return event_in_words(notice.event)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Everything but a secret text: only its addressee reads a sign-in mail."""
        shown = (
            ("email", "person"),
            ("what", "case"),
            "subject",
            ("state", "attempts"),
            "last_error",
            ("created_at", "sent_at"),
            "due_at",
            "message_id",
        )
        return shown if obj is None or obj.is_secret else (*shown, "text")  # type: ignore[return-value]

    def get_urls(self) -> list[URLPattern]:
        def bound(request: HttpRequest, pk: int) -> HttpResponse:
            return self.resend(request, pk)

        view = self.admin_site.admin_view(bound)
        view.model_admin = self
        return [path("<int:pk>/resend/", view, name="cases_notice_resend"), *super().get_urls()]

    def resend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queues a notice that was given up again, with the same Message-ID."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm("cases.resend_notice"):
            raise PermissionDenied
        now = timezone.now()
        with transaction.atomic():
            rows = Notice.objects.select_for_update()
            notice = get_object_or_404(rows, pk=pk)
            if notice.state == Notice.State.FAILED:
                notice.state = Notice.State.QUEUED
                notice.attempts = 0
                notice.due_at = now
                fields = ["state", "attempts", "due_at"]
                save(notice, actor=actor_of(request), now=now, why="notices.resend", fields=fields)
                messages.success(request, "The notice has been queued again.")
            else:
                messages.warning(request, "Only a notice that was given up can be sent again.")
        return redirect("admin:cases_notice_change", pk)
