from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fedramp.key_checks import rotate


class Command(BaseCommand):
    help = (
        "Encrypt all telephone PINs and the keys of waiting files with PIN_KEY, also those that "
        "PIN_KEY_FALLBACKS encrypted. Afterwards the fallbacks can be removed. Exit code 1: no key "
        "opens some of them, and these were left as they are; keep the fallbacks."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.REALM != "fedramp":
            raise CommandError("Only the FedRAMP realm encrypts anything with PIN_KEY.")
        pins, files, closed = rotate(now=timezone.now())
        self.stdout.write(f"Encrypted with the key in use: {pins} PINs and {files} files.")
        if closed:
            raise CommandError(
                f"{closed} open with none of the keys and were left as they are. Keep the "
                "fallbacks, and add the key that encrypted them."
            )
        self.stdout.write("PIN_KEY_FALLBACKS can be removed.")
