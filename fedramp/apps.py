from django.apps import AppConfig


class FedrampConfig(AppConfig):
    name = "fedramp"
    verbose_name = "FedRAMP"

    def ready(self) -> None:
        from cases import extension

        from . import parts

        if parts.STAFF_CASE_PARTS not in extension.staff_case_parts:
            extension.staff_case_parts.append(parts.STAFF_CASE_PARTS)
