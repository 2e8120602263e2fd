"""Test databases begin as the migrations leave them, which run once until one of them changes.

Migrating takes fifteen seconds of the processor, and most runs of a developer take few. What the
migrations made is kept: on SQLite in pytest's cache, on PostgreSQL as a database from which others
are copied (`desk_migrated_…`; whoever drops one has it made anew). The key is everything that they
are made of. Of several processes one migrates, and the others wait for it. The desks of real
processes (tests/life) begin with it too.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
from abc import ABC, abstractmethod
from contextlib import closing
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).parent.parent.parent


class Migrated(ABC):
    """One realm's database: `load()` before its migrations run, `keep()` after they ran."""

    def __init__(self, folder: Path, realm: str) -> None:
        self.key = _key(realm)
        self._lock = folder / f"{self.key}.lock"
        self._held: IO[str] | None = None

    def load(self) -> bool:
        """Whether the migrations will find themselves done; if not, others wait for `keep()`."""
        self._held = self._lock.open("w")
        fcntl.flock(self._held, fcntl.LOCK_EX)
        if laid := self._is_laid():
            self._release()
        return laid

    def keep(self) -> None:
        """What the migrations just made waits for the next run, unless it did already."""
        if self._held:
            try:
                self._store()
            finally:
                self._release()

    def _release(self) -> None:
        if self._held:
            self._held.close()
            self._held = None

    @abstractmethod
    def _is_laid(self) -> bool:
        """What is kept is at hand; False where nothing is kept."""

    @abstractmethod
    def _store(self) -> None:
        """The database is kept as it is now."""


class MigratedFile(Migrated):
    """A database of SQLite."""

    def __init__(self, folder: Path, realm: str, database: Path) -> None:
        super().__init__(folder, realm)
        self.database, self.kept = database, folder / f"{self.key}.sqlite3"

    def _is_laid(self) -> bool:
        if not self.kept.exists():
            return False
        shutil.copyfile(self.kept, self.database)
        return True

    def _store(self) -> None:
        made = self.kept.with_suffix(f".{os.getpid()}")
        with (
            closing(sqlite3.connect(self.database)) as source,
            closing(sqlite3.connect(made)) as to,
        ):
            source.backup(to)
        made.replace(self.kept)


class MigratedTemplate(Migrated):
    """A database of PostgreSQL, to be created from `template` where that is not empty.

    Nobody may be connected to the database when it is kept.
    """

    def __init__(self, folder: Path, realm: str, name: str) -> None:
        super().__init__(folder, realm)
        self.name, self.kept, self.template = name, f"desk_migrated_{self.key}", ""

    def _is_laid(self) -> bool:
        found = "SELECT count(*) FROM pg_database WHERE datname = %s"
        with on_server() as server:
            (kept,) = server.execute(found, [self.kept]).fetchone() or (0,)
        self.template = self.kept if kept else ""
        return bool(kept)

    def _store(self) -> None:
        making = f"{self.kept}_{os.getpid()}"
        with on_server() as server:
            # Under another name until it is whole: a process may be killed in between.
            server.execute(f'CREATE DATABASE "{making}" TEMPLATE "{self.name}"')
            server.execute(f'ALTER DATABASE "{making}" RENAME TO "{self.kept}"')


def on_server() -> psycopg.Connection:
    """A connection to the PostgreSQL of this test run, outside of any database of a test."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(scheme="postgresql").geturl()
    return psycopg.connect(url, autocommit=True)


def _key(realm: str) -> str:
    made_of = [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements-dev.txt"]
    digest = hashlib.sha256(realm.encode())
    for each in made_of:
        digest.update(each.name.encode() + each.read_bytes())
    return digest.hexdigest()[:16]
