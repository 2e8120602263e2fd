from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cases import jobs
from cases.demo.signins import PASSWORD, signins
from cases.models import Organization, Person


class Command(BaseCommand):
    help = "Bring this realm's database up to date: migrations and staff roles. Idempotent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="load the demo world into an empty database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("sync_roles", verbosity=0, stdout=self.stderr)
        jobs.expect(timezone.now())
        if not options["demo"]:
            return
        if not (Person.objects.exists() or Organization.objects.exists()):
            self.stderr.write(f"Loading the {settings.REALM} demo world (the first start only) ...")
            call_command("demo", stdout=self.stderr)
        # Standard output gets only what is to be printed once the desk is ready.
        here = [each for each in signins() if Person.objects.filter(email=each.email).exists()]
        for each in here:
            self.stdout.write(f"{each.email:<46} {each.what}")
        if here:
            self.stdout.write(f"password of all of them: {PASSWORD}")
