"""The folder of files: a file gets its name when the transaction that wrote it is committed."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage
from django.db import transaction

#: The suffix while a file's transaction is not committed, or after its process died just then.
NEW = ".new"


class FileStorage(FileSystemStorage):
    """Writes under a temporary name, whole and to the disk, and renames on commit.

    A file that has only the temporary name is read from it: a process may die between the commit
    and the renaming. A job removes files that no row names (`services.stray_files`).
    """

    def path(self, name: str) -> str:
        final = super().path(name)
        return final + NEW if not os.path.exists(final) and os.path.exists(final + NEW) else final

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Each file once, under whichever name it exists."""
        folders, files = super().listdir(path)
        return folders, sorted({each.removesuffix(NEW) for each in files})

    def _save(self, name: str, content: Any) -> str:
        """If it cannot be written, nothing of it is kept."""
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
    """Give the file its name, unless its writer deleted it again before the commit."""
    with suppress(FileNotFoundError):
        new.replace(final)
