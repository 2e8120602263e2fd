from django.apps import AppConfig
from django.conf import settings


class EscalationsConfig(AppConfig):
    name = "escalations"
    verbose_name = "Escalations"

    def ready(self) -> None:
        from cases import documents, extension

        from . import parts, receivers
        from .documents import escalations

        extension.cases_closed.connect(
            receivers.end_with_the_cases, dispatch_uid="escalations.end_with_the_cases"
        )
        if receivers.veto_while_escalated not in extension.closing_vetoes:
            extension.closing_vetoes.append(receivers.veto_while_escalated)
        offered = settings.ESCALATIONS_IN_PORTAL
        if offered and parts.case_page not in extension.case_page_parts:
            extension.case_page_parts.append(parts.case_page)
        documents.DOCUMENTS["escalations.md"] = escalations
