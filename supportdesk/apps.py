from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig

from cases.job_table import Job, Source, register


class SupportdeskConfig(AppConfig):
    name = "supportdesk"
    verbose_name = "Support desk"

    def ready(self) -> None:
        # The models are not loaded before.
        from cases import notice_types
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
            Job(
                name="send-reset-links",
                title="Password links",
                what="Mails links for choosing a new password",
                some=send_one,
                every=15.0,
                thing="request",
                source=Source(lambda now: ResetRequest.objects.filter(due_at__lte=now), "asked_at"),
            )
        )


class AdminConfig(DjangoAdminConfig):
    default_site = "supportdesk.admin_site.DeskAdminSite"
