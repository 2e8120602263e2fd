"""The folder of files: a file has its name when the transaction that wrote it is committed."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db import transaction

#: So ends the name of a file whose transaction is not committed, or whose process died just then.
NEW = ".new"


class FileStorage(FileSystemStorage):
    """Writes under a name of its own, whole and on the disk, and moves it on commit.

    What is there under the first name alone is read from there: a process may die between the
    commit and the moving. What no row names is removed by a job (`services.stray_files`).
    """

    def path(self, name: str) -> str:
        final = super().path(name)
        return final + NEW if not os.path.exists(final) and os.path.exists(final + NEW) else final

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Each file by its name, under whichever it lies."""
        folders, files = super().listdir(path)
        return folders, sorted({each.removesuffix(NEW) for each in files})

    def _save(self, name: str, content: Any) -> str:
        """Where it cannot be written, nothing of it is left."""
        final = Path(super().path(name))
        new = final.with_name(final.name + NEW)
        try:
            super()._save(name + NEW, content)  # type: ignore[misc]
            with new.open("rb") as written:
                os.fsync(written.fileno())
        except BaseException:
            with suppress(OSError):
                new.unlink()
            raise
        transaction.on_commit(partial(_move, new, final), robust=True)
        return name


def _move(new: Path, final: Path) -> None:
    """The file has its name; not where whoever wrote it deleted it again before the commit."""
    with suppress(FileNotFoundError):
        new.replace(final)
