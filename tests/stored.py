"""Everything that is stored, so that a test of a refusal can say: nothing changed."""

import hashlib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection

from cases.models import Attachment, Case, Entry, Notice
from cases.storage import NEW
from escalations.models import Refusal
from fedramp.models import AuditEntry, AuditSeal, SessionMark

#: The rows that a refusal leaves: it is recorded, or counted. Every sign-in is marked.
RECORDS = {AuditEntry, AuditSeal, Refusal, SessionMark}


def everything_stored() -> dict[str, Any]:
    """The number of rows of every table, the most important rows in full, and the files."""
    models = [each for each in apps.get_models(include_auto_created=True) if each not in RECORDS]
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        columns = ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables)  # noqa: S608
        cursor.execute(f"SELECT {columns}")
        counts = cursor.fetchone()
    found: dict[str, Any] = dict(zip(tables, counts, strict=True))
    for model in (Case, Entry, Notice, Attachment):
        rows = repr(list(model._base_manager.order_by("pk").values_list()))
        found[f"rows of {model.__name__}"] = hashlib.sha256(rows.encode()).hexdigest()
    found["files"] = sorted(stored_files())
    return found


def stored_files() -> list[str]:
    """The names of the files in this test's storage."""
    folder = Path(default_storage.path(""))
    found = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    return [each.removesuffix(NEW) for each in found]  # a test's transaction is never committed
