from django.apps import AppConfig


class FedrampConfig(AppConfig):
    name = "fedramp"
    verbose_name = "FedRAMP"

    def ready(self) -> None:
        from cases import extension, jobs, realm

        from . import parts

        if parts.STAFF_CASE_PARTS not in extension.staff_case_parts:
            extension.staff_case_parts.append(parts.STAFF_CASE_PARTS)
        if realm.current().name == "fedramp":
            from .services.dormancy import disable_dormant

            what = "Disables accounts that nobody uses"
            jobs.register(jobs.Job("disable-dormant-accounts", what, disable_dormant, 3600.0))
