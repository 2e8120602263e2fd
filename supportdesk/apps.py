from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class SupportdeskConfig(AppConfig):
    name = "supportdesk"
    verbose_name = "Support desk"

    def ready(self) -> None:
        # The models are not loaded before.
        from cases import jobs, notice_types
        from cases.jobs.reports import Source, nothing, register
        from cases.models import ResetRequest

        from . import boundary, checks  # noqa: F401 - registers the checks
        from .sign_in import audit, email_addresses, notices, session_timeout
        from .sign_in.password_resets import send_one

        boundary.watch()
        email_addresses.watch()
        audit.watch()
        session_timeout.watch()
        notice_types.register("Accounts", notices.TYPES)
        register(
            "send-reset-links",
            Source(lambda now: ResetRequest.objects.filter(due_at__lte=now), "asked_at", nothing),
        )
        what = "Mails links to choose a new password"
        jobs.register(jobs.Job("send-reset-links", what, send_one, 15.0, "request"))


class AdminConfig(DjangoAdminConfig):
    default_site = "supportdesk.admin_site.DeskAdminSite"
