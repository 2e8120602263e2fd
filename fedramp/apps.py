from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_migrate
from simple_history.signals import post_create_historical_record

from cases.job_table import register


class FedrampConfig(AppConfig):
    name = "fedramp"
    verbose_name = "FedRAMP"

    def ready(self) -> None:
        # The models are loaded only now; what one realm alone has is imported in that realm.
        from cases import demo, extension, notice_types, realm

        from . import case_card, change_reasons, notices  # noqa: F401 - its words

        notice_types.register("FedRAMP", notices.TYPES)

        if case_card.STAFF_CASE_PARTS not in extension.staff_case_parts:
            extension.staff_case_parts.append(case_card.STAFF_CASE_PARTS)
        if realm.current().keeps_audit_log:
            from . import receivers  # as above

            receivers.watch()
        if realm.current().name == "fedramp":
            if case_card.case_page not in extension.case_page_parts:
                # Before the help button, which is lowest (HELP-1).
                extension.case_page_parts.insert(0, case_card.case_page)
            if "fedramp.demo.furnish" not in demo.SCENES:
                demo.SCENES.append("fedramp.demo.furnish")
            # As above.
            from .jobs import ROWS
            from .services.skills import end_with_sign_in

            extension.sign_in_changed.connect(end_with_sign_in, dispatch_uid="skill-ends")
            register(*ROWS)

        self._scrub()
        self._hold_together()

    def _hold_together(self) -> None:
        """FED-1, FED-8: in both realms, each by its own rules."""
        from . import realm_triggers  # as in `ready`

        pre_migrate.connect(realm_triggers.uninstall, sender=self)
        post_migrate.connect(realm_triggers.install, sender=self)

    def _scrub(self) -> None:
        """Activate FED-7, in this realm only."""
        # As in `ready`.
        from cases import realm
        from cases.models import Case

        if realm.current().name != "fedramp":
            return
        from . import checks, key_checks  # noqa: F401 - the checks register themselves
        from .scrubbing import triggers
        from .scrubbing.case_numbers import store_numbers
        from .scrubbing.people import note_history

        post_save.connect(store_numbers, sender=Case)
        post_create_historical_record.connect(note_history, dispatch_uid="vouched-identity")
        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(key_checks.write_first, sender=self)
