import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cases.documents import DOCUMENTS


class Command(BaseCommand):
    help = "Write the pages of docs/ that are made from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if a page is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs"
        for name, write in DOCUMENTS.items():
            page, text = folder / name, write()
            if page.is_file() and page.read_text() == text:
                continue
            if options["check"]:
                self.stderr.write(f"docs/{name} is out of date: run manage.py document.")
                sys.exit(1)
            page.write_text(text)
            self.stdout.write(f"docs/{name} is written.")
