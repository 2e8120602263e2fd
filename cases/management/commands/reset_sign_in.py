from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.actors import Actor
from cases.models import Person
from cases.services.accounts import reset_sign_in


class Command(BaseCommand):
    help = (
        "Remove a person's second factors and password, if no access administrator can get in to "
        "do it. Exit code 1: nobody has this address, and nothing was done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        person = Person.objects.filter(email=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {email}.")
        actor = Actor.of_job("reset-sign-in")
        reset_sign_in(person_id=person.pk, actor=actor, now=timezone.now())
        self.stdout.write(f"The sign-in of {person.email} is reset.")
        self.stdout.write("Staff choose a password by “I forgot my password” on the sign-in page.")
