"""Checks of this realm's database (`manage.py check --database default`)."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from .scrubbing import triggers


@register(Tags.database)
def every_scrubbed_column_has_its_trigger(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """FED-7: the fields that scrub and the triggers that refuse are the same set.

    A warning, since `migrate` runs this check before it can install what is missing.
    """
    found: list[CheckMessage] = []
    for using in databases or ():
        if connections[using].vendor != "postgresql":
            continue
        there = triggers.installed(using)
        for table, columns in triggers.scrubbed_columns().items():
            if there.get(table) != columns:
                found.append(
                    Warning(
                        f"The trigger on {table} does not watch {', '.join(columns)}.",
                        hint="Run manage.py migrate, which installs the triggers.",
                        id="fedramp.W001",
                    )
                )
    return found
