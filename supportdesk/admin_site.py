"""The admin: uses the portal's sign-in, and is open to staff whom the realm admits."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.module_loading import import_string
from unfold.sites import UnfoldAdminSite

from cases import gates, realm
from cases.actors import staff_gate

from .autocomplete import DeskAutocompleteView

#: The first page of each role: the list of a model, or one of its queues. The first permission that
#: the person holds decides (ACC-7).
FIRST_PAGES: tuple[tuple[str, str, str], ...] = (
    ("escalations.manage_escalation", "escalations.escalation", "review"),
    ("cases.work_case", "cases.case", "mine"),
    ("cases.view_case", "cases.case", "open"),
    ("cases.change_person", "cases.person", ""),
)
if realm.current().keeps_audit_log:
    FIRST_PAGES += (("fedramp.view_auditentry", "fedramp.auditentry", ""),)

OUR_APPS = {"cases", "escalations", "fedramp"}

#: URLs that we leave out. Unfold's search caches each person's results for five minutes, so that a
#: withdrawn right would still work there. "View on site" would show any member of staff the URL of
#: any object, and so a case's number.
LEFT_OUT = {"search", "view_on_site"}


class DeskAdminSite(UnfoldAdminSite):
    """Django's admin in Unfold's design, behind the realm's staff gate."""

    enable_nav_sidebar = True
    site_url = None

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # No bulk deletion; anything that may be deleted has a page for it.
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register only our own models. Packages bring pages for groups, second factors and e-mail
        addresses: roles are changed in `cases.roles`, the others by the people they belong to."""
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, list | tuple)
            else [model_or_iterable]
        )
        ours = [each for each in models if each._meta.app_label in OUR_APPS]
        if ours:
            from cases.admin.base import DeskModelAdmin  # whose package registers at this site

            if not (admin_class and issubclass(admin_class, DeskModelAdmin)):
                raise ImproperlyConfigured(f"{admin_class}: its list would answer any lookup.")
            super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """The realm decides; a superuser does not pass a gate that the realm keeps shut."""
        user = request.user
        return bool(user.is_authenticated and staff_gate().admits(user))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead each role to its own queue; only a person without any permission sees this page."""
        from cases.admin.queues import list_address, named  # which registers at this site

        for permission, label, queue in FIRST_PAGES:
            if request.user.has_perm(permission):
                model = apps.get_model(label)
                to = named(model, queue).address if queue else list_address(model)
                return HttpResponseRedirect(to)
        return super().index(request, extra_context)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("profile/", self._page("cases.admin.profile.profile"), name="profile"),
            path("jobs/", self._page("cases.admin.jobs.jobs"), name="jobs"),
            path("jobs/<slug:name>/run/", self._page("cases.admin.jobs.run"), name="job_run"),
            path(
                "recomputations/<int:pk>/again/",
                self._page("cases.admin.recalculations.again"),
                name="recompute_again",
            ),
        ]
        return [*own, *self._mail_urls()] + [
            each for each in super().get_urls() if getattr(each, "name", "") not in LEFT_OUT
        ]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return DeskAutocompleteView.as_view(admin_site=self)(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from cases.admin import jobs  # which registers at this site

        return {**super().each_context(request), "desk_alarms": jobs.alarms(request)}

    def _mail_urls(self) -> list[URLPattern]:
        if not settings.DEVELOPMENT:
            return []

        return [
            path("mails/", self._page("supportdesk.dev.mail_views.mails"), name="mails"),
            path("mails/<str:name>/", self._page("supportdesk.dev.mail_views.mail"), name="mail"),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """The view behind the gate. If a form arrives after the session ended, its words are kept
        for the person who typed them (`cases.drafts`)."""
        gate = super().admin_view(view, cacheable)

        @wraps(view)
        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                gates.keep_draft(request)
            answer: HttpResponse = gate(request, *args, **kwargs)
            return answer

        return keeping

    def _stated(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """The view behind this site's gate, marked as such (see `cases.gates`)."""
        wrapped = self.admin_view(view)
        wrapped.admin_site = self
        return wrapped

    def _page(self, view: str) -> Callable[..., HttpResponse]:
        """As `_stated`, the view at this dotted path: its module registers at this site first."""

        def page(request: HttpRequest, **named: Any) -> HttpResponse:
            answer: HttpResponse = import_string(view)(self, request, **named)
            return answer

        return self._stated(page)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send the person to the portal's page for passwords, which has its safeguards."""
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("account_change_password"))
