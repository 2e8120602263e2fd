from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.errors import Refused
from fedramp.services.bootstrap import FirstAdministrator, first_administrators


class Command(BaseCommand):
    help = (
        "Make the first two access administrators of the FedRAMP realm, each attesting the "
        "other's skill. Refused once anybody holds the skill. Exit code 1: nothing was done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--person",
            action="append",
            nargs=3,
            metavar=("EMAIL", "NAME", "STATUS"),
            required=True,
            help="given twice, for two different people; STATUS is citizen or green_card",
        )
        parser.add_argument(
            "--evidence",
            required=True,
            help="the evidence each saw of the other, and where it is filed",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        people = [FirstAdministrator(*each) for each in options["person"]]
        try:
            made = first_administrators(
                people=people, evidence=options["evidence"], now=timezone.now()
            )
        except Refused as error:
            raise CommandError(error.message) from error
        for person in made:
            self.stdout.write(f"{person.email} is an access administrator of this realm.")
        self.stdout.write("Each chooses a password by “I forgot my password” on the sign-in page.")
