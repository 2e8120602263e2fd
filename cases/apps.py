from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        # The models are loaded only now.
        from . import address_changes, extension, lookups  # noqa: F401 - registers a lookup
        from .services.analyses import veto_while_owed

        address_changes.watch()
        if veto_while_owed not in extension.closing_vetoes:
            extension.closing_vetoes.append(veto_while_owed)
