from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class SupportdeskConfig(AppConfig):
    name = "supportdesk"
    verbose_name = "Support desk"

    def ready(self) -> None:
        from . import addresses, audit, boundary, checks, session_end  # noqa: F401 - registers the checks

        boundary.watch()
        addresses.watch()
        audit.watch()
        session_end.watch()


class AdminConfig(DjangoAdminConfig):
    default_site = "supportdesk.admin_site.DeskAdminSite"
