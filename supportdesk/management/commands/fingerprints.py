from typing import Any

from django.core.management.base import BaseCommand

from supportdesk.boundary import fingerprints


class Command(BaseCommand):
    help = "Print the value of OTHER_REALM_FINGERPRINTS for the other realm."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(",".join(f"{name}:{digest}" for name, digest in fingerprints().items()))
