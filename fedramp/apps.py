from types import ModuleType

from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save, pre_migrate
from simple_history.signals import post_create_historical_record


class FedrampConfig(AppConfig):
    name = "fedramp"
    verbose_name = "FedRAMP"

    def ready(self) -> None:
        # The models are loaded only now; what one realm alone has is imported in that realm.
        from cases import demo, extension, jobs, notice_types, realm

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
            from .services.dormancy import disable_dormant
            from .services.skills import end_with_sign_in

            extension.sign_in_changed.connect(end_with_sign_in, dispatch_uid="skill-ends")

            what = "Disables accounts that nobody uses"
            jobs.register(
                jobs.Job("disable-dormant-accounts", what, disable_dormant, 3600.0, "account")
            )
            _register_files(jobs)
            _register_audit_seals(jobs)

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
        from . import checks, deploy_checks, key_checks  # noqa: F401 - the checks register themselves
        from .scrubbing import triggers
        from .scrubbing.case_numbers import store_numbers
        from .scrubbing.vouched_names import note_history

        post_save.connect(store_numbers, sender=Case)
        post_create_historical_record.connect(note_history, dispatch_uid="vouched-identity")
        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(key_checks.write_first, sender=self)


def _register_files(jobs: ModuleType) -> None:
    # As in `ready`.
    from .job_reports import count_jobs
    from .services.file_reviews import destroy_some
    from .services.file_scrubs import scrub_one
    from .services.quarantine_scans import scan_one

    what = "Removes personal information from large and packed files"
    jobs.register(jobs.Job("scrub-files", what, scrub_one, 30.0, "file"))
    what = "Scans files that wait for a second person for viruses"
    jobs.register(jobs.Job("scan-held-files", what, scan_one, 30.0, "file"))
    what = "Destroys quarantined files that nobody waits for"
    jobs.register(jobs.Job("destroy-held-files", what, destroy_some, 3600.0, "file"))
    count_jobs()


def _register_audit_seals(jobs: ModuleType) -> None:
    # As in `ready`.
    from cases.jobs.reports import Source, nothing, register

    from .services import audit_seals

    what = "Seals the audit log"
    jobs.register(jobs.Job("seal-audit-log", what, audit_seals.seal_some, 60.0, "entry"))
    register("seal-audit-log", Source(lambda now: audit_seals.unsealed(), "at", nothing))
    what = "Writes the day's anchor of the audit log"
    jobs.register(jobs.Job("anchor-audit-log", what, audit_seals.anchor_due, 3600.0, "anchor"))
