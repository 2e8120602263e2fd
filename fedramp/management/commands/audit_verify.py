from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases import realm
from fedramp.models import AuditSeal
from fedramp.services.audit_seals import anchors, unsealed, verify


class Command(BaseCommand):
    help = (
        "Check that the audit log is intact: no entry changed, inserted, moved or cut. Exit code "
        "1: it is not, and each line says where. Reads only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchors", type=Path, help="a copy of the anchors, instead of AUDIT_ANCHOR_FILE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not realm.current().keeps_audit_log:
            raise CommandError("This realm keeps no audit log.")
        path: Path | None = options["anchors"]
        if path and not path.is_file():
            raise CommandError(f"There is no file {path}.")
        wrong = 0
        for line in verify(timezone.now(), path):
            wrong += 1
            self.stdout.write(line)
        if wrong:
            raise CommandError("The audit log is not whole.")
        sealed, waiting, known = AuditSeal.objects.count(), unsealed().count(), len(anchors(path))
        self.stdout.write(f"Whole: {sealed} sealed, {waiting} wait for the next minute's seal.")
        self.stdout.write(f"Anchors that agree: {known}.")
