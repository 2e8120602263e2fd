"""`manage.py scrub`: removes personal data from a text on standard input."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fedramp.scrubbing import cli


class Command(BaseCommand):
    """Only for the list of commands: `manage.py` itself runs it without loading the apps."""

    help = cli.HELP
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        cli.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        reads = None if options["rules_only"] else cli.labelled
        if code := cli.run(jsonl=options["jsonl"], reads=reads):
            sys.exit(code)
