"""Files without a row: left by requests and workers that died in the middle of their work."""

import datetime as dt
import logging
from collections.abc import Iterator

from django.core.files.storage import default_storage

from ..models import Attachment
from ..models.attachments import QUARANTINE_FOLDER

log = logging.getLogger(__name__)

#: No request and no job takes this long between writing a file and storing its name.
AGE = dt.timedelta(days=1)
_AT_ONCE = 1_000


def remove_some(now: dt.datetime) -> int:
    """Files older than a day that no attachment names are removed; returns how many.

    Files in quarantine are left to the realm that has one.
    """
    removed = 0
    for names in _batches():
        named = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name in named or not _is_old(name, now):
                continue
            default_storage.delete(name)
            removed += 1
    if removed:
        log.warning("%s files that belonged to nothing were removed", removed)
    return removed


def _batches() -> Iterator[list[str]]:
    try:
        folders, _ = default_storage.listdir("")
    except FileNotFoundError:
        return
    for folder in folders:
        if folder == QUARANTINE_FOLDER:
            continue
        names = [f"{folder}/{each}" for each in default_storage.listdir(folder)[1]]
        for first in range(0, len(names), _AT_ONCE):
            yield names[first : first + _AT_ONCE]


def _is_old(name: str, now: dt.datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < now - AGE
    except FileNotFoundError:  # its transaction is undone by now
        return False
