"""How statements are written; only the insertion of many rows differs from Django's."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLCompiler,
    SQLDeleteCompiler,
    SQLUpdateCompiler,
)

from cases.fields import is_scrubbed

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]

_TEXT = models.TextField()


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    def assemble_as_sql(self, fields: Sequence[Any], value_rows: Any) -> Any:
        """Insert many rows as one array per column (UNNEST), even with columns of people's texts.

        Django does so unless a field has a `get_placeholder`, which may depend on the value. That
        of people's texts never does: it refuses expressions in an UPDATE, and in an INSERT
        `pre_save` has already refused them.
        """
        plain = [_TEXT if is_scrubbed(field) else field for field in fields]
        return super().assemble_as_sql(plain, value_rows)
