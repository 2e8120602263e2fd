from django.apps import AppConfig


class EscalationsConfig(AppConfig):
    name = "escalations"
    verbose_name = "Escalations"

    def ready(self) -> None:
        # The models are loaded only now.
        from cases import demo, documents, extension, notice_types

        from . import case_card, case_panel, notices, receivers
        from .documents import escalations
        from .services import departures
        from .services.answer_clock import CLOCKS

        extension.cases_closed.connect(
            receivers.end_with_the_cases, dispatch_uid="escalations.end_with_the_cases"
        )
        extension.staff_wrote.connect(
            receivers.answer_management_requests,
            dispatch_uid="escalations.answer_management_requests",
        )
        extension.rights_changed.connect(
            receivers.give_back_escalations, dispatch_uid="escalations.give_back"
        )
        if departures.owners_gone not in extension.holders_gone:
            extension.holders_gone.append(departures.owners_gone)
        for veto in (receivers.veto_while_escalated, receivers.veto_over_an_answer):
            if veto not in extension.closing_vetoes:
                extension.closing_vetoes.append(veto)
        if case_panel.case_page not in extension.case_page_parts:
            extension.case_page_parts.append(case_panel.case_page)
        if case_panel.note_shown not in extension.entries_shown:
            extension.entries_shown.append(case_panel.note_shown)
        if case_card.PARTS not in extension.staff_case_parts:
            extension.staff_case_parts.append(case_card.PARTS)
        if CLOCKS not in extension.further_clocks:
            extension.further_clocks.append(CLOCKS)
        if "escalations.demo.scenes" not in demo.SCENES:
            demo.SCENES.append("escalations.demo.scenes")
        notice_types.register("Escalations", notices.TYPES)
        documents.DOCUMENTS["escalations.md"] = escalations
