from django.apps import AppConfig

from .job_table import register


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        # The models are loaded only now.
        from . import address_changes, extension, lookups, notice_types  # noqa: F401 - a lookup
        from .jobs.rows import ROWS
        from .services.analyses import veto_while_owed

        address_changes.watch()
        register(*ROWS)
        notice_types.register("Cases", notice_types.CASES)
        notice_types.register("Access", notice_types.ACCESS)
        if veto_while_owed not in extension.closing_vetoes:
            extension.closing_vetoes.append(veto_while_owed)
