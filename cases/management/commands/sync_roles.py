from typing import Any

from django.core.management.base import BaseCommand

from cases.roles import ROLES, sync_roles


class Command(BaseCommand):
    help = "Give each staff role exactly the permissions of cases/roles.py (ACC-7). Idempotent."

    def handle(self, *args: Any, **options: Any) -> None:
        sync_roles()
        if options["verbosity"]:
            self.stdout.write(f"{len(ROLES)} roles are as the table says.")
