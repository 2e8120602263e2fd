"""The test database on SQLite: its migrations run once, until one of them changes.

Migrating takes several seconds, and most runs of a developer take few. What the migrations made is
kept in pytest's cache, under a key of everything that they are made of; the desks of real processes
(tests/life) begin with it too.
"""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Migrated:
    """One realm's database file: `load()` before it is set up, `keep()` after it."""

    def __init__(self, folder: Path, realm: str, database: Path) -> None:
        self.database = database
        self.kept = folder / f"{_key(realm)}.sqlite3"

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


def _key(realm: str) -> str:
    made_of = [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements-dev.txt"]
    digest = hashlib.sha256(realm.encode())
    for each in made_of:
        digest.update(each.name.encode() + each.read_bytes())
    return digest.hexdigest()[:16]
