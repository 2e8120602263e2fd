from typing import Any

from django.core.management.base import BaseCommand

from supportdesk.boundary import fingerprints


class Command(BaseCommand):
    help = "What the other realm must not have: the value of its OTHER_REALM_FINGERPRINTS."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(",".join(f"{name}:{digest}" for name, digest in fingerprints().items()))
