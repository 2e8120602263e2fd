import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases import realm
from cases.demo.play import make
from cases.demo.signins import PASSWORD, signins, world
from cases.models import Case, Organization

#: Exit codes, so that a script can tell why nothing was made.
NOT_IN_DEVELOPMENT, NOT_EMPTY = 2, 3


class Command(BaseCommand):
    help = "Make a believable world of organizations, people and cases, to try the desk with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=200, help="how many cases (200)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError(
                "The demo gives everybody one known password: it is made in development only.",
                returncode=NOT_IN_DEVELOPMENT,
            )
        if Organization.objects.exists():
            raise CommandError(
                "There are organizations already. The demo is made in an empty database only.",
                returncode=NOT_EMPTY,
            )
        if options["cases"] < 0:
            raise CommandError("--cases must not be negative.")
        began = time.monotonic()
        make(world(), cases=options["cases"], now=timezone.now())
        self.stdout.write(
            f"The demo world of the {realm.current().label} realm is made: "
            f"{Organization.objects.count()} organizations, {Case.objects.count()} cases, "
            f"in {time.monotonic() - began:.0f} s."
        )
        self.stdout.write(f"Sign in with the password “{PASSWORD}” as:")
        for each in signins():
            self.stdout.write(f"  {each.email:44} {each.what}")
