"""The test database on SQLite: its migrations run once, until one of them changes.

Migrating takes several seconds, and most runs of a developer take few. What the migrations made is
kept in pytest's cache, under a key of everything that they are made of.
"""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent


class Migrated:
    """`load()` before the database is set up, `keep()` after it."""

    def __init__(self, folder: Path) -> None:
        self.database = Path(connection.settings_dict["TEST"]["NAME"])
        self.kept = folder / f"{_key()}.sqlite3"

    def load(self) -> None:
        """The database is as the migrations left it when they ran last: Django finds them done."""
        if self.kept.exists():
            shutil.copyfile(self.kept, self.database)

    def keep(self) -> None:
        """What the migrations made waits for the next run. Two workers at once make the same."""
        if self.kept.exists():
            return
        made = self.kept.with_suffix(f".{os.getpid()}")
        with (
            closing(sqlite3.connect(self.database)) as source,
            closing(sqlite3.connect(made)) as to,
        ):
            source.backup(to)
        made.replace(self.kept)


def _key() -> str:
    made_of = [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements-dev.txt"]
    digest = hashlib.sha256(settings.REALM.encode())
    for each in made_of:
        digest.update(each.name.encode() + each.read_bytes())
    return digest.hexdigest()[:16]
